//! `--undo`: what a journal brought back is deleted again, where a reader still gets what was brought back.
//!
//! Each key is looked at first, and deleted under the condition that it still shows the same data: what somebody wrote since
//! stays. The state after an undo is equal in what each key shows, not in version ids: stacked markers come back as one.
//!
//! A delete without a version id adds a marker, and nothing else, only where versioning is enabled. Where it is suspended the
//! marker replaces the version `null` for ever, so keys with data in that version are left as they are.

use std::sync::Arc;

use futures::{StreamExt, stream};
use opstools::app::Done;
use opstools::aws::versioning::{Cover, Shown, VersionedBucket};
use opstools::error::{Failure, is_not_allowed};
use opstools::report::Estimate;
use opstools::run::{Backoff, Counter, Executor, ItemError, Recorded, Retry, Run, Stop};
use serde_json::Map;

use crate::ledger::{Intent, Record};
use crate::restoration::Restoration;

/// Batches at a time; each looks at its keys with all of the run's concurrency.
const BATCHES_AT_ONCE: usize = 2;

/// Refusals of a key that shows other data, or none, by now.
const CHANGED: [&str; 3] = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

/// What an undo needs.
pub struct Work {
    /// The bucket.
    pub bucket: VersionedBucket,
    /// Versioning is suspended: a delete replaces the version `null`.
    pub suspended: bool,
    /// The journal, locked.
    pub recorded: Recorded,
}

struct Line {
    run: Run,
    bucket: VersionedBucket,
    suspended: bool,
}

/// How many keys the journal names: some may show other things by now.
pub fn survey(work: &Work) -> Result<Estimate, Failure> {
    let mut estimate = Estimate { items: 0, bytes: Some(0), exact: false };
    for entry in work.recorded.entries()? {
        if let Record::Intent(Intent { keys, .. }) = Record::read(&work.recorded.path, entry?)? {
            estimate.items += keys.len() as u64;
            let bytes: u64 = keys.iter().map(|key| key.version.size).sum();
            estimate.bytes = estimate.bytes.map(|sum| sum + bytes);
        }
    }
    Ok(estimate)
}

/// Deletes again.
pub async fn execute(mut work: Work, run: Run) -> Result<Done, Failure> {
    // Before anything is deleted: whoever gives the first command again, even after an undo that was stopped, means a new run,
    // and not the rest of one of which a part is undone.
    work.recorded.end("undo", &Map::new())?;
    let line = Arc::new(Line { run: run.clone(), bucket: work.bucket, suspended: work.suspended });
    let mut executor = Executor::new(BATCHES_AT_ONCE);
    for entry in work.recorded.entries()? {
        let Record::Intent(Intent { mut keys, .. }) = Record::read(&work.recorded.path, entry?)? else { continue };
        keys.truncate(room(&run));
        let Some(place) = run.cancel.unless_stopped(executor.place()).await.filter(|_| !keys.is_empty()) else { break };
        run.stats.add(Counter::Found, keys.len() as u64);
        if run.cancel.unless_stopped(run.pace.take(keys.len() as f64)).await.is_none() {
            break;
        }
        let line = line.clone();
        executor.run(place, async move { line.batch(keys).await });
    }
    executor.drain().await;
    let stopped = run.cancel.reason().is_some();
    if stopped || run.stats.get(Counter::Failed) > 0 {
        return Ok(Done {
            next: Some("the same command goes on: it looks at each key first".to_owned()),
            ..Done::default()
        });
    }
    Ok(Done::default())
}

/// How many keys `--limit` leaves; stops the run when none.
fn room(run: &Run) -> usize {
    let Some(limit) = run.limits.limit else { return usize::MAX };
    let room = limit.saturating_sub(run.stats.get(Counter::Found));
    if room == 0 {
        run.cancel.stop(Stop::Limit);
    }
    usize::try_from(room).unwrap_or(usize::MAX)
}

impl Line {
    async fn batch(&self, keys: Vec<Restoration>) {
        self.run.stats.begin(keys.len() as u64);
        // Collected, since a stream that borrows from its closure cannot move between threads.
        let looks: Vec<_> = keys.iter().map(|key| self.bucket.shown(&key.key)).collect();
        let seen: Vec<_> = stream::iter(looks).buffered(self.run.limits.concurrency).collect().await;
        let mut open = Vec::new();
        for (key, shown) in keys.iter().zip(seen) {
            match shown {
                Ok(Shown::Data(id)) if id == key.version.id => open.extend(self.covered(key).await),
                Ok(Shown::Data(_)) => self.skip("written_since"),
                Ok(Shown::Deleted) => self.skip("deleted_already"),
                Ok(Shown::Nothing) => self.skip("gone_since"),
                Err(error) => self.refused(key, error.code, error.message),
            }
        }
        if !self.run.cancel.requested() {
            self.cover(open).await;
        }
        self.run.stats.end(keys.len() as u64);
    }

    /// The key, if a marker on top of it takes no data away.
    async fn covered<'k>(&self, key: &'k Restoration) -> Option<&'k Restoration> {
        if !self.suspended {
            return Some(key);
        }
        match self.bucket.has_null_data(&key.key).await {
            Ok(false) => return Some(key),
            Ok(true) => self.refused(
                key,
                "NullVersion".to_owned(),
                "versioning is suspended: to delete it would remove its version `null` for ever".to_owned(),
            ),
            Err(error) => self.refused(key, error.code, error.message),
        }
        None
    }

    async fn cover(&self, keys: Vec<&Restoration>) {
        let mut retry = Retry::new(keys, Backoff { attempts: self.bucket.session().attempts() });
        while let Some(open) = retry.open() {
            let covers: Vec<Cover<'_>> =
                open.iter().map(|key| Cover { key: &key.key, etag: &key.version.etag }).collect();
            let answer = self.bucket.cover_once(&covers).await;
            retry.settle(answer, &self.run.cancel, Some(&self.run.pace)).await;
        }
        let outcome = retry.finish();
        for (key, ()) in outcome.confirmed {
            self.run.stats.add(Counter::Done, 1);
            self.run.stats.add(Counter::Bytes, key.version.size);
        }
        for (key, failure) in outcome.refused {
            if CHANGED.contains(&failure.code.as_str()) {
                self.skip("written_since");
            } else {
                self.refused(key, failure.code, failure.message);
            }
        }
    }

    fn skip(&self, name: &'static str) {
        self.run.stats.add(Counter::Skipped, 1);
        self.run.stats.add_own(name, 1);
    }

    fn refused(&self, key: &Restoration, code: String, message: String) {
        let denied = is_not_allowed(&code, &message);
        if denied && self.run.stats.get(Counter::Done) == 0 {
            self.run.cancel.stop(Stop::NotAllowed);
        }
        let object = format!("s3://{}/{}", self.bucket.name(), key.key);
        self.run.failed(ItemError { code, message, object });
    }
}
