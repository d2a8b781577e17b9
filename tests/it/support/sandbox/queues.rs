//! Verbs for queues: make one with its dead-letter queue, fill it, count it, empty it completely.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, MessageSystemAttributeName, QueueAttributeName as Name};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;

use super::super::loopback::wait;
use super::{Message, Sandbox};

/// Seconds that a received message stays unseen: a busy machine deletes it late, and met again it would look like a copy.
const UNSEEN_WHILE_DELETED: i32 = 120;

/// SQS: entries of one batch request.
const BATCH: usize = 10;
/// Batches under way at a time; the emulator does not get faster with more.
const CONCURRENCY: usize = 4;
/// Messages left in flight by a killed tool return only after their visibility timeout.
const DRAIN_PATIENCE: Duration = Duration::from_secs(60);
/// How long a message received by nobody in particular stays hidden in queues made here, in seconds. A killed tool's
/// messages return so soon that tests can wait for them.
const VISIBILITY_TIMEOUT: &str = "5";

/// Queues through the SDK.
pub struct Queues {
    client: Client,
}

/// The approximate numbers of a queue, which are exact in the local deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Can be received.
    pub visible: usize,
    /// Received and not deleted.
    pub in_flight: usize,
    /// Not to be received yet.
    pub delayed: usize,
}

impl Queues {
    pub(super) fn of(sandbox: &Sandbox) -> Self {
        Self::at(&sandbox.endpoint("sqs"), sandbox.region(), sandbox.access_key(), sandbox.secret_key())
    }

    /// Queues of any endpoint, a fault proxy's for instance.
    pub fn at(url: &str, region: &str, access_key: &str, secret_key: &str) -> Self {
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(url)
            .credentials_provider(Credentials::new(access_key, secret_key, None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http());
        Self { client: Client::from_conf(config.build()) }
    }

    /// The SDK's client, for what has no verb here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Makes a standard queue and returns its URL.
    pub fn create(&self, name: &str) -> String {
        self.create_with(name, &[(Name::VisibilityTimeout, VISIBILITY_TIMEOUT.to_owned())])
    }

    /// Makes a FIFO queue, whose name gets its suffix here, and returns its URL.
    pub fn create_fifo(&self, name: &str) -> String {
        let fifo = (Name::FifoQueue, "true".to_owned());
        let attributes = [fifo, (Name::VisibilityTimeout, VISIBILITY_TIMEOUT.to_owned())];
        self.create_with(&format!("{name}.fifo"), &attributes)
    }

    /// Makes a queue and `<name>-dlq`, to which it gives what was received so often; returns both URLs.
    pub fn create_with_dlq(&self, name: &str, max_receive_count: u32) -> (String, String) {
        let dead_letters = self.create(&format!("{name}-dlq"));
        let policy = json!({ "deadLetterTargetArn": self.arn(&dead_letters), "maxReceiveCount": max_receive_count });
        let attributes =
            [(Name::RedrivePolicy, policy.to_string()), (Name::VisibilityTimeout, VISIBILITY_TIMEOUT.to_owned())];
        (self.create_with(name, &attributes), dead_letters)
    }

    /// Makes a queue with any attributes.
    pub fn create_with(&self, name: &str, attributes: &[(Name, String)]) -> String {
        let attributes = attributes.iter().cloned().collect();
        let created = wait(self.client.create_queue().queue_name(name).set_attributes(Some(attributes)).send());
        let created = created.unwrap_or_else(|error| panic!("creating `{name}`: {error:?}"));
        created.queue_url().expect("a new queue has a URL").to_owned()
    }

    /// The ARN of a queue.
    pub fn arn(&self, url: &str) -> String {
        self.attribute(url, Name::QueueArn).expect("every queue has an ARN")
    }

    /// One attribute of a queue, if it has it.
    pub fn attribute(&self, url: &str, name: Name) -> Option<String> {
        let answer = wait(self.client.get_queue_attributes().queue_url(url).attribute_names(name.clone()).send());
        let answer = answer.unwrap_or_else(|error| panic!("attributes of `{url}`: {error:?}"));
        answer.attributes().and_then(|attributes| attributes.get(&name)).cloned()
    }

    /// How many messages there are.
    pub fn counts(&self, url: &str) -> Counts {
        let count = |name| self.attribute(url, name).and_then(|count| count.parse().ok()).unwrap_or(0);
        Counts {
            visible: count(Name::ApproximateNumberOfMessages),
            in_flight: count(Name::ApproximateNumberOfMessagesNotVisible),
            delayed: count(Name::ApproximateNumberOfMessagesDelayed),
        }
    }

    /// Sends messages, several batches at a time; FIFO queues get them in order.
    pub fn send(&self, url: &str, messages: &[Message]) {
        let concurrency = if url.ends_with(".fifo") { 1 } else { CONCURRENCY };
        let batches: Vec<&[Message]> = messages.chunks(BATCH).collect();
        let sending = stream::iter(batches).map(|batch| self.send_batch(url, batch)).buffered(concurrency);
        wait(sending.collect::<()>());
    }

    /// Sends this many messages, `body-00000` and so on, each with its number as an attribute.
    pub fn send_numbered(&self, url: &str, count: usize) -> Vec<Message> {
        let message = |number: usize| Message::new(format!("body-{number:05}")).text("number", &number.to_string());
        let messages: Vec<Message> = (0..count).map(message).collect();
        self.send(url, &messages);
        messages
    }

    async fn send_batch(&self, url: &str, batch: &[Message]) {
        let entries = batch.iter().enumerate().map(|(id, message)| message.entry(id)).collect();
        let sent = self.client.send_message_batch().queue_url(url).set_entries(Some(entries)).send().await;
        let sent = sent.unwrap_or_else(|error| panic!("sending to `{url}`: {error:?}"));
        assert!(sent.failed().is_empty(), "sending to `{url}`: {:?}", sent.failed());
    }

    /// Receives and deletes until nothing is left, in flight or delayed either; all messages by their bodies, so
    /// that a body with two messages is a duplicate.
    pub fn drain(&self, url: &str) -> BTreeMap<String, Vec<Message>> {
        let deadline = Instant::now() + DRAIN_PATIENCE;
        let mut all: BTreeMap<String, Vec<Message>> = BTreeMap::new();
        loop {
            let received = wait(self.take(url));
            // Asked twice: in the moment in which a message becomes visible again, it is counted neither as hidden nor as visible.
            if received.is_empty() && (0..2).all(|_| self.counts(url) == Counts::default()) {
                return all;
            }
            assert!(Instant::now() < deadline, "`{url}` does not get empty: {:?}", self.counts(url));
            for message in received {
                all.entry(message.body.clone()).or_default().push(message);
            }
        }
    }

    /// Receives up to some tens of messages and deletes them.
    async fn take(&self, url: &str) -> Vec<Message> {
        let concurrency = if url.ends_with(".fifo") { 1 } else { CONCURRENCY };
        let taking = stream::iter(0..concurrency).map(|_| self.take_batch(url)).buffered(concurrency);
        let batches: Result<Vec<Vec<Message>>, String> = taking.try_collect().await;
        batches.unwrap_or_else(|error| panic!("draining `{url}`: {error}")).concat()
    }

    async fn take_batch(&self, url: &str) -> Result<Vec<Message>, String> {
        let request = self.client.receive_message().queue_url(url).max_number_of_messages(10);
        let request = request.visibility_timeout(UNSEEN_WHILE_DELETED).message_attribute_names("All");
        let request = request.message_system_attribute_names(MessageSystemAttributeName::All);
        let received = request.send().await.map_err(|error| format!("{error:?}"))?;
        let handles = received.messages().iter().filter_map(|message| message.receipt_handle());
        let entries: Vec<_> = handles.enumerate().map(|(id, handle)| deletion(id, handle)).collect();
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let deleted = self.client.delete_message_batch().queue_url(url).set_entries(Some(entries)).send().await;
        let deleted = deleted.map_err(|error| format!("{error:?}"))?;
        if !deleted.failed().is_empty() {
            return Err(format!("{:?}", deleted.failed()));
        }
        Ok(received.messages().iter().map(Message::received).collect())
    }
}

fn deletion(id: usize, handle: &str) -> DeleteMessageBatchRequestEntry {
    let entry = DeleteMessageBatchRequestEntry::builder().id(id.to_string()).receipt_handle(handle);
    entry.build().expect("id and handle are there")
}
