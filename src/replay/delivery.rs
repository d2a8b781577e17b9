//! Sending batches, several at once: intent on disk, send, settle; nothing is counted before it is confirmed.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use super::letter::Letter;
use super::line::{Line, is_gone};
use super::memory::{INTENT, Intent, RANGE_DONE, Range, Settled};
use super::tally::Tally;
use crate::error::{Failure, Kind};
use crate::run::{Counter, EntryFailure, Executor, Run, Stop};

/// Batches in a row, each tried as often as `--max-attempts` says, that end a run when no message of them got through.
const STRIKES: u64 = 10;

struct Crossing<L> {
    run: Run,
    line: L,
    next_id: AtomicU64,
    strikes: AtomicU64,
    failure: Mutex<Option<Failure>>,
    tally: Tally,
}

/// The sending side of a run.
pub struct Delivery<L> {
    crossing: Arc<Crossing<L>>,
    executor: Executor,
}

impl<L: Line> Delivery<L> {
    /// Sends through `line`, with the run's concurrency; batches are numbered from `next_id` on.
    pub fn new(run: Run, line: L, next_id: u64) -> Self {
        let executor = Executor::new(run.limits.concurrency);
        let crossing = Crossing {
            run,
            line,
            next_id: AtomicU64::new(next_id),
            strikes: AtomicU64::new(0),
            failure: Mutex::new(None),
            tally: Tally::default(),
        };
        Self { crossing: Arc::new(crossing), executor }
    }

    /// Sends a batch as soon as there is a free place.
    pub async fn send(&mut self, batch: Vec<Letter>) {
        if batch.is_empty() {
            return;
        }
        let place = self.executor.place().await;
        let crossing = self.crossing.clone();
        self.executor.run(place, async move { crossing.send(batch).await });
    }

    /// Remembers that nothing in these positions is to be sent.
    pub fn skip(&self, range: Range) {
        self.crossing.remember(&Settled { ranges: vec![range], ..Settled::default() });
    }

    /// Waits for everything in flight.
    pub async fn drain(&mut self) {
        self.executor.drain().await;
    }

    /// Puts what was confirmed, by type and id, into the report.
    pub fn tell(&self) {
        self.crossing.tally.tell(&self.crossing.run.stats);
    }

    /// Why the sending had to stop, if it had to.
    pub fn failure(&self) -> Option<Failure> {
        self.crossing.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn objects(letters: &[Letter]) -> u64 {
    letters.iter().map(|letter| letter.objects).sum()
}

impl<L: Line> Crossing<L> {
    async fn send(&self, batch: Vec<Letter>) {
        if matches!(self.run.cancel.reason(), Some(Stop::Fatal | Stop::NotAllowed)) {
            return;
        }
        let count = objects(&batch);
        self.run.stats.begin(count);
        let id = self.next_id.fetch_add(1, Relaxed);
        if self.announce(Intent { id, count }).await {
            self.deliver(id, batch).await;
        }
        self.run.stats.end(count);
    }

    /// What cannot be written down is not sent: the journal itself stops the run.
    async fn announce(&self, intent: Intent) -> bool {
        match &self.run.journal {
            Some(journal) => journal.commit(INTENT, &intent).await.is_ok(),
            None => true,
        }
    }

    async fn deliver(&self, id: u64, batch: Vec<Letter>) {
        let most = batch.iter().map(|letter| letter.objects).max().unwrap_or_default();
        let (outcome, unsure) = self.line.send(batch, |letter| &letter.outgoing, &self.run).await;
        let confirmed: Vec<Letter> = outcome.confirmed.into_iter().map(|(letter, _)| letter).collect();
        let mut settled = Settled {
            id: Some(id),
            count: objects(&confirmed),
            bytes: confirmed.iter().map(|letter| letter.bytes).sum(),
            failed: outcome.refused.iter().map(|(letter, _)| letter.objects).sum(),
            unsure: unsure * most,
            ranges: Vec::new(),
        };
        self.count(&settled, &confirmed);
        settled.ranges = merged(confirmed.into_iter().flat_map(|letter| letter.ranges));
        self.remember(&settled);
        self.judge(settled.count, &outcome.refused);
        for (letter, failure) in &outcome.refused {
            self.refused(letter, failure);
        }
    }

    fn count(&self, settled: &Settled, confirmed: &[Letter]) {
        let stats = &self.run.stats;
        stats.add(Counter::Done, settled.count);
        stats.add(Counter::Bytes, settled.bytes);
        stats.add_own("messages", confirmed.len() as u64);
        stats.add_own("duplicates_possible", settled.unsure);
        for letter in confirmed {
            if let Some(kind) = &letter.kind {
                self.tally.add(kind, letter.objects);
            }
        }
    }

    fn remember(&self, settled: &Settled) {
        if let Some(journal) = &self.run.journal {
            // A journal that cannot be written has stopped the run already.
            let _ = journal.append(RANGE_DONE, settled);
        }
    }

    /// Stops the run when going on cannot help: not allowed, no such queue, or nothing gets through any more.
    fn judge(&self, confirmed: u64, refused: &[(Letter, EntryFailure)]) {
        if confirmed > 0 || refused.is_empty() {
            self.strikes.store(0, Relaxed);
        }
        let Some((_, failure)) = refused.first() else { return };
        let whole = self.line.failure(failure);
        let strikes = if confirmed == 0 { self.strikes.fetch_add(1, Relaxed) + 1 } else { 0 };
        let stop = match whole.kind {
            Kind::NotAllowed => Stop::NotAllowed,
            _ if is_gone(failure) || strikes >= STRIKES => Stop::Fatal,
            _ => return,
        };
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(whole);
        self.run.cancel.stop(stop);
    }

    fn refused(&self, letter: &Letter, failure: &EntryFailure) {
        // The error itself counts one object.
        self.run.stats.add(Counter::Failed, letter.objects.saturating_sub(1));
        self.run.failed(failure.of(&letter.first));
    }
}

fn merged(ranges: impl Iterator<Item = Range>) -> Vec<Range> {
    let mut merged: Vec<Range> = Vec::new();
    for range in ranges {
        if !merged.last_mut().is_some_and(|last| last.extend(&range)) {
            merged.push(range);
        }
    }
    merged
}
