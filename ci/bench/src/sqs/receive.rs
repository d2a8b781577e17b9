//! ReceiveMessage: the one call that waits, and that answers what was asked for only.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep_until};

use super::{
    broker::{Broker, now_millis, read},
    digest::md5_of_attributes,
    fault::Fault,
    message::{Attributes, Message},
    queue::Receipt,
    visibility::MAX_SECONDS,
};

const MAX_MESSAGES: usize = 10;
const MAX_WAIT_SECONDS: u64 = 20;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameters {
    queue_url: String,
    #[serde(default = "one")]
    max_number_of_messages: usize,
    visibility_timeout: Option<u64>,
    wait_time_seconds: Option<u64>,
    /// The older name of the next field; both are honoured.
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
    #[serde(default)]
    message_attribute_names: Vec<String>,
}

fn one() -> usize {
    1
}

impl Parameters {
    fn check(&self) -> Result<(), Fault> {
        if !(1..=MAX_MESSAGES).contains(&self.max_number_of_messages) {
            return Err(Fault::invalid_parameter("MaxNumberOfMessages must be between 1 and 10"));
        }
        if self.wait_time_seconds.is_some_and(|seconds| seconds > MAX_WAIT_SECONDS) {
            return Err(Fault::invalid_parameter("WaitTimeSeconds must be between 0 and 20"));
        }
        if self.visibility_timeout.is_some_and(|seconds| seconds > MAX_SECONDS) {
            return Err(Fault::invalid_parameter("VisibilityTimeout must be between 0 and 43200"));
        }
        Ok(())
    }

    fn render(&self, receipt: Receipt, message: &Message) -> Value {
        let mut fields = Map::new();
        fields.insert("MessageId".to_owned(), message.id.clone().into());
        fields.insert("ReceiptHandle".to_owned(), receipt.to_handle().into());
        fields.insert("Body".to_owned(), message.given.body.clone().into());
        fields.insert("MD5OfBody".to_owned(), message.md5_of_body.clone().into());
        let system = self.system_attributes(message);
        if !system.is_empty() {
            fields.insert("Attributes".to_owned(), system.into());
        }
        let attributes = self.message_attributes(message);
        if let Some(md5) = md5_of_attributes(&attributes) {
            let rendered: Map<String, Value> =
                attributes.iter().map(|(name, attribute)| (name.clone(), attribute.to_json())).collect();
            fields.insert("MessageAttributes".to_owned(), rendered.into());
            fields.insert("MD5OfMessageAttributes".to_owned(), md5.into());
        }
        fields.into()
    }

    fn system_attributes(&self, message: &Message) -> Map<String, Value> {
        let asked = || self.attribute_names.iter().chain(&self.message_system_attribute_names);
        let all = message.system_attributes().into_iter();
        all.filter(|(name, _)| asked().any(|wanted| wanted == name || wanted == "All"))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect()
    }

    /// Names are exact, `All`, `.*`, or a beginning followed by `.*`.
    fn message_attributes(&self, message: &Message) -> Attributes {
        let is_asked = |name: &str| {
            self.message_attribute_names.iter().any(|wanted| {
                wanted == name
                    || wanted == "All"
                    || wanted.strip_suffix(".*").is_some_and(|start| name.starts_with(start))
            })
        };
        message
            .given
            .attributes
            .iter()
            .filter(|(name, _)| is_asked(name))
            .map(|(n, a)| (n.clone(), a.clone()))
            .collect()
    }
}

/// Answers ReceiveMessage; waits as long as asked for a first message.
pub(super) async fn receive(broker: &Mutex<Broker>, body: &Value) -> Result<Value, Fault> {
    let parameters: Parameters = read(body)?;
    parameters.check()?;
    let lock = || broker.lock().unwrap_or_else(PoisonError::into_inner);
    let (arrivals, wait, visibility) = {
        let mut broker = lock();
        let queue = broker.by_url(&parameters.queue_url)?;
        let number = |name: &str| queue.settings.number(name);
        let wait = parameters.wait_time_seconds.unwrap_or_else(|| number("ReceiveMessageWaitTimeSeconds"));
        let visibility = parameters.visibility_timeout.unwrap_or_else(|| number("VisibilityTimeout"));
        (queue.arrivals.clone(), Duration::from_secs(wait), Duration::from_secs(visibility))
    };
    let deadline = Instant::now() + wait;
    loop {
        // Registered before looking, so that no arrival in between is missed.
        let arrival = arrivals.notified();
        tokio::pin!(arrival);
        arrival.as_mut().enable();
        let (messages, next_due) = take(&mut lock(), &parameters, visibility)?;
        if !messages.is_empty() {
            return Ok(json!({ "Messages": messages }));
        }
        if Instant::now() >= deadline {
            return Ok(json!({}));
        }
        let until = next_due.map_or(deadline, |due| due.min(deadline));
        tokio::select! {
            () = &mut arrival => {}
            () = sleep_until(until) => {}
        }
    }
}

fn take(
    broker: &mut Broker,
    parameters: &Parameters,
    visibility: Duration,
) -> Result<(Vec<Value>, Option<Instant>), Fault> {
    let queue = broker.by_url(&parameters.queue_url)?;
    let received = queue.receive(parameters.max_number_of_messages, visibility, now_millis())?;
    let (next_due, name) = (queue.next_due(), queue.name.clone());
    broker.give_up(&name, received.exhausted);
    let messages = received.messages.iter().map(|(receipt, message)| parameters.render(*receipt, message));
    Ok((messages.collect(), next_due))
}
