//! Who is told of objects: how a message names them, and through what messages are sent.

use std::sync::Arc;
use std::time::Duration;

use super::memory::Memory;
use super::tally::Kind;
use crate::aws::sender::{CLASSIC_BYTES, Sender};
use crate::aws::sns::{Sns, Topic, TopicEnd};
use crate::aws::sqs::{self, Queue, QueueAttributes, QueueRef, Sqs};
use crate::aws::{Outgoing, Sent, Session};
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

    /// What an object is, by type and id, where the consumer tells objects apart; the report counts them so.
    fn kind(&self, _key: &str) -> Option<Kind> {
        None
    }

    /// What the operator should hear at the end about what was passed over.
    fn remarks(&self) -> Vec<String> {
        Vec::new()
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

/// Through what messages are sent.
#[derive(Clone, Debug)]
pub enum Line {
    /// A queue.
    Queue(QueueLine),
    /// A topic.
    Topic(TopicLine),
}

/// A queue.
#[derive(Clone, Debug)]
pub struct QueueLine {
    /// SQS in the queue's region.
    pub sqs: Sqs,
    /// The queue.
    pub queue: Queue,
    /// The largest message it takes.
    pub message_bytes: usize,
}

impl QueueLine {
    /// Finds a queue that Panther's consumers may read; `account` is the one that it must belong to.
    ///
    /// # Errors
    /// It does not exist, may not be looked at, keeps order, or is of another account.
    pub async fn find(
        session: &Session,
        reference: &QueueRef,
        account: Option<&str>,
    ) -> Result<(Self, QueueAttributes), Failure> {
        let session = reference.region().map_or_else(|| session.clone(), |region| session.in_region(region));
        let sqs = Sqs::new(&session);
        let queue = sqs.find(reference, account).await?;
        if queue.is_fifo() {
            return Err(Failure::failed(format!("cannot notify through queue `{}`", queue.name))
                .because("it is a FIFO queue, and Panther's consumers read standard queues")
                .hint("name the queue that the consumer reads"));
        }
        let attributes = sqs.attributes(&queue).await?;
        if let Some(account) = account.filter(|account| attributes.account() != Some(account)) {
            return Err(Failure::failed(format!("wrong account: queue `{}` is `{}`", queue.name, attributes.arn))
                .because(format!("`--account` says {account}")));
        }
        let line = Self { sqs, queue, message_bytes: attributes.maximum_message_size };
        Ok((line, attributes))
    }
}

/// A topic.
#[derive(Clone, Debug)]
pub struct TopicLine {
    /// SNS in the topic's region.
    pub sns: Sns,
    /// The topic.
    pub topic: Topic,
    /// The largest message it takes.
    pub message_bytes: usize,
}

/// Codes that say: there is nothing to send through.
const GONE: [&str; 3] = ["NonExistentQueue", "QueueDoesNotExist", "NotFound"];

impl Line {
    /// What it is, for people.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Queue(line) => format!("queue `{}`", line.queue.name),
            Self::Topic(line) => format!("topic `{}`", line.topic.name),
        }
    }

    /// The largest message that is filled with objects: more than the classic size is not taken everywhere.
    #[must_use]
    pub fn fill_bytes(&self) -> usize {
        let most = match self {
            Self::Queue(line) => line.message_bytes,
            Self::Topic(line) => line.message_bytes,
        };
        most.min(CLASSIC_BYTES)
    }

    /// Sends entries, several in one call; also tells how many tries of an entry got no answer.
    pub(super) async fn send<E: Send + Sync>(
        &self,
        entries: Vec<E>,
        outgoing: impl Fn(&E) -> &Outgoing + Send + Sync,
        run: &Run,
    ) -> (Remainder<E, Sent>, u64) {
        match self {
            Self::Queue(line) => {
                let sender = sqs::Sender::new(&line.sqs, &line.queue, line.message_bytes, &run.cancel, Some(&run.pace));
                let outcome = sender.send(entries, outgoing).await;
                (outcome, sender.unsure())
            }
            Self::Topic(line) => {
                let end = TopicEnd { sns: &line.sns, topic: &line.topic };
                let sender = Sender::to(end, line.message_bytes, &run.cancel, Some(&run.pace));
                let outcome = sender.send(entries, outgoing).await;
                (outcome, sender.unsure())
            }
        }
    }

    /// Messages that wait for the consumer; behind a topic nobody can tell, and nothing counts as waiting.
    pub(super) async fn waiting(&self) -> Result<u64, Failure> {
        match self {
            Self::Queue(line) => Ok(line.sqs.attributes(&line.queue).await?.visible),
            Self::Topic(_) => Ok(0),
        }
    }

    /// Whether the refusal says that there is nothing to send through.
    pub(super) fn is_gone(failure: &EntryFailure) -> bool {
        GONE.iter().any(|code| failure.code.contains(code))
    }

    /// The refusal of an entry as the failure of the run.
    pub(super) fn failure(&self, failure: &EntryFailure) -> Failure {
        let (service, action, session) = match self {
            Self::Queue(line) => ("SQS", "sqs:SendMessage", line.sqs.session()),
            Self::Topic(line) => ("SNS", "sns:Publish", line.sns.session()),
        };
        let error = ServiceError {
            service,
            code: failure.code.clone(),
            message: failure.message.clone(),
            ..ServiceError::default()
        };
        let name = self.name();
        session.failure(format!("cannot send to {name}"), error, action, &name)
    }
}
