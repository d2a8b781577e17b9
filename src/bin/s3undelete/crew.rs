//! Working off batches, several at once: intent on disk, markers removed, each answer checked, keys looked at, settled.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, future, stream};
use opstools::aws::listing::DeleteMarker;
use opstools::aws::versioning::{MOST_PER_REQUEST, Removed, Target, VersionedBucket};
use opstools::error::{Failure, Kind, ServiceError};
use opstools::run::{Attempt, Backoff, Counter, EntryFailure, Executor, Retry, Run, Stop};

use crate::batches::Item;
use crate::ledger::{INTENT, Intent, SETTLED, Settled};
use crate::restoration::Restoration;
use crate::verification::Verifier;

/// Batches at a time. S3 counts each key of a request against 3,500 a second and prefix, so more only brings refusals; and
/// each batch holds two or three megabytes.
const BATCHES_AT_ONCE: usize = 6;

/// Batches in a row, each tried as often as `--max-attempts` says, that end a run when no key of them came back.
const STRIKES: u64 = 10;

/// What the workers share.
struct Line {
    run: Run,
    bucket: VersionedBucket,
    /// What was listed as a marker `null` may have become data: versioning is suspended, or was at some time since the list.
    null_may_change: bool,
    verifier: Verifier,
    next_id: AtomicU64,
    strikes: AtomicU64,
    failure: Mutex<Option<Failure>>,
}

/// Those who work batches off.
pub struct Crew {
    line: Arc<Line>,
    executor: Executor,
}

impl Crew {
    /// A crew for this bucket; batches are numbered from `next_id` on.
    pub fn new(run: Run, bucket: VersionedBucket, null_may_change: bool, verifier: Verifier, next_id: u64) -> Self {
        let executor = Executor::new(run.limits.concurrency.min(BATCHES_AT_ONCE));
        let line = Line {
            run,
            bucket,
            null_may_change,
            verifier,
            next_id: AtomicU64::new(next_id),
            strikes: AtomicU64::new(0),
            failure: Mutex::new(None),
        };
        Self { line: Arc::new(line), executor }
    }

    /// Works a batch off as soon as there is a free place.
    pub async fn send(&mut self, batch: Vec<Item>) {
        let place = self.executor.place().await;
        let line = self.line.clone();
        self.executor.run(place, async move {
            let id = line.next_id.fetch_add(1, Relaxed);
            line.batch(id, batch, true).await;
        });
    }

    /// Works a batch off once more that an earlier run announced and did not settle.
    pub async fn resend(&mut self, id: u64, keys: Vec<Restoration>) {
        let place = self.executor.place().await;
        let line = self.line.clone();
        let batch = keys.into_iter().map(|restoration| Item { restoration, share: None }).collect();
        self.executor.run(place, async move { line.batch(id, batch, false).await });
    }

    /// Waits for everything in flight.
    pub async fn drain(&mut self) {
        self.executor.drain().await;
    }

    /// Why the work had to stop, if it had to.
    pub fn failure(&self) -> Option<Failure> {
        self.line.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Why keys of a batch did not come back, by their places in it.
type Failures = HashMap<usize, EntryFailure>;

impl Line {
    async fn batch(&self, id: u64, batch: Vec<Item>, first: bool) {
        if matches!(self.run.cancel.reason(), Some(Stop::Fatal | Stop::NotAllowed)) {
            return;
        }
        let (keys, shares): (Vec<_>, Vec<_>) = batch.into_iter().map(|item| (item.restoration, item.share)).unzip();
        self.run.stats.begin(keys.len() as u64);
        let intent = Intent { id, bucket: self.bucket.name().to_owned(), keys };
        if !first || self.announce(&intent).await {
            let failures = self.work(&intent.keys, first).await;
            self.settle(&intent, &failures);
            for (position, share) in shares.into_iter().enumerate() {
                if let Some(share) = share.filter(|_| !failures.contains_key(&position)) {
                    share.finish();
                }
            }
        }
        self.run.stats.end(intent.keys.len() as u64);
    }

    /// What cannot be written down is not done: the journal itself stops the run.
    async fn announce(&self, intent: &Intent) -> bool {
        match &self.run.journal {
            Some(journal) => journal.commit(INTENT, intent).await.is_ok(),
            None => true,
        }
    }

    async fn work(&self, keys: &[Restoration], first: bool) -> Failures {
        // What an earlier run announced was listed then, whatever happened to the bucket since.
        let null_may_change = self.null_may_change || !first;
        let mut failures = if null_may_change { self.turned_into_data(keys).await } else { Failures::new() };
        let open = (0..keys.len()).filter(|key| !failures.contains_key(key));
        let markers = open.flat_map(|key| (0..keys[key].markers.len()).map(move |marker| (key, marker)));
        let mut retry = Retry::new(markers.collect(), Backoff { attempts: self.bucket.session().attempts() });
        let (mut certain, mut denied) = (first, false);
        while let Some(open) = retry.open() {
            let targets: Vec<Target<'_>> = open.iter().map(|place| target(keys, *place)).collect();
            let answer = self.remove(&targets).await;
            denied |= answer.as_ref().is_err_and(EntryFailure::is_not_allowed);
            let answer = answer.map(|attempt| checked(attempt, &targets, certain && null_may_change));
            certain = false;
            retry.settle(answer, &self.run.cancel, Some(&self.run.pace)).await;
        }
        let outcome = retry.finish();
        let gone: Vec<usize> = outcome
            .confirmed
            .iter()
            .filter(|(_, removed)| *removed == Removed::WasGone)
            .map(|((key, _), _)| *key)
            .collect();
        self.count_markers(outcome.confirmed.len(), gone.len());
        for ((key, _), failure) in outcome.refused {
            failures.entry(key).or_insert(failure);
        }
        self.judge(keys.len() - failures.len(), &failures, denied);
        let restored: Vec<usize> = (0..keys.len()).filter(|key| !failures.contains_key(key)).collect();
        failures.extend(self.verifier.look(&self.run, keys, &restored, &gone).await);
        failures
    }

    /// The `null` markers over which somebody wrote since the listing, while versioning was suspended: removing that version
    /// would remove data.
    async fn turned_into_data(&self, keys: &[Restoration]) -> Failures {
        let nulls = keys.iter().enumerate().filter_map(|(place, key)| Some((place, key, key.null_marker()?)));
        let look = |(place, key, marker): (usize, &Restoration, &DeleteMarker)| {
            let (bucket, key, marker) = (&self.bucket, key.key.clone(), marker.clone());
            async move { Some((place, no_marker(bucket.is_marker(&key, &marker).await)?)) }
        };
        // Collected, since a stream that borrows from its closure cannot move between threads.
        let looks: Vec<_> = nulls.map(look).collect();
        let at_once = (self.run.limits.concurrency / BATCHES_AT_ONCE).max(1);
        let seen = stream::iter(looks).buffer_unordered(at_once);
        seen.filter_map(future::ready).collect().await
    }

    /// One try; more markers than a request takes go in several.
    async fn remove(&self, targets: &[Target<'_>]) -> Result<Attempt<Removed>, EntryFailure> {
        let mut attempt = Vec::with_capacity(targets.len());
        for (number, part) in targets.chunks(MOST_PER_REQUEST).enumerate() {
            let offset = number * MOST_PER_REQUEST;
            match self.bucket.remove_once(part).await {
                Ok(part) => attempt.extend(part.into_iter().map(|(place, result)| (place + offset, result))),
                Err(failure) if targets.len() <= MOST_PER_REQUEST => return Err(failure),
                Err(failure) => attempt.extend((0..part.len()).map(|place| (place + offset, Err(failure.clone())))),
            }
        }
        Ok(attempt)
    }

    fn count_markers(&self, confirmed: usize, gone: usize) {
        self.run.stats.add_own("markers_removed", (confirmed - gone) as u64);
        if gone > 0 {
            self.run.stats.add_own("markers_already_gone", gone as u64);
        }
    }

    fn settle(&self, intent: &Intent, failures: &Failures) {
        let mut settled = Settled { id: intent.id, ..Settled::default() };
        for (place, key) in intent.keys.iter().enumerate() {
            match failures.get(&place) {
                Some(failure) => {
                    settled.failed.push(key.key.clone());
                    self.run.failed(failure.of(format!("s3://{}/{}", self.bucket.name(), key.key)));
                }
                None => {
                    settled.restored += 1;
                    self.count(key);
                }
            }
        }
        if let Some(journal) = &self.run.journal {
            // A journal that cannot be written has stopped the run already.
            let _ = journal.append(SETTLED, &settled);
        }
    }

    fn count(&self, key: &Restoration) {
        let stats = &self.run.stats;
        stats.add(Counter::Done, 1);
        stats.add(Counter::Bytes, key.version.size);
        for (name, is) in [("archived", key.is_archived()), ("empty", key.is_empty())] {
            if is {
                stats.add_own(name, 1);
            }
        }
        self.run.notices.detail(format!("s3://{}/{}", self.bucket.name(), key.key));
    }

    /// Stops the run when going on cannot help: nothing is allowed, or nothing comes back any more.
    fn judge(&self, restored: usize, failures: &Failures, denied: bool) {
        if restored > 0 || failures.is_empty() {
            self.strikes.store(0, Relaxed);
            return;
        }
        let Some(failure) = failures.values().next() else { return };
        let whole = self.failure_of(failure);
        let strikes = self.strikes.fetch_add(1, Relaxed) + 1;
        let nothing = self.run.stats.get(Counter::Done) == 0;
        let all = failures.values().all(EntryFailure::is_not_allowed);
        let stop = match whole.kind {
            // A call refused as a whole, or not one key allowed so far.
            Kind::NotAllowed if denied || all && nothing => Stop::NotAllowed,
            Kind::NotAllowed if strikes >= STRIKES => Stop::NotAllowed,
            _ if strikes >= STRIKES => Stop::Fatal,
            _ => return,
        };
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(whole);
        self.run.cancel.stop(stop);
    }

    fn failure_of(&self, failure: &EntryFailure) -> Failure {
        let name = self.bucket.name();
        let doing = format!("cannot remove delete markers of bucket `{name}`");
        let resource = format!("objects of bucket `{name}`");
        self.bucket.session().failure(doing, failure.answered_by("S3"), "s3:DeleteObjectVersion", &resource)
    }
}

/// Why a version `null` must not be removed, after a look at it.
fn no_marker(is_marker: Result<bool, ServiceError>) -> Option<EntryFailure> {
    let (code, message) = match is_marker {
        Ok(true) => return None,
        Ok(false) => (
            "WrittenMeanwhile".to_owned(),
            "its version `null` holds data now, somebody wrote it since it was listed".to_owned(),
        ),
        Err(error) => (error.code, error.message),
    };
    Some(EntryFailure { code, message, sender_fault: true })
}

fn target(keys: &[Restoration], (key, marker): (usize, usize)) -> Target<'_> {
    Target { key: &keys[key].key, marker: &keys[key].markers[marker] }
}

/// The first answer about a marker must say that a marker was removed where the id, `null`, may have become another thing;
/// any other id belongs to one version for ever, and after a lost answer the marker is gone by ourselves.
fn checked(attempt: Attempt<Removed>, targets: &[Target<'_>], certain: bool) -> Attempt<Removed> {
    let check = |place: usize, removed: Removed| {
        if certain && removed == Removed::WasGone && targets[place].marker.id().is_null() {
            return Err(EntryFailure {
                code: "NotAMarker".to_owned(),
                message: "S3 does not say that its version `null` was a delete marker: look at this key".to_owned(),
                sender_fault: true,
            });
        }
        Ok(removed)
    };
    attempt.into_iter().map(|(place, result)| (place, result.and_then(|removed| check(place, removed)))).collect()
}
