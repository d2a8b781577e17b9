//! SQS: queues by name, URL or ARN; messages with everything they carry; batches that confirm entry by entry.

mod batch;
mod message;
mod move_task;
mod queue;
mod sender;

pub use batch::Receive;
pub use message::{AttributeValue, Message, Outgoing, Sent};
pub use move_task::{MoveTask, MoveTasks};
pub use queue::{Queue, QueueAttributes, QueueRef};
pub use sender::Sender;

use aws_sdk_sqs::config::retry::RetryConfig;

use super::Session;
use crate::error::{Failure, ServiceError};

/// Entries in one batch call (AWS quota).
pub const MOST_IN_BATCH: usize = 10;

/// Bytes of one message and of one request that every region allows (AWS quota; some allow up to 1 MiB).
pub const CLASSIC_BYTES: usize = 262_144;

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

    fn failure(&self, doing: impl Into<String>, error: ServiceError, action: &str, queue: &str) -> Failure {
        self.session.failure(doing, error, action, &format!("queue `{queue}`"))
    }
}
