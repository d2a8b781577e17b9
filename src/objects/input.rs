//! Where objects come from: a listing or rows of a file, as one stream of portions.
//!
//! A portion covers an interval of positions of its input: keys of a listing, numbers of rows. What lies in an interval is
//! either in the portion or finished before, so that intervals are all that must be remembered to go on later.

use std::sync::Arc;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use jiff::Timestamp;
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

use super::coverage::Coverage;
use super::location::Location;
use super::rows::{RowInput, RowStream};
use crate::aws::listing::{Chunk, Intervals, ListRequest, Object, PageError, S3Pages, list, sequential};
use crate::aws::s3::listing_failure;
use crate::aws::{Session, s3};
use crate::error::Failure;
use crate::run::ItemError;

/// List requests at a time, of all inputs together: what S3 takes from one prefix without slowing down.
const LIST_REQUESTS: usize = 64;

/// Inputs read at a time: many small date folders would otherwise wait for each other's answers.
const INPUTS_AT_ONCE: usize = 8;

/// A bucket, and which of its keys are meant.
#[derive(Debug)]
pub struct Place {
    /// The bucket's name.
    pub bucket: String,
    /// The bucket's region.
    pub region: String,
    /// Whether that is known; otherwise it is the region in which the operator works.
    pub region_is_known: bool,
    /// Which keys are meant.
    pub coverage: Coverage,
}

/// An object that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its bucket.
    pub place: Arc<Place>,
    /// Its key, raw.
    pub key: String,
    /// Its size in bytes, where the input says so.
    pub size: Option<u64>,
    /// When it was last modified, where the input says so.
    pub last_modified: Option<Timestamp>,
    /// Its entity tag without quotes; may be empty.
    pub etag: String,
    /// Its storage class; `None` is STANDARD or unknown.
    pub storage_class: Option<String>,
    /// It is no older version, and marks no deletion.
    pub latest: bool,
    /// Which version it is, where the input says so.
    pub version: Option<VersionMark>,
    /// Where it stands in a file; in a listing that is its key.
    pub row: Option<String>,
}

/// Which version of its key an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionMark {
    /// Its id.
    pub id: String,
    /// It is what a reader of the key gets.
    pub is_latest: bool,
    /// It marks a deletion.
    pub delete_marker: bool,
}

impl Found {
    /// An object as a listing of `place` gives it.
    pub fn listed(place: &Arc<Place>, object: Object) -> Self {
        Self {
            place: place.clone(),
            key: object.key,
            size: Some(object.size),
            last_modified: Some(object.last_modified),
            etag: object.etag,
            storage_class: object.storage_class,
            latest: true,
            version: None,
            row: None,
        }
    }

    /// Its position in the input.
    pub fn position(&self) -> &str {
        self.row.as_deref().unwrap_or(&self.key)
    }

    /// Its URI.
    pub fn uri(&self) -> String {
        Location { bucket: self.place.bucket.clone(), key: self.key.clone() }.uri()
    }
}

/// All objects of the positions `(after, upto]`; `None` is the beginning or the end of the input.
#[derive(Debug)]
pub struct Portion {
    /// The input's label, as the journal names it.
    pub input: Arc<str>,
    /// Exclusive lower bound.
    pub after: Option<String>,
    /// Inclusive upper bound.
    pub upto: Option<String>,
    /// In the order of their positions.
    pub objects: Vec<Found>,
}

/// What an input gives.
#[derive(Debug)]
pub enum Arrival {
    /// Objects.
    Portion(Portion),
    /// A row that cannot be read.
    Bad(ItemError),
}

/// One input of a run.
pub enum Input {
    /// Keys below a prefix.
    Listing(Listing),
    /// Rows of a file.
    Rows(RowInput),
}

impl Input {
    /// The label by which the journal knows it.
    pub fn label(&self) -> Arc<str> {
        match self {
            Self::Listing(listing) => listing.label.clone(),
            Self::Rows(rows) => rows.label.clone(),
        }
    }

    /// Starts reading what is not `done`; with one request at a time, keys come in order.
    fn start(&self, done: Intervals, requests: usize, cancel: CancellationToken) -> Reading<'_> {
        match self {
            Self::Listing(listing) => Reading::Listing(listing, listing.start(done, requests, cancel)),
            Self::Rows(rows) => Reading::Rows(rows.start(done, cancel)),
        }
    }
}

/// Everything that the inputs give beside the intervals that are `done`, by the input's label; several inputs are read at
/// once, unless `ordered`.
///
/// An error is the last that comes of one input; the others go on.
pub fn arrivals<'a>(
    inputs: &'a [Input],
    done: impl Fn(&str) -> Intervals + Send + 'a,
    ordered: bool,
    cancel: CancellationToken,
) -> BoxStream<'a, Result<Arrival, Failure>> {
    let at_once = inputs.len().clamp(1, INPUTS_AT_ONCE);
    let requests = if ordered { 1 } else { LIST_REQUESTS / at_once };
    let streams = stream::iter(inputs).map(move |input| {
        let reading = input.start(done(&input.label()), requests, cancel.child_token());
        stream::unfold(reading, async |mut reading| Some((reading.next().await?, reading))).boxed()
    });
    if ordered { streams.flatten().boxed() } else { streams.flatten_unordered(at_once).boxed() }
}

/// A prefix of a bucket, and who lists it.
pub struct Listing {
    label: Arc<str>,
    prefix: String,
    place: Arc<Place>,
    session: Session,
    start_after: Option<String>,
}

impl Listing {
    /// The keys of `place` below `prefix`; `session` is in the bucket's region.
    pub fn new(place: Arc<Place>, prefix: String, session: Session, start_after: Option<String>) -> Self {
        let location = Location { bucket: place.bucket.clone(), key: prefix };
        Self { label: location.uri().into(), prefix: location.key, place, session, start_after }
    }

    fn start(&self, done: Intervals, requests: usize, cancel: CancellationToken) -> Receiver<Result<Chunk, PageError>> {
        let pages = Arc::new(S3Pages::new(s3::client(&self.session), &self.place.bucket));
        let request = ListRequest {
            prefix: self.prefix.clone(),
            start_after: self.start_after.clone(),
            done,
            concurrency: requests,
        };
        if requests == 1 { sequential(pages, request, cancel) } else { list(pages, request, cancel) }
    }

    fn portion(&self, chunk: Chunk) -> Portion {
        let objects = chunk.objects.into_iter().map(|object| Found::listed(&self.place, object)).collect();
        Portion { input: self.label.clone(), after: chunk.after, upto: chunk.upto, objects }
    }
}

/// An input being read.
enum Reading<'a> {
    /// A listing.
    Listing(&'a Listing, Receiver<Result<Chunk, PageError>>),
    /// Rows of a file.
    Rows(RowStream<'a>),
}

impl Reading<'_> {
    /// The next arrival; an error is the last thing that comes.
    async fn next(&mut self) -> Option<Result<Arrival, Failure>> {
        match self {
            Self::Listing(listing, chunks) => Some(match chunks.recv().await? {
                Ok(chunk) => Ok(Arrival::Portion(listing.portion(chunk))),
                Err(error) => Err(listing_failure(&listing.session, &listing.place.bucket, &listing.prefix, error)),
            }),
            Self::Rows(rows) => rows.next().await,
        }
    }
}
