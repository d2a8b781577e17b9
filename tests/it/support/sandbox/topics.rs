//! Verbs for topics: make one, and subscribe queues to it that its messages can reach.

use aws_credential_types::Credentials;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::{BehaviorVersion, Region};
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

use super::super::loopback::wait;
use super::Sandbox;

/// Topics through the SDK.
pub struct Topics {
    client: Client,
}

impl Topics {
    pub(super) fn of(sandbox: &Sandbox) -> Self {
        let config = aws_sdk_sns::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(sandbox.region().to_owned()))
            .endpoint_url(sandbox.endpoint("sns"))
            .credentials_provider(Credentials::new(sandbox.access_key(), sandbox.secret_key(), None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http());
        Self { client: Client::from_conf(config.build()) }
    }

    /// The SDK's client, for what has no verb here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Makes a topic and returns its ARN.
    pub fn create(&self, name: &str) -> String {
        let call = self.client.create_topic().name(name);
        let call = if name.ends_with(".fifo") { call.attributes("FifoTopic", "true") } else { call };
        let created = wait(call.send()).unwrap_or_else(|error| panic!("creating `{name}`: {error:?}"));
        created.topic_arn().expect("a new topic has an ARN").to_owned()
    }

    /// Subscribes a queue, which gets messages without SNS's envelope, those that `filter` wants (an empty one:
    /// all); lets the topic send to it, as the queue's policy must.
    pub fn subscribe(&self, topic: &str, sandbox: &Sandbox, queue_url: &str, filter: &str) {
        let (sqs, queue) = (sandbox.sqs(), sandbox.sqs().arn(queue_url));
        let policy = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" }, "Action": "sqs:SendMessage",
            "Resource": queue, "Condition": { "ArnEquals": { "aws:SourceArn": topic } } }] });
        let allowing = sqs.client().set_queue_attributes().queue_url(queue_url);
        let allowed = wait(allowing.attributes(QueueAttributeName::Policy, policy.to_string()).send());
        allowed.unwrap_or_else(|error| panic!("the policy of `{queue_url}`: {error:?}"));
        let subscribing = self.client.subscribe().topic_arn(topic).protocol("sqs").endpoint(queue);
        let mut subscribing = subscribing.attributes("RawMessageDelivery", "true");
        if !filter.is_empty() {
            subscribing = subscribing.attributes("FilterPolicy", filter);
        }
        let subscribed = wait(subscribing.send());
        subscribed.unwrap_or_else(|error| panic!("subscribing `{queue_url}`: {error:?}"));
    }
}
