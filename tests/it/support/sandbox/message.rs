//! A queue's message as tests compare it: everything the sender gave it, and what the service added.

use std::collections::BTreeMap;

use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types as sqs;

/// A message to send, or one received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The body.
    pub body: String,
    /// The sender's attributes, by name.
    pub attributes: BTreeMap<String, Attribute>,
    /// FIFO: its group.
    pub group: Option<String>,
    /// FIFO: its deduplication id.
    pub deduplication: Option<String>,
    /// Its trace header.
    pub trace: Option<String>,
}

/// The value of an attribute, with its type as the sender wrote it (`String`, `Number.int`, `Binary.png`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// A type that begins with `String` or `Number`.
    Text(String, String),
    /// A type that begins with `Binary`.
    Binary(String, Vec<u8>),
}

impl Message {
    /// A message with this body.
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// With an attribute of type `String`.
    pub fn text(self, name: &str, value: &str) -> Self {
        self.attribute(name, Attribute::Text("String".to_owned(), value.to_owned()))
    }

    /// With an attribute of type `Binary`.
    pub fn binary(self, name: &str, value: &[u8]) -> Self {
        self.attribute(name, Attribute::Binary("Binary".to_owned(), value.to_vec()))
    }

    /// With an attribute of any type.
    pub fn attribute(mut self, name: &str, value: Attribute) -> Self {
        self.attributes.insert(name.to_owned(), value);
        self
    }

    /// For a FIFO queue: of this group, with this deduplication id.
    pub fn group(self, group: &str, deduplication: &str) -> Self {
        Self { group: Some(group.to_owned()), deduplication: Some(deduplication.to_owned()), ..self }
    }

    /// With a trace header of X-Ray.
    pub fn trace(self, header: &str) -> Self {
        Self { trace: Some(header.to_owned()), ..self }
    }

    pub(super) fn received(message: &sqs::Message) -> Self {
        let system = |name| message.attributes().and_then(|all| all.get(&name)).cloned();
        let attributes = message.message_attributes().into_iter().flatten();
        Self {
            body: message.body().unwrap_or_default().to_owned(),
            attributes: attributes.map(|(name, value)| (name.clone(), Attribute::received(value))).collect(),
            group: system(sqs::MessageSystemAttributeName::MessageGroupId),
            deduplication: system(sqs::MessageSystemAttributeName::MessageDeduplicationId),
            trace: system(sqs::MessageSystemAttributeName::AwsTraceHeader),
        }
    }

    pub(super) fn entry(&self, id: usize) -> sqs::SendMessageBatchRequestEntry {
        let mut entry = sqs::SendMessageBatchRequestEntry::builder().id(id.to_string()).message_body(&self.body);
        for (name, value) in &self.attributes {
            entry = entry.message_attributes(name, value.to_send());
        }
        if let Some(trace) = &self.trace {
            let value = sqs::MessageSystemAttributeValue::builder().data_type("String").string_value(trace);
            let name = sqs::MessageSystemAttributeNameForSends::AwsTraceHeader;
            entry = entry.message_system_attributes(name, value.build().expect("type and value are there"));
        }
        entry = entry.set_message_group_id(self.group.clone());
        entry = entry.set_message_deduplication_id(self.deduplication.clone());
        entry.build().expect("id and body are there")
    }
}

impl Attribute {
    fn received(value: &sqs::MessageAttributeValue) -> Self {
        let data_type = value.data_type().to_owned();
        match value.binary_value() {
            Some(bytes) => Self::Binary(data_type, bytes.as_ref().to_vec()),
            None => Self::Text(data_type, value.string_value().unwrap_or_default().to_owned()),
        }
    }

    fn to_send(&self) -> sqs::MessageAttributeValue {
        let value = sqs::MessageAttributeValue::builder();
        let value = match self {
            Self::Text(data_type, text) => value.data_type(data_type).string_value(text),
            Self::Binary(data_type, bytes) => value.data_type(data_type).binary_value(Blob::new(bytes.clone())),
        };
        value.build().expect("the type is there")
    }
}
