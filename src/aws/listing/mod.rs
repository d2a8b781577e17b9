//! Listing a bucket as fast as S3 answers.
//!
//! S3 gives 1,000 keys per request and takes about 100 ms for it: a million keys, one page after the other, take
//! two minutes, a hundred million hours. Pages of different key ranges can be had at the same time, if one knows
//! where to part the key space; finding that out, in constant memory and without ever losing or repeating a key,
//! is this module. Serves every tool that goes through a bucket.
//!
//! * `page`: one request and its answer; the trait behind which S3 stands.
//! * `bucket`, `lean`, `xml`: the pages of a real bucket, and how their answers are read.
//! * `bounded`: several listings under one bound of requests.
//! * `interval`: which key ranges are finished; for journals.
//! * `walk`, `board`: the parallel listing: its loop, and who lists what next.
//! * `span`, `estimate`: one range in work; how much it holds, and where to cut it.
//! * `terrain`, `directory`, `letters`, `guess`: what is learnt of the key space.
//! * `sweep`: the sequential listing.
//! * `versions`: the listing of all versions and delete markers.
//! * `histories`: the same key by key, from the newest version down to the newest data, in parallel.

mod board;
mod bounded;
mod bucket;
mod directory;
mod estimate;
mod guess;
mod histories;
mod interval;
mod lean;
mod letters;
mod page;
mod span;
mod sweep;
mod terrain;
mod versions;
mod walk;
mod xml;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio::sync::mpsc::{Receiver, channel};
use tokio_util::sync::CancellationToken;

pub use bounded::Bounded;
pub use bucket::S3Pages;
pub use histories::{DeleteMarker, Histories, History, VersionId};
pub use interval::{Interval, Intervals};
pub use page::{Hold, Keyed, Object, Page, PageError, PageQuery, Pages};
pub use versions::{Version, VersionPage, VersionPages, VersionQuery, VersionRequest, versions};

/// Chunks that wait for the reader. Each holds up to a page (some 200 KB): enough to bridge a pause, and small.
const CHUNKS: usize = 16;

/// A listed range: all keys of `(after, upto]` are among `objects`, which may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk<E = Object> {
    /// Exclusive lower bound; `None`: from the beginning of the prefix.
    pub after: Option<String>,
    /// Inclusive upper bound; `None`: to the end of the prefix.
    pub upto: Option<String>,
    /// In key order.
    pub objects: Vec<E>,
}

/// What to list.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// Only keys that begin with it; may end anywhere, not only at a `/`.
    pub prefix: String,
    /// Only keys above it.
    pub start_after: Option<String>,
    /// Ranges that an earlier run finished: they are skipped.
    pub done: Intervals,
    /// Requests at a time; 64 suit S3.
    pub concurrency: usize,
}

/// Starts listing with up to `concurrency` requests at a time.
///
/// Chunks come in key order within themselves, in any order among each other; their ranges are exactly what
/// `request` asks for, each key once. An error comes last, after what was listed. The channel is bounded: a slow
/// reader slows the listing down. Dropping the receiver or cancelling stops it at once, without an error.
/// Needs a tokio runtime.
pub fn list<E: Keyed, P: Pages<E>>(
    pages: Arc<P>,
    request: ListRequest,
    cancel: CancellationToken,
) -> Receiver<Result<Chunk<E>, PageError>> {
    let (sender, receiver) = channel(CHUNKS);
    tokio::spawn(walk::walk(pages, request, sender, cancel));
    receiver
}

/// The same stream as [`list`], one page after the other and in key order, whatever `concurrency` says.
pub fn sequential<E: Keyed, P: Pages<E>>(
    pages: Arc<P>,
    request: ListRequest,
    cancel: CancellationToken,
) -> Receiver<Result<Chunk<E>, PageError>> {
    let (sender, receiver) = channel(CHUNKS);
    tokio::spawn(async move {
        let ranges = request.done.gaps(request.start_after.as_deref());
        let closed = sender.clone();
        tokio::select! {
            () = cancel.cancelled() => {}
            () = closed.closed() => {}
            () = sweep::sweep(pages.as_ref(), &request.prefix, ranges, true, &sender) => {}
        }
    });
    receiver
}
