//! Messages as they are received and sent: body, attributes, and the system attributes that survive a move.

use std::collections::BTreeMap;

use aws_sdk_sqs::types::{
    Message as SdkMessage, MessageAttributeValue, MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
    SendMessageBatchRequestEntry,
};
use jiff::Timestamp;
use md5::{Digest, Md5};

use crate::aws::outgoing::{AttributeValue, Outgoing};

/// A received message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its id in the queue it was received from.
    pub id: String,
    /// The handle of this receipt, for deleting and for changing its visibility.
    pub receipt: String,
    /// The body.
    pub body: String,
    /// Attributes of the sender's own, at most ten.
    pub attributes: BTreeMap<String, AttributeValue>,
    /// What SQS says of it: `SentTimestamp`, `MessageGroupId` and so on.
    pub system: BTreeMap<String, String>,
}

impl Message {
    /// A system attribute.
    #[must_use]
    pub fn system(&self, name: &str) -> Option<&str> {
        self.system.get(name).map(String::as_str)
    }

    /// When it was sent, by the service's clock.
    #[must_use]
    pub fn sent_at(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.system("SentTimestamp")?.parse().ok()?).ok()
    }

    pub(super) fn from_sdk(message: SdkMessage) -> Self {
        let attributes = message.message_attributes.unwrap_or_default();
        let system = message.attributes.unwrap_or_default();
        Self {
            id: message.message_id.unwrap_or_default(),
            receipt: message.receipt_handle.unwrap_or_default(),
            body: message.body.unwrap_or_default(),
            attributes: attributes.into_iter().map(|(name, value)| (name, AttributeValue::from_sdk(value))).collect(),
            system: system.into_iter().map(|(name, value)| (name.as_str().to_owned(), value)).collect(),
        }
    }
}

impl AttributeValue {
    fn from_sdk(value: MessageAttributeValue) -> Self {
        Self {
            data_type: value.data_type,
            string: value.string_value,
            binary: value.binary_value.map(aws_sdk_sqs::primitives::Blob::into_inner),
        }
    }

    fn to_sdk(&self) -> MessageAttributeValue {
        let builder = MessageAttributeValue::builder().data_type(&self.data_type).set_string_value(self.string.clone());
        let builder = builder.set_binary_value(self.binary.clone().map(aws_sdk_sqs::primitives::Blob::new));
        builder.build().expect("the data type is set")
    }
}

impl Outgoing {
    /// What a received message becomes when it is sent on: everything that a sender can set.
    #[must_use]
    pub fn from_message(message: &Message) -> Self {
        let system = |name: &str| message.system(name).map(str::to_owned);
        Self {
            body: message.body.clone(),
            attributes: message.attributes.clone(),
            trace_header: system("AWSTraceHeader"),
            group_id: system("MessageGroupId"),
            dedup_id: system("MessageDeduplicationId"),
            delay_seconds: None,
        }
    }

    /// The MD5 of the body in hex, as SQS answers it.
    #[must_use]
    pub fn body_md5(&self) -> String {
        Md5::digest(self.body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn to_entry(&self, position: usize) -> SendMessageBatchRequestEntry {
        let attributes = self.attributes.iter().map(|(name, value)| (name.clone(), value.to_sdk())).collect();
        let trace = self.trace_header.as_ref().map(|header| {
            let value = MessageSystemAttributeValue::builder().data_type("String").string_value(header);
            let value = value.build().expect("the data type is set");
            [(MessageSystemAttributeNameForSends::AwsTraceHeader, value)].into_iter().collect()
        });
        SendMessageBatchRequestEntry::builder()
            .id(position.to_string())
            .message_body(&self.body)
            .set_message_attributes((!self.attributes.is_empty()).then_some(attributes))
            .set_message_system_attributes(trace)
            .set_message_group_id(self.group_id.clone())
            .set_message_deduplication_id(self.dedup_id.clone())
            .set_delay_seconds(self.delay_seconds)
            .build()
            .expect("id and body are set")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_md5_is_that_of_the_body() {
        let message = Outgoing { body: "hello".to_owned(), ..Outgoing::default() };
        assert_eq!(message.body_md5(), "5d41402abc4b2a76b9719d911017c592");
    }
}
