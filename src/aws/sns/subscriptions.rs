//! Who is subscribed to a topic, and which messages each of them wants.

use serde_json::{Map, Value};

use super::{Sns, Topic};
use crate::aws::service_error;
use crate::error::Failure;

/// A subscription whose owner has not confirmed it has this in place of an ARN (AWS).
const PENDING: &str = "PendingConfirmation";

/// The protocol of most subscribers, of which only the name matters.
const QUEUE: &str = "sqs";

/// A subscriber of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// `sqs`, `lambda`, `https` and so on.
    pub protocol: String,
    /// A queue's name, or whatever else the protocol delivers to.
    pub endpoint: String,
    /// Which messages it gets; `None` when it may not be looked at.
    pub filter: Option<Filter>,
}

/// Which messages a subscriber gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    policy: Map<String, Value>,
    on_body: bool,
}

impl Filter {
    /// Reads a filter policy and its scope; one that cannot be read is taken for none.
    #[must_use]
    pub fn read(policy: Option<&str>, scope: Option<&str>) -> Self {
        let policy = policy.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Self { policy, on_body: scope == Some("MessageBody") }
    }

    /// Whether everything passes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.policy.is_empty()
    }

    /// Whether it looks at attributes, so that messages without any do not pass.
    #[must_use]
    pub fn wants_attributes(&self) -> bool {
        !self.is_open() && !self.on_body
    }

    /// Whether a message with this attribute may pass: false only if the policy lists exact values and this is none of them.
    #[must_use]
    pub fn may_take(&self, name: &str, value: &str) -> bool {
        if self.on_body {
            return true;
        }
        match self.policy.get(name).and_then(Value::as_array) {
            Some(values) if values.iter().all(Value::is_string) => values.iter().any(|known| known == value),
            _ => true,
        }
    }
}

impl Sns {
    /// Everyone who is subscribed and has confirmed it.
    ///
    /// # Errors
    /// The subscriptions may not be listed.
    pub async fn subscriptions(&self, topic: &Topic) -> Result<Vec<Subscription>, Failure> {
        let mut pages = self.client.list_subscriptions_by_topic().topic_arn(&topic.arn).into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| {
                let doing = format!("cannot list the subscribers of topic `{}`", topic.name);
                self.failure(doing, service_error("SNS", &error), "sns:ListSubscriptionsByTopic", &topic.name)
            })?;
            for entry in page.subscriptions() {
                let arn = entry.subscription_arn().unwrap_or(PENDING);
                if arn == PENDING {
                    continue;
                }
                let protocol = entry.protocol().unwrap_or_default().to_owned();
                let endpoint = entry.endpoint().unwrap_or_default();
                let endpoint = if protocol == QUEUE { endpoint.rsplit(':').next() } else { Some(endpoint) };
                let filter = self.filter(arn).await;
                found.push(Subscription { protocol, endpoint: endpoint.unwrap_or_default().to_owned(), filter });
            }
        }
        Ok(found)
    }

    /// The filter of a subscription; other accounts' may not be looked at.
    async fn filter(&self, subscription: &str) -> Option<Filter> {
        let call = self.client.get_subscription_attributes().subscription_arn(subscription);
        let attributes = call.send().await.ok()?.attributes?;
        let text = |name: &str| attributes.get(name).map(String::as_str);
        Some(Filter::read(text("FilterPolicy"), text("FilterPolicyScope")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_which_messages_may_pass() {
        let filter = Filter::read(Some(r#"{"type":["LogData"],"id":[{"prefix":"AWS."}]}"#), None);
        assert!(filter.wants_attributes() && !filter.is_open());
        assert!(filter.may_take("type", "LogData") && !filter.may_take("type", "RuleMatches"));
        assert!(filter.may_take("id", "Okta.SystemLog"), "only lists of exact values are judged");
        assert!(filter.may_take("other", "x"));
    }

    #[test]
    fn without_a_policy_everything_passes() {
        for filter in [Filter::read(None, None), Filter::read(Some("{}"), None), Filter::read(Some("nonsense"), None)] {
            assert!(filter.is_open() && !filter.wants_attributes() && filter.may_take("type", "x"));
        }
        let body = Filter::read(Some(r#"{"type":["x"]}"#), Some("MessageBody"));
        assert!(!body.wants_attributes() && body.may_take("type", "y"));
    }
}
