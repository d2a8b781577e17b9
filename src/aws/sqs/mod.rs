//! SQS: queues by name, URL or ARN; messages with everything they carry; batches that confirm entry by entry.

mod batch;
pub mod held;
mod message;
mod move_task;
mod queue;
mod queue_end;

pub use batch::Receive;
pub use message::Message;
pub use move_task::{MoveTask, MoveTasks};
pub use queue::{Queue, QueueAttributes, QueueRef};
pub use queue_end::{QueueEnd, Sender};

pub use super::outgoing::{AttributeValue, Outgoing, Sent};
pub use super::sender::{CLASSIC_BYTES, MOST_IN_BATCH};

use aws_sdk_sqs::config::retry::RetryConfig;

use super::Session;
use crate::error::{Failure, ServiceError};

/// Dollars per million requests (AWS price list of standard queues, most regions, first tier).
pub const DOLLARS_PER_MILLION_REQUESTS: f64 = 0.40;

/// Longest long poll in seconds (AWS quota).
pub const LONGEST_POLL: i32 = 20;

/// SQS in the region and with the identity of one session.
#[derive(Clone, Debug)]
pub struct Sqs {
    client: aws_sdk_sqs::Client,
    /// Tries each call once: where a lost answer must be known of, the retries are ours.
    once: aws_sdk_sqs::Client,
    session: Session,
}

impl Sqs {
    /// SQS for this session.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        let config = aws_sdk_sqs::config::Builder::from(session.config()).interceptor(session.clock.clone()).build();
        let once = config.to_builder().retry_config(RetryConfig::disabled()).build();
        Self {
            client: aws_sdk_sqs::Client::from_conf(config),
            once: aws_sdk_sqs::Client::from_conf(once),
            session: session.clone(),
        }
    }

    /// The session it was made for.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Tries of one batch, as asked for with `--max-attempts`.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.session.attempts()
    }

    fn failure(&self, doing: impl Into<String>, error: ServiceError, action: &str, queue: &str) -> Failure {
        self.session.failure(doing, error, action, &format!("queue `{queue}`"))
    }
}
