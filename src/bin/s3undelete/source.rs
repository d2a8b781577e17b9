//! Where keys come from: the histories of a listing, those of named keys, or the restorations of a manifest, as one stream.

use std::sync::Arc;

use futures::{StreamExt, stream};
use opstools::aws::listing::{Chunk, Histories, History, Interval, Intervals, ListRequest, PageError, S3Pages, list};
use opstools::aws::versioning::VersionedBucket;
use opstools::aws::{Session, s3, service_error};
use opstools::error::Failure;
use opstools::objects::{RowInput, RowStream};
use opstools::run::ItemError;
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

use crate::manifest::{Manifest, Portion};
use crate::restoration::Restoration;

/// List requests at a time: pages of versions are twice as large as those of keys, and the deletes are slower.
const LIST_REQUESTS: usize = 12;

/// Named keys asked for at a time.
const KEYS_AT_ONCE: usize = 50;

/// Where keys come from.
pub enum Source {
    /// Everything below a prefix.
    Listing {
        /// The prefix.
        prefix: String,
    },
    /// The keys that a file names.
    Keys(Box<RowInput>),
    /// What `--split` planned.
    Manifest(Manifest),
}

/// Keys of the positions of an interval.
pub enum Arrival {
    /// To be judged.
    Histories(Interval, Vec<History>),
    /// Judged before.
    Restorations(Interval, Vec<Restoration>),
    /// A row that cannot be worked on; its position is in no interval.
    Bad(ItemError),
}

/// Keys on their way.
pub enum Stream<'a> {
    Listing(Receiver<Result<Chunk<History>, PageError>>, Place<'a>),
    Keys(RowStream<'a>, Histories<S3Pages>, Place<'a>),
    Manifest(Receiver<Result<Portion, Failure>>),
}

/// The bucket and prefix, for errors.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    session: &'a Session,
    bucket: &'a str,
    prefix: &'a str,
}

impl Place<'_> {
    fn failure(&self, error: PageError) -> Failure {
        let doing = format!("cannot list the versions of `s3://{}/{}`", self.bucket, self.prefix);
        match error {
            PageError::Request(error) => {
                let resource = format!("bucket `{}`", self.bucket);
                let error = service_error("S3", error.as_ref());
                self.session.failure(doing, error, "s3:ListBucketVersions", &resource)
            }
            other => Failure::failed(doing).because(other),
        }
    }
}

impl Source {
    /// Starts reading what is not `done`.
    pub fn start<'a>(&'a self, bucket: &'a VersionedBucket, done: Intervals, cancel: CancellationToken) -> Stream<'a> {
        let place = |prefix| Place { session: bucket.session(), bucket: bucket.name(), prefix };
        let pages = || Histories::new(Arc::new(S3Pages::new(s3::client(bucket.session()), bucket.name())));
        match self {
            Self::Listing { prefix } => {
                let request =
                    ListRequest { prefix: prefix.clone(), start_after: None, done, concurrency: LIST_REQUESTS };
                Stream::Listing(list(Arc::new(pages()), request, cancel), place(prefix))
            }
            Self::Keys(rows) => Stream::Keys(rows.start(done, cancel), pages(), place("")),
            Self::Manifest(manifest) => Stream::Manifest(manifest.start(done)),
        }
    }
}

impl Stream<'_> {
    /// The next keys; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Arrival, Failure>> {
        match self {
            Self::Listing(chunks, place) => Some(match chunks.recv().await? {
                Ok(Chunk { after, upto, objects }) => Ok(Arrival::Histories(Interval { after, upto }, objects)),
                Err(error) => Err(place.failure(error)),
            }),
            Self::Keys(rows, histories, place) => Some(named(rows, histories, *place).await?),
            Self::Manifest(portions) => Some(match portions.recv().await? {
                Ok(Portion { interval, keys }) => Ok(Arrival::Restorations(interval, keys)),
                Err(failure) => Err(failure),
            }),
        }
    }
}

/// The histories of the next named keys.
async fn named(
    rows: &mut RowStream<'_>,
    histories: &Histories<S3Pages>,
    place: Place<'_>,
) -> Option<Result<Arrival, Failure>> {
    let portion = match rows.next().await? {
        Ok(opstools::objects::Arrival::Portion(portion)) => portion,
        Ok(opstools::objects::Arrival::Bad(error)) => return Some(Ok(Arrival::Bad(error))),
        Err(failure) => return Some(Err(failure)),
    };
    if let Some(foreign) = portion.objects.iter().find(|object| object.place.bucket != place.bucket) {
        let doing = format!("cannot bring back `{}`", foreign.uri());
        return Some(Err(Failure::failed(doing)
            .because(format!("the keys of one run are of one bucket, `{}`", place.bucket))
            .hint("take the rows of other buckets out, and run once for each bucket")));
    }
    let asked = portion.objects.into_iter().map(|object| async move {
        let history = histories.of_key(&object.key).await?;
        // A key without any version is told by an orphan without markers.
        Ok(history.unwrap_or(History { key: object.key, markers: Vec::new(), data: None }))
    });
    let found: Vec<Result<History, PageError>> = stream::iter(asked).buffered(KEYS_AT_ONCE).collect().await;
    let found: Result<Vec<History>, PageError> = found.into_iter().collect();
    let interval = Interval { after: portion.after, upto: portion.upto };
    Some(found.map(|found| Arrival::Histories(interval, found)).map_err(|error| place.failure(error)))
}
