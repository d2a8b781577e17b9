//! The objects of which a queue's messages tell. Messages are received, kept from others while this looks, and given back.

use std::collections::HashMap;
use std::time::Duration;

use opstools::aws::sqs::{MOST_IN_BATCH, Message, Queue, Receive, Sqs};
use opstools::error::Failure;
use opstools::panther::{NotifiedObject, notified_objects};
use opstools::run::{ItemError, Run};

/// Messages that are looked at, in one run. Below SQS's quota of 120,000 messages in flight, with room for consumers.
const MOST_MESSAGES: usize = 100_000;

/// The same of FIFO queues, whose quota is 20,000.
const MOST_MESSAGES_FIFO: usize = 18_000;

/// How long messages are kept from others, should this process not live to give them back. Looking at the most messages takes half of
/// it, even when SQS is slow.
const HIDDEN: Duration = Duration::from_secs(600);

/// Seconds that one call waits for messages: one second asks all servers of the queue.
const WAIT: i32 = 1;

/// So many empty answers in a row mean that there is nothing more.
const EMPTY_ANSWERS: usize = 2;

/// Tries to give messages back; their time-out does it anyway, only later.
const RELEASE_TRIES: usize = 3;

/// All objects of which the visible messages tell, in the order in which these came. The messages are in the queue again when this
/// returns; none was deleted.
///
/// # Errors
/// The queue cannot be received from.
pub async fn objects(sqs: &Sqs, queue: &Queue, run: &Run) -> Result<Vec<NotifiedObject>, Failure> {
    let (mut receipts, mut objects) = (HashMap::new(), Vec::new());
    let looked = look(sqs, queue, run, &mut receipts, &mut objects).await;
    let left = give_back(sqs, queue, receipts.into_values().collect()).await;
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
    receipts: &mut HashMap<String, String>,
    objects: &mut Vec<NotifiedObject>,
) -> Result<(), Failure> {
    let most = if queue.is_fifo() { MOST_MESSAGES_FIFO } else { MOST_MESSAGES };
    let visibility = i32::try_from(HIDDEN.as_secs()).unwrap_or(i32::MAX);
    let how = Receive { wait: WAIT, visibility, most: MOST_IN_BATCH };
    let mut empty = 0;
    while empty < EMPTY_ANSWERS && receipts.len() < most {
        let Some(answer) = run.cancel.unless_stopped(sqs.receive(queue, how)).await else { return Ok(()) };
        let messages = answer?;
        empty = if messages.is_empty() { empty + 1 } else { 0 };
        for message in messages {
            // A message that comes twice is told of once; only its newest receipt is good.
            if receipts.insert(message.id.clone(), message.receipt.clone()).is_none() {
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

/// Makes messages visible again; says of how many that failed.
async fn give_back(sqs: &Sqs, queue: &Queue, mut receipts: Vec<String>) -> usize {
    for _ in 0..RELEASE_TRIES {
        let mut left = Vec::new();
        for batch in receipts.chunks(MOST_IN_BATCH) {
            let parts: Vec<&str> = batch.iter().map(String::as_str).collect();
            let answer = sqs.hide_once(queue, &parts, 0).await.unwrap_or_default();
            let done = |place: usize| answer.iter().any(|(named, result)| *named == place && result.is_ok());
            left.extend(
                batch.iter().enumerate().filter(|(place, _)| !done(*place)).map(|(_, receipt)| receipt.clone()),
            );
        }
        receipts = left;
        if receipts.is_empty() {
            break;
        }
    }
    receipts.len()
}
