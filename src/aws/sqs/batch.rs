//! Single calls on batches: what each entry came to, by its position. Retrying is the caller's.

use aws_sdk_sqs::types::{
    BatchResultErrorEntry, ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    MessageSystemAttributeName,
};

use super::{MOST_IN_BATCH, Message, Outgoing, Queue, Sent, Sqs};
use crate::aws::sender::{refused_call, refused_entry};
use crate::aws::service_error;
use crate::error::Failure;
use crate::run::{Attempt, EntryFailure};

/// How to receive.
#[derive(Clone, Copy, Debug)]
pub struct Receive {
    /// Seconds to wait for a message; 0 does not wait and does not ask every server.
    pub wait: i32,
    /// Seconds that received messages stay invisible.
    pub visibility: i32,
    /// At most this many, up to ten.
    pub most: usize,
}

impl Sqs {
    /// Receives messages with all they carry, in one try. An empty answer does not prove that the queue is empty.
    ///
    /// # Errors
    /// The queue may not be received from, or does not answer.
    pub async fn receive(&self, queue: &Queue, how: Receive) -> Result<Vec<Message>, Failure> {
        let most = i32::try_from(how.most.clamp(1, MOST_IN_BATCH)).unwrap_or(1);
        let call = self.once.receive_message().queue_url(&queue.url).max_number_of_messages(most);
        let call = call.wait_time_seconds(how.wait).visibility_timeout(how.visibility);
        let call = call.message_attribute_names("All").message_system_attribute_names(MessageSystemAttributeName::All);
        let answer = call.send().await.map_err(|error| {
            let doing = format!("cannot receive from queue `{}`", queue.name);
            self.failure(doing, service_error("SQS", &error), "sqs:ReceiveMessage", &queue.name)
        })?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(Message::from_sdk).collect())
    }

    /// Sends a batch once. An entry counts as sent only when SQS names it and its MD5 is that of our body.
    ///
    /// # Errors
    /// The whole call was refused.
    pub async fn send_once(&self, queue: &Queue, messages: &[&Outgoing]) -> Result<Attempt<Sent>, EntryFailure> {
        let entries = messages.iter().enumerate().map(|(position, message)| message.to_entry(position)).collect();
        let call = self.once.send_message_batch().queue_url(&queue.url).set_entries(Some(entries));
        let answer = call.send().await.map_err(|error| refused_call(service_error("SQS", &error)))?;
        let sent = answer.successful.into_iter().filter_map(|entry| {
            let position: usize = entry.id.parse().ok()?;
            let intact = messages.get(position)?.body_md5() == entry.md5_of_message_body;
            Some((
                position,
                if intact { Ok(Sent { id: entry.message_id, maybe_twice: false }) } else { Err(altered()) },
            ))
        });
        Ok(sent.chain(answer.failed.iter().filter_map(failed)).collect())
    }

    /// Deletes a batch of received messages once, by their receipts.
    ///
    /// # Errors
    /// The whole call was refused.
    pub async fn delete_once(&self, queue: &Queue, receipts: &[&str]) -> Result<Attempt<()>, EntryFailure> {
        let entry = |(position, receipt): (usize, &&str)| {
            let entry = DeleteMessageBatchRequestEntry::builder().id(position.to_string()).receipt_handle(*receipt);
            entry.build().expect("id and receipt are set")
        };
        let entries = receipts.iter().enumerate().map(entry).collect();
        let call = self.once.delete_message_batch().queue_url(&queue.url).set_entries(Some(entries));
        let answer = call.send().await.map_err(|error| refused_call(service_error("SQS", &error)))?;
        let done = answer.successful.iter().filter_map(|entry| Some((entry.id.parse().ok()?, Ok(()))));
        Ok(done.chain(answer.failed.iter().filter_map(failed)).collect())
    }

    /// Sets for how many seconds a batch of received messages stays invisible; 0 gives them back.
    ///
    /// # Errors
    /// The whole call was refused.
    pub async fn hide_once(&self, queue: &Queue, receipts: &[&str], seconds: i32) -> Result<Attempt<()>, EntryFailure> {
        let entry = |(position, receipt): (usize, &&str)| {
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(position.to_string());
            entry.receipt_handle(*receipt).visibility_timeout(seconds).build().expect("id and receipt are set")
        };
        let entries = receipts.iter().enumerate().map(entry).collect();
        let call = self.client.change_message_visibility_batch().queue_url(&queue.url).set_entries(Some(entries));
        let answer = call.send().await.map_err(|error| refused_call(service_error("SQS", &error)))?;
        let done = answer.successful.iter().filter_map(|entry| Some((entry.id.parse().ok()?, Ok(()))));
        Ok(done.chain(answer.failed.iter().filter_map(failed)).collect())
    }
}

fn failed<O>(entry: &BatchResultErrorEntry) -> Option<(usize, Result<O, EntryFailure>)> {
    refused_entry(entry.id(), entry.code(), entry.message(), entry.sender_fault())
}

/// SQS took something else than was sent: it must not be taken for done, nor sent again and again.
fn altered() -> EntryFailure {
    EntryFailure {
        code: "BodyAltered".to_owned(),
        message: "SQS answers with another MD5 than that of the body".to_owned(),
        sender_fault: true,
    }
}
