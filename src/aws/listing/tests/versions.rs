//! The listing of versions, on histories in memory with pages of any length.

use std::sync::Arc;

use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use super::super::{PageError, Version, VersionPage, VersionPages, VersionQuery, VersionRequest, versions};

/// A bucket with a history: entries in S3's order.
#[derive(Debug, Clone)]
struct History {
    entries: Vec<Version>,
    page: usize,
    /// Says where to go on, as S3 does.
    markers: bool,
    /// Never moves on.
    stuck: bool,
}

fn version(key: &str, number: usize) -> Version {
    Version {
        key: key.to_owned(),
        version_id: format!("v{number}"),
        is_latest: number == 0,
        delete_marker: number.is_multiple_of(2),
        size: number as u64,
        last_modified: jiff::Timestamp::UNIX_EPOCH,
        etag: String::new(),
        storage_class: None,
    }
}

fn history(keys: &[(String, usize)], page: usize) -> History {
    let mut keys = keys.to_vec();
    keys.sort();
    keys.dedup_by(|one, other| one.0 == other.0);
    let entries = keys.iter().flat_map(|(key, count)| (0..*count).map(|number| version(key, number))).collect();
    History { entries, page, markers: true, stuck: false }
}

impl VersionPages for History {
    async fn version_page(&self, query: VersionQuery) -> Result<VersionPage, PageError> {
        let after = |entry: &Version| match (&query.key_marker, &query.version_marker) {
            (None, _) => true,
            (Some(key), None) => entry.key > *key,
            (Some(key), Some(marker)) => {
                let here = |other: &Version| other.key == *key && other.version_id == *marker;
                let marked = self.entries.iter().position(here).expect("a marker that was given");
                self.entries.iter().position(|other| other == entry) > Some(marked)
            }
        };
        let mut matching = self.entries.iter().filter(|entry| entry.key.starts_with(&query.prefix) && after(entry));
        let versions: Vec<Version> = matching.by_ref().take(self.page).cloned().collect();
        let truncated = self.stuck || matching.next().is_some();
        let last = versions.last().filter(|_| truncated && self.markers && !self.stuck);
        Ok(VersionPage {
            next_key: last.map(|last| last.key.clone()).or_else(|| query.key_marker.filter(|_| self.stuck)),
            next_version: last.map(|last| last.version_id.clone()),
            versions: if self.stuck { Vec::new() } else { versions },
            prefixes: Vec::new(),
            truncated,
        })
    }
}

async fn listed(history: History, request: VersionRequest) -> Result<Vec<Version>, PageError> {
    let mut stream = versions(Arc::new(history), request, CancellationToken::new());
    let mut all = Vec::new();
    while let Some(page) = stream.recv().await {
        all.extend(page?);
    }
    Ok(all)
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

proptest! {
    #[test]
    fn every_version_comes_once_and_in_order(
        keys in prop::collection::vec(("[ab/\n]{1,3}", 1usize..6), 0..12),
        page in 1usize..7,
        prefix in "[ab]{0,1}",
        after in prop::option::of("[ab]{1,2}"),
        markers: bool,
    ) {
        let history = History { markers, ..history(&keys, page) };
        let wanted: Vec<Version> = history.entries.iter()
            .filter(|entry| entry.key.starts_with(&prefix) && after.as_ref().is_none_or(|after| entry.key > *after))
            .cloned().collect();
        let found = block(listed(history, VersionRequest { prefix, start_after: after })).expect("a listing");
        prop_assert_eq!(found, wanted);
    }
}

#[test]
fn a_server_that_never_moves_on_is_told() {
    let stuck = History { stuck: true, ..history(&[("a".to_owned(), 3)], 1) };
    let error = block(listed(stuck, VersionRequest::default())).expect_err("no end");
    assert!(matches!(error, PageError::Stalled { .. }), "{error}");
}

#[test]
fn a_server_without_order_is_told() {
    let mut disordered = history(&[("a".to_owned(), 1), ("b".to_owned(), 1)], 10);
    disordered.entries.reverse();
    let error = block(listed(disordered, VersionRequest::default())).expect_err("no order");
    assert!(matches!(error, PageError::Unordered { ref key } if key == "a"), "{error}");
}

#[test]
fn dropping_the_receiver_ends_the_listing() {
    block(async {
        let endless = Arc::new(history(&[("a".to_owned(), 500)], 1));
        let weak = Arc::downgrade(&endless);
        drop(versions(endless, VersionRequest::default(), CancellationToken::new()));
        while weak.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    });
}
