//! The objects of which a queue's messages tell. Messages are received, kept from others while this looks, and given back.
//!
//! Each look counts as a receive, and a queue with a redrive policy gives messages up after so many of them. So no more is received
//! than is wanted, and looking ends where a message has no receive to spare beside the one of its consumer.

use std::time::Duration;

use opstools::aws::sqs::held::Held;
use opstools::aws::sqs::{MOST_IN_BATCH, Message, Queue, QueueAttributes, Receive, Sqs};
use opstools::error::Failure;
use opstools::panther::{NotifiedObject, notified_objects};
use opstools::run::{ItemError, Run};

use crate::item::is_passed_over;
use crate::ledger::Ledger;

/// How long messages are kept from others, should this process not live to give them back. Looking at the most messages takes half of
/// it, even when SQS is slow.
const HIDDEN: Duration = Duration::from_secs(600);

/// Seconds that one call waits for messages: one second asks all servers of the queue.
const WAIT: i32 = 1;

/// So many empty answers in a row mean that there is nothing more.
const EMPTY_ANSWERS: usize = 2;

/// Receives that a message must be allowed at least: one for this look, one for its consumer.
const LEAST_RECEIVES: u64 = 2;

/// What to do instead of looking.
const INSTEAD: &str = "name the objects by s3://bucket/key instead of `--queue`";

/// A queue to look into.
pub struct Peek {
    sqs: Sqs,
    queue: Queue,
    redrive: Option<Redrive>,
}

/// When SQS gives messages up.
struct Redrive {
    most_receives: u64,
    dead_letters: String,
}

impl Peek {
    /// A queue whose messages survive a look.
    ///
    /// # Errors
    /// A single receive is all that its messages are allowed.
    pub fn new(sqs: Sqs, queue: Queue, attributes: &QueueAttributes) -> Result<Self, Failure> {
        let dead_letters = attributes.dead_letter_arn.as_deref().and_then(|arn| arn.rsplit(':').next());
        let redrive = attributes.max_receive_count.map(|most_receives| Redrive {
            most_receives,
            dead_letters: dead_letters.unwrap_or("its dead-letter queue").to_owned(),
        });
        match redrive {
            Some(Redrive { most_receives, dead_letters }) if most_receives < LEAST_RECEIVES => {
                Err(Failure::failed(format!("cannot look into queue `{}`", queue.name))
                    .because(format!(
                        "its messages go to `{dead_letters}` after {most_receives} receive, and a look is one"
                    ))
                    .hint(INSTEAD))
            }
            redrive => Ok(Self { sqs, queue, redrive }),
        }
    }

    /// The queue's name.
    pub fn name(&self) -> &str {
        &self.queue.name
    }

    /// SQS in the queue's region.
    pub const fn sqs(&self) -> &Sqs {
        &self.sqs
    }

    /// The objects of which visible messages tell, in the order in which these came: as many as `limit` needs. The messages are in
    /// the queue again when this returns; none was deleted.
    ///
    /// # Errors
    /// The queue cannot be received from.
    pub async fn objects(&self, limit: Option<usize>, ledger: &Ledger) -> Result<Vec<NotifiedObject>, Failure> {
        let (run, held, mut objects) = (ledger.run(), Held::default(), Vec::new());
        let looked = self.look(limit, ledger, &held, &mut objects).await;
        let none = held.count() == 0;
        self.give_back(&held, run).await;
        looked?;
        if run.cancel.requested() {
            ledger.unlisted();
        } else if none {
            self.tell_of_hidden(run).await?;
        }
        Ok(objects)
    }

    async fn look(
        &self,
        limit: Option<usize>,
        ledger: &Ledger,
        held: &Held,
        objects: &mut Vec<NotifiedObject>,
    ) -> Result<(), Failure> {
        let mut empty = 0;
        while empty < EMPTY_ANSWERS && !held.is_full(&self.queue) {
            let how = self.how(held, still_wanted(limit, objects));
            if how.most == 0 {
                return Ok(());
            }
            let Some(answer) = ledger.run().cancel.unless_stopped(self.sqs.receive(&self.queue, how)).await else {
                return Ok(());
            };
            let messages = answer?;
            empty = if messages.is_empty() { empty + 1 } else { 0 };
            for message in &messages {
                // A message that comes twice is told of once; only its newest receipt is good.
                if !held.renew(message) {
                    held.hold(message);
                    read(message, ledger, objects);
                }
            }
            if let Some(worn) = self.redrive.as_ref().and_then(|redrive| redrive.worn(&messages, &self.queue)) {
                ledger.troubled(worn);
                return Ok(());
            }
        }
        Ok(())
    }

    /// The first message is received alone, so that where messages have no receive to spare it is the only one that loses one. In a
    /// FIFO queue it would keep back all others of its group.
    fn how(&self, held: &Held, wanted: usize) -> Receive {
        let first = self.redrive.is_some() && !self.queue.is_fifo() && held.count() == 0;
        let visibility = i32::try_from(HIDDEN.as_secs()).unwrap_or(i32::MAX);
        Receive { wait: WAIT, visibility, most: wanted.min(if first { 1 } else { MOST_IN_BATCH }) }
    }

    async fn give_back(&self, held: &Held, run: &Run) {
        let left = held.release(&self.sqs, &self.queue).await;
        if left > 0 {
            run.stats.add_own("messages_not_given_back", left as u64);
            run.notices.warning(format!(
                "{left} messages could not be given back at once: they are visible again in {} min",
                HIDDEN.as_secs() / 60
            ));
        }
    }

    /// Where nothing came, messages may still be there: with a consumer, or not to be seen yet.
    async fn tell_of_hidden(&self, run: &Run) -> Result<(), Failure> {
        let attributes = self.sqs.attributes(&self.queue).await?;
        run.stats.add_own("messages_in_flight", attributes.in_flight);
        run.stats.add_own("messages_delayed", attributes.delayed);
        Ok(())
    }
}

/// Objects that are still to be found.
fn still_wanted(limit: Option<usize>, objects: &[NotifiedObject]) -> usize {
    let found = objects.iter().filter(|object| !is_passed_over(&object.key, object.size)).count();
    limit.map_or(usize::MAX, |limit| limit.saturating_sub(found))
}

impl Redrive {
    /// The error of the first message that has no receive to spare.
    fn worn(&self, messages: &[Message], queue: &Queue) -> Option<ItemError> {
        let received = |message: &Message| message.system("ApproximateReceiveCount")?.parse::<u64>().ok();
        let (message, count) = messages
            .iter()
            .filter_map(|message| Some((message, received(message)?)))
            .max_by_key(|(_, count)| *count)
            .filter(|(_, count)| count + 1 >= self.most_receives)?;
        let next = if count < self.most_receives { "its consumer needs the last one" } else { "the next one moves it" };
        let why = format!(
            "stopped looking into queue `{}`: a message was received {count} of the {} times after which it goes to `{}`, and {next}; {INSTEAD}",
            queue.name, self.most_receives, self.dead_letters,
        );
        Some(ItemError { code: "ReceivesUsedUp".to_owned(), message: why, object: message.id.clone() })
    }
}

fn read(message: &Message, ledger: &Ledger, objects: &mut Vec<NotifiedObject>) {
    ledger.run().stats.add_own("messages_looked_at", 1);
    match notified_objects(&message.body) {
        Ok(told) => objects.extend(told),
        Err(why) => ledger.troubled(ItemError {
            code: "BadNotification".to_owned(),
            message: format!("a message {why}"),
            object: message.id.clone(),
        }),
    }
}
