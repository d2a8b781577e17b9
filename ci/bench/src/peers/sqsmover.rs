//! A loop like sqsmover's, by its published behaviour: one thread, short polls, two seconds of visibility, all
//! attributes; ends at the count it saw at first, or at an empty poll.

use anyhow::{Context, Result, bail};
use aws_sdk_sqs::{
    Client,
    types::{DeleteMessageBatchRequestEntry, Message, QueueAttributeName, SendMessageBatchRequestEntry},
};

use super::{Move, client};

const BATCH: i32 = 10;
const VISIBILITY_SECONDS: i32 = 2;

/// Moves messages and answers how many.
///
/// # Errors
/// Any call that fails after the SDK's retries, and any entry that was not sent: nothing of its batch is deleted.
pub async fn sqsmover(what: &Move) -> Result<u64> {
    let client = client::sqs(&what.endpoint_url);
    let from = client::queue_url(&client, &what.from).await?;
    let to = client::queue_url(&client, &what.to).await?;
    let expected = approximate_count(&client, &from).await?;
    let mut moved = 0;
    while moved < expected {
        let messages = receive(&client, &from).await?;
        if messages.is_empty() {
            break;
        }
        send(&client, &to, &messages).await?;
        delete(&client, &from, &messages).await?;
        moved += messages.len() as u64;
    }
    Ok(moved)
}

async fn approximate_count(client: &Client, url: &str) -> Result<u64> {
    let name = QueueAttributeName::ApproximateNumberOfMessages;
    let answer = client
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(name.clone())
        .send()
        .await
        .context("cannot count the messages")?;
    let count = answer.attributes().and_then(|attributes| attributes.get(&name)).context("no count")?;
    count.parse().context("the count is no number")
}

async fn receive(client: &Client, url: &str) -> Result<Vec<Message>> {
    let answer = client
        .receive_message()
        .queue_url(url)
        .wait_time_seconds(0)
        .max_number_of_messages(BATCH)
        .visibility_timeout(VISIBILITY_SECONDS)
        .message_attribute_names("All")
        .send()
        .await
        .context("cannot receive")?;
    Ok(answer.messages.unwrap_or_default())
}

async fn send(client: &Client, url: &str, messages: &[Message]) -> Result<()> {
    let mut call = client.send_message_batch().queue_url(url);
    for message in messages {
        let entry = SendMessageBatchRequestEntry::builder()
            .id(message.message_id().unwrap_or_default())
            .message_body(message.body().unwrap_or_default())
            .set_message_attributes(message.message_attributes.clone());
        call = call.entries(entry.build()?);
    }
    let answer = call.send().await.context("cannot send")?;
    if let Some(failed) = answer.failed.first() {
        bail!("the message `{}` was not sent: {}", failed.id, failed.code);
    }
    Ok(())
}

async fn delete(client: &Client, url: &str, messages: &[Message]) -> Result<()> {
    let mut call = client.delete_message_batch().queue_url(url);
    for message in messages {
        let entry = DeleteMessageBatchRequestEntry::builder()
            .id(message.message_id().unwrap_or_default())
            .receipt_handle(message.receipt_handle().unwrap_or_default());
        call = call.entries(entry.build()?);
    }
    let answer = call.send().await.context("cannot delete")?;
    if let Some(failed) = answer.failed.first() {
        bail!("the message `{}` was not deleted: {}", failed.id, failed.code);
    }
    Ok(())
}
