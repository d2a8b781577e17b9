//! What is settled of each file: the counters, the manifest, and the news to the log processor.
//!
//! A file counts when its target has confirmed it, is then written down, and then told of: whatever cuts a run short, no
//! object is told of that is not there.

use std::sync::{Arc, Mutex, PoisonError};

use opstools::aws::Outgoing;
use opstools::aws::upload::Stored;
use opstools::error::{Failure, ServiceError};
use opstools::panther::{Notified, Scene, s3_event};
use opstools::replay::Line;
use opstools::run::{Counter, EntryFailure, ItemError, Run, Stop};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::manifest::{Begun, Entry, Writer};
use crate::work::{ManifestWork, Notify};

/// Messages of one call (AWS quota); as many wait for it at most.
const BATCH: usize = 10;

/// What was made of one file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    /// Rows.
    pub rows: u64,
    /// Rows of these that are broken on purpose.
    pub malformed: u64,
    /// Bytes before compression.
    pub text_bytes: u64,
    /// Bytes after it.
    pub size: u64,
}

/// The book of a run.
pub struct Book {
    run: Run,
    manifest: Mutex<Option<Writer>>,
    news: Option<mpsc::Sender<Notified>>,
    failure: Mutex<Option<Failure>>,
}

/// The task that tells the log processor.
pub type Teller = Option<JoinHandle<()>>;

impl Book {
    /// Opens the manifest, and begins to tell of what will come.
    ///
    /// # Errors
    /// The manifest cannot be written.
    pub fn open(
        run: &Run,
        manifest: Option<&ManifestWork>,
        notify: Option<(Notify, String)>,
    ) -> Result<(Arc<Self>, Teller), Failure> {
        let writer = manifest.map(|work| {
            Writer::begin(&work.path, &work.header, &work.known)
                .map_err(|error| Failure::failed(format!("cannot write `{}`", work.path.display())).because(error))
        });
        let (news, teller) = match notify {
            None => (None, None),
            Some((notify, bucket)) => {
                let (sender, receiver) = mpsc::channel(BATCH);
                (Some(sender), Some(tokio::spawn(tell(notify, bucket, receiver, run.clone()))))
            }
        };
        let manifest = Mutex::new(writer.transpose()?);
        let book = Self { run: run.clone(), manifest, news, failure: Mutex::new(None) };
        Ok((Arc::new(book), teller))
    }

    /// A file is there.
    pub async fn settled(&self, key: String, log_type: &str, made: Made, stored: Stored) {
        let stats = &self.run.stats;
        stats.add(Counter::Done, 1);
        stats.add(Counter::Bytes, made.size);
        self.rows(made);
        let entry = Entry {
            key: key.clone(),
            size: made.size,
            etag: stored.etag.clone(),
            version_id: stored.version,
            log_type: log_type.to_owned(),
            rows: made.rows,
            text_bytes: made.text_bytes,
        };
        self.write_down(&entry, &entry.key);
        if let Some(news) = &self.news {
            let object =
                Notified { key, size: Some(made.size), etag: stored.etag, last_modified: Some(self.run.clock.now()) };
            // The receiver lives until every sender is gone.
            let _ = news.send(object).await;
        }
    }

    /// Counts what rows were made of.
    pub fn rows(&self, made: Made) {
        self.run.stats.add_own("rows", made.rows);
        self.run.stats.add_own("text_bytes", made.text_bytes);
        if made.malformed > 0 {
            self.run.stats.add_own("malformed_rows", made.malformed);
        }
    }

    /// An upload in parts is begun.
    pub fn begun(&self, key: &str, upload_id: &str) {
        self.write_down(&Begun { begun: key.to_owned(), upload_id: upload_id.to_owned() }, key);
    }

    fn write_down(&self, what: &impl Serialize, key: &str) {
        let mut manifest = self.manifest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Err(error)) = manifest.as_mut().map(|writer| writer.add(what)) {
            let failure = Failure::failed(format!("cannot write down `{key}` in the manifest")).because(error);
            self.end(failure.hint("this file is there; the next run with the same seed writes it again"), Stop::Fatal);
        }
    }

    /// A file could not be written; a failure that ends the run is given with why it ends.
    pub fn failed(&self, object: String, error: &ServiceError, whole: impl FnOnce() -> Failure) {
        let refusal = EntryFailure { code: error.code.clone(), message: error.message.clone(), sender_fault: true };
        if refusal.is_not_allowed() {
            self.end(whole(), Stop::NotAllowed);
        } else if error.code == "NoSuchBucket" {
            self.end(whole(), Stop::Fatal);
        }
        self.run.failed(ItemError { code: error.code.clone(), message: error.message.clone(), object });
    }

    /// Ends the run; the first reason counts.
    pub fn end(&self, failure: Failure, stop: Stop) {
        self.remember(failure);
        self.run.cancel.stop(stop);
    }

    /// Keeps the first failure for the end of the run.
    pub fn remember(&self, failure: Failure) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
    }

    /// Why the run had to end, if it had to.
    pub fn failure(&self) -> Option<Failure> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Tells the queue of objects, as many in one call as are waiting.
async fn tell(notify: Notify, bucket: String, mut news: mpsc::Receiver<Notified>, run: Run) {
    let scene =
        Scene { bucket: &bucket, region: &notify.region, partition: &notify.partition, account: &notify.account };
    let mut objects = Vec::with_capacity(BATCH);
    while news.recv_many(&mut objects, BATCH).await > 0 {
        let letters: Vec<(String, Outgoing)> = objects
            .drain(..)
            .map(|object| {
                let body = s3_event(&scene, std::slice::from_ref(&object));
                (object.key, Outgoing { body, ..Outgoing::default() })
            })
            .collect();
        let (outcome, _) = notify.line.send(letters, |(_, outgoing)| outgoing, &run).await;
        run.stats.add_own("notified", outcome.confirmed.len() as u64);
        for ((key, _), failure) in &outcome.refused {
            run.failed(failure.of(format!("the news of s3://{bucket}/{key}")));
        }
    }
}
