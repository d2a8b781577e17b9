//! `--peek`: shows messages and keeps them for giving back.

use std::sync::{Mutex, PoisonError};

use opstools::aws::sqs::{AttributeValue, Message};
use opstools::run::{Counter, Run};
use opstools::ui::{Align, Table, size};
use serde_json::{Map, Value, json};

use crate::errand::Fate;

/// How much of a body a row of the table shows.
const SHOWN_OF_BODY: usize = 80;

/// How messages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table.
    Table {
        /// For a person's eyes.
        terminal: bool,
    },
    /// One JSON array.
    Json,
    /// A JSON document per line.
    Lines,
}

/// Shows messages.
pub struct Peek {
    form: Form,
    run: Run,
    shown: Mutex<Vec<Message>>,
}

impl Peek {
    /// Shows in this form.
    pub fn new(form: Form, run: Run) -> Self {
        Self { form, run, shown: Mutex::default() }
    }

    /// Takes messages to show; lines are shown at once, tables and arrays at the end.
    pub fn show(&self, batch: Vec<Message>) -> Vec<(Message, Fate)> {
        self.run.stats.add(Counter::Done, batch.len() as u64);
        if self.form == Form::Lines {
            for message in &batch {
                (self.run.rows)(&format!("{}\n", as_json(message)));
            }
        } else {
            self.shown.lock().unwrap_or_else(PoisonError::into_inner).extend(batch.iter().cloned());
        }
        batch.into_iter().map(|message| (message, Fate::Keep)).collect()
    }

    /// Shows what was collected, oldest first.
    pub fn finish(&self) {
        let mut shown = std::mem::take(&mut *self.shown.lock().unwrap_or_else(PoisonError::into_inner));
        shown.sort_by_key(Message::sent_at);
        match self.form {
            Form::Lines => {}
            Form::Json => {
                let all: Vec<Value> = shown.iter().map(as_json).collect();
                (self.run.rows)(&format!("{:#}\n", Value::Array(all)));
            }
            Form::Table { terminal } => (self.run.rows)(&table(&shown, terminal)),
        }
    }
}

fn as_json(message: &Message) -> Value {
    let attributes: Map<String, Value> =
        message.attributes.iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
    json!({
        "id": message.id,
        "sent_at": message.sent_at().map(|sent| sent.to_string()),
        "receive_count": message.system("ApproximateReceiveCount").and_then(|count| count.parse::<u64>().ok()),
        "source_arn": message.system("DeadLetterQueueSourceArn"),
        "group_id": message.system("MessageGroupId"),
        "attributes": attributes,
        "body": message.body,
    })
}

fn attribute(value: &AttributeValue) -> Value {
    match &value.binary {
        Some(bytes) => json!({ "type": value.data_type, "bytes": bytes.len() }),
        None => json!({ "type": value.data_type, "value": value.string }),
    }
}

fn table(messages: &[Message], terminal: bool) -> String {
    let columns = [
        ("sent", Align::Left),
        ("receives", Align::Right),
        ("size", Align::Right),
        ("from", Align::Left),
        ("attributes", Align::Left),
        ("id", Align::Left),
        ("body", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for message in messages {
        table.row(row(message, terminal));
    }
    table.render(terminal)
}

fn row(message: &Message, terminal: bool) -> Vec<String> {
    let text = |name: &str| message.system(name).unwrap_or_default().to_owned();
    let attributes = message
        .attributes
        .iter()
        .map(|(name, value)| format!("{name}={}", value.string.as_deref().unwrap_or("(binary)")));
    let body = if terminal { message.body.chars().take(SHOWN_OF_BODY).collect() } else { message.body.clone() };
    vec![
        message.sent_at().map(|sent| sent.to_string()).unwrap_or_default(),
        text("ApproximateReceiveCount"),
        size(message.body.len() as u64),
        text("DeadLetterQueueSourceArn").rsplit(':').next().unwrap_or_default().to_owned(),
        attributes.collect::<Vec<_>>().join(" "),
        message.id.clone(),
        body,
    ]
}
