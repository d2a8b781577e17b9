//! Attributes of queues: what was set, with SQS's defaults for the rest.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::sts::ACCOUNT;

/// The region all queues are in.
const REGION: &str = "us-east-1";

/// SQS's defaults for a new standard queue.
const DEFAULTS: [(&str, &str); 5] = [
    ("VisibilityTimeout", "30"),
    ("MaximumMessageSize", "1048576"),
    ("MessageRetentionPeriod", "345600"),
    ("DelaySeconds", "0"),
    ("ReceiveMessageWaitTimeSeconds", "0"),
];

/// Where messages go that were received too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redrive {
    /// Name of the dead-letter queue.
    pub target: String,
    pub max_receives: u32,
}

/// The settable attributes of a queue, as text like in the protocol.
#[derive(Clone, Debug)]
pub(super) struct Settings(BTreeMap<String, String>);

impl Default for Settings {
    fn default() -> Self {
        Self(DEFAULTS.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

impl Settings {
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.0.iter()
    }

    /// A numeric attribute; 0 when it is no number.
    pub fn number(&self, name: &str) -> u64 {
        self.0.get(name).and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// The redrive policy, when one is set and readable.
    pub fn redrive(&self) -> Option<Redrive> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Policy {
            dead_letter_target_arn: String,
            max_receive_count: Value,
        }
        let policy: Policy = serde_json::from_str(self.0.get("RedrivePolicy")?).ok()?;
        // SQS takes the count as a number or as text.
        let count = policy.max_receive_count;
        let max_receives = count.as_u64().or_else(|| count.as_str()?.parse().ok())?;
        let target = policy.dead_letter_target_arn.rsplit(':').next()?.to_owned();
        Some(Redrive { target, max_receives: max_receives.try_into().ok()? })
    }
}

/// The policy text that sends messages to `target` after `max_receives` receives.
pub(super) fn redrive_policy(target: &str, max_receives: u32) -> String {
    serde_json::json!({ "deadLetterTargetArn": arn(target), "maxReceiveCount": max_receives }).to_string()
}

/// ARN of a queue of this server.
pub(super) fn arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redrive_policies_are_read_with_counts_as_number_or_text() {
        let expected = Some(Redrive { target: "orders-dlq".to_owned(), max_receives: 4 });
        let mut settings = Settings::default();
        assert_eq!(settings.redrive(), None);
        settings.set("RedrivePolicy", redrive_policy("orders-dlq", 4));
        assert_eq!(settings.redrive(), expected);
        let text = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:orders-dlq","maxReceiveCount":"4"}"#;
        settings.set("RedrivePolicy", text);
        assert_eq!(settings.redrive(), expected);
    }
}
