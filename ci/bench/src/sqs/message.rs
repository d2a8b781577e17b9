//! Messages and their attributes, as SQS takes and gives them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    digest::{md5_of_attributes, md5_of_body},
    fault::Fault,
};

/// SQS takes at most this many attributes per message.
const MAX_ATTRIBUTES: usize = 10;
/// The one system attribute a sender may set.
pub(super) const TRACE_HEADER: &str = "AWSTraceHeader";

/// A message attribute; `data_type` begins with `String`, `Number` or `Binary`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Attribute {
    /// Type with an optional custom label, such as `Number.int`.
    pub data_type: String,
    /// The value of a string or a number.
    #[serde(default)]
    pub string_value: Option<String>,
    /// The value of a binary attribute, in base64 as the protocol carries it.
    #[serde(default)]
    pub binary_value: Option<String>,
}

impl Attribute {
    /// A string attribute.
    pub fn string(value: impl Into<String>) -> Self {
        Self { data_type: "String".to_owned(), string_value: Some(value.into()), binary_value: None }
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        let mut json = serde_json::Map::new();
        json.insert("DataType".to_owned(), self.data_type.clone().into());
        if let Some(value) = &self.string_value {
            json.insert("StringValue".to_owned(), value.clone().into());
        }
        if let Some(value) = &self.binary_value {
            json.insert("BinaryValue".to_owned(), value.clone().into());
        }
        json.into()
    }

    /// Bytes that count against the size limit, the name excepted. Base64 carries 3 bytes in 4 characters.
    fn size(&self) -> usize {
        let binary = self.binary_value.as_deref().map_or(0, |value| value.trim_end_matches('=').len() * 3 / 4);
        self.data_type.len() + self.string_value.as_deref().map_or(0, str::len) + binary
    }
}

/// Attributes by name; sorted, as their MD5 wants them.
pub(super) type Attributes = BTreeMap<String, Attribute>;

/// A message as its sender gives it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewMessage {
    /// The body.
    #[serde(rename = "MessageBody", default)]
    pub body: String,
    /// Message attributes, at most ten.
    #[serde(rename = "MessageAttributes", default)]
    pub attributes: BTreeMap<String, Attribute>,
    /// System attributes: `AWSTraceHeader` alone.
    #[serde(rename = "MessageSystemAttributes", default)]
    pub system_attributes: BTreeMap<String, Attribute>,
    /// Seconds before the message can be received; at most 900.
    #[serde(default)]
    pub delay_seconds: u64,
    /// Group of the message; on standard queues a mark for fair delivery, kept as it is.
    #[serde(default)]
    pub message_group_id: Option<String>,
}

impl NewMessage {
    /// A message without attributes.
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// Bytes that count against the limits of a message and of a request.
    pub(super) fn size(&self) -> usize {
        let attributes = self.attributes.iter().map(|(name, attribute)| name.len() + attribute.size());
        self.body.len() + attributes.sum::<usize>()
    }

    /// What SQS refuses before it looks at sizes.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.body.is_empty() {
            return Err(Fault::missing("MessageBody"));
        }
        if let Some(odd) = self.body.chars().find(|&character| !is_allowed(character)) {
            return Err(Fault::invalid_contents(odd));
        }
        if self.attributes.len() > MAX_ATTRIBUTES {
            return Err(Fault::invalid_parameter("Number of message attributes exceeds the allowed maximum of 10"));
        }
        if self.system_attributes.keys().any(|name| name != TRACE_HEADER) {
            return Err(Fault::invalid_parameter("Message system attributes other than AWSTraceHeader"));
        }
        self.attributes.iter().try_for_each(|(name, attribute)| check_attribute(name, attribute))
    }
}

fn check_attribute(name: &str, attribute: &Attribute) -> Result<(), Fault> {
    let kind = attribute.data_type.split('.').next().unwrap_or_default();
    let value = match kind {
        "String" | "Number" => attribute.string_value.as_deref(),
        "Binary" => attribute.binary_value.as_deref(),
        _ => None,
    };
    match value {
        Some(value) if !value.is_empty() && !name.is_empty() => Ok(()),
        _ => Err(Fault::invalid_parameter(&format!("The message attribute `{name}` has no value of its type"))),
    }
}

/// The characters a message may hold: those of XML 1.0.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A message in a queue.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub id: String,
    pub given: NewMessage,
    pub md5_of_body: String,
    /// Milliseconds since 1970.
    pub sent: u128,
    /// Milliseconds since 1970, once received.
    pub first_received: Option<u128>,
    pub receives: u32,
    /// ARN of the queue that gave this message up, in a dead-letter queue.
    pub dead_letter_source: Option<String>,
}

impl Message {
    pub fn new(id: String, given: NewMessage, sent: u128) -> Self {
        let md5_of_body = md5_of_body(&given.body);
        Self { id, given, md5_of_body, sent, first_received: None, receives: 0, dead_letter_source: None }
    }

    /// MD5 over all attributes; `None` without any.
    pub fn md5_of_attributes(&self) -> Option<String> {
        md5_of_attributes(&self.given.attributes)
    }

    /// System attributes a receiver may ask for.
    pub fn system_attributes(&self) -> Vec<(&'static str, String)> {
        let trace = self.given.system_attributes.get(TRACE_HEADER).and_then(|header| header.string_value.clone());
        let optional = [
            ("ApproximateFirstReceiveTimestamp", self.first_received.map(|time| time.to_string())),
            (TRACE_HEADER, trace),
            ("MessageGroupId", self.given.message_group_id.clone()),
            ("DeadLetterQueueSourceArn", self.dead_letter_source.clone()),
        ];
        let mut all = vec![
            ("SenderId", super::sts::USER_ID.to_owned()),
            ("SentTimestamp", self.sent.to_string()),
            ("ApproximateReceiveCount", self.receives.to_string()),
        ];
        all.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
        all
    }
}

/// The message with this number in a queue filled for a race: a notification of a rules engine's dead-letter queue,
/// by its attributes and the length of its body; numbered in its key, so that no two are alike.
pub(super) fn notification(number: usize) -> NewMessage {
    let event = serde_json::json!({ "Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1",
        "eventTime": "2024-05-01T12:00:00.000Z", "eventName": "ObjectCreated:Put",
        "userIdentity": { "principalId": "AWS:AROAEXAMPLE:bench" },
        "requestParameters": { "sourceIPAddress": "192.0.2.10" },
        "responseElements": { "x-amz-request-id": "EXAMPLE123456789", "x-amz-id-2": "EXAMPLE/5678abcdefghijklambdaisawesome" },
        "s3": { "s3SchemaVersion": "1.0", "configurationId": "bench",
            "bucket": { "name": "processed-data", "ownerIdentity": { "principalId": "EXAMPLE" },
                "arn": "arn:aws:s3:::processed-data" },
            "object": { "size": 48_000 + number, "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                "sequencer": format!("{number:016X}"),
                "key": format!("logs/aws_cloudtrail/year=2024/month=05/day=01/hour=12/{number:08}.json.gz") } }
    }] });
    NewMessage {
        attributes: BTreeMap::from([
            ("id".to_owned(), Attribute::string("AWS.CloudTrail")),
            ("type".to_owned(), Attribute::string("LogData")),
        ]),
        ..NewMessage::new(event.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_sqs_would_refuse_are_refused() {
        let with = |name: &str, attribute: Attribute| NewMessage {
            attributes: BTreeMap::from([(name.to_owned(), attribute)]),
            ..NewMessage::new("body")
        };
        let untyped = Attribute { data_type: "Text".to_owned(), ..Attribute::string("x") };
        let crowded = NewMessage {
            attributes: (0..11).map(|number| (format!("n{number}"), Attribute::string("x"))).collect(),
            ..NewMessage::new("body")
        };
        for (message, code) in [
            (NewMessage::new(""), "MissingParameter"),
            (NewMessage::new("\u{1}"), "InvalidMessageContents"),
            (NewMessage::new("\u{FFFE}"), "InvalidMessageContents"),
            (with("type", Attribute::string("")), "InvalidParameterValue"),
            (with("type", untyped), "InvalidParameterValue"),
            (crowded, "InvalidParameterValue"),
        ] {
            assert_eq!(message.check().expect_err("refused").code, code, "{message:?}");
        }
        assert!(with("type", Attribute::string("LogData")).check().is_ok());
    }

    #[test]
    fn size_counts_body_names_types_and_values() {
        let message = NewMessage {
            attributes: BTreeMap::from([
                ("id".to_owned(), Attribute::string("abc")),
                (
                    "raw".to_owned(),
                    Attribute {
                        data_type: "Binary".to_owned(),
                        string_value: None,
                        binary_value: Some("AAECAw==".to_owned()),
                    },
                ),
            ]),
            ..NewMessage::new("12345")
        };
        assert_eq!(message.size(), 5 + (2 + 6 + 3) + (3 + 6 + 4));
    }
}
