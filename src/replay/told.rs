//! Who is told of objects: how a message names them, and through what messages are sent.

use std::sync::Arc;
use std::time::Duration;

use super::memory::Memory;
use crate::aws::sqs::{CLASSIC_BYTES, Outgoing, Queue, Sender, Sent, Sqs};
use crate::error::{Failure, ServiceError};
use crate::objects::{Filters, Found, Input, Place};
use crate::panther::Notified;
use crate::run::{EntryFailure, Remainder, Run};

/// What a consumer wants to hear.
pub trait Consumer: Send + Sync {
    /// A message that names these objects of one place.
    fn message(&self, place: &Place, objects: &[Notified]) -> Outgoing;

    /// Why an object is not for this consumer, as the name of a counter; `None` when it is.
    fn passes_over(&self, _object: &Found) -> Option<&'static str> {
        None
    }
}

/// Everything that a replay needs.
pub struct Work {
    /// Where objects come from.
    pub inputs: Vec<Input>,
    /// Which of them are told of.
    pub filters: Filters,
    /// Who is told.
    pub consumer: Arc<dyn Consumer>,
    /// Through what.
    pub line: Line,
    /// At most this many objects per message.
    pub files_per_message: usize,
    /// Bytes of objects per second; `None` is unlimited.
    pub bytes_per_second: Option<f64>,
    /// The most messages that should wait for the consumer.
    pub max_backlog: Option<u64>,
    /// Begin again after this pause.
    pub repeat: Option<Duration>,
    /// What earlier runs of this journal did.
    pub memory: Memory,
}

/// Through what messages are sent: a queue.
#[derive(Clone, Debug)]
pub struct Line {
    /// SQS in the queue's region.
    pub sqs: Sqs,
    /// The queue.
    pub queue: Queue,
    /// The largest message it takes.
    pub message_bytes: usize,
}

impl Line {
    /// What it is, for people.
    #[must_use]
    pub fn name(&self) -> String {
        format!("queue `{}`", self.queue.name)
    }

    /// The largest message that is filled with objects: more than the classic size is not taken everywhere.
    #[must_use]
    pub fn fill_bytes(&self) -> usize {
        self.message_bytes.min(CLASSIC_BYTES)
    }

    /// Sends entries, several in one call; also tells how many tries of an entry got no answer.
    pub(super) async fn send<E: Send>(
        &self,
        entries: Vec<E>,
        outgoing: impl Fn(&E) -> &Outgoing,
        run: &Run,
    ) -> (Remainder<E, Sent>, u64) {
        let sender = Sender::new(&self.sqs, &self.queue, self.message_bytes, &run.cancel, Some(&run.pace));
        let outcome = sender.send(entries, outgoing).await;
        (outcome, sender.unsure())
    }

    /// Messages that wait for the consumer.
    pub(super) async fn waiting(&self) -> Result<u64, Failure> {
        Ok(self.sqs.attributes(&self.queue).await?.visible)
    }

    /// Whether the refusal says that there is nothing to send through.
    pub(super) fn is_gone(failure: &EntryFailure) -> bool {
        failure.code.contains("NonExistentQueue") || failure.code.contains("QueueDoesNotExist")
    }

    /// The refusal of an entry as the failure of the run.
    pub(super) fn failure(&self, failure: &EntryFailure) -> Failure {
        let error = ServiceError {
            service: "SQS",
            code: failure.code.clone(),
            message: failure.message.clone(),
            ..ServiceError::default()
        };
        let name = self.name();
        self.sqs.session().failure(format!("cannot send to {name}"), error, "sqs:SendMessage", &name)
    }
}
