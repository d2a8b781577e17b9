//! Objects below a path of S3, in the order of their keys, each a stream; the next ones are opened ahead.

use opstools::aws::ahead::{AHEAD, Ahead};
use opstools::aws::listing::{Intervals, ListRequest, S3Pages, sequential};
use opstools::aws::s3::listing_failure;
use opstools::aws::{Session, s3};
use opstools::error::Failure;
use opstools::objects::Location;
use opstools::run::{Cancel, Notices};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::inputs::{Opened, Stopping};

/// A path of S3.
pub struct Stored {
    location: Location,
    session: Session,
}

impl Stored {
    /// The path, if its bucket is there.
    ///
    /// # Errors
    /// It is not, or may not be looked at.
    pub async fn find(session: &Session, location: Location) -> Result<Self, Failure> {
        let session = s3::in_bucket_region(session, &location.bucket).await?;
        Ok(Self { location, session })
    }

    /// The path as it is written.
    pub fn uri(&self) -> String {
        self.location.uri()
    }

    /// Starts listing and reading.
    pub fn start(self, cancel: &Cancel, runtime: &Handle, notices: &Notices) -> Listed {
        let (sender, receiver) = channel(AHEAD);
        runtime.spawn(list(self, sender, cancel.clone(), notices.clone()));
        Listed { receiver, cancel: cancel.clone(), runtime: runtime.clone() }
    }
}

/// An object by its path.
type Named = (String, Ahead);

/// The objects as they come.
pub struct Listed {
    receiver: Receiver<Result<Named, Failure>>,
    cancel: Cancel,
    runtime: Handle,
}

impl Iterator for Listed {
    type Item = Result<Opened, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.receiver.blocking_recv()?;
        Some(found.and_then(|(name, object)| {
            let reader = Box::new(Stopping::new(object.open(&self.runtime)?, self.cancel.clone()));
            Ok(Opened { name, reader, live: false })
        }))
    }
}

/// Hands over each object as it is found; ends when nobody wants more, or the run is stopped.
async fn list(stored: Stored, objects: Sender<Result<Named, Failure>>, cancel: Cancel, notices: Notices) {
    let Stored { location, session } = stored;
    let pages = std::sync::Arc::new(S3Pages::new(s3::client(&session), &location.bucket));
    let request =
        ListRequest { prefix: location.key.clone(), start_after: None, done: Intervals::new(), concurrency: 1 };
    let mut chunks = sequential(pages, request, cancel.token());
    let (mut found, mut skipped) = (0_u64, 0_u64);
    while let Some(chunk) = chunks.recv().await {
        let listed = match chunk {
            Ok(chunk) => chunk.objects,
            Err(error) => {
                let failure = listing_failure(&session, &location.bucket, &location.key, error);
                // Who is gone needs no error.
                let _ = objects.send(Err(failure)).await;
                return;
            }
        };
        for object in listed {
            if object.size == 0 || object.key.ends_with('/') {
                skipped += 1;
                continue;
            }
            found += 1;
            let (bucket, key) = (location.bucket.clone(), object.key);
            // A place first, so that no more are fetched than wait.
            let Ok(place) = objects.reserve().await else { return };
            let ahead = Ahead::start(&session, &bucket, &key, Some(object.size));
            place.send(Ok((Location { bucket, key }.uri(), ahead)));
        }
    }
    if skipped > 0 {
        notices.detail(format!("{}: {skipped} objects without content left out", location.uri()));
    }
    if found == 0 && !cancel.requested() {
        let none = Failure::failed(format!("cannot read `{}`", location.uri()))
            .because("there is no object with content below it");
        let _ = objects.send(Err(none)).await;
    }
}
