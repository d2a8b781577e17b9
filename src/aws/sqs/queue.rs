//! Queues: how an operator names them, and what SQS says of them.

use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::Value;

use super::Sqs;
use crate::aws::service_error;
use crate::error::{Failure, ServiceError, near};

/// Queues asked for at once when a name is wrong and near names are looked for (AWS maximum).
const NAMES_PER_PAGE: i32 = 1000;

/// A queue as the operator names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueRef {
    /// A name in the session's region, or in another account's.
    Name(String),
    /// A queue URL.
    Url(String),
    /// An ARN: region, account and name.
    Arn {
        /// Its region.
        region: String,
        /// Its account.
        account: String,
        /// Its name.
        name: String,
    },
}

impl QueueRef {
    /// Reads a name, URL or ARN.
    ///
    /// # Errors
    /// A usage error: it is none of these.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if text.starts_with("https://") || text.starts_with("http://") {
            let name = text.rsplit('/').next().unwrap_or_default();
            return if is_name(name) { Ok(Self::Url(text.to_owned())) } else { Err(malformed(text)) };
        }
        if text.starts_with("arn:") {
            return match text.split(':').collect::<Vec<_>>()[..] {
                [_, _, "sqs", region, account, name] if is_name(name) && !region.is_empty() && !account.is_empty() => {
                    Ok(Self::Arn { region: region.to_owned(), account: account.to_owned(), name: name.to_owned() })
                }
                _ => Err(malformed(text)),
            };
        }
        if is_name(text) { Ok(Self::Name(text.to_owned())) } else { Err(malformed(text)) }
    }

    /// The queue's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) | Self::Arn { name, .. } => name,
            Self::Url(url) => url.rsplit('/').next().unwrap_or(url),
        }
    }

    /// The region that the reference itself names: an ARN's, or that of an AWS queue URL.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::Arn { region, .. } => Some(region),
            Self::Url(url) => {
                let host = url.split('/').nth(2)?;
                let region = host.strip_prefix("sqs.")?.split('.').next()?;
                host.contains(".amazonaws.com").then_some(region)
            }
            Self::Name(_) => None,
        }
    }
}

/// A queue name: at most 80 letters, digits, dashes and underscores, with `.fifo` for FIFO queues (AWS).
fn is_name(text: &str) -> bool {
    let stem = text.strip_suffix(".fifo").unwrap_or(text);
    !stem.is_empty()
        && text.len() <= 80
        && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn malformed(text: &str) -> Failure {
    Failure::usage(format!("`{text}` is no queue"))
        .hint("give a queue's name, its URL (https://sqs.REGION.amazonaws.com/ACCOUNT/NAME) or its ARN (arn:aws:sqs:REGION:ACCOUNT:NAME)")
}

/// A queue that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its URL, for calls.
    pub url: String,
    /// Its name.
    pub name: String,
}

impl Queue {
    /// Whether it keeps order.
    #[must_use]
    pub fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }
}

/// What SQS says of a queue; counts are approximate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueAttributes {
    /// Its ARN.
    pub arn: String,
    /// Messages that can be received.
    pub visible: u64,
    /// Messages received but not deleted.
    pub in_flight: u64,
    /// Messages that consumers do not see yet.
    pub delayed: u64,
    /// Seconds that a received message stays invisible.
    pub visibility_timeout: u64,
    /// The largest message in bytes.
    pub maximum_message_size: usize,
    /// Seconds that messages are kept.
    pub retention: u64,
    /// The ARN of its dead-letter queue.
    pub dead_letter_arn: Option<String>,
    /// Receives before a message goes there.
    pub max_receive_count: Option<u64>,
    /// The KMS key that encrypts it, if one does.
    pub kms_key: Option<String>,
    /// Who may use it, as a policy document.
    pub policy: Option<Value>,
}

impl QueueAttributes {
    /// The account that owns it.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.arn.split(':').nth(4).filter(|account| !account.is_empty())
    }

    /// All messages: visible, in flight and delayed.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.visible + self.in_flight + self.delayed
    }
}

impl Sqs {
    /// Finds a queue; `owner` is the account it belongs to, when that is another one.
    ///
    /// # Errors
    /// It does not exist (with near names), or may not be looked up.
    pub async fn find(&self, reference: &QueueRef, owner: Option<&str>) -> Result<Queue, Failure> {
        let (name, owner) = match reference {
            QueueRef::Url(url) => return Ok(Queue { url: url.clone(), name: reference.name().to_owned() }),
            QueueRef::Arn { account, name, .. } => (name, owner.or(Some(account))),
            QueueRef::Name(name) => (name, owner),
        };
        let call =
            self.client.get_queue_url().queue_name(name).set_queue_owner_aws_account_id(owner.map(str::to_owned));
        match call.send().await {
            Ok(answer) => Ok(Queue { url: answer.queue_url.unwrap_or_default(), name: name.clone() }),
            Err(error) => Err(self.not_found(name, service_error("SQS", &error)).await),
        }
    }

    async fn not_found(&self, name: &str, error: ServiceError) -> Failure {
        let missing = error.code.contains("NonExistentQueue") || error.code == "QueueDoesNotExist";
        let doing = format!("cannot find queue `{name}` in {}", self.session.region);
        let failure = self.failure(doing, error, "sqs:GetQueueUrl", name);
        let names = if missing { self.names("").await.unwrap_or_default() } else { Vec::new() };
        match near(name, names.iter().map(String::as_str)) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure,
        }
    }

    /// The names of all queues that start with `prefix`.
    ///
    /// # Errors
    /// They may not be listed.
    pub async fn names(&self, prefix: &str) -> Result<Vec<String>, Failure> {
        let call = self.client.list_queues().max_results(NAMES_PER_PAGE);
        let mut pages =
            call.set_queue_name_prefix((!prefix.is_empty()).then(|| prefix.to_owned())).into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| {
                self.failure("cannot list queues", service_error("SQS", &error), "sqs:ListQueues", "*")
            })?;
            names.extend(page.queue_urls().iter().filter_map(|url| url.rsplit('/').next()).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// The names of the queues that use this one as their dead-letter queue.
    ///
    /// # Errors
    /// They may not be listed.
    pub async fn dead_letter_sources(&self, queue: &Queue) -> Result<Vec<String>, Failure> {
        let call = self.client.list_dead_letter_source_queues().queue_url(&queue.url).max_results(NAMES_PER_PAGE);
        let mut pages = call.into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| {
                let doing = format!("cannot list the queues whose dead-letter queue is `{}`", queue.name);
                self.failure(doing, service_error("SQS", &error), "sqs:ListDeadLetterSourceQueues", &queue.name)
            })?;
            names.extend(page.queue_urls().iter().filter_map(|url| url.rsplit('/').next()).map(str::to_owned));
        }
        Ok(names)
    }

    /// What SQS says of a queue.
    ///
    /// # Errors
    /// It does not exist, or may not be looked at.
    pub async fn attributes(&self, queue: &Queue) -> Result<QueueAttributes, Failure> {
        let call = self.client.get_queue_attributes().queue_url(&queue.url).attribute_names(QueueAttributeName::All);
        let answer = call.send().await.map_err(|error| {
            let doing = format!("cannot read the attributes of queue `{}`", queue.name);
            self.failure(doing, service_error("SQS", &error), "sqs:GetQueueAttributes", &queue.name)
        })?;
        let attributes = answer.attributes.unwrap_or_default();
        Ok(read_attributes(|name| attributes.get(&QueueAttributeName::from(name)).cloned()))
    }
}

fn read_attributes(text: impl Fn(&str) -> Option<String>) -> QueueAttributes {
    let number = |name: &str| text(name).and_then(|value| value.parse::<u64>().ok());
    let redrive: Value =
        text("RedrivePolicy").and_then(|policy| serde_json::from_str(&policy).ok()).unwrap_or_default();
    let receives = &redrive["maxReceiveCount"];
    QueueAttributes {
        arn: text("QueueArn").unwrap_or_default(),
        visible: number("ApproximateNumberOfMessages").unwrap_or_default(),
        in_flight: number("ApproximateNumberOfMessagesNotVisible").unwrap_or_default(),
        delayed: number("ApproximateNumberOfMessagesDelayed").unwrap_or_default(),
        visibility_timeout: number("VisibilityTimeout").unwrap_or(30),
        maximum_message_size: number("MaximumMessageSize")
            .and_then(|bytes| usize::try_from(bytes).ok())
            .unwrap_or(super::CLASSIC_BYTES),
        retention: number("MessageRetentionPeriod").unwrap_or_default(),
        dead_letter_arn: redrive["deadLetterTargetArn"].as_str().map(str::to_owned),
        max_receive_count: receives.as_u64().or_else(|| receives.as_str()?.parse().ok()),
        kms_key: text("KmsMasterKeyId").filter(|key| !key.is_empty()),
        policy: text("Policy").and_then(|policy| serde_json::from_str(&policy).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_are_named_in_three_ways() {
        let arn = QueueRef::parse("arn:aws:sqs:eu-west-1:123456789012:a-queue.fifo").expect("ARN");
        assert_eq!((arn.name(), arn.region()), ("a-queue.fifo", Some("eu-west-1")));
        let url = QueueRef::parse("https://sqs.us-east-1.amazonaws.com/123456789012/q").expect("URL");
        assert_eq!((url.name(), url.region()), ("q", Some("us-east-1")));
        let local = QueueRef::parse("http://127.0.0.1:4566/000000000000/q").expect("URL");
        assert_eq!((local.name(), local.region()), ("q", None));
        assert_eq!(QueueRef::parse("q_1").expect("name"), QueueRef::Name("q_1".to_owned()));
    }

    #[test]
    fn what_is_no_queue_is_refused() {
        let long = "x".repeat(81);
        let wrong = [
            "",
            "a b",
            "q.dlq",
            ".fifo",
            "arn:aws:sqs:eu-west-1",
            "arn:aws:s3:::bucket",
            "arn:aws:sns:r:1:q",
            "http://host/",
            &long,
        ];
        for text in wrong {
            assert_eq!(QueueRef::parse(text).expect_err(text).kind, crate::error::Kind::Usage, "{text}");
        }
    }

    #[test]
    fn attributes_are_read_with_their_redrive_policy() {
        let attributes = read_attributes(|name| {
            let value = match name {
                "RedrivePolicy" => r#"{"deadLetterTargetArn":"arn:aws:sqs:r:1:dlq","maxReceiveCount":"4"}"#,
                "ApproximateNumberOfMessages" => "7",
                "ApproximateNumberOfMessagesNotVisible" => "2",
                "MaximumMessageSize" => "1048576",
                _ => return None,
            };
            Some(value.to_owned())
        });
        assert_eq!((attributes.total(), attributes.maximum_message_size), (9, 1_048_576));
        assert_eq!(attributes.dead_letter_arn.as_deref(), Some("arn:aws:sqs:r:1:dlq"));
        assert_eq!(attributes.max_receive_count, Some(4));
    }
}
