//! The work: from portions of the inputs to batches on their way, at the pace and within the bounds of the run.

use std::sync::Arc;

use futures::StreamExt;

use super::backlog::Backlog;
use super::batches::Batches;
use super::delivery::Delivery;
use super::letter::Writer;
use super::line::Line;
use super::memory::{Memory, Range};
use super::told::{Consumer, Work};
use crate::error::Failure;
use crate::objects::Verdict;
use crate::objects::{Arrival, Found, Portion, arrivals};
use crate::run::{Counter, Pace, Run, Stop};
use crate::time::monotonic;

/// Up to this limit keys are listed in order, so that the first ones are those that are taken.
pub const ORDERED_LIMIT: u64 = 10_000;

/// Tells of everything that the inputs give; returns the next step for the operator, where there is one.
///
/// # Errors
/// An input cannot be read, or nothing can be sent any more.
pub async fn replay<L: Line>(work: Work<L>, run: Run) -> Result<Option<String>, Failure> {
    let mut feed = Feed::new(&work, run);
    let ended = feed.passes().await;
    feed.leave().await;
    feed.delivery.tell();
    for remark in work.consumer.remarks() {
        feed.run.notices.warning(remark);
    }
    let failure = feed.delivery.failure();
    match failure.map_or(ended, Err) {
        Ok(()) => Ok(feed.next_step()),
        Err(failure) => Err(failure),
    }
}

/// Whether to go on with the pass.
enum Go {
    On,
    Stopped,
}

struct Feed<'a, L> {
    work: &'a Work<L>,
    run: Run,
    batches: Batches,
    delivery: Delivery<L>,
    backlog: Option<Backlog>,
    bytes: Arc<Pace>,
    taken: u64,
}

impl<'a, L: Line> Feed<'a, L> {
    fn new(work: &'a Work<L>, run: Run) -> Self {
        run.stats.add_own("duplicates_possible", work.memory.unsure());
        let writer = Writer::new(work.consumer.clone(), work.files_per_message, work.line.fill_bytes());
        Self {
            work,
            batches: Batches::new(writer),
            delivery: Delivery::new(run.clone(), work.line.clone(), work.memory.next()),
            backlog: work.max_backlog.map(Backlog::new),
            bytes: Arc::new(Pace::new(work.bytes_per_second)),
            taken: 0,
            run,
        }
    }

    /// One pass, or with `--loop` one after the other.
    async fn passes(&mut self) -> Result<(), Failure> {
        let mut memory = Some(&self.work.memory);
        loop {
            if matches!(self.pass(memory).await?, Go::Stopped) {
                return Ok(());
            }
            let Some(delay) = self.work.repeat else { return Ok(()) };
            let last = self.batches.flush();
            self.delivery.send(last).await;
            self.delivery.drain().await;
            if self.run.cancel.unless_stopped(tokio::time::sleep(delay)).await.is_none() {
                return Ok(());
            }
            if let Some(journal) = self.run.journal.as_ref().filter(|_| self.run.stats.get(Counter::Failed) == 0) {
                journal.next_pass(self.run.clock.now())?;
            }
            memory = None;
        }
    }

    /// Everything that the inputs give; where one of them fails, the others are read to their end.
    async fn pass(&mut self, memory: Option<&'a Memory>) -> Result<Go, Failure> {
        let ordered = self.run.limits.limit.is_some_and(|limit| limit <= ORDERED_LIMIT);
        let done = move |input: &str| memory.map(|memory| memory.done(input)).unwrap_or_default();
        let mut arrivals = arrivals(&self.work.inputs, done, ordered, self.run.cancel.token());
        let mut failed: Option<Failure> = None;
        loop {
            let go = match self.meanwhile(arrivals.next()).await {
                None => Go::Stopped,
                Some(None) if self.run.cancel.requested() => Go::Stopped,
                Some(None) => return failed.map_or(Ok(Go::On), Err),
                Some(Some(Ok(Arrival::Portion(portion)))) => self.portion(portion).await?,
                Some(Some(Ok(Arrival::Bad(error)))) => {
                    self.run.stats.add(Counter::Found, 1);
                    self.run.failed(error);
                    Go::On
                }
                Some(Some(Err(failure))) => {
                    self.run.notices.warning(failure.summary());
                    failed.get_or_insert(failure);
                    Go::On
                }
            };
            if matches!(go, Go::Stopped) {
                return failed.map_or(Ok(Go::Stopped), Err);
            }
        }
    }

    async fn portion(&mut self, portion: Portion) -> Result<Go, Failure> {
        let Portion { input, after, upto, objects } = portion;
        self.run.stats.add(Counter::Found, objects.len() as u64);
        let mut chosen = Vec::new();
        for object in objects {
            if self.chosen(&object)? {
                chosen.push(object);
            }
        }
        let count = chosen.len();
        if count == 0 {
            self.delivery.skip(Range { input, after, upto });
            return Ok(Go::On);
        }
        let mut after = after;
        for (index, object) in chosen.into_iter().enumerate() {
            let end = if index + 1 == count { upto.clone() } else { Some(object.position().to_owned()) };
            let range = Range { input: input.clone(), after: std::mem::replace(&mut after, end.clone()), upto: end };
            if matches!(self.object(object, range).await?, Go::Stopped) {
                return Ok(Go::Stopped);
            }
        }
        Ok(Go::On)
    }

    /// Judges an object and counts it when it is passed over.
    fn chosen(&self, object: &Found) -> Result<bool, Failure> {
        let own = match self.work.filters.judge(object) {
            Verdict::Take => match self.work.consumer.passes_over(object) {
                None => return Ok(true),
                Some(why) => why,
            },
            Verdict::Filtered => "filtered",
            Verdict::Empty => "empty",
            Verdict::Archived => "archived",
            Verdict::NoSource => "no_source",
            Verdict::NotLatest => "not_latest",
            Verdict::Unknown(what) => return Err(unknown(what, object)),
        };
        self.run.stats.add(Counter::Skipped, 1);
        self.run.stats.add_own(own, 1);
        Ok(false)
    }

    async fn object(&mut self, object: Found, range: Range) -> Result<Go, Failure> {
        if self.run.limits.limit.is_some_and(|limit| self.taken >= limit) {
            self.run.cancel.stop(Stop::Limit);
            return Ok(Go::Stopped);
        }
        if self.wait_for_turn(&object).await?.is_none() {
            return Ok(Go::Stopped);
        }
        self.taken += 1;
        self.run.notices.detail(describe(&*self.work.consumer, &object));
        if let Some(batch) = self.batches.take(object, range, &self.run.pace.clone()) {
            self.delivery.send(batch).await;
        }
        // In a loop nothing more is read once the limit is reached.
        if self.work.repeat.is_some() && self.run.limits.limit.is_some_and(|limit| self.taken >= limit) {
            self.run.cancel.stop(Stop::Limit);
            return Ok(Go::Stopped);
        }
        Ok(Go::On)
    }

    /// Waits for room in the queue and for the pace; `None` when the run stops.
    async fn wait_for_turn(&mut self, object: &Found) -> Result<Option<()>, Failure> {
        if let Some(mut backlog) = self.backlog.take() {
            if !backlog.has_room() {
                let waiting = self.batches.flush();
                self.delivery.send(waiting).await;
                // What is in flight must be in the queue before it is looked at.
                self.delivery.drain().await;
                backlog.wait(&self.work.line, &self.run).await?;
            }
            self.backlog = Some(backlog);
        }
        if self.run.cancel.requested() {
            return Ok(None);
        }
        let pace = self.run.pace.clone();
        if self.meanwhile(pace.take(1.0)).await.is_none() {
            return Ok(None);
        }
        match object.size {
            Some(size) if self.work.bytes_per_second.is_some() => {
                let bytes = self.bytes.clone();
                Ok(self.meanwhile(bytes.take(size as f64)).await)
            }
            _ => Ok(Some(())),
        }
    }

    /// Waits for something, sends what has waited too long meanwhile; `None` when the run stops first.
    async fn meanwhile<F: Future>(&mut self, future: F) -> Option<F::Output> {
        tokio::pin!(future);
        loop {
            let due = self.batches.due();
            tokio::select! {
                biased;
                () = self.run.cancel.stopped() => return None,
                output = &mut future => return Some(output),
                () = tokio::time::sleep_until(due.unwrap_or_else(monotonic)), if due.is_some() => {
                    let waiting = self.batches.flush();
                    self.delivery.send(waiting).await;
                }
            }
        }
    }

    /// Sends what waits, unless going on could lose something, and waits for what is in flight.
    async fn leave(&mut self) {
        let waiting = self.batches.flush();
        if !matches!(self.run.cancel.reason(), Some(Stop::Fatal | Stop::NotAllowed | Stop::MaxErrors)) {
            self.delivery.send(waiting).await;
        }
        self.delivery.drain().await;
    }

    fn next_step(&self) -> Option<String> {
        let goes_on = self.run.journal.is_some();
        match self.run.cancel.reason() {
            Some(Stop::Limit | Stop::Duration | Stop::Interrupt | Stop::Terminate) if goes_on => {
                Some("the same command goes on where this one stopped".to_owned())
            }
            _ if self.run.stats.get(Counter::Failed) > 0 && goes_on => {
                Some("the same command tries again what failed, and nothing else".to_owned())
            }
            _ => None,
        }
    }
}

/// An object and what the consumer takes it for, for people.
pub fn describe(consumer: &dyn Consumer, object: &Found) -> String {
    match consumer.kind(&object.key) {
        Some((kind, id)) => format!("{} type={kind} id={id}", object.uri()),
        None => object.uri(),
    }
}

/// A filter asks for what a row does not say: to guess would be to notify too much or too little.
pub fn unknown(what: &str, object: &Found) -> Failure {
    Failure::failed(format!("cannot tell whether `{}` is selected", object.uri()))
        .because(format!("the input does not say its `{what}`"))
        .hint(format!("give the input a column `{what}`, or leave out the filter that needs it"))
}
