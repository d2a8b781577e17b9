//! Rows that name objects, from a file or an inventory, each with its position; the blocking reading runs on its own thread.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use opstools::aws::listing::Intervals;
use opstools::aws::{Session, s3};
use opstools::error::Failure;
use opstools::panther::Sources;
use opstools::run::ItemError;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::CancellationToken;

use crate::coverage::Coverage;
use crate::input::{Arrival, Found, Place, Portion};
use crate::inventory::Inventory;
use crate::reading;

/// Rows in one portion: as many as a page of a listing has.
pub const ROWS_IN_PORTION: usize = 1_000;

/// Portions that wait for the reader of the stream.
const PORTIONS_WAITING: usize = 4;

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The bucket.
    pub bucket: String,
    /// The key, raw.
    pub key: String,
    /// The size in bytes.
    pub size: Option<u64>,
    /// When it was last modified.
    pub last_modified: Option<Timestamp>,
    /// The entity tag without quotes.
    pub etag: String,
    /// The storage class.
    pub storage_class: Option<String>,
    /// It is an older version, or marks a deletion.
    pub outdated: bool,
}

/// Rows of an interval of positions, each with its own position.
#[derive(Debug, Default)]
pub struct RowPortion {
    /// Exclusive lower bound.
    pub after: Option<String>,
    /// Inclusive upper bound.
    pub upto: Option<String>,
    /// The rows.
    pub rows: Vec<(String, Row)>,
}

/// What the reading thread gives.
#[derive(Debug)]
pub enum Reading {
    /// Rows.
    Portion(RowPortion),
    /// A row that cannot be read; its position is in no portion.
    Bad(ItemError),
}

/// Collects rows into portions and hands them on; positions that are done are left out.
pub struct Collector {
    sender: Sender<Result<Reading, Failure>>,
    done: Intervals,
    portion: RowPortion,
}

/// Nobody listens any more: the reading ends.
pub struct Unheard;

impl Collector {
    /// A collector that sends to `sender`.
    pub fn new(sender: Sender<Result<Reading, Failure>>, done: Intervals) -> Self {
        Self { sender, done, portion: RowPortion::default() }
    }

    /// Takes in one row, or why it cannot be read; `position` is above all earlier ones.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn take(&mut self, position: String, row: Result<Row, ItemError>) -> Result<(), Unheard> {
        if self.done.contains(&position) {
            return Ok(());
        }
        match row {
            Ok(row) => {
                self.portion.rows.push((position.clone(), row));
                if self.portion.rows.len() < ROWS_IN_PORTION {
                    return Ok(());
                }
                self.hand_on(Some(position.clone()), Some(position))
            }
            Err(error) => {
                // The interval ends with the last good row: a later run meets the bad one again.
                let last = self.portion.rows.last().map(|(last, _)| last.clone());
                if last.is_some() {
                    self.hand_on(last, None)?;
                }
                self.portion.after = Some(position);
                self.send(Ok(Reading::Bad(error)))
            }
        }
    }

    /// Hands on what is left; the last interval reaches to the end.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn finish(mut self) -> Result<(), Unheard> {
        self.hand_on(None, None)
    }

    /// Ends with an error, after what was read before it.
    pub fn fail(mut self, failure: Failure) {
        let last = self.portion.rows.last().map(|(last, _)| last.clone());
        if last.is_none() || self.hand_on(last, None).is_ok() {
            // Whoever went away needs no error.
            let _ = self.send(Err(failure));
        }
    }

    fn hand_on(&mut self, upto: Option<String>, after: Option<String>) -> Result<(), Unheard> {
        let mut portion = std::mem::take(&mut self.portion);
        portion.upto = upto;
        self.portion.after = after;
        self.send(Ok(Reading::Portion(portion)))
    }

    fn send(&self, reading: Result<Reading, Failure>) -> Result<(), Unheard> {
        self.sender.blocking_send(reading).map_err(|_| Unheard)
    }
}

/// What the rows are read from.
#[derive(Clone, Debug)]
pub enum RowSource {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// An S3 Inventory report.
    Inventory(Arc<Inventory>),
}

/// Rows as an input of a run.
pub struct RowInput {
    /// The label by which the journal knows it.
    pub label: Arc<str>,
    source: RowSource,
    session: Session,
    sources: Option<Sources>,
    places: Mutex<HashMap<String, Arc<Place>>>,
}

impl RowInput {
    /// Rows of `source`; with `sources`, rows that belong to none of them are not notified.
    pub fn new(label: String, source: RowSource, session: Session, sources: Option<Sources>) -> Self {
        Self { label: label.into(), source, session, sources, places: Mutex::default() }
    }

    /// Starts reading on a thread of its own.
    pub fn start(&self, done: Intervals, cancel: CancellationToken) -> RowStream<'_> {
        let (sender, readings) = channel(PORTIONS_WAITING);
        let collector = Collector::new(sender, done);
        let (source, session) = (self.source.clone(), self.session.clone());
        let runtime = tokio::runtime::Handle::current();
        // Not a task: reading stdin may block for ever, and must not hold up the end of the run.
        std::thread::spawn(move || match source {
            RowSource::File(path) => reading::file(&path, collector),
            RowSource::Stdin => reading::stdin(collector),
            RowSource::Inventory(inventory) => inventory.read(&session, &runtime, collector),
        });
        RowStream { input: self, readings, cancel }
    }

    async fn place(&self, bucket: &str) -> Arc<Place> {
        let mut places = self.places.lock().await;
        if let Some(place) = places.get(bucket) {
            return place.clone();
        }
        // The region only decorates the message, so who may not look at the bucket can notify all the same.
        let region = s3::in_bucket_region(&self.session, bucket).await.map(|session| session.region);
        let region = region.unwrap_or_else(|_| self.session.region.clone());
        let coverage =
            self.sources.as_ref().map_or(Coverage::All, |sources| Coverage::of(sources, bucket, "", |_| true));
        let place = Arc::new(Place { bucket: bucket.to_owned(), region, coverage });
        places.insert(bucket.to_owned(), place.clone());
        place
    }

    async fn portion(&self, read: RowPortion) -> Portion {
        let mut objects = Vec::with_capacity(read.rows.len());
        for (position, row) in read.rows {
            objects.push(Found {
                place: self.place(&row.bucket).await,
                key: row.key,
                size: row.size,
                last_modified: row.last_modified,
                etag: row.etag,
                storage_class: row.storage_class,
                latest: !row.outdated,
                row: Some(position),
            });
        }
        Portion { input: self.label.clone(), after: read.after, upto: read.upto, objects }
    }
}

/// Rows being read.
pub struct RowStream<'a> {
    input: &'a RowInput,
    readings: Receiver<Result<Reading, Failure>>,
    cancel: CancellationToken,
}

impl RowStream<'_> {
    /// The next arrival.
    pub async fn next(&mut self) -> Option<Result<Arrival, Failure>> {
        let reading = tokio::select! {
            () = self.cancel.cancelled() => None,
            reading = self.readings.recv() => reading,
        };
        Some(match reading? {
            Ok(Reading::Portion(portion)) => Ok(Arrival::Portion(self.input.portion(portion).await)),
            Ok(Reading::Bad(error)) => Ok(Arrival::Bad(error)),
            Err(failure) => Err(failure),
        })
    }
}
