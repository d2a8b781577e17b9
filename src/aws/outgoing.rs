//! A message as SQS and SNS both take it: body, attributes, and what FIFO ends need.
//!
//! One shape for both, so that one sender packs, sends and retries for both.

use std::collections::BTreeMap;

/// The value of a message attribute; the type may carry a label of the sender's own, such as `Number.float`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeValue {
    /// `String`, `Number`, `Binary`, with an optional label.
    pub data_type: String,
    /// The value of strings and numbers.
    pub string: Option<String>,
    /// The value of binary attributes.
    pub binary: Option<Vec<u8>>,
}

impl AttributeValue {
    /// A value of type `String`.
    #[must_use]
    pub fn text(value: impl Into<String>) -> Self {
        Self { data_type: "String".to_owned(), string: Some(value.into()), binary: None }
    }

    fn len(&self) -> usize {
        self.data_type.len() + self.string.as_ref().map_or(0, String::len) + self.binary.as_ref().map_or(0, Vec::len)
    }
}

/// A message to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// The body.
    pub body: String,
    /// Attributes.
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The X-Ray trace header (queues only).
    pub trace_header: Option<String>,
    /// The message group (FIFO, and fair standard queues).
    pub group_id: Option<String>,
    /// The deduplication id (FIFO).
    pub dedup_id: Option<String>,
    /// Seconds until consumers see it (queues only).
    pub delay_seconds: Option<i32>,
}

impl Outgoing {
    /// Its size as the services count it: body, and names, types and values of attributes, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body.len() + self.attributes.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
    }
}

/// What a service answers for a message it took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The new message's id.
    pub id: String,
    /// An earlier try of it got no answer: it may be there twice.
    pub maybe_twice: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_counts_names_types_and_values() {
        let mut message = Outgoing { body: "ü".to_owned(), ..Outgoing::default() };
        assert_eq!(message.size(), 2);
        let value = AttributeValue { data_type: "Binary".to_owned(), string: None, binary: Some(vec![0; 5]) };
        message.attributes.insert("name".to_owned(), value);
        assert_eq!(message.size(), 2 + 4 + 6 + 5);
        message.attributes.insert("id".to_owned(), AttributeValue::text("x"));
        assert_eq!(message.size(), 17 + 2 + 6 + 1);
    }
}
