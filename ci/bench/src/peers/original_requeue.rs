//! The tool we replace, by its published behaviour: one thread; receive, send all, delete all; finished when a long
//! poll is empty.
//!
//! Kept as it was, faults included: entries that failed inside a successful batch answer are not looked at, and of
//! the attributes only `type` and `id` survive.

use anyhow::{Context, Result};
use aws_sdk_sqs::{
    Client,
    types::{DeleteMessageBatchRequestEntry, Message, SendMessageBatchRequestEntry},
};

use super::{Move, client};

const WAIT_SECONDS: i32 = 20;
const BATCH: i32 = 10;
const VISIBILITY_SECONDS: i32 = 40;
const KEPT_ATTRIBUTES: [&str; 2] = ["type", "id"];

/// Moves everything and answers how many messages; returns 20 seconds after the last one.
///
/// # Errors
/// Any call that fails after the SDK's retries.
pub async fn original_requeue(what: &Move) -> Result<u64> {
    let client = client::sqs(&what.endpoint_url);
    let from = client::queue_url(&client, &what.from).await?;
    let to = client::queue_url(&client, &what.to).await?;
    let mut moved = 0;
    loop {
        let messages = receive(&client, &from).await?;
        if messages.is_empty() {
            return Ok(moved);
        }
        send(&client, &to, &messages).await?;
        delete(&client, &from, &messages).await?;
        moved += messages.len() as u64;
    }
}

async fn receive(client: &Client, url: &str) -> Result<Vec<Message>> {
    let answer = client
        .receive_message()
        .queue_url(url)
        .wait_time_seconds(WAIT_SECONDS)
        .max_number_of_messages(BATCH)
        .visibility_timeout(VISIBILITY_SECONDS)
        .set_message_attribute_names(Some(KEPT_ATTRIBUTES.map(str::to_owned).to_vec()))
        .send()
        .await
        .context("cannot receive")?;
    Ok(answer.messages.unwrap_or_default())
}

async fn send(client: &Client, url: &str, messages: &[Message]) -> Result<()> {
    let mut call = client.send_message_batch().queue_url(url);
    for (index, message) in messages.iter().enumerate() {
        let entry = SendMessageBatchRequestEntry::builder()
            .id(index.to_string())
            .message_body(message.body().unwrap_or_default())
            .set_message_attributes(message.message_attributes.clone());
        call = call.entries(entry.build()?);
    }
    call.send().await.context("cannot send")?;
    Ok(())
}

async fn delete(client: &Client, url: &str, messages: &[Message]) -> Result<()> {
    let mut call = client.delete_message_batch().queue_url(url);
    for (index, message) in messages.iter().enumerate() {
        let entry = DeleteMessageBatchRequestEntry::builder()
            .id(index.to_string())
            .receipt_handle(message.receipt_handle().unwrap_or_default());
        call = call.entries(entry.build()?);
    }
    call.send().await.context("cannot delete")?;
    Ok(())
}
