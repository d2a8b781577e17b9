//! The objects of which a queue's messages tell. Messages are received, kept from others while this looks, and given back.

use std::time::Duration;

use opstools::aws::sqs::held::Held;
use opstools::aws::sqs::{MOST_IN_BATCH, Message, Queue, Receive, Sqs};
use opstools::error::Failure;
use opstools::panther::{NotifiedObject, notified_objects};
use opstools::run::{ItemError, Run};

/// How long messages are kept from others, should this process not live to give them back. Looking at the most messages takes half of
/// it, even when SQS is slow.
const HIDDEN: Duration = Duration::from_secs(600);

/// Seconds that one call waits for messages: one second asks all servers of the queue.
const WAIT: i32 = 1;

/// So many empty answers in a row mean that there is nothing more.
const EMPTY_ANSWERS: usize = 2;

/// All objects of which the visible messages tell, in the order in which these came. The messages are in the queue again when this
/// returns; none was deleted.
///
/// # Errors
/// The queue cannot be received from.
pub async fn objects(sqs: &Sqs, queue: &Queue, run: &Run) -> Result<Vec<NotifiedObject>, Failure> {
    let (held, mut objects) = (Held::default(), Vec::new());
    let looked = look(sqs, queue, run, &held, &mut objects).await;
    let left = held.release(sqs, queue).await;
    if left > 0 {
        run.notices.warning(format!(
            "{left} messages could not be given back at once: they are visible again in {} min",
            HIDDEN.as_secs() / 60
        ));
    }
    looked.map(|()| objects)
}

async fn look(
    sqs: &Sqs,
    queue: &Queue,
    run: &Run,
    held: &Held,
    objects: &mut Vec<NotifiedObject>,
) -> Result<(), Failure> {
    let visibility = i32::try_from(HIDDEN.as_secs()).unwrap_or(i32::MAX);
    let how = Receive { wait: WAIT, visibility, most: MOST_IN_BATCH };
    let mut empty = 0;
    while empty < EMPTY_ANSWERS && !held.is_full(queue) {
        let Some(answer) = run.cancel.unless_stopped(sqs.receive(queue, how)).await else { return Ok(()) };
        let messages = answer?;
        empty = if messages.is_empty() { empty + 1 } else { 0 };
        for message in messages {
            // A message that comes twice is told of once; only its newest receipt is good.
            if !held.renew(&message) {
                held.hold(&message);
                read(&message, run, objects);
            }
        }
    }
    Ok(())
}

fn read(message: &Message, run: &Run, objects: &mut Vec<NotifiedObject>) {
    run.stats.add_own("messages_looked_at", 1);
    match notified_objects(&message.body) {
        Ok(told) => objects.extend(told),
        Err(why) => run.failed(ItemError {
            code: "BadNotification".to_owned(),
            message: format!("a message {why}"),
            object: message.id.clone(),
        }),
    }
}
