//! SNS: topics by name or ARN, who is subscribed and by which filter, and batches that confirm entry by entry.

mod subscriptions;
mod topic;
mod topic_end;

pub use subscriptions::{Filter, Subscription};
pub use topic::{Topic, TopicAttributes, TopicRef};
pub use topic_end::TopicEnd;

use aws_sdk_sns::config::retry::RetryConfig;

use super::Session;
use crate::error::{Failure, ServiceError};

/// Dollars per million requests (AWS price list of standard topics, most regions).
pub const DOLLARS_PER_MILLION_REQUESTS: f64 = 0.50;

/// SNS in the region and with the identity of one session.
#[derive(Clone, Debug)]
pub struct Sns {
    client: aws_sdk_sns::Client,
    /// Tries each call once: where a lost answer must be known of, the retries are ours.
    once: aws_sdk_sns::Client,
    session: Session,
}

impl Sns {
    /// SNS for this session.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        let config = aws_sdk_sns::config::Builder::from(session.config()).interceptor(session.clock.clone()).build();
        let once = config.to_builder().retry_config(RetryConfig::disabled()).build();
        Self {
            client: aws_sdk_sns::Client::from_conf(config),
            once: aws_sdk_sns::Client::from_conf(once),
            session: session.clone(),
        }
    }

    /// The session it was made for.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    fn failure(&self, doing: impl Into<String>, error: ServiceError, action: &str, topic: &str) -> Failure {
        self.session.failure(doing, error, action, &format!("topic `{topic}`"))
    }
}
