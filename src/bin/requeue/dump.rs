//! The file format of `--save`: one JSON line per message with all it carries, versioned, so that `--load` gives it back
//! byte for byte.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opstools::aws::sqs::{AttributeValue, Message};
use serde::{Deserialize, Serialize};

/// The version of the format that is written; all versions up to it are read.
const VERSION: u32 = 1;

/// One line.
#[derive(Serialize, Deserialize)]
struct Record {
    v: u32,
    id: String,
    #[serde(default)]
    queue: String,
    body: String,
    #[serde(default)]
    attributes: BTreeMap<String, Attribute>,
    /// `SentTimestamp`, `MessageGroupId` and so on, as SQS gave them.
    #[serde(default)]
    system: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct Attribute {
    r#type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

/// A message as a line, with its line feed.
pub fn line(message: &Message, queue: &str) -> String {
    let attribute = |value: &AttributeValue| Attribute {
        r#type: value.data_type.clone(),
        value: value.string.clone(),
        base64: value.binary.as_ref().map(|bytes| STANDARD.encode(bytes)),
    };
    let record = Record {
        v: VERSION,
        id: message.id.clone(),
        queue: queue.to_owned(),
        body: message.body.clone(),
        attributes: message.attributes.iter().map(|(name, value)| (name.clone(), attribute(value))).collect(),
        system: message.system.clone(),
    };
    // Strings and maps of strings always serialise.
    serde_json::to_string(&record).unwrap_or_default() + "\n"
}

/// Reads a line.
///
/// # Errors
/// What is wrong with it, in words.
pub fn message(line: &str) -> Result<Message, String> {
    let record: Record =
        serde_json::from_str(line).map_err(|error| format!("no message as `--save` writes it: {error}"))?;
    if !(1..=VERSION).contains(&record.v) {
        return Err(format!("format {} is not known here, only up to {VERSION}: use a newer requeue", record.v));
    }
    let attributes = record.attributes.into_iter().map(|(name, value)| Ok((name, attribute(value)?)));
    Ok(Message {
        id: record.id,
        body: record.body,
        attributes: attributes.collect::<Result<_, String>>()?,
        system: record.system,
        ..Message::default()
    })
}

fn attribute(value: Attribute) -> Result<AttributeValue, String> {
    let binary = value.base64.map(|text| STANDARD.decode(text)).transpose();
    let binary = binary.map_err(|error| format!("a binary attribute is damaged: {error}"))?;
    if value.value.is_none() && binary.is_none() {
        return Err("an attribute has no value".to_owned());
    }
    Ok(AttributeValue { data_type: value.r#type, string: value.value, binary })
}
