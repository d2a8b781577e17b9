//! Messages that are kept from everyone until the run ends: passed over, bounced, shown, or refused.
//!
//! A message given back at once would be received again at once, so it is held, its invisibility extended while the run
//! lasts, and all are given back at the end.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{StreamExt, stream};

use super::{MOST_IN_BATCH, Message, Queue, Sqs};

/// Below SQS's quota of 120,000 messages in flight per standard queue, with room for other consumers.
const MOST_HELD: usize = 100_000;

/// Below SQS's quota of 20,000 messages in flight per FIFO queue.
const MOST_HELD_FIFO: usize = 18_000;

/// Visibility calls at once.
const CONCURRENCY: usize = 16;

/// Tries to give messages back; their visibility time-out does it anyway, only later.
const RELEASE_TRIES: usize = 3;

/// The held messages of one queue: id and newest receipt.
#[derive(Debug, Default)]
pub struct Held {
    receipts: Mutex<HashMap<String, String>>,
}

impl Held {
    fn receipts(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.receipts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a message until the end.
    pub fn hold(&self, message: &Message) {
        self.receipts().insert(message.id.clone(), message.receipt.clone());
    }

    /// A held message was received again: only its newest receipt is good. False when it is not held.
    pub fn renew(&self, message: &Message) -> bool {
        match self.receipts().get_mut(&message.id) {
            Some(receipt) => {
                receipt.clone_from(&message.receipt);
                true
            }
            None => false,
        }
    }

    /// Lets go of a message without giving it back; its newest receipt, if it was held.
    pub fn take(&self, id: &str) -> Option<String> {
        self.receipts().remove(id)
    }

    /// How many are held.
    pub fn count(&self) -> usize {
        self.receipts().len()
    }

    /// Whether this one is held.
    pub fn has(&self, id: &str) -> bool {
        self.receipts().contains_key(id)
    }

    /// Whether more would come near the quota of messages in flight.
    pub fn is_full(&self, queue: &Queue) -> bool {
        self.count() >= if queue.is_fifo() { MOST_HELD_FIFO } else { MOST_HELD }
    }

    /// Extends the invisibility of all held messages again and again, until dropped.
    pub async fn keep(&self, sqs: &Sqs, queue: &Queue, visibility: Duration) {
        loop {
            tokio::time::sleep(visibility / 2).await;
            let receipts: Vec<String> = self.receipts().values().cloned().collect();
            // One that cannot be extended comes back, and is held again then.
            let _ = set_visibility(sqs, queue, receipts, visibility).await;
        }
    }

    /// Gives all back. Returns how many could not be: these come back by themselves when their time is over.
    pub async fn release(&self, sqs: &Sqs, queue: &Queue) -> usize {
        let receipts = std::mem::take(&mut *self.receipts());
        give_back(sqs, queue, receipts.into_values().collect()).await
    }
}

/// Gives messages back to the queue at once. Returns how many could not be.
pub async fn give_back(sqs: &Sqs, queue: &Queue, mut receipts: Vec<String>) -> usize {
    for _ in 0..RELEASE_TRIES {
        receipts = set_visibility(sqs, queue, receipts, Duration::ZERO).await;
        if receipts.is_empty() {
            break;
        }
    }
    receipts.len()
}

/// Sets the invisibility of messages from now on; returns the receipts for which that failed.
pub async fn set_visibility(sqs: &Sqs, queue: &Queue, receipts: Vec<String>, visibility: Duration) -> Vec<String> {
    let seconds = i32::try_from(visibility.as_secs()).unwrap_or(i32::MAX);
    let chunks: Vec<Vec<String>> = receipts.chunks(MOST_IN_BATCH).map(<[String]>::to_vec).collect();
    let calls = stream::iter(chunks).map(|chunk| async move {
        let parts: Vec<&str> = chunk.iter().map(String::as_str).collect();
        let done = sqs.hide_once(queue, &parts, seconds).await.unwrap_or_default();
        let is_done = |position: usize| done.iter().any(|(named, result)| *named == position && result.is_ok());
        let failed: Vec<String> = chunk
            .iter()
            .enumerate()
            .filter(|(position, _)| !is_done(*position))
            .map(|(_, receipt)| receipt.clone())
            .collect();
        failed
    });
    calls.buffer_unordered(CONCURRENCY).concat().await
}
