//! A queue as an end of the one batch sender.

use super::{Outgoing, Queue, Sent, Sqs};
use crate::aws::sender::{self, BatchEnd};
use crate::run::{Attempt, Cancel, EntryFailure, Pace};

/// A queue to which batches are sent.
#[derive(Clone, Copy, Debug)]
pub struct QueueEnd<'a> {
    sqs: &'a Sqs,
    queue: &'a Queue,
}

/// Sends messages to one queue.
pub type Sender<'a> = sender::Sender<'a, QueueEnd<'a>>;

impl<'a> Sender<'a> {
    /// A sender; `message_bytes` is the queue's `MaximumMessageSize`; a throttled entry lowers `pace`.
    #[must_use]
    pub fn new(
        sqs: &'a Sqs,
        queue: &'a Queue,
        message_bytes: usize,
        cancel: &'a Cancel,
        pace: Option<&'a Pace>,
    ) -> Self {
        Self::to(QueueEnd { sqs, queue }, message_bytes, cancel, pace)
    }
}

impl BatchEnd for QueueEnd<'_> {
    async fn send_once(&self, messages: &[&Outgoing]) -> Result<Attempt<Sent>, EntryFailure> {
        self.sqs.send_once(self.queue, messages).await
    }

    fn name(&self) -> String {
        format!("queue `{}`", self.queue.name)
    }

    fn drops_copies(&self) -> bool {
        self.queue.is_fifo()
    }

    fn attempts(&self) -> u32 {
        self.sqs.attempts()
    }
}
