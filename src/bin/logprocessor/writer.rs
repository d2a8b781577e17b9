//! Stores objects, several at a time, and counts what is certain.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use opstools::aws::sender::Sender;
use opstools::aws::sns::TopicEnd;
use opstools::aws::{AttributeValue, Outgoing};
use opstools::error::{Failure, Kind};
use opstools::lake::{Object, Store, Stored, object_key};
use opstools::panther::{DataType, Notified, Scene, processed_data_event};
use opstools::run::{Counter, Executor, ItemError, Run, Stop};
use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;

use crate::ledger::Ledger;
use crate::meter::Meter;
use crate::target::Told;

/// Objects that are stored at a time, as the log processor does.
const AT_ONCE: usize = 8;

/// What was stored of one log type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Objects.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Their events.
    pub events: u64,
}

/// Stores objects.
pub struct Writer {
    /// Where.
    pub store: Store,
    /// Names of log types, by their numbers.
    pub log_types: Vec<String>,
    /// Whom to tell.
    pub told: Option<Told>,
    /// Who measures.
    pub meter: Arc<Meter>,
    /// What goes wrong beside the logs.
    pub ledger: Arc<Ledger>,
    /// By log type.
    pub written: Mutex<BTreeMap<usize, Written>>,
    /// Each object by its name: who wants to undo a run must know them.
    pub objects: Mutex<Vec<Value>>,
}

impl Writer {
    /// Stores all objects that come; ends when there are no more and each is stored or has failed. A stop of the run does not end it:
    /// what was taken is written.
    pub async fn write_all(self: &Arc<Self>, mut objects: Receiver<Object>) {
        let mut executor = Executor::new(AT_ONCE);
        while let Some(object) = objects.recv().await {
            let place = executor.place().await;
            let writer = Arc::clone(self);
            executor.run(place, async move { writer.write(object).await });
        }
        executor.drain().await;
    }

    fn run(&self) -> &Run {
        self.ledger.run()
    }

    async fn write(&self, object: Object) {
        let Object { log_type, hour, body, events, .. } = object;
        let key = object_key(&self.log_types[log_type], hour);
        self.run().stats.begin(1);
        match self.store.put(&key, body, log_type, &self.meter).await {
            Ok(stored) => {
                self.count(log_type, &stored, events);
                self.tell(&self.log_types[log_type], &stored).await;
            }
            Err(failure) => self.failed(&failure, &key, events),
        }
        self.run().stats.end(1);
    }

    fn count(&self, log_type: usize, stored: &Stored, events: u64) {
        let stats = &self.run().stats;
        stats.add(Counter::Done, events);
        if matches!(self.store, Store::Nowhere) {
            stats.add_own("objects_not_kept", 1);
        } else {
            stats.add(Counter::Bytes, stored.size);
            stats.add_own("objects", 1);
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let written = written.entry(log_type).or_default();
        written.objects += 1;
        written.bytes += stored.size;
        written.events += events;
        self.name(log_type, stored, events);
    }

    fn name(&self, log_type: usize, stored: &Stored, events: u64) {
        let Some(object) = self.store.name_of(stored) else { return };
        let log_type = &self.log_types[log_type];
        let row = json!({ "object": object, "log_type": log_type, "events": events, "bytes": stored.size });
        self.objects.lock().unwrap_or_else(PoisonError::into_inner).push(row);
    }

    /// The events of an object that failed are all lost: each counts. Where the next would fail alike, the run ends.
    fn failed(&self, failure: &Failure, key: &str, events: u64) {
        let stop = if failure.kind == Kind::NotAllowed {
            Some(Stop::NotAllowed)
        } else {
            matches!(self.store, Store::Folder(_)).then_some(Stop::Fatal)
        };
        self.run().stats.add(Counter::Failed, events.saturating_sub(1));
        self.run().stats.add_own("objects_failed", 1);
        let code = failure.code().unwrap_or("CannotWrite").to_owned();
        let message = failure.cause.clone().unwrap_or_else(|| failure.summary());
        self.run().failed(ItemError { code, message, object: key.to_owned() });
        if let Some(stop) = stop {
            self.run().cancel.stop(stop);
        }
    }

    async fn tell(&self, log_type: &str, stored: &Stored) {
        let (Some(told), Store::Bucket(session, bucket, _)) = (&self.told, &self.store) else { return };
        let account = session.identity.account.as_deref().unwrap_or_default();
        let scene = Scene { bucket, region: &session.region, partition: session.partition(), account };
        let (key, etag) = (stored.key.clone(), stored.etag.clone());
        let object = Notified { key, size: Some(stored.size), etag, last_modified: Some(session.clock.now()) };
        let attributes = [("type", DataType::LogData.name()), ("id", log_type)];
        let message = Outgoing {
            body: processed_data_event(&scene, &[object]),
            attributes: attributes.map(|(name, value)| (name.to_owned(), AttributeValue::text(value))).into(),
            ..Outgoing::default()
        };
        let end = TopicEnd { sns: &told.sns, topic: &told.topic };
        let sender = Sender::to(end, told.message_bytes, &self.run().cancel, None);
        let answer = sender.send(vec![message], |message| message).await;
        self.run().stats.add_own("objects_told_of", answer.confirmed.len() as u64);
        for (_, failure) in answer.refused {
            self.run().stats.add_own("objects_not_told_of", 1);
            let (object, topic) = (format!("s3://{bucket}/{}", stored.key), &told.topic.arn);
            let doing = format!("cannot tell topic `{}`", told.topic.name);
            let failure = session.failure(doing, failure.answered_by("SNS"), "sns:Publish", topic);
            self.ledger.refused(&failure, &object, "NotTold");
        }
    }
}
