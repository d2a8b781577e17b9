//! Verbs for topics: make one, and let queues hear what passes a filter.

use aws_credential_types::Credentials;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::{BehaviorVersion, Region};

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
        let call = self.client.subscribe().topic_arn(topic_arn).protocol("sqs").endpoint(queue_arn);
        let call = call.attributes("RawMessageDelivery", "true");
        let call = if filter.is_empty() { call } else { call.attributes("FilterPolicy", filter) };
        wait(call.send()).unwrap_or_else(|error| panic!("subscribing `{queue_arn}`: {error:?}"));
    }
}
