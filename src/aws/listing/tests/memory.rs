//! A bucket in memory with the oddities of real servers, and a reader that checks what a listing promises.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_sdk_s3::error::{ErrorMetadata, SdkError};
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Error;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use tokio::sync::mpsc::Receiver;

use super::super::{Chunk, Interval, Intervals, ListRequest, Object, Page, PageError, PageQuery, Pages};

/// What a server does differently from S3.
#[derive(Debug, Clone, Default)]
pub(super) struct Oddities {
    pub(super) ignores_start_after: bool,
    /// Only this very prefix may be listed.
    pub(super) exact_prefix: Option<String>,
    pub(super) denies_delimiter: bool,
    /// Gives no continuation tokens.
    pub(super) no_tokens: bool,
    /// Pages are of unlike length.
    pub(super) ragged: bool,
    /// Every so-manieth request is throttled.
    pub(super) throttle_every: Option<usize>,
    /// Requests from this number on fail.
    pub(super) fails_from: Option<usize>,
}

/// A bucket.
#[derive(Debug)]
pub(super) struct Memory {
    keys: Vec<String>,
    page: usize,
    latency: Duration,
    pub(super) oddities: Oddities,
    pub(super) requests: AtomicUsize,
    under_way: AtomicUsize,
    pub(super) most_under_way: AtomicUsize,
}

impl Memory {
    pub(super) fn new(keys: impl IntoIterator<Item = String>, page: usize) -> Self {
        let mut keys: Vec<String> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        Self {
            keys,
            page,
            latency: Duration::ZERO,
            oddities: Oddities::default(),
            requests: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            most_under_way: AtomicUsize::new(0),
        }
    }

    pub(super) fn with_latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    pub(super) fn with(self, oddities: Oddities) -> Self {
        Self { oddities, ..self }
    }

    /// The keys that a listing of `request` must give.
    pub(super) fn expected(&self, request: &ListRequest) -> Vec<String> {
        let wanted = |key: &&String| {
            key.starts_with(&request.prefix)
                && request.start_after.as_ref().is_none_or(|after| *key > after)
                && !request.done.contains(key)
        };
        self.keys.iter().filter(wanted).cloned().collect()
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    fn refusal(&self, number: usize, query: &PageQuery) -> Option<PageError> {
        let odd = &self.oddities;
        if odd.exact_prefix.as_ref().is_some_and(|prefix| *prefix != query.prefix)
            || (odd.denies_delimiter && query.delimiter.is_some())
        {
            return Some(error("AccessDenied", 403));
        }
        if odd.throttle_every.is_some_and(|every| number.is_multiple_of(every)) {
            return Some(error("SlowDown", 503));
        }
        odd.fails_from.filter(|from| number >= *from).map(|_| error("InternalError", 500))
    }

    fn answer(&self, query: &PageQuery) -> Page {
        let token = query.continuation_token.as_deref().map(|token| token.strip_prefix("token:").expect("our token"));
        let start_after = query.start_after.as_deref().filter(|_| !self.oddities.ignores_start_after);
        let lower = token.or(start_after);
        let from = self.keys.partition_point(|key| key.as_str() < query.prefix.as_str());
        let from = from.max(lower.map_or(0, |lower| self.keys.partition_point(|key| key.as_str() <= lower)));
        let most = if self.oddities.ragged { 1 + from * 7 % self.page } else { self.page };
        let mut page = Page::default();
        let mut last: Option<&str> = None;
        for key in self.keys[from..].iter().take_while(|key| key.starts_with(&query.prefix)) {
            let rolled = query.delimiter.and_then(|delimiter| {
                let at = key[query.prefix.len()..].find(delimiter)?;
                Some(&key[..query.prefix.len() + at + delimiter.len_utf8()])
            });
            if rolled.is_some_and(|rolled| {
                page.prefixes.last().is_some_and(|known| known == rolled)
                    || token.is_some_and(|token| token.starts_with(rolled))
            }) {
                last = Some(key);
                continue;
            }
            if page.objects.len() + page.prefixes.len() == most {
                page.truncated = true;
                break;
            }
            match rolled {
                Some(rolled) => page.prefixes.push(rolled.to_owned()),
                None => page.objects.push(object(key)),
            }
            last = Some(key);
        }
        page.continuation_token =
            last.filter(|_| page.truncated && !self.oddities.no_tokens).map(|key| format!("token:{key}"));
        page
    }
}

impl Pages for Memory {
    async fn page(&self, query: PageQuery) -> Result<Page, PageError> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let now = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_under_way.fetch_max(now, Ordering::Relaxed);
        if self.latency > Duration::ZERO {
            tokio::time::sleep(self.latency).await;
        } else {
            // Answers overtake each other, but the same way in every run.
            for _ in 0..number * 7919 % 5 {
                tokio::task::yield_now().await;
            }
        }
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        match self.refusal(number, &query) {
            Some(error) => Err(error),
            None => Ok(self.answer(&query)),
        }
    }
}

pub(super) fn object(key: &str) -> Object {
    Object {
        key: key.to_owned(),
        size: key.len() as u64,
        last_modified: jiff::Timestamp::UNIX_EPOCH,
        etag: String::new(),
        storage_class: None,
    }
}

fn error(code: &str, status: u16) -> PageError {
    let error = ListObjectsV2Error::generic(ErrorMetadata::builder().code(code).build());
    let status = StatusCode::try_from(status).expect("a status");
    SdkError::service_error(error, Response::new(status, SdkBody::empty())).into()
}

pub(super) fn request(prefix: &str, concurrency: usize) -> ListRequest {
    ListRequest { prefix: prefix.to_owned(), start_after: None, done: Intervals::new(), concurrency }
}

/// What came out of a listing.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Ascending.
    pub(super) keys: Vec<String>,
    /// What was there before, and all ranges that came.
    pub(super) ranges: Intervals,
    pub(super) error: Option<PageError>,
}

/// Reads a listing to its end; panics when a promise about the chunks is broken.
pub(super) async fn read(mut chunks: Receiver<Result<Chunk, PageError>>, done: &Intervals) -> Outcome {
    let mut outcome = Outcome { ranges: done.clone(), ..Outcome::default() };
    let mut seen: Vec<Interval> = Vec::new();
    while let Some(item) = chunks.recv().await {
        assert!(outcome.error.is_none(), "nothing follows an error");
        match item {
            Ok(chunk) => {
                let range = Interval { after: chunk.after, upto: chunk.upto };
                assert!(chunk.objects.iter().all(|object| range.contains(&object.key)), "keys lie in their range");
                assert!(chunk.objects.is_sorted_by(|one, other| one.key < other.key), "keys ascend");
                outcome.keys.extend(chunk.objects.into_iter().map(|object| object.key));
                outcome.ranges.add(range.after.clone(), range.upto.clone());
                seen.push(range);
            }
            Err(error) => outcome.error = Some(error),
        }
    }
    assert_disjoint(seen, done);
    outcome.keys.sort_unstable();
    outcome
}

/// No range overlaps another, nor what was done before.
fn assert_disjoint(seen: Vec<Interval>, done: &Intervals) {
    let mut ranges: Vec<Interval> = seen.into_iter().chain(done.iter()).filter(|range| !range.is_empty()).collect();
    ranges.sort_by(|one, other| one.after.cmp(&other.after));
    for pair in ranges.windows(2) {
        assert!(pair[0].upto.is_some() && pair[0].upto <= pair[1].after, "ranges overlap: {pair:?}");
    }
}

/// Checks that a listing gave exactly what it should.
pub(super) async fn assert_complete(
    memory: &Arc<Memory>,
    request: &ListRequest,
    chunks: Receiver<Result<Chunk, PageError>>,
) {
    let outcome = read(chunks, &request.done).await;
    assert!(outcome.error.is_none(), "{:?}", outcome.error);
    assert_eq!(outcome.keys, memory.expected(request));
    assert_eq!(outcome.ranges.gaps(request.start_after.as_deref()), [], "all ranges are reported");
}
