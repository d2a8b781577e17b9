//! Verbs for topics: make one, and let queues hear what passes a filter.

use aws_credential_types::Credentials;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::{BehaviorVersion, Region};
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

use super::super::loopback::wait;
use super::{Queues, Sandbox};

/// Topics through the SDK.
pub struct Topics {
    client: Client,
    queues: Queues,
}

impl Topics {
    pub(super) fn of(sandbox: &Sandbox) -> Self {
        let config = aws_sdk_sns::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(sandbox.region().to_owned()))
            .endpoint_url(sandbox.endpoint("sns"))
            .credentials_provider(Credentials::new(sandbox.access_key(), sandbox.secret_key(), None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http());
        Self { client: Client::from_conf(config.build()), queues: sandbox.sqs() }
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

    /// Takes a topic away.
    pub fn delete(&self, topic_arn: &str) {
        let deleted = wait(self.client.delete_topic().topic_arn(topic_arn).send());
        deleted.unwrap_or_else(|error| panic!("deleting `{topic_arn}`: {error:?}"));
    }

    /// Lets a queue hear what passes the filter (an empty one lets everything pass), without an envelope.
    pub fn subscribe(&self, topic_arn: &str, queue_arn: &str, filter: &str) {
        self.admit(topic_arn, queue_arn);
        let call = self.client.subscribe().topic_arn(topic_arn).protocol("sqs").endpoint(queue_arn);
        let call = call.attributes("RawMessageDelivery", "true");
        let call = if filter.is_empty() { call } else { call.attributes("FilterPolicy", filter) };
        wait(call.send()).unwrap_or_else(|error| panic!("subscribing `{queue_arn}`: {error:?}"));
    }

    /// Gives the queue a policy that lets the topic send to it, without which it would hear nothing.
    fn admit(&self, topic_arn: &str, queue_arn: &str) {
        let policy = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" }, "Action": "sqs:SendMessage",
            "Resource": queue_arn, "Condition": { "ArnEquals": { "aws:SourceArn": topic_arn } } }] });
        let name = queue_arn.rsplit(':').next().unwrap_or_default();
        let sqs = self.queues.client();
        let found = wait(sqs.get_queue_url().queue_name(name).send());
        let found = found.unwrap_or_else(|error| panic!("looking for `{queue_arn}`: {error:?}"));
        let call = sqs.set_queue_attributes().set_queue_url(found.queue_url);
        let set = wait(call.attributes(QueueAttributeName::Policy, policy.to_string()).send());
        set.unwrap_or_else(|error| panic!("the policy of `{queue_arn}`: {error:?}"));
    }
}
