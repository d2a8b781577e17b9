//! Lists the targets: several at once under one bound of requests, each by the first of its readers that can.
//!
//! A target that nobody can list does not hold up the others, and the prefixes within it are then tried by themselves; what
//! was already listed is not listed again.

use std::sync::Arc;

use opstools::aws::Session;
use opstools::aws::listing::{
    Bounded, Intervals, ListRequest, Object, PageError, S3Pages, Version, VersionRequest, list, sequential, versions,
};
use opstools::aws::s3::{self, listing_failure, versions_failure};
use opstools::error::Failure;
use opstools::objects::{Coverage, Found, Location, Place, VersionMark};
use opstools::run::{Cancel, Executor, ItemError, Notices};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::Sender;

use crate::book::{Book, Owners};
use crate::roles::Roles;
use crate::targets::Target;

/// Targets listed at a time: many small prefixes would otherwise wait for each other's answers.
const TARGETS_AT_ONCE: usize = 8;

/// What listing and reading give.
pub enum Event {
    /// Objects of one bucket.
    Objects {
        /// Who owns them.
        owners: Arc<Owners>,
        /// The objects.
        objects: Vec<Found>,
    },
    /// A row that cannot be read.
    Bad(ItemError),
    /// A target or input that could not be read as a whole.
    Failed(Box<Trouble>),
    /// A target has ended, for the sources with these numbers.
    Ended(Vec<usize>),
}

/// What could not be listed.
pub struct Trouble {
    /// Its path or name.
    pub what: String,
    /// The sources that are concerned.
    pub slots: Vec<usize>,
    /// Why.
    pub failure: Failure,
}

/// Whether a listing reached its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    End,
    /// The run is over, or nobody listens any more.
    Stopped,
}

/// Lists targets.
pub struct Lister {
    book: Arc<Book>,
    roles: Roles,
    versions: bool,
    start_after: Option<String>,
    concurrency: usize,
    ordered: bool,
    permits: Arc<Semaphore>,
    cancel: Cancel,
    notices: Notices,
    events: Sender<Event>,
}

/// How to list.
pub struct Manner {
    /// All versions instead of what is current.
    pub versions: bool,
    /// Only keys above it.
    pub start_after: Option<String>,
    /// Requests at a time.
    pub concurrency: usize,
    /// One target after the other, in the order of keys.
    pub ordered: bool,
}

impl Lister {
    /// A lister that tells `events`.
    pub fn new(
        book: Arc<Book>,
        own: Session,
        manner: Manner,
        cancel: Cancel,
        notices: Notices,
        events: Sender<Event>,
    ) -> Self {
        let Manner { versions, start_after, concurrency, ordered } = manner;
        let permits = Arc::new(Semaphore::new(concurrency.max(1)));
        let roles = Roles::new(own);
        Self { book, roles, versions, start_after, concurrency, ordered, permits, cancel, notices, events }
    }

    /// Lists all targets.
    pub async fn run(self, targets: Vec<Target>) {
        let lister = Arc::new(self);
        let mut executor = Executor::new(if lister.ordered { 1 } else { TARGETS_AT_ONCE });
        for target in targets {
            let Some(place) = lister.cancel.unless_stopped(executor.place()).await else { break };
            let lister = lister.clone();
            executor.run(place, async move { Box::pin(lister.target(&target, Intervals::new())).await });
        }
        executor.drain().await;
    }

    /// Lists a target beside what is `done`; where its readers fail, the targets within it.
    async fn target(&self, target: &Target, mut done: Intervals) {
        if self.events.is_closed() {
            return;
        }
        match Box::pin(self.by_any_reader(target, &mut done)).await {
            Ok(Reached::Stopped) => {}
            Ok(Reached::End) => self.tell(Event::Ended(slots(target, true))).await,
            Err(failure) => {
                // Half a history cannot be gone on with: a key's versions would come twice, or not at all.
                let alone = self.versions && done != Intervals::new();
                let trouble = Trouble { what: target.location.uri(), slots: slots(target, alone), failure };
                self.tell(Event::Failed(Box::new(trouble))).await;
                self.tell(Event::Ended(slots(target, alone))).await;
                for inner in target.inner.iter().filter(|_| !alone) {
                    Box::pin(self.target(inner, done.clone())).await;
                }
            }
        }
    }

    /// The first reader that can lists the target; the failure is the last one's, and the others' are told.
    async fn by_any_reader(&self, target: &Target, done: &mut Intervals) -> Result<Reached, Failure> {
        let mut roles: Vec<Option<&str>> = Vec::new();
        for role in target.readers.iter().map(|reader| reader.role.as_deref()) {
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        let last = roles.pop().flatten();
        for role in roles {
            match Box::pin(self.by(role, target, done)).await {
                Err(failure) => self.notices.warning(format!("{}; another identity is tried", failure.summary())),
                reached => return reached,
            }
        }
        Box::pin(self.by(last, target, done)).await
    }

    async fn by(&self, role: Option<&str>, target: &Target, done: &mut Intervals) -> Result<Reached, Failure> {
        let Location { bucket, key } = &target.location;
        let reached = self.cancel.unless_stopped(async {
            let session = self.roles.session(role).await?;
            s3::in_bucket_region(&session, bucket).await
        });
        let Some(session) = Box::pin(reached).await else { return Ok(Reached::Stopped) };
        let session = session?;
        let listing = Listing {
            place: Arc::new(Place {
                bucket: bucket.clone(),
                region: session.region.clone(),
                region_is_known: true,
                coverage: Coverage::All,
            }),
            owners: Arc::new(self.book.owners(bucket, key)),
            pages: Arc::new(Bounded::new(Arc::new(S3Pages::new(s3::client(&session), bucket)), self.permits.clone())),
        };
        if self.versions {
            let listed = self.versions(&listing, key, done).await;
            return listed.map_err(|error| versions_failure(&session, bucket, key, error));
        }
        self.objects(&listing, key, done).await.map_err(|error| listing_failure(&session, bucket, key, error))
    }

    async fn objects(&self, listing: &Listing, prefix: &str, done: &mut Intervals) -> Result<Reached, PageError> {
        let request = ListRequest {
            prefix: prefix.to_owned(),
            start_after: self.start_after.clone(),
            done: done.clone(),
            concurrency: self.concurrency,
        };
        let (pages, token) = (listing.pages.clone(), self.cancel.token());
        let mut chunks = if self.ordered { sequential(pages, request, token) } else { list(pages, request, token) };
        while let Some(chunk) = chunks.recv().await {
            let chunk = chunk?;
            let objects = chunk.objects.into_iter().map(|object| Found::listed(&listing.place, object)).collect();
            if !self.hand_on(listing, objects).await {
                return Ok(Reached::Stopped);
            }
            done.add(chunk.after, chunk.upto);
        }
        Ok(self.reached())
    }

    async fn versions(&self, listing: &Listing, prefix: &str, done: &mut Intervals) -> Result<Reached, PageError> {
        let request = VersionRequest { prefix: prefix.to_owned(), start_after: self.start_after.clone() };
        let mut pages = versions(listing.pages.clone(), request, self.cancel.token());
        while let Some(page) = pages.recv().await {
            let page = page?;
            done.add(None, page.last().map(|version| version.key.clone()));
            let objects = page.into_iter().map(|version| found(&listing.place, version)).collect();
            if !self.hand_on(listing, objects).await {
                return Ok(Reached::Stopped);
            }
        }
        Ok(self.reached())
    }

    fn reached(&self) -> Reached {
        if self.cancel.requested() { Reached::Stopped } else { Reached::End }
    }

    /// Whether somebody took the objects.
    async fn hand_on(&self, listing: &Listing, objects: Vec<Found>) -> bool {
        objects.is_empty() || self.events.send(Event::Objects { owners: listing.owners.clone(), objects }).await.is_ok()
    }

    async fn tell(&self, event: Event) {
        // Who does not listen any more has stopped the run.
        let _ = self.events.send(event).await;
    }
}

/// A target being listed.
struct Listing {
    place: Arc<Place>,
    owners: Arc<Owners>,
    pages: Arc<Bounded<S3Pages>>,
}

/// A version as an object.
fn found(place: &Arc<Place>, version: Version) -> Found {
    let Version { key, version_id, is_latest, delete_marker, size, last_modified, etag, storage_class } = version;
    let object = Object { key, size, last_modified, etag, storage_class };
    Found {
        latest: is_latest && !delete_marker,
        version: Some(VersionMark { id: version_id, is_latest, delete_marker }),
        ..Found::listed(place, object)
    }
}

/// The sources of a target, and of those within it, each as often as it has prefixes there.
pub fn slots(target: &Target, whole: bool) -> Vec<usize> {
    let own = target.readers.iter().filter_map(|reader| reader.slot);
    if !whole {
        return own.collect();
    }
    own.chain(target.inner.iter().flat_map(|inner| slots(inner, true))).collect()
}
