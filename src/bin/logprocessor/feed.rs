//! From inputs to single files and objects, as fast as they are taken.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use opstools::aws::listing::{Intervals, ListRequest, S3Pages, sequential};
use opstools::aws::{Session, s3};
use opstools::error::{Failure, Kind};
use opstools::objects::Location;
use opstools::panther::NotifiedObject;
use opstools::run::{Cancel, Stop};
use tokio::sync::mpsc::Sender;

use crate::inputs::Input;
use crate::item::{Item, is_passed_over};
use crate::ledger::Ledger;

/// Items that wait to be read: names only, so that a listing is always ahead.
pub const WAITING: usize = 64;

/// Sends items until there are no more, or nobody wants more.
pub struct Feed {
    /// Where they go.
    pub items: Sender<Item>,
    /// At most so many.
    pub limit: Option<usize>,
    /// What became of inputs.
    pub ledger: Arc<Ledger>,
    sent: usize,
}

/// Nobody takes more.
struct Enough;

impl Feed {
    /// A feed of at most `limit` items.
    pub const fn new(items: Sender<Item>, limit: Option<usize>, ledger: Arc<Ledger>) -> Self {
        Self { items, limit, ledger, sent: 0 }
    }

    /// Finds the items of all inputs. What cannot be looked at is an error of its own; the others go on.
    pub async fn run(mut self, inputs: Vec<Input>) {
        for input in inputs {
            if self.wanted() == Some(0) {
                return;
            }
            let ended = match input {
                Input::Path(path) => self.path(path).await,
                Input::Prefix(session, location) => self.prefix(&session, &location).await,
                Input::Queue(peek) => match peek.objects(self.wanted(), &self.ledger).await {
                    Ok(objects) => self.notified(peek.sqs().session(), objects).await,
                    Err(failure) => self.fail(&failure, peek.name()),
                },
            };
            if ended.is_err() {
                return;
            }
        }
    }

    /// How many items more are wanted, where that is bounded.
    fn wanted(&self) -> Option<usize> {
        self.limit.map(|limit| limit.saturating_sub(self.sent))
    }

    fn cancel(&self) -> &Cancel {
        &self.ledger.run().cancel
    }

    async fn send(&mut self, item: Item) -> Result<(), Enough> {
        if self.wanted() == Some(0) {
            return Err(Enough);
        }
        self.sent += 1;
        match self.cancel().unless_stopped(self.items.send(item)).await {
            Some(sent) => sent.map_err(|_| Enough),
            // What was named or told of is still counted, so that the report says how much is left.
            None => {
                self.ledger.left();
                Ok(())
            }
        }
    }

    /// Remembers what could not be looked at, and goes on unless that is not allowed.
    fn fail(&self, failure: &Failure, object: &str) -> Result<(), Enough> {
        self.ledger.failed(failure, object);
        if failure.kind == Kind::NotAllowed {
            self.cancel().stop(Stop::NotAllowed);
            return Err(Enough);
        }
        Ok(())
    }

    /// A file, or all files below a folder in the order of their names. What begins with a dot is not meant, as shells have it. Who
    /// names a pipe or a file that is still written wants it; below a folder they are passed over: a pipe may never end.
    async fn path(&mut self, named: PathBuf) -> Result<(), Enough> {
        let mut open = vec![named.clone()];
        while let Some(path) = open.pop() {
            match look(&path) {
                Ok(Look::Pipe) if path != named => self.ledger.passed_over(),
                Ok(Look::File(_)) if path != named && is_unfinished(&path) => self.ledger.passed_over(),
                Ok(Look::Pipe) => self.send(Item::File(path, 0)).await?,
                Ok(Look::File(size)) => self.send(Item::File(path, size)).await?,
                Ok(Look::Folder(mut inner)) => {
                    inner.sort_by(|one, other| other.cmp(one));
                    open.extend(inner);
                }
                Err(error) => {
                    let failure = Failure::failed(format!("cannot read `{}`", path.display())).because(error);
                    self.fail(&failure, &path.display().to_string())?;
                }
            }
        }
        Ok(())
    }

    async fn prefix(&mut self, session: &Session, location: &Location) -> Result<(), Enough> {
        let pages = Arc::new(S3Pages::new(s3::client(session), &location.bucket));
        let request =
            ListRequest { prefix: location.key.clone(), start_after: None, done: Intervals::new(), concurrency: 1 };
        let mut chunks = sequential(pages, request, self.cancel().token());
        let mut found = false;
        while let Some(chunk) = chunks.recv().await {
            match chunk {
                Ok(chunk) => {
                    for object in chunk.objects {
                        found |= !is_passed_over(&object.key, Some(object.size));
                        self.object(session, &location.bucket, object.key, Some(object.size)).await?;
                    }
                }
                Err(error) => {
                    let failure = s3::listing_failure(session, &location.bucket, &location.key, error);
                    return self.fail(&failure, &location.uri());
                }
            }
        }
        match self.cancel().requested() {
            // The listing ended with the run.
            true => self.ledger.unlisted(),
            false if !found => return self.fail(&nothing_below(location), &location.uri()),
            false => {}
        }
        Ok(())
    }

    async fn notified(&mut self, session: &Session, objects: Vec<NotifiedObject>) -> Result<(), Enough> {
        let mut regions = HashMap::<String, Session>::new();
        for object in objects {
            let session = match regions.entry(object.bucket.clone()) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(place) => match s3::in_bucket_region(session, &object.bucket).await {
                    Ok(session) => place.insert(session).clone(),
                    // Messages may tell of buckets that are no business of whoever looks: the others are read.
                    Err(failure) => {
                        self.ledger.failed(&failure, &format!("s3://{}/{}", object.bucket, object.key));
                        continue;
                    }
                },
            };
            self.object(&session, &object.bucket, object.key, object.size).await?;
        }
        Ok(())
    }

    async fn object(&mut self, session: &Session, bucket: &str, key: String, size: Option<u64>) -> Result<(), Enough> {
        if is_passed_over(&key, size) {
            self.ledger.passed_over();
            return Ok(());
        }
        let session = Box::new(session.clone());
        self.send(Item::Object { session, bucket: bucket.to_owned(), key, size }).await
    }
}

/// A prefix with a typing error must not look like a source that has nothing new.
fn nothing_below(location: &Location) -> Failure {
    Failure::failed(format!("cannot read `{}`", location.uri()))
        .because("there is no object with content below it; `s3list` shows what the bucket has")
}

/// What stands at a path.
enum Look {
    File(u64),
    Folder(Vec<PathBuf>),
    /// Neither: a pipe, a socket, a device.
    Pipe,
}

/// What stands at the end of the name of a file while it is written, by this house and by others.
const UNFINISHED: &str = "partial";

fn is_unfinished(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == UNFINISHED)
}

fn look(path: &PathBuf) -> std::io::Result<Look> {
    let found = std::fs::metadata(path)?;
    if !found.is_dir() {
        return Ok(if found.is_file() { Look::File(found.len()) } else { Look::Pipe });
    }
    let mut inner = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        // A link to a folder may lead back to where it stands.
        let link_to_folder = entry.file_type()?.is_symlink() && entry.path().is_dir();
        if !link_to_folder && !entry.file_name().as_encoded_bytes().starts_with(b".") {
            inner.push(entry.path());
        }
    }
    Ok(Look::Folder(inner))
}
