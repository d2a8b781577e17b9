//! `--summary`: where the messages of a dead-letter queue came from, so that one knows which consumer to mend.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use opstools::aws::sqs::Message;
use opstools::run::{Counter, Run};
use opstools::ui::{Align, Table, count};
use serde_json::{Value, json};

use crate::errand::Fate;
use crate::look::Form;

/// Parts of an object's key that tell what kind of data it is: enough for `logs/table/` and `AWSLogs/account/service/`.
const KEY_PARTS: usize = 3;

/// Distinct origins kept; a queue with more is counted under `other`.
const MOST_ORIGINS: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Origin {
    queue: String,
    source: String,
    kind: String,
    id: String,
    place: String,
}

#[derive(Clone, Debug, Default)]
struct Group {
    messages: u64,
    oldest: Option<Timestamp>,
    newest: Option<Timestamp>,
}

/// Counts messages by origin.
pub struct Tally {
    form: Form,
    run: Run,
    groups: Mutex<BTreeMap<Origin, Group>>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(form: Form, run: Run) -> Self {
        Self { form, run, groups: Mutex::default() }
    }

    /// Counts a batch of a queue.
    pub fn count(&self, queue: &str, batch: Vec<Message>) -> Vec<(Message, Fate)> {
        self.run.stats.add(Counter::Done, batch.len() as u64);
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        for message in &batch {
            let mut origin = origin(queue, message);
            if groups.len() >= MOST_ORIGINS && !groups.contains_key(&origin) {
                origin = Origin { queue: queue.to_owned(), source: "other".to_owned(), ..Origin::default() };
            }
            let group = groups.entry(origin).or_default();
            group.messages += 1;
            let sent = message.sent_at();
            group.oldest = [group.oldest, sent].into_iter().flatten().min();
            group.newest = [group.newest, sent].into_iter().flatten().max();
        }
        drop(groups);
        batch.into_iter().map(|message| (message, Fate::Keep)).collect()
    }

    /// Shows the counts, largest first.
    pub fn finish(&self) {
        let groups = std::mem::take(&mut *self.groups.lock().unwrap_or_else(PoisonError::into_inner));
        let mut groups: Vec<(Origin, Group)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.messages));
        match self.form {
            Form::Table { terminal } => (self.run.rows)(&table(&groups, terminal)),
            _ => {
                let all: Vec<Value> = groups.iter().map(as_json).collect();
                (self.run.rows)(&format!("{:#}\n", Value::Array(all)));
            }
        }
    }
}

fn as_json((origin, group): &(Origin, Group)) -> Value {
    json!({
        "queue": origin.queue,
        "source": origin.source,
        "type": origin.kind,
        "id": origin.id,
        "place": origin.place,
        "messages": group.messages,
        "oldest": group.oldest.map(|time| time.to_string()),
        "newest": group.newest.map(|time| time.to_string()),
    })
}

fn table(groups: &[(Origin, Group)], terminal: bool) -> String {
    let mut table = Table::new(&[
        ("messages", Align::Right),
        ("queue", Align::Left),
        ("came from", Align::Left),
        ("type", Align::Left),
        ("id", Align::Left),
        ("objects in", Align::Left),
        ("oldest", Align::Left),
        ("newest", Align::Left),
    ]);
    for (origin, group) in groups {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        let messages = if terminal { count(group.messages) } else { group.messages.to_string() };
        table.row(vec![
            messages,
            origin.queue.clone(),
            origin.source.clone(),
            origin.kind.clone(),
            origin.id.clone(),
            origin.place.clone(),
            time(group.oldest),
            time(group.newest),
        ]);
    }
    table.render(terminal)
}

fn origin(queue: &str, message: &Message) -> Origin {
    let attribute =
        |name: &str| message.attributes.get(name).and_then(|value| value.string.clone()).unwrap_or_default();
    let source = message.system("DeadLetterQueueSourceArn").unwrap_or_default();
    Origin {
        queue: queue.to_owned(),
        source: source.rsplit(':').next().unwrap_or_default().to_owned(),
        kind: attribute("type"),
        id: attribute("id"),
        place: place(&message.body).unwrap_or_default(),
    }
}

/// Bucket and first parts of the key of the object that a notification tells of, with or without an SNS envelope.
fn place(body: &str) -> Option<String> {
    let outer: Value = serde_json::from_str(body).ok()?;
    let inner: Option<Value> = outer["Message"].as_str().and_then(|text| serde_json::from_str(text).ok());
    let event = inner.as_ref().unwrap_or(&outer);
    let (bucket, key) = match event["Records"].get(0) {
        Some(record) => (record["s3"]["bucket"]["name"].as_str()?, record["s3"]["object"]["key"].as_str()?),
        None => (event["s3Bucket"].as_str()?, event["s3ObjectKey"].get(0)?.as_str()?),
    };
    let parts: Vec<&str> = key.split('/').collect();
    let folders = &parts[..parts.len().saturating_sub(1).min(KEY_PARTS)];
    Some(format!("s3://{bucket}/{}", folders.iter().map(|part| format!("{part}/")).collect::<String>()))
}
