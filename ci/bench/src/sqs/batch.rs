//! Sending and deleting, one by one and in batches, with the checks SQS makes on whole batches.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    broker::{Broker, read},
    digest::md5_of_attributes,
    fault::Fault,
    message::{Message, NewMessage},
    queue::Receipt,
};

const MAX_ENTRIES: usize = 10;
const MAX_ID_LENGTH: usize = 80;

/// What a call on several entries is given; `entry` is the name SQS's errors use for one of them.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Batch<E> {
    pub queue_url: String,
    #[serde(default = "Vec::new")]
    pub entries: Vec<Entry<E>>,
}

/// One entry with its id.
#[derive(Deserialize)]
pub(super) struct Entry<E> {
    #[serde(rename = "Id")]
    pub id: String,
    #[serde(flatten)]
    pub item: E,
}

impl<E> Batch<E> {
    /// Checks number and ids of the entries.
    pub fn check(&self, entry: &str) -> Result<(), Fault> {
        if self.entries.is_empty() {
            return Err(Fault::empty_batch(entry));
        }
        if self.entries.len() > MAX_ENTRIES {
            return Err(Fault::too_many_entries(self.entries.len()));
        }
        let mut seen = HashSet::new();
        for Entry { id, .. } in &self.entries {
            let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            if id.is_empty() || id.len() > MAX_ID_LENGTH || !id.bytes().all(is_allowed) {
                return Err(Fault::invalid_id());
            }
            if !seen.insert(id) {
                return Err(Fault::repeated_id(id));
            }
        }
        Ok(())
    }
}

/// The answer to a batch: what succeeded and what failed, entry by entry.
pub(super) fn outcome(results: impl IntoIterator<Item = (String, Result<Value, Fault>)>) -> Value {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, result) in results {
        match result {
            Ok(mut value) => {
                value["Id"] = id.into();
                successful.push(value);
            }
            Err(fault) => failed.push(fault.to_entry(&id)),
        }
    }
    json!({ "Successful": successful, "Failed": failed })
}

#[derive(Deserialize)]
pub(super) struct ReceiptItem {
    #[serde(rename = "ReceiptHandle")]
    pub receipt_handle: String,
}

impl Broker {
    pub fn send(&mut self, body: &Value) -> Result<Value, Fault> {
        #[derive(Deserialize)]
        struct Parameters {
            #[serde(rename = "QueueUrl")]
            queue_url: String,
            #[serde(flatten)]
            message: NewMessage,
        }
        let parameters: Parameters = read(body)?;
        self.send_one(&parameters.queue_url, parameters.message)
    }

    pub fn send_batch(&mut self, body: &Value) -> Result<Value, Fault> {
        let batch: Batch<NewMessage> = read(body)?;
        batch.check("SendMessageBatchRequestEntry")?;
        let limit = self.by_url(&batch.queue_url)?.settings.number("MaximumMessageSize") as usize;
        let size = batch.entries.iter().map(|entry| entry.item.size()).sum();
        if size > limit {
            return Err(Fault::batch_too_long(limit, size));
        }
        let url = batch.queue_url;
        let results = batch.entries.into_iter().map(|entry| (entry.id, self.send_one(&url, entry.item)));
        Ok(outcome(results))
    }

    fn send_one(&mut self, queue_url: &str, message: NewMessage) -> Result<Value, Fault> {
        let queue = self.by_url(queue_url)?;
        message.check()?;
        let limit = queue.settings.number("MaximumMessageSize") as usize;
        if message.size() > limit {
            return Err(Fault::too_long(limit));
        }
        let name = queue.name.clone();
        let sent = self.put(&name, message).ok_or_else(Fault::no_such_queue)?;
        Ok(confirmation(sent))
    }

    /// Deletes one message; the flag tells whether there was one to delete.
    pub fn delete(&mut self, body: &Value) -> Result<(Value, bool), Fault> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Parameters {
            queue_url: String,
            receipt_handle: String,
        }
        let parameters: Parameters = read(body)?;
        let receipt = Receipt::of_handle(&parameters.receipt_handle)?;
        let deleted = self.by_url(&parameters.queue_url)?.delete(receipt);
        Ok((json!({}), deleted))
    }

    /// Deletes a batch; the flag tells whether any message was deleted.
    pub fn delete_batch(&mut self, body: &Value) -> Result<(Value, bool), Fault> {
        let batch: Batch<ReceiptItem> = read(body)?;
        batch.check("DeleteMessageBatchRequestEntry")?;
        let queue = self.by_url(&batch.queue_url)?;
        let mut any_deleted = false;
        let results = batch.entries.into_iter().map(|entry| {
            let deleted = Receipt::of_handle(&entry.item.receipt_handle).map(|receipt| queue.delete(receipt));
            any_deleted |= deleted == Ok(true);
            (entry.id, deleted.map(|_| json!({})))
        });
        let answer = outcome(results);
        Ok((answer, any_deleted))
    }
}

/// What a sender learns of a stored message.
fn confirmation(message: &Message) -> Value {
    let mut fields = Map::new();
    fields.insert("MessageId".to_owned(), message.id.clone().into());
    fields.insert("MD5OfMessageBody".to_owned(), message.md5_of_body.clone().into());
    if let Some(md5) = message.md5_of_attributes() {
        fields.insert("MD5OfMessageAttributes".to_owned(), md5.into());
    }
    if let Some(md5) = md5_of_attributes(&message.given.system_attributes) {
        fields.insert("MD5OfMessageSystemAttributes".to_owned(), md5.into());
    }
    fields.into()
}
