//! Histories of keys, whole whatever pages they stand on, listed in parallel.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use super::super::{
    Histories, History, Intervals, ListRequest, PageError, Version, VersionPage, VersionPages, VersionQuery, list,
};

/// A bucket: of each key its versions, the newest first; true is a delete marker.
#[derive(Debug, Clone)]
struct Bucket {
    keys: BTreeMap<String, Vec<bool>>,
    page: usize,
    /// Begins with the marker's own key, as some imitations of S3 do.
    inclusive: bool,
}

fn version(key: &str, number: usize, marker: bool) -> Version {
    Version {
        key: key.to_owned(),
        version_id: format!("{key}-{number}"),
        is_latest: number == 0,
        delete_marker: marker,
        size: number as u64,
        last_modified: jiff::Timestamp::UNIX_EPOCH,
        etag: String::new(),
        storage_class: None,
    }
}

impl Bucket {
    fn entries(&self) -> impl Iterator<Item = Version> + '_ {
        let of_key = |(key, kinds): (&String, &Vec<bool>)| -> Vec<Version> {
            kinds.iter().enumerate().map(|(number, marker)| version(key, number, *marker)).collect()
        };
        self.keys.iter().flat_map(of_key)
    }

    fn after(&self, query: &VersionQuery) -> Vec<Version> {
        let mut entries: Vec<Version> = self.entries().collect();
        if let (Some(key), Some(marker)) = (&query.key_marker, &query.version_marker) {
            let at = entries.iter().position(|entry| entry.key == *key && entry.version_id == *marker);
            entries.drain(..=at.expect("a marker that was given"));
        } else if let Some(key) = &query.key_marker {
            entries.retain(|entry| entry.key > *key || self.inclusive && entry.key == *key);
        }
        entries.retain(|entry| entry.key.starts_with(&query.prefix));
        entries
    }

    /// What the listing is to give: markers down to the first data.
    fn expected(&self) -> Vec<(String, usize, Option<String>)> {
        let one = |(key, kinds): (&String, &Vec<bool>)| {
            let data = kinds.iter().position(|marker| !marker);
            (key.clone(), data.unwrap_or(kinds.len()), data.map(|number| format!("{key}-{number}")))
        };
        self.keys.iter().map(one).collect()
    }
}

impl VersionPages for Bucket {
    async fn version_page(&self, query: VersionQuery) -> Result<VersionPage, PageError> {
        let mut page = VersionPage::default();
        for entry in self.after(&query) {
            let rest = &entry.key[query.prefix.len()..];
            let folder = query.delimiter.and_then(|delimiter| rest.find(delimiter));
            let prefix = folder.map(|at| entry.key[..=query.prefix.len() + at].to_owned());
            if prefix.is_some() && page.prefixes.last() == prefix.as_ref() {
                continue;
            }
            if page.versions.len() + page.prefixes.len() == self.page {
                page.truncated = true;
                return Ok(page);
            }
            page.next_key = Some(prefix.clone().unwrap_or_else(|| entry.key.clone()));
            page.next_version = Some(entry.version_id.clone()).filter(|_| prefix.is_none());
            match prefix {
                Some(prefix) => page.prefixes.push(prefix),
                None => page.versions.push(entry),
            }
        }
        (page.next_key, page.next_version) = (None, None);
        Ok(page)
    }
}

async fn listed(bucket: &Bucket, concurrency: usize) -> Result<Vec<History>, PageError> {
    let request = ListRequest { prefix: String::new(), start_after: None, done: Intervals::new(), concurrency };
    let pages = Arc::new(Histories::new(Arc::new(bucket.clone())));
    let mut chunks = list(pages, request, CancellationToken::new());
    let mut found = Vec::new();
    while let Some(chunk) = chunks.recv().await {
        found.extend(chunk?.objects);
    }
    found.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(found)
}

fn summary(found: Vec<History>) -> Vec<(String, usize, Option<String>)> {
    found.into_iter().map(|one| (one.key, one.markers.len(), one.data.map(|data| data.version_id))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_key_comes_once_and_whole(
        keys in prop::collection::btree_map("[ab/]{1,4}", prop::collection::vec(any::<bool>(), 1..6), 0..40),
        page in 1_usize..12,
        concurrency in 1_usize..8,
        inclusive in any::<bool>(),
    ) {
        // A page of one entry that repeats the marker's own key never moves on.
        let bucket = Bucket { keys, page: page + 6 * usize::from(inclusive), inclusive };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let found = runtime.block_on(listed(&bucket, concurrency)).expect("no errors");
        prop_assert_eq!(summary(found), bucket.expected());
    }
}

#[tokio::test]
async fn a_stack_of_markers_larger_than_a_page_stays_whole() {
    let keys = [("a", vec![false]), ("b", [vec![true; 25], vec![false; 3]].concat()), ("c", vec![true; 12])];
    let keys = keys.into_iter().map(|(key, kinds)| (key.to_owned(), kinds)).collect();
    let bucket = Bucket { keys, page: 4, inclusive: false };
    assert_eq!(summary(listed(&bucket, 4).await.expect("no errors")), bucket.expected());
}

/// A server that does not give the newest version first would hide markers.
#[tokio::test]
async fn a_key_that_does_not_begin_with_its_latest_version_is_an_error() {
    struct Shuffled;
    impl VersionPages for Shuffled {
        async fn version_page(&self, _query: VersionQuery) -> Result<VersionPage, PageError> {
            let versions = vec![version("a", 1, false), version("a", 0, true)];
            Ok(VersionPage { versions, ..VersionPage::default() })
        }
    }
    let request = ListRequest { prefix: String::new(), start_after: None, done: Intervals::new(), concurrency: 1 };
    let mut chunks = list(Arc::new(Histories::new(Arc::new(Shuffled))), request, CancellationToken::new());
    let first = chunks.recv().await.expect("an answer");
    assert!(matches!(first, Err(PageError::Unordered { .. })), "{first:?}");
}
