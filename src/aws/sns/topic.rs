//! Topics: how an operator names them, and what SNS says of them.

use super::Sns;
use crate::aws::sender::CLASSIC_BYTES;
use crate::aws::{Session, service_error};
use crate::error::{Failure, near};

/// Longest name of a topic (AWS).
const LONGEST_NAME: usize = 256;

/// A topic as the operator names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicRef {
    /// A name in the session's region, of the caller's account or of another.
    Name(String),
    /// A whole ARN.
    Arn(Topic),
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its ARN.
    pub arn: String,
    /// Its region.
    pub region: String,
    /// The account that owns it.
    pub account: String,
    /// Its name.
    pub name: String,
}

impl Topic {
    /// Whether it keeps order.
    #[must_use]
    pub fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }
}

impl TopicRef {
    /// Reads a name or an ARN.
    ///
    /// # Errors
    /// A usage error: it is neither.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if text.starts_with("arn:") {
            return match text.split(':').collect::<Vec<_>>()[..] {
                [_, _, "sns", region, account, name] if is_name(name) && !region.is_empty() && !account.is_empty() => {
                    Ok(Self::Arn(Topic {
                        arn: text.to_owned(),
                        region: region.to_owned(),
                        account: account.to_owned(),
                        name: name.to_owned(),
                    }))
                }
                _ => Err(malformed(text)),
            };
        }
        if is_name(text) { Ok(Self::Name(text.to_owned())) } else { Err(malformed(text)) }
    }

    /// The region that the reference itself names.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::Arn(topic) => Some(&topic.region),
            Self::Name(_) => None,
        }
    }

    /// The topic that is meant; a name is one of `account`, or of the caller's own, in the session's region.
    ///
    /// # Errors
    /// The ARN names another account than `account`, or the caller's account is not known.
    pub fn resolve(&self, account: Option<&str>, session: &Session) -> Result<Topic, Failure> {
        match (self, account) {
            (Self::Arn(topic), Some(account)) if topic.account != account => {
                Err(Failure::failed(format!("wrong account: topic `{}` is `{}`", topic.name, topic.arn))
                    .because(format!("`--account` says {account}")))
            }
            (Self::Arn(topic), _) => Ok(topic.clone()),
            (Self::Name(name), account) => {
                let account = account.or(session.identity.account.as_deref()).ok_or_else(|| {
                    let why = session.identity.unknown_because.as_deref().unwrap_or("nobody was asked");
                    Failure::failed(format!("cannot tell the account of topic `{name}`"))
                        .because(format!("the caller's account is not known: {why}"))
                        .hint("name it with `--account`, or give the topic's ARN")
                })?;
                let (partition, region) = (session.partition(), &session.region);
                Ok(Topic {
                    arn: format!("arn:{partition}:sns:{region}:{account}:{name}"),
                    region: region.clone(),
                    account: account.to_owned(),
                    name: name.clone(),
                })
            }
        }
    }
}

/// A topic name: at most 256 letters, digits, dashes and underscores, with `.fifo` for FIFO topics (AWS).
fn is_name(text: &str) -> bool {
    let stem = text.strip_suffix(".fifo").unwrap_or(text);
    !stem.is_empty()
        && text.len() <= LONGEST_NAME
        && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn malformed(text: &str) -> Failure {
    Failure::usage(format!("`{text}` is no topic"))
        .hint("give a topic's name or its ARN (arn:aws:sns:REGION:ACCOUNT:NAME)")
}

/// What SNS says of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicAttributes {
    /// The largest message in bytes, and of one request.
    pub message_bytes: usize,
    /// The KMS key that encrypts it, if one does.
    pub kms_key: Option<String>,
}

impl Default for TopicAttributes {
    fn default() -> Self {
        Self { message_bytes: CLASSIC_BYTES, kms_key: None }
    }
}

impl Sns {
    /// What SNS says of a topic.
    ///
    /// # Errors
    /// It does not exist (with near names), or may not be looked at.
    pub async fn attributes(&self, topic: &Topic) -> Result<TopicAttributes, Failure> {
        let answer = match self.client.get_topic_attributes().topic_arn(&topic.arn).send().await {
            Ok(answer) => answer.attributes.unwrap_or_default(),
            Err(error) => {
                let error = service_error("SNS", &error);
                let missing = error.code.contains("NotFound");
                let doing =
                    format!("cannot look at topic `{}` of account {} in {}", topic.name, topic.account, topic.region);
                let failure = self.failure(doing, error, "sns:GetTopicAttributes", &topic.name);
                return Err(if missing { self.with_near_name(topic, failure).await } else { failure });
            }
        };
        let text = |name: &str| answer.get(name).filter(|text| !text.is_empty());
        Ok(TopicAttributes {
            message_bytes: text("MaximumMessageSize").and_then(|text| text.parse().ok()).unwrap_or(CLASSIC_BYTES),
            kms_key: text("KmsMasterKeyId").cloned(),
        })
    }

    async fn with_near_name(&self, topic: &Topic, failure: Failure) -> Failure {
        // A refusal of the list must not hide that the topic is missing.
        let names = self.names().await.unwrap_or_default();
        let own = self.session.identity.account.as_deref().unwrap_or_default();
        if names.contains(&topic.name) && topic.account != own {
            return failure
                .hint(format!("account {own}, your own, has a topic of this name: is another `--account` meant?"));
        }
        match near(&topic.name, names.iter().map(String::as_str)) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure,
        }
    }

    /// The names of all topics of the caller's account in this region.
    async fn names(&self) -> Result<Vec<String>, Failure> {
        let mut pages = self.client.list_topics().into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| {
                self.failure("cannot list topics", service_error("SNS", &error), "sns:ListTopics", "*")
            })?;
            let arns = page.topics().iter().filter_map(|topic| topic.topic_arn());
            names.extend(arns.filter_map(|arn| arn.rsplit(':').next()).map(str::to_owned));
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_named_in_two_ways() {
        let named = TopicRef::parse("panther-processed-data-notifications").expect("a name");
        assert_eq!(
            (named.region(), &named),
            (None, &TopicRef::Name("panther-processed-data-notifications".to_owned()))
        );
        let arn = TopicRef::parse("arn:aws-us-gov:sns:us-gov-west-1:123456789012:t.fifo").expect("an ARN");
        assert_eq!(arn.region(), Some("us-gov-west-1"));
        assert!(matches!(arn, TopicRef::Arn(topic) if topic.is_fifo() && topic.account == "123456789012"));
    }

    #[test]
    fn what_is_no_topic_is_refused() {
        let long = "x".repeat(257);
        for text in
            ["", "a b", "t.q", "arn:aws:sqs:r:1:q", "arn:aws:sns:r::t", "arn:aws:sns:r:1:", "https://x/t", &long]
        {
            assert_eq!(TopicRef::parse(text).expect_err(text).kind, crate::error::Kind::Usage, "{text}");
        }
    }
}
