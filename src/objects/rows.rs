//! Rows that name objects, from a file or an inventory, each with its position; the blocking reading runs on its own thread.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, channel};
use tokio_util::sync::CancellationToken;

use super::collector::{Collector, Reading, RowPortion};
use super::coverage::Coverage;
use super::input::{Arrival, Found, Place, Portion, VersionMark};
use super::inventory::Inventory;
use super::reading;
use crate::aws::listing::Intervals;
use crate::aws::{Session, s3};
use crate::error::Failure;
use crate::panther::Sources;

/// Portions that wait for the reader of the stream.
const PORTIONS_WAITING: usize = 4;

/// Objects asked for their sizes at a time: what S3 takes from one prefix without slowing down.
const SIZES_AT_ONCE: usize = 64;

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
    sizes: bool,
    places: Mutex<HashMap<String, Arc<Place>>>,
}

impl RowInput {
    /// Rows of `source`; with `sources`, rows that belong to none of them are not meant.
    pub fn new(label: String, source: RowSource, session: Session, sources: Option<Sources>) -> Self {
        Self { label: label.into(), source, session, sources, sizes: false, places: Mutex::default() }
    }

    /// Asks S3 for the size where a row does not say it; an object that is not there keeps none.
    pub const fn ask_sizes(&mut self) {
        self.sizes = true;
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
        let own = s3::in_bucket_region(&self.session, bucket).await.map(|session| session.region);
        let region_is_known = own.is_ok();
        let region = own.unwrap_or_else(|_| self.session.region.clone());
        let coverage =
            self.sources.as_ref().map_or(Coverage::All, |sources| Coverage::of(sources, bucket, "", |_| true));
        let place = Arc::new(Place { bucket: bucket.to_owned(), region, region_is_known, coverage });
        places.insert(bucket.to_owned(), place.clone());
        place
    }

    async fn portion(&self, mut read: RowPortion) -> Result<Portion, Failure> {
        if self.sizes {
            self.look_up_sizes(&mut read).await?;
        }
        let mut objects = Vec::with_capacity(read.rows.len());
        for (position, row) in read.rows {
            objects.push(Found {
                place: self.place(&row.bucket).await,
                key: row.key,
                size: row.size,
                last_modified: row.last_modified,
                etag: row.etag,
                storage_class: row.storage_class,
                latest: row.is_latest != Some(false) && !row.delete_marker,
                version: row.version_id.map(|id| VersionMark {
                    id,
                    is_latest: row.is_latest.unwrap_or(true),
                    delete_marker: row.delete_marker,
                }),
                row: Some(position),
            });
        }
        Ok(Portion { input: self.label.clone(), after: read.after, upto: read.upto, objects })
    }

    async fn look_up_sizes(&self, read: &mut RowPortion) -> Result<(), Failure> {
        let mut looks = Vec::new();
        for (index, (_, row)) in read.rows.iter().enumerate().filter(|(_, (_, row))| row.size.is_none()) {
            let session = self.session.in_region(self.place(&row.bucket).await.region.clone());
            looks.push((index, session, row.bucket.clone(), row.key.clone()));
        }
        let looks = looks.into_iter().map(|(index, session, bucket, key)| async move {
            s3::size(&session, &bucket, &key).await.map(|size| (index, size))
        });
        let sizes: Vec<_> = futures::stream::iter(looks).buffer_unordered(SIZES_AT_ONCE).try_collect().await?;
        for (index, size) in sizes {
            read.rows[index].1.size = size;
        }
        Ok(())
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
            Ok(Reading::Portion(portion)) => self.input.portion(portion).await.map(Arrival::Portion),
            Ok(Reading::Bad(error)) => Ok(Arrival::Bad(error)),
            Err(failure) => Err(failure),
        })
    }
}
