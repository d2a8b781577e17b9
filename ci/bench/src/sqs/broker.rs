//! All queues, and the calls on them that need no waiting.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{
    attributes::{Settings, arn, redrive_policy},
    fault::Fault,
    message::{Message, NewMessage},
    queue::Queue,
    sts::ACCOUNT,
};

/// A queue the server starts with.
#[derive(Clone, Debug, Default)]
pub struct QueueSetup {
    /// Name of the queue.
    pub name: String,
    /// Name of its dead-letter queue and the receives after which a message goes there.
    pub dead_letters: Option<(String, u32)>,
    /// Attributes that differ from SQS's defaults, such as `VisibilityTimeout`.
    pub attributes: Vec<(String, String)>,
    /// Messages already in it.
    pub messages: Vec<NewMessage>,
}

impl QueueSetup {
    /// An empty queue.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The same queue holding `count` messages as a dead-letter queue of log notifications holds them: some 900
    /// bytes of S3 event, no two alike, with the attributes `id` and `type`.
    pub fn filled(mut self, count: usize) -> Self {
        self.messages.extend((0..count).map(super::message::notification));
        self
    }
}

/// All queues.
#[derive(Debug, Default)]
pub(super) struct Broker {
    queues: BTreeMap<String, Queue>,
    /// Serials are given across all queues.
    last_serial: u64,
}

/// The parameters of calls that name a queue and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfQueue {
    queue_url: String,
}

impl Broker {
    /// A broker with these queues.
    pub fn with(setups: Vec<QueueSetup>) -> Self {
        let mut broker = Self::default();
        for setup in setups {
            let mut settings = Settings::default();
            for (name, value) in setup.attributes {
                settings.set(name, value);
            }
            if let Some((target, max_receives)) = &setup.dead_letters {
                settings.set("RedrivePolicy", redrive_policy(target, *max_receives));
            }
            broker.queues.insert(setup.name.clone(), Queue::new(setup.name.clone(), settings));
            for message in setup.messages {
                broker.put(&setup.name, message);
            }
        }
        broker
    }

    /// Puts a message into a queue, when there is such a queue; answers the message as stored.
    pub fn put(&mut self, queue: &str, given: NewMessage) -> Option<&Message> {
        self.last_serial += 1;
        let serial = self.last_serial;
        let queue = self.queues.get_mut(queue)?;
        let delay = given.delay_seconds.max(queue.settings.number("DelaySeconds"));
        let message = Message::new(message_id(serial), given, now_millis());
        queue.put(serial, message, Duration::from_secs(delay))
    }

    /// Moves messages received too often to the queue's dead-letter queue; id and send time stay, as in SQS.
    pub fn give_up(&mut self, source: &str, messages: Vec<Message>) {
        let Some(redrive) = self.queues.get(source).and_then(|queue| queue.settings.redrive()) else {
            return;
        };
        for mut message in messages {
            message.dead_letter_source.get_or_insert_with(|| arn(source));
            self.last_serial += 1;
            if let Some(target) = self.queues.get_mut(&redrive.target) {
                target.put(self.last_serial, message, Duration::ZERO);
            }
        }
    }

    /// The queue a URL names: the last part of its path.
    pub fn by_url(&mut self, url: &str) -> Result<&mut Queue, Fault> {
        self.named(url.rsplit('/').next().unwrap_or_default())
    }

    fn named(&mut self, name: &str) -> Result<&mut Queue, Fault> {
        self.queues.get_mut(name).ok_or_else(Fault::no_such_queue)
    }

    pub fn queues(&mut self) -> impl Iterator<Item = &mut Queue> {
        self.queues.values_mut()
    }

    pub fn create(&mut self, body: &Value, base: &str) -> Result<Value, Fault> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Parameters {
            queue_name: String,
            #[serde(default)]
            attributes: BTreeMap<String, String>,
        }
        let parameters: Parameters = read(body)?;
        let name = parameters.queue_name;
        let queue = self.queues.entry(name.clone()).or_insert_with(|| Queue::new(name, Settings::default()));
        for (attribute, value) in parameters.attributes {
            queue.settings.set(attribute, value);
        }
        Ok(json!({ "QueueUrl": url(base, &queue.name) }))
    }

    pub fn url_of(&mut self, body: &Value, base: &str) -> Result<Value, Fault> {
        let name = body["QueueName"].as_str().ok_or_else(|| Fault::missing("QueueName"))?;
        Ok(json!({ "QueueUrl": url(base, &self.named(name)?.name) }))
    }

    /// All queues whose name begins with the prefix; pages are not cut, as no benchmark has a thousand queues.
    pub fn list(&self, body: &Value, base: &str) -> Value {
        let prefix = body["QueueNamePrefix"].as_str().unwrap_or_default();
        let urls: Vec<String> =
            self.queues.keys().filter(|name| name.starts_with(prefix)).map(|name| url(base, name)).collect();
        json!({ "QueueUrls": urls })
    }

    pub fn dead_letter_sources(&mut self, body: &Value, base: &str) -> Result<Value, Fault> {
        let target = self.by_url(&read::<OfQueue>(body)?.queue_url)?.name.clone();
        let is_source = |queue: &&Queue| queue.settings.redrive().is_some_and(|redrive| redrive.target == target);
        let urls: Vec<String> = self.queues.values().filter(is_source).map(|queue| url(base, &queue.name)).collect();
        Ok(json!({ "queueUrls": urls }))
    }

    pub fn attributes(&mut self, body: &Value) -> Result<Value, Fault> {
        let queue = self.by_url(&read::<OfQueue>(body)?.queue_url)?;
        let counts = queue.counts();
        let computed = [
            ("QueueArn", arn(&queue.name)),
            ("ApproximateNumberOfMessages", counts.visible.to_string()),
            ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
            ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
        ];
        let settings = queue.settings.iter().map(|(name, value)| (name.as_str(), value.clone()));
        let asked: Vec<&str> =
            body["AttributeNames"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let wanted = |name: &str| asked.contains(&"All") || asked.contains(&name);
        let attributes: Map<String, Value> = computed
            .into_iter()
            .chain(settings)
            .filter(|(name, _)| wanted(name))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        Ok(json!({ "Attributes": attributes }))
    }

    pub fn set_attributes(&mut self, body: &Value) -> Result<Value, Fault> {
        let queue = self.by_url(&read::<OfQueue>(body)?.queue_url)?;
        for (name, value) in body["Attributes"].as_object().into_iter().flatten() {
            queue.settings.set(name, value.as_str().unwrap_or_default());
        }
        Ok(json!({}))
    }
}

/// Reads a call's parameters.
pub(super) fn read<P: DeserializeOwned>(body: &Value) -> Result<P, Fault> {
    P::deserialize(body).map_err(|error| Fault::unreadable(&error.to_string()))
}

/// Milliseconds since 1970.
pub(super) fn now_millis() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()
}

fn url(base: &str, name: &str) -> String {
    format!("{base}/{ACCOUNT}/{name}")
}

/// A UUID that is unique on this server.
fn message_id(serial: u64) -> String {
    format!("00000000-0000-4000-8000-{serial:012x}")
}
