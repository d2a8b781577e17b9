//! The stop rule: when a queue is done with.
//!
//! An empty poll proves nothing, and SQS's counts are approximate. The end is an empty poll with all counts zero; where the
//! run met fewer messages than were expected, that poll asks every server. What only others have in flight is waited for,
//! one visibility time-out at most.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use opstools::aws::sqs::{Message, QueueAttributes};
use opstools::error::Failure;
use opstools::time::monotonic;

use crate::crew::{Crew, Received};

/// Between two looks where the operator asked for polls that do not wait.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A poll under way gets this long to end after a stop; cut off, it could hide messages from the next run for a while.
const POLL_GRACE: Duration = Duration::from_millis(2_500);

impl Crew {
    /// The last busy worker finds out whether the queue is done with; messages mean that it is not.
    pub async fn probe(&self) -> Option<(usize, Vec<Message>)> {
        let began = monotonic();
        let (mut asked_all_servers, mut told) = (false, false);
        while !self.run.cancel.requested() {
            let rest = match self.rest().await {
                Ok(rest) => rest,
                Err(failure) => {
                    self.give_up(failure);
                    return None;
                }
            };
            let met_all = self.met.load(Relaxed) >= self.expected;
            let patience_ends = began.elapsed() >= self.manner.patience || self.is_blocked(rest);
            if !self.manner.follow
                && ((rest == 0 && (met_all || asked_all_servers)) || (asked_all_servers && patience_ends))
            {
                // Only the prober ends the queue, once.
                let _ = self.left.set(rest);
                self.quiet.end();
                return None;
            }
            if asked_all_servers && !told && !self.manner.follow {
                told = true;
                self.say_what_is_waited_for(rest);
            }
            let place = self.reserve().await?;
            match self.long_poll(place).await {
                Received::Messages(messages) if !messages.is_empty() => return Some((place, messages)),
                Received::Messages(_) => self.budget.settle(place, 0),
                Received::Full => {
                    self.budget.settle(place, 0);
                    self.full();
                    return None;
                }
                Received::Failed => {
                    self.budget.settle(place, 0);
                    return None;
                }
            }
            asked_all_servers = true;
            if self.manner.wait.is_zero() {
                self.run.cancel.unless_stopped(tokio::time::sleep(LOOK_EVERY)).await;
            }
        }
        None
    }

    fn say_what_is_waited_for(&self, rest: u64) {
        if rest > 0 {
            self.run.notices.info(format!(
                "waiting for about {rest} messages of `{}` that are in flight elsewhere, at most {}; ^C ends",
                self.from.queue.name,
                opstools::time::human(self.manner.patience)
            ));
        }
    }

    async fn long_poll(&self, place: usize) -> Received {
        let poll = self.receive(place, self.manner.wait);
        tokio::pin!(poll);
        tokio::select! {
            received = &mut poll => return received,
            () = self.run.cancel.stopped() => {}
        }
        tokio::time::timeout(POLL_GRACE, poll).await.unwrap_or(Received::Messages(Vec::new()))
    }

    /// What is in the queue beside the messages that this run holds, as far as SQS tells.
    async fn rest(&self) -> Result<u64, Failure> {
        let now: QueueAttributes = self.from.sqs.attributes(&self.from.queue).await?;
        let others = now.in_flight.saturating_sub(self.held.count() as u64);
        Ok(now.visible + now.delayed + others)
    }

    /// In a FIFO queue nothing comes out of a group while one of its messages is held.
    fn is_blocked(&self, rest: u64) -> bool {
        rest > 0 && self.from.queue.is_fifo() && self.held.count() > 0
    }
}
