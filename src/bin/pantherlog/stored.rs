//! Objects below a path of S3, in the order of their keys, each a stream; the next ones are opened ahead.

use opstools::aws::get::ObjectReader;
use opstools::aws::listing::{Intervals, ListRequest, Object, S3Pages, sequential};
use opstools::aws::s3::listing_failure;
use opstools::aws::{Session, s3};
use opstools::error::Failure;
use opstools::objects::Location;
use opstools::run::{Cancel, Notices};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::inputs::{Opened, Stopping};

/// Objects that are opened ahead: enough that small ones do not wait for S3's answer, few enough that none waits long.
const AHEAD: usize = 2;

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
        Listed { receiver }
    }
}

/// The objects as they come.
pub struct Listed {
    receiver: Receiver<Result<Opened, Failure>>,
}

impl Iterator for Listed {
    type Item = Result<Opened, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.receiver.blocking_recv()
    }
}

/// Hands over each object as it is opened; ends when nobody wants more, or the run is stopped.
async fn list(stored: Stored, objects: Sender<Result<Opened, Failure>>, cancel: Cancel, notices: Notices) {
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
            let opened = open(&session, &location.bucket, &object, &cancel).await;
            if objects.send(opened).await.is_err() {
                return;
            }
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

async fn open(session: &Session, bucket: &str, object: &Object, cancel: &Cancel) -> Result<Opened, Failure> {
    let reader = ObjectReader::open(session, bucket, &object.key).await?;
    let name = Location { bucket: bucket.to_owned(), key: object.key.clone() }.uri();
    Ok(Opened { name, reader: Box::new(Stopping::new(reader, cancel.clone())), live: false })
}
