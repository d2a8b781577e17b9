//! Messages delivered twice. A standard queue may hand out a message again although it was received, even deleted;
//! the proxy remembers an answer's messages and adds them to later answers of the same queue that have room.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Value, json};

/// The most that one answer holds (SQS: `MaxNumberOfMessages`).
const MOST_MESSAGES: u64 = 10;

/// Messages to be delivered again, by queue URL.
#[derive(Default)]
pub struct Redelivery {
    waiting: HashMap<String, Vec<Value>>,
}

impl Redelivery {
    /// Remembers the messages of an answer.
    pub fn remember(&mut self, queue_url: &str, answer: &[u8]) {
        let answer: Option<Value> = serde_json::from_slice(answer).ok();
        let messages = answer.and_then(|answer| answer.get("Messages")?.as_array().cloned());
        self.waiting.entry(queue_url.to_owned()).or_default().extend(messages.unwrap_or_default());
    }

    /// Adds what waits to an answer, as far as the request has room; nothing, when there is nothing to add.
    pub fn add_to(&mut self, queue_url: &str, request: &[u8], answer: &[u8]) -> Option<Bytes> {
        let waiting = self.waiting.get_mut(queue_url).filter(|waiting| !waiting.is_empty())?;
        let request: Value = serde_json::from_slice(request).ok()?;
        let most = request.get("MaxNumberOfMessages").and_then(Value::as_u64).unwrap_or(1).min(MOST_MESSAGES);
        let mut answer: Value = serde_json::from_slice(answer).ok()?;
        let list = answer.as_object_mut()?.entry("Messages").or_insert_with(|| json!([])).as_array_mut()?;
        let most = usize::try_from(most).expect("at most ten");
        let count = most.saturating_sub(list.len()).min(waiting.len());
        list.extend(waiting.drain(..count).map(received_once_more));
        Some(Bytes::from(answer.to_string()))
    }
}

fn received_once_more(mut message: Value) -> Value {
    if let Some(count) = message.pointer_mut("/Attributes/ApproximateReceiveCount") {
        let before: u64 = count.as_str().and_then(|count| count.parse().ok()).unwrap_or(0);
        *count = json!((before + 1).to_string());
    }
    message
}
