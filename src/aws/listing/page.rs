//! One page of a listing: what is asked, what is answered, what can go wrong.
//!
//! The walk knows S3 only through [`Pages`], so that the very same code lists a set of keys in memory, where
//! ten thousand random key spaces take seconds and every odd server can be had.

use std::future::Future;
use std::sync::Arc;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Error;
use tokio::sync::OwnedSemaphorePermit;

/// One object as a list answer describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The key, decoded: any Unicode text, control characters and line breaks too.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When this version was written; S3 tells whole seconds.
    pub last_modified: jiff::Timestamp,
    /// The entity tag without its quotes; empty where the server gives none.
    pub etag: String,
    /// `None`: STANDARD.
    pub storage_class: Option<String>,
}

/// An entry of a listing, which has a place among the keys.
pub trait Keyed: Send + 'static {
    /// The key, decoded.
    fn key(&self) -> &str;
}

impl Keyed for Object {
    fn key(&self) -> &str {
        &self.key
    }
}

/// The parameters of one ListObjectsV2 request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageQuery {
    /// Only keys that begin with it.
    pub prefix: String,
    /// Keys are rolled up to common prefixes at its first occurrence after the prefix.
    pub delimiter: Option<char>,
    /// Only keys above it. Servers exist that ignore it.
    pub start_after: Option<String>,
    /// Goes on where an earlier page ended; wins over `start_after`.
    pub continuation_token: Option<String>,
    /// At most so many entries; `None`: what the server likes (S3: 1,000).
    pub max_keys: Option<i32>,
}

/// The answer to a [`PageQuery`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<E = Object> {
    /// In key order.
    pub objects: Vec<E>,
    /// Common prefixes; only with a delimiter.
    pub prefixes: Vec<String>,
    /// Whether more follows.
    pub truncated: bool,
    /// For the query that goes on.
    pub continuation_token: Option<String>,
    /// What is given back when the page has been taken.
    pub hold: Hold,
}

impl<E> Default for Page<E> {
    fn default() -> Self {
        Self {
            objects: Vec::new(),
            prefixes: Vec::new(),
            truncated: false,
            continuation_token: None,
            hold: Hold::default(),
        }
    }
}

/// A permit that lives as long as a page which nobody has taken yet; pages with and without one are alike.
#[derive(Debug, Clone, Default)]
pub struct Hold(
    #[expect(dead_code, reason = "it is there to be dropped")] pub(super) Option<Arc<OwnedSemaphorePermit>>,
);

impl PartialEq for Hold {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Hold {}

/// A source of pages: a bucket, or a set of keys in memory.
pub trait Pages<E = Object>: Send + Sync + 'static {
    /// Answers one query. Retries are the source's business; an error that it returns ends the listing, but for
    /// throttling, which slows it down first.
    fn page(&self, query: PageQuery) -> impl Future<Output = Result<Page<E>, PageError>> + Send;
}

/// Codes with which S3 and its look-alikes ask for a slower pace.
const THROTTLES: [&str; 5] =
    ["SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "RequestLimitExceeded"];

/// Throttling answers in a row, each after all the retries of the page source, that end the listing.
pub(super) const STRIKES: usize = 8;

/// Why a page could not be had.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The request failed, or the service refused it; holds the SDK's own error with all it knows.
    #[error("{}", describe(.0))]
    Request(#[source] Box<SdkError<ListObjectsV2Error>>),
    /// The keys of an answer do not ascend, as in directory buckets: ranges mean nothing there.
    #[error("the server lists keys out of order (at `{key}`)")]
    Unordered {
        /// The key that should have come earlier.
        key: String,
    },
    /// The server says that more follows, but gives no way on.
    #[error("the server says that more keys follow `{after}`, but does not give them")]
    Stalled {
        /// The last key that it gave; empty if none.
        after: String,
    },
    /// A version without an id: nothing may be done to it, since a request without an id means the key itself.
    #[error("the server gives a version of `{key}` without an id")]
    Nameless {
        /// The key.
        key: String,
    },
}

impl PageError {
    /// The service's error code, such as `AccessDenied`.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Request(error) => error.code(),
            Self::Unordered { .. } | Self::Stalled { .. } | Self::Nameless { .. } => None,
        }
    }

    /// The service's message.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Request(error) => error.message(),
            Self::Unordered { .. } | Self::Stalled { .. } | Self::Nameless { .. } => None,
        }
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Request(error) => error.raw_response().map(|response| response.status().as_u16()),
            Self::Unordered { .. } | Self::Stalled { .. } | Self::Nameless { .. } => None,
        }
    }

    /// The id that AWS support asks for.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Request(error) => error.request_id(),
            Self::Unordered { .. } | Self::Stalled { .. } | Self::Nameless { .. } => None,
        }
    }

    /// Whether the caller may not list this (by code, or by status where a server sends no code).
    pub fn is_access_denied(&self) -> bool {
        match self.code() {
            Some(code) => matches!(code, "AccessDenied" | "AllAccessDisabled"),
            None => self.status() == Some(403),
        }
    }

    /// Whether the service asks for a slower pace.
    pub fn is_throttle(&self) -> bool {
        self.code().is_some_and(|code| THROTTLES.contains(&code)) || matches!(self.status(), Some(429 | 503))
    }
}

/// The service's words, or the chain of causes where there was no answer.
fn describe(error: &SdkError<ListObjectsV2Error>) -> String {
    if let Some(code) = error.code() {
        return format!("{code}: {}", error.message().unwrap_or("no message"));
    }
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl From<SdkError<ListObjectsV2Error>> for PageError {
    fn from(error: SdkError<ListObjectsV2Error>) -> Self {
        Self::Request(Box::new(error))
    }
}
