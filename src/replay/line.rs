//! Through what messages are sent: a queue, or a topic.
//!
//! A tool's work names its own kind of line by type, so that a tool which only ever sends to queues carries no code of the
//! topics' service.

use crate::aws::sender::{CLASSIC_BYTES, Sender};
use crate::aws::sns::{Sns, Topic, TopicEnd};
use crate::aws::sqs::{self, Queue, QueueAttributes, QueueRef, Sqs};
use crate::aws::{Outgoing, Sent, Session};
use crate::error::Failure;
use crate::run::{EntryFailure, Remainder, Run};

/// Codes that say: there is nothing to send through.
const GONE: [&str; 3] = ["NonExistentQueue", "QueueDoesNotExist", "NotFound"];

/// What takes messages, and confirms or refuses each.
pub trait Line: Clone + Send + Sync + 'static {
    /// What it is, for people.
    fn name(&self) -> String;

    /// The largest message it takes, in bytes.
    fn message_bytes(&self) -> usize;

    /// The service, the action that sends, and the session that does.
    fn sends_by(&self) -> (&'static str, &'static str, &Session);

    /// Sends entries, several in one call; also tells how many tries of an entry got no answer.
    fn send<E: Send + Sync>(
        &self,
        entries: Vec<E>,
        outgoing: impl Fn(&E) -> &Outgoing + Send + Sync,
        run: &Run,
    ) -> impl Future<Output = (Remainder<E, Sent>, u64)> + Send;

    /// Messages that wait for the consumer.
    ///
    /// # Errors
    /// It cannot be looked at.
    fn waiting(&self) -> impl Future<Output = Result<u64, Failure>> + Send;

    /// The largest message that is filled with objects: more than the classic size is not taken everywhere.
    fn fill_bytes(&self) -> usize {
        self.message_bytes().min(CLASSIC_BYTES)
    }

    /// The refusal of an entry as the failure of the run.
    fn failure(&self, failure: &EntryFailure) -> Failure {
        let (service, action, session) = self.sends_by();
        let name = self.name();
        session.failure(format!("cannot send to {name}"), failure.answered_by(service), action, &name)
    }
}

/// Whether the refusal says that there is nothing to send through.
pub(super) fn is_gone(failure: &EntryFailure) -> bool {
    GONE.iter().any(|code| failure.code.contains(code))
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

impl Line for QueueLine {
    fn name(&self) -> String {
        format!("queue `{}`", self.queue.name)
    }

    fn message_bytes(&self) -> usize {
        self.message_bytes
    }

    fn sends_by(&self) -> (&'static str, &'static str, &Session) {
        ("SQS", "sqs:SendMessage", self.sqs.session())
    }

    async fn send<E: Send + Sync>(
        &self,
        entries: Vec<E>,
        outgoing: impl Fn(&E) -> &Outgoing + Send + Sync,
        run: &Run,
    ) -> (Remainder<E, Sent>, u64) {
        let sender = sqs::Sender::new(&self.sqs, &self.queue, self.message_bytes, &run.cancel, Some(&run.pace));
        let outcome = sender.send(entries, outgoing).await;
        (outcome, sender.unsure())
    }

    async fn waiting(&self) -> Result<u64, Failure> {
        Ok(self.sqs.attributes(&self.queue).await?.visible)
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

impl Line for TopicLine {
    fn name(&self) -> String {
        format!("topic `{}`", self.topic.name)
    }

    fn message_bytes(&self) -> usize {
        self.message_bytes
    }

    fn sends_by(&self) -> (&'static str, &'static str, &Session) {
        ("SNS", "sns:Publish", self.sns.session())
    }

    async fn send<E: Send + Sync>(
        &self,
        entries: Vec<E>,
        outgoing: impl Fn(&E) -> &Outgoing + Send + Sync,
        run: &Run,
    ) -> (Remainder<E, Sent>, u64) {
        let end = TopicEnd { sns: &self.sns, topic: &self.topic };
        let sender = Sender::to(end, self.message_bytes, &run.cancel, Some(&run.pace));
        let outcome = sender.send(entries, outgoing).await;
        (outcome, sender.unsure())
    }

    /// Behind a topic nobody can tell, and nothing counts as waiting.
    async fn waiting(&self) -> Result<u64, Failure> {
        Ok(0)
    }
}
