//! Listing every version and delete marker of a bucket, one page after the other.
//!
//! S3 gives them in key order, and of one key the newest first; a page may end within a key. Bringing back what was
//! deleted, and inventories of old versions, need exactly this order, so it is never changed here. Serves the tools
//! that undelete and that list versions.

use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::list_object_versions::ListObjectVersionsError;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Error;
use aws_sdk_s3::types::EncodingType;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::CancellationToken;

use super::S3Pages;
use super::lean::{LeanReader, Slot};
use super::page::{PageError, STRIKES};

/// Pages that wait for the reader: enough that the next request is under way while one is worked on.
const PAGES_WAITING: usize = 2;

/// A version of an object, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The key, decoded.
    pub key: String,
    /// Its id; `null` for what was written while the bucket kept no versions.
    pub version_id: String,
    /// Whether this is what a reader of the key gets.
    pub is_latest: bool,
    /// Whether it marks a deletion; then size is 0, and tag and class are empty.
    pub delete_marker: bool,
    /// Bytes.
    pub size: u64,
    /// When it was written; S3 tells whole seconds.
    pub last_modified: jiff::Timestamp,
    /// The entity tag without its quotes.
    pub etag: String,
    /// `None`: STANDARD, or a delete marker.
    pub storage_class: Option<String>,
}

/// The parameters of one ListObjectVersions request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionQuery {
    /// Only keys that begin with it.
    pub prefix: String,
    /// Only what follows this key, or this key's `version_marker`.
    pub key_marker: Option<String>,
    /// Only with `key_marker`: goes on within that key, after this version.
    pub version_marker: Option<String>,
    /// Keys are rolled up to common prefixes at its first occurrence after the prefix.
    pub delimiter: Option<char>,
    /// At most so many entries; `None`: what the server likes (S3: 1,000).
    pub max_keys: Option<i32>,
}

/// The answer to a [`VersionQuery`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionPage {
    /// In key order, of one key the newest first.
    pub versions: Vec<Version>,
    /// Whether more follows.
    pub truncated: bool,
    /// `key_marker` of the query that goes on.
    pub next_key: Option<String>,
    /// `version_marker` of the query that goes on.
    pub next_version: Option<String>,
    /// Common prefixes; only with a delimiter.
    pub prefixes: Vec<String>,
}

/// A source of such pages: a bucket, or a history in memory.
pub trait VersionPages: Send + Sync + 'static {
    /// Answers one query; retries are the source's business.
    fn version_page(&self, query: VersionQuery) -> impl Future<Output = Result<VersionPage, PageError>> + Send;
}

impl VersionPages for S3Pages {
    async fn version_page(&self, query: VersionQuery) -> Result<VersionPage, PageError> {
        let slot = Slot::default();
        let client: &Client = self.client();
        let request = client
            .list_object_versions()
            .bucket(self.bucket())
            .prefix(query.prefix)
            .set_delimiter(query.delimiter.map(String::from))
            .set_key_marker(query.key_marker)
            .set_max_keys(query.max_keys)
            .set_version_id_marker(query.version_marker)
            // Keys may hold characters that XML cannot.
            .encoding_type(EncodingType::Url)
            .set_request_payer(self.payer())
            .customize()
            .interceptor(LeanReader(slot.clone()));
        Box::pin(request.send()).await?;
        slot.take().ok_or_else(|| PageError::Stalled { after: String::new() })
    }
}

/// Both kinds of listing fail alike: code, message, request id and answer are kept.
impl From<SdkError<ListObjectVersionsError>> for PageError {
    fn from(error: SdkError<ListObjectVersionsError>) -> Self {
        error.map_service_error(|error| ListObjectsV2Error::generic(error.meta().clone())).into()
    }
}

/// Which versions to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionRequest {
    /// Only keys that begin with it.
    pub prefix: String,
    /// Only keys above it: where an earlier run ended.
    pub start_after: Option<String>,
}

/// Starts listing: each item is a page, in S3's order, so that a key's versions may go on in the next item.
///
/// An error comes last, after what was listed. The channel is bounded: a slow reader slows the listing down. Dropping the
/// receiver or cancelling stops it at once, without an error. Needs a tokio runtime.
pub fn versions<P: VersionPages>(
    pages: Arc<P>,
    request: VersionRequest,
    cancel: CancellationToken,
) -> Receiver<Result<Vec<Version>, PageError>> {
    let (sender, receiver) = channel(PAGES_WAITING);
    tokio::spawn(async move {
        let closed = sender.clone();
        tokio::select! {
            () = cancel.cancelled() => {}
            () = closed.closed() => {}
            () = march(pages.as_ref(), request, &sender) => {}
        }
    });
    receiver
}

async fn march<P: VersionPages>(pages: &P, request: VersionRequest, sender: &Sender<Result<Vec<Version>, PageError>>) {
    let mut query = VersionQuery { prefix: request.prefix, key_marker: request.start_after, ..VersionQuery::default() };
    let mut strikes = 0;
    loop {
        let answer = pages.version_page(query.clone()).await.and_then(|page| onward(page, &mut query));
        let throttled = answer.as_ref().is_err_and(PageError::is_throttle);
        strikes = if throttled { strikes + 1 } else { 0 };
        if throttled && strikes < STRIKES {
            continue;
        }
        let (item, more) = match answer {
            Ok((versions, more)) => (Ok(versions), more),
            Err(error) => (Err(error), false),
        };
        if sender.send(item).await.is_err() || !more {
            return;
        }
    }
}

/// Checks a page against where the listing is, and moves the query behind it.
pub(super) fn onward(page: VersionPage, query: &mut VersionQuery) -> Result<(Vec<Version>, bool), PageError> {
    let disorder = page.versions.windows(2).find(|pair| pair[0].key > pair[1].key).map(|pair| &pair[1]);
    let behind = page.versions.first().filter(|first| query.key_marker.as_ref() > Some(&first.key));
    if let Some(version) = disorder.or(behind) {
        return Err(PageError::Unordered { key: version.key.clone() });
    }
    if page.truncated {
        let last = page.versions.last();
        // Servers exist that say "more" without saying where; the last entry is where.
        let (key, version) = match page.next_key {
            Some(key) => (Some(key), page.next_version),
            None => (last.map(|last| last.key.clone()), last.map(|last| last.version_id.clone())),
        };
        if key.is_none() || (&key, &version) == (&query.key_marker, &query.version_marker) || key < query.key_marker {
            return Err(PageError::Stalled { after: query.key_marker.clone().unwrap_or_default() });
        }
        (query.key_marker, query.version_marker) = (key, version);
    }
    Ok((page.versions, page.truncated))
}
