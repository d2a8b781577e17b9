//! A topic as an end of the one batch sender.

use std::collections::HashMap;

use aws_sdk_sns::primitives::Blob;
use aws_sdk_sns::types::{BatchResultErrorEntry, MessageAttributeValue, PublishBatchRequestEntry};

use super::{Sns, Topic};
use crate::aws::outgoing::{AttributeValue, Outgoing, Sent};
use crate::aws::sender::{BatchEnd, refused_call, refused_entry};
use crate::aws::service_error;
use crate::run::{Attempt, EntryFailure};

/// A topic to which batches are published.
#[derive(Clone, Copy, Debug)]
pub struct TopicEnd<'a> {
    /// SNS in the topic's region.
    pub sns: &'a Sns,
    /// The topic.
    pub topic: &'a Topic,
}

impl BatchEnd for TopicEnd<'_> {
    async fn send_once(&self, messages: &[&Outgoing]) -> Result<Attempt<Sent>, EntryFailure> {
        let entries = messages.iter().enumerate().map(|(position, message)| entry(position, message)).collect();
        let call = self.sns.once.publish_batch().topic_arn(&self.topic.arn);
        let call = call.set_publish_batch_request_entries(Some(entries));
        let answer = call.send().await.map_err(|error| refused_call(service_error("SNS", &error)))?;
        let published = answer.successful.unwrap_or_default().into_iter().filter_map(|entry| {
            let sent = Sent { id: entry.message_id.unwrap_or_default(), maybe_twice: false };
            Some((entry.id?.parse().ok()?, Ok(sent)))
        });
        Ok(published.chain(answer.failed.unwrap_or_default().iter().filter_map(failed)).collect())
    }

    fn name(&self) -> String {
        format!("topic `{}`", self.topic.name)
    }

    fn drops_copies(&self) -> bool {
        self.topic.is_fifo()
    }

    fn attempts(&self) -> u32 {
        self.sns.session.attempts()
    }
}

fn entry(position: usize, message: &Outgoing) -> PublishBatchRequestEntry {
    let attributes: HashMap<String, MessageAttributeValue> =
        message.attributes.iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
    PublishBatchRequestEntry::builder()
        .id(position.to_string())
        .message(&message.body)
        .set_message_attributes((!attributes.is_empty()).then_some(attributes))
        .set_message_group_id(message.group_id.clone())
        .set_message_deduplication_id(message.dedup_id.clone())
        .build()
        .expect("id and message are set")
}

fn attribute(value: &AttributeValue) -> MessageAttributeValue {
    let builder = MessageAttributeValue::builder().data_type(&value.data_type);
    let builder = builder.set_string_value(value.string.clone()).set_binary_value(value.binary.clone().map(Blob::new));
    builder.build().expect("the data type is set")
}

fn failed<O>(entry: &BatchResultErrorEntry) -> Option<(usize, Result<O, EntryFailure>)> {
    refused_entry(entry.id(), entry.code(), entry.message(), entry.sender_fault())
}
