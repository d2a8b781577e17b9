//! The workers of one queue: each receives a batch, sorts it, has the errand done, and settles every message.
//!
//! Receiving, sending and deleting of one batch follow each other; speed comes from many batches at once.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use opstools::aws::sqs::{MOST_IN_BATCH, Message, Receive};
use opstools::error::{Failure, Kind, is_throttle};
use opstools::run::{Backoff, Counter, EntryFailure, ItemError, Run, Stop};

use crate::budget::Budget;
use crate::errand::{Errand, Fate};
use crate::filter::Filter;
use crate::ledger::{Known, Ledger};
use crate::pairs::End;
use crate::quiet::{Quiet, Turn};
use crate::removal;
use opstools::aws::sqs::held::{Held, give_back, set_visibility};

/// A message whose deletion failed so often is left alone until the run ends.
const DELETE_ROUNDS: u32 = 3;

/// SQS refuses to give out more: too many messages are in flight.
const OVER_LIMIT: &str = "OverLimit";

/// How to receive, and what to pass over.
#[derive(Clone, Debug)]
pub struct Manner {
    /// How long a poll waits when nothing is to be seen.
    pub wait: Duration,
    /// How long received messages stay invisible.
    pub visibility: Duration,
    /// Messages sent later than this are bounces; `None` takes them too.
    pub until: Option<Timestamp>,
    /// How long to wait for messages that others have in flight.
    pub patience: Duration,
    /// Never end by itself.
    pub follow: bool,
    /// At most so many messages per receive.
    pub batch: usize,
}

/// Everything that the workers of one queue share.
pub struct Crew {
    /// Where messages come from.
    pub from: End,
    /// What is done with them.
    pub errand: Errand,
    /// Which are meant.
    pub filter: Filter,
    /// How to receive.
    pub manner: Manner,
    /// What is known of each.
    pub ledger: Arc<Ledger>,
    /// What is kept until the end.
    pub held: Held,
    /// `--limit`.
    pub budget: Arc<Budget>,
    /// The waiting room.
    pub quiet: Quiet,
    /// Counters, pace, cancellation.
    pub run: Run,
    /// Distinct messages met in this queue.
    pub met: AtomicU64,
    /// The approximate count when the run began.
    pub expected: u64,
    /// What was done in other queues before.
    pub done_before: u64,
    /// What ended the run before its time.
    pub fatal: Arc<OnceLock<Failure>>,
    /// What was left at a regular end.
    pub left: OnceLock<u64>,
}

/// What a receive gave.
pub enum Received {
    /// Messages, or none.
    Messages(Vec<Message>),
    /// No more may be in flight.
    Full,
    /// It failed for good; the run was stopped.
    Failed,
}

/// A batch, sorted by what must be done.
#[derive(Default)]
struct Sorted {
    fresh: Vec<Message>,
    to_delete: Vec<Message>,
}

impl Crew {
    /// One worker, until the end.
    pub async fn worker(self: Arc<Self>, waits_first: bool) {
        if waits_first && self.quiet.wait(&self.run.cancel).await == Turn::End {
            return;
        }
        let sender = self.errand.sender(&self);
        while !self.run.cancel.requested() && !self.quiet.is_over() {
            let Some(place) = self.reserve().await else { break };
            match self.receive(place, Duration::ZERO).await {
                Received::Messages(messages) if !messages.is_empty() => {
                    self.work_on(place, messages, sender.as_ref()).await;
                }
                Received::Messages(_) => {
                    self.budget.settle(place, 0);
                    match self.quiet.rest(&self.run.cancel).await {
                        Turn::Work => {}
                        Turn::End => break,
                        Turn::Probe => match self.probe().await {
                            Some((place, messages)) => self.work_on(place, messages, sender.as_ref()).await,
                            None => break,
                        },
                    }
                }
                Received::Full => {
                    self.budget.settle(place, 0);
                    self.full();
                    break;
                }
                Received::Failed => {
                    self.budget.settle(place, 0);
                    break;
                }
            }
        }
    }

    /// Places for the next batch; `None` ends the worker.
    pub async fn reserve(&self) -> Option<usize> {
        let place = self.run.cancel.unless_stopped(self.budget.reserve(self.manner.batch)).await?;
        if place.is_none() {
            self.run.cancel.stop(Stop::Limit);
        }
        place
    }

    /// So many messages are held that SQS would not give out more.
    pub fn full(&self) {
        self.run.notices.warning(format!(
            "{} messages of `{}` are held until the end of the run, more cannot be in flight: the rest stays unseen",
            self.held.count(),
            self.from.queue.name
        ));
        self.quiet.end();
    }

    /// Receives, trying again where that helps.
    pub async fn receive(&self, most: usize, wait: Duration) -> Received {
        let wait_seconds = i32::try_from(wait.as_secs_f64().ceil() as i64).unwrap_or_default();
        let visibility = i32::try_from(self.manner.visibility.as_secs()).unwrap_or(i32::MAX);
        let backoff = Backoff { attempts: self.from.sqs.attempts() };
        for attempt in 1.. {
            let how = Receive { wait: wait_seconds, visibility, most };
            match self.from.sqs.receive(&self.from.queue, how).await {
                Ok(messages) => {
                    if messages.len() == MOST_IN_BATCH {
                        self.quiet.wake();
                    }
                    return Received::Messages(messages);
                }
                Err(failure) if failure.code().is_some_and(|code| code.contains(OVER_LIMIT)) => return Received::Full,
                Err(failure) if attempt < backoff.attempts && may_pass(&failure) => {
                    if failure.code().is_some_and(is_throttle) {
                        self.run.pace.throttled();
                    }
                    self.run.notices.detail(format!("{failure}; trying again"));
                    let pause = tokio::time::sleep(backoff.pause(attempt));
                    if self.run.cancel.unless_stopped(pause).await.is_none() {
                        return Received::Messages(Vec::new());
                    }
                }
                Err(failure) => {
                    self.give_up(failure);
                    return Received::Failed;
                }
            }
        }
        Received::Failed
    }

    /// Stops the run for a reason that it cannot pass.
    pub fn give_up(&self, failure: Failure) {
        let stop = if failure.kind == Kind::NotAllowed { Stop::NotAllowed } else { Stop::Fatal };
        // The first failure is what the operator must hear.
        let _ = self.fatal.set(failure);
        self.run.cancel.stop(stop);
    }

    /// Sorts a batch, has the errand done, and settles each message; its invisibility is extended meanwhile.
    pub async fn work_on(&self, place: usize, messages: Vec<Message>, sender: Option<&opstools::aws::sqs::Sender<'_>>) {
        let sorted = self.sort(messages);
        let receipts: Vec<String> =
            sorted.fresh.iter().chain(&sorted.to_delete).map(|message| message.receipt.clone()).collect();
        let count = receipts.len() as u64;
        self.run.stats.begin(count);
        let used = tokio::select! {
            used = self.settle(sorted, sender) => used,
            () = self.keep(receipts) => 0,
        };
        self.run.stats.end(count);
        self.budget.settle(place, used);
        if self.held.is_full(&self.from.queue) {
            self.full();
        }
    }

    async fn keep(&self, receipts: Vec<String>) {
        loop {
            tokio::time::sleep(self.manner.visibility / 2).await;
            // What cannot be extended is received again, and recognised.
            let _ = set_visibility(&self.from.sqs, &self.from.queue, receipts.clone(), self.manner.visibility).await;
        }
    }

    fn sort(&self, messages: Vec<Message>) -> Sorted {
        let mut sorted = Sorted::default();
        for message in messages {
            if self.held.renew(&message) {
                continue;
            }
            match self.ledger.meet(&message.id) {
                Known::New => self.sort_new(message, &mut sorted),
                Known::Sent { .. } if self.errand.keeps() => {
                    self.found();
                    self.ledger.leave(std::iter::once(message.id.as_str()));
                    self.pass_over(message, "already_copied");
                }
                Known::Sent { inherited } => {
                    if inherited {
                        self.found();
                    }
                    sorted.to_delete.push(message);
                }
                Known::Gone => sorted.to_delete.push(message),
                Known::Working | Known::Refused => self.held.hold(&message),
            }
        }
        sorted
    }

    fn found(&self) {
        self.run.stats.add(Counter::Found, 1);
        self.met.fetch_add(1, Relaxed);
    }

    fn sort_new(&self, message: Message, sorted: &mut Sorted) {
        self.found();
        let bounce = self.manner.until.zip(message.sent_at()).is_some_and(|(until, sent)| sent > until);
        if !bounce && self.filter.matches(&message) {
            sorted.fresh.push(message);
            return;
        }
        self.ledger.leave(std::iter::once(message.id.as_str()));
        if bounce {
            self.run.stats.add_own("bounced", 1);
            self.held.hold(&message);
        } else {
            self.pass_over(message, "filtered_out");
        }
    }

    fn pass_over(&self, message: Message, why: &'static str) {
        self.run.stats.add(Counter::Skipped, 1);
        self.run.stats.add_own(why, 1);
        self.held.hold(&message);
    }

    /// Does the errand and what follows from it; says how many places of the limit were used.
    async fn settle(&self, sorted: Sorted, sender: Option<&opstools::aws::sqs::Sender<'_>>) -> usize {
        let ids: Vec<String> = sorted.fresh.iter().chain(&sorted.to_delete).map(|message| message.id.clone()).collect();
        let mut to_delete = sorted.to_delete;
        let (mut release, mut used) = (Vec::new(), 0);
        if !sorted.fresh.is_empty() {
            for (message, fate) in self.errand.run(self, sender, sorted.fresh).await {
                used += usize::from(matches!(fate, Fate::Delete | Fate::Keep));
                match fate {
                    Fate::Delete => to_delete.push(message),
                    Fate::Keep | Fate::Hold => self.held.hold(&message),
                    Fate::Release => {
                        release.extend(self.held.take(&message.id));
                        release.push(message.receipt);
                    }
                }
            }
        }
        self.delete(to_delete, &mut release).await;
        // First forgotten, then given back: another worker may receive it in the next moment.
        self.ledger.leave(ids.iter().map(String::as_str));
        give_back(&self.from.sqs, &self.from.queue, release).await;
        used
    }

    async fn delete(&self, messages: Vec<Message>, release: &mut Vec<String>) {
        if messages.is_empty() {
            return;
        }
        let (deleted, failed) = removal::delete(self, messages).await;
        let ids: Vec<&str> = deleted.iter().map(|message| message.id.as_str()).collect();
        // SQS may deliver a message a second time while the first is deleted; then the newest receipt counts too.
        let again = deleted.iter().filter_map(|message| {
            Some(Message { id: message.id.clone(), receipt: self.held.take(&message.id)?, ..Message::default() })
        });
        let again: Vec<Message> = again.collect();
        if !again.is_empty() {
            drop(removal::delete(self, again).await);
        }
        for message in deleted.iter().filter(|message| !self.ledger.is_gone(&message.id)) {
            self.run.stats.add(Counter::Done, 1);
            self.run.stats.add(Counter::Bytes, opstools::aws::sqs::Outgoing::from_message(message).size() as u64);
        }
        self.ledger.deleted(&ids);
        for (message, failure) in failed {
            self.not_deleted(message, &failure, release);
        }
    }

    /// A message that could not be deleted comes back soon, and is then only deleted, never sent again.
    fn not_deleted(&self, message: Message, failure: &EntryFailure, release: &mut Vec<String>) {
        self.run.notices.detail(format!("cannot delete message {}: {}: {}", message.id, failure.code, failure.message));
        self.stop_if_not_allowed("delete from", failure, "sqs:DeleteMessage");
        if self.ledger.not_deleted(&message.id) < DELETE_ROUNDS {
            release.push(message.receipt);
        } else {
            self.held.hold(&message);
        }
    }

    /// An entry that was refused for want of permission stops the run; true then.
    pub fn stop_if_not_allowed(&self, doing: &str, failure: &EntryFailure, action: &str) -> bool {
        let denied = failure.is_not_allowed();
        if denied {
            self.give_up(self.from.failure(doing, failure, action));
        }
        denied
    }

    /// Waits for the pace; then every message has this fate. A stop meanwhile gives all back.
    pub async fn paced(&self, batch: Vec<Message>, fate: Fate) -> Vec<(Message, Fate)> {
        let fate = if self.may_go(batch.len()).await { fate } else { Fate::Release };
        batch.into_iter().map(|message| (message, fate)).collect()
    }

    /// Waits for the turn of so many messages; false when the run is stopped before.
    pub async fn may_go(&self, messages: usize) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a batch has ten messages")]
        let amount = messages as f64;
        self.run.cancel.unless_stopped(self.run.pace.take(amount)).await.is_some() && !self.run.cancel.requested()
    }

    /// Names what is at the other queue and could not be deleted here.
    pub fn report_undeleted(&self) {
        for id in self.ledger.undeleted() {
            self.run.stats.add_own("delete_failed", 1);
            self.run.failed(ItemError {
                code: "DeleteFailed".to_owned(),
                message: format!("its work is confirmed, but it is still in `{}` too", self.from.queue.name),
                object: id,
            });
        }
    }
}

/// Whether trying again may help: no answer, trouble inside the service, or throttling.
fn may_pass(failure: &Failure) -> bool {
    failure.kind != Kind::NotAllowed
        && failure.service.as_ref().is_some_and(|error| {
            error.status.is_none_or(|status| status >= 500 || status == 200) || is_throttle(&error.code)
        })
}
