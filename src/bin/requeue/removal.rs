//! Deleting: entry by entry, tried again where it fails, never given up by a stop, because what is deleted here is confirmed
//! elsewhere.

use opstools::aws::sqs::{MOST_IN_BATCH, Message};
use opstools::run::{Backoff, Cancel, EntryFailure, Retry};

use crate::crew::Crew;

/// Deletes messages; returns those that could not be, with the reason.
pub async fn delete(crew: &Crew, messages: Vec<Message>) -> (Vec<Message>, Vec<(Message, EntryFailure)>) {
    let (mut deleted, mut failed) = (Vec::with_capacity(messages.len()), Vec::new());
    let mut rest = messages;
    while !rest.is_empty() {
        let batch: Vec<Message> = rest.drain(..rest.len().min(MOST_IN_BATCH)).collect();
        let outcome = delete_batch(crew, batch).await;
        deleted.extend(outcome.0);
        failed.extend(outcome.1);
    }
    (deleted, failed)
}

async fn delete_batch(crew: &Crew, batch: Vec<Message>) -> (Vec<Message>, Vec<(Message, EntryFailure)>) {
    let backoff = Backoff { attempts: crew.from.sqs.attempts() };
    // A stop of the run does not stop this: the drain limit of the program does.
    let going_on = Cancel::default();
    let mut retry = Retry::new(batch, backoff);
    while let Some(open) = retry.open() {
        let receipts: Vec<&str> = open.iter().map(|message: &Message| message.receipt.as_str()).collect();
        let answer = crew.from.sqs.delete_once(&crew.from.queue, &receipts).await;
        retry.settle(answer, &going_on, Some(&crew.run.pace)).await;
    }
    let outcome = retry.finish();
    (outcome.confirmed.into_iter().map(|(message, ())| message).collect(), outcome.refused)
}
