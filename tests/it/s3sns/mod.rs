//! `s3sns` against the local deployment: what it sends is judged by what arrives at each subscriber, behind real filters.

mod audiences;
mod direct;
mod faults;
mod hours;
mod lists;
mod refusals;
mod resuming;
mod runbooks;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Attribute, FaultProxy, Home, Message, Outcome, Sandbox, Tool, program, tool};

/// What the data catalog updater's subscription lets pass.
pub const CATALOG_FILTER: &str = r#"{"type":["LogData","RuleMatches","RuleErrors","CloudSecurity"]}"#;
/// What the rules engine's lets pass.
pub const RULES_FILTER: &str = r#"{"type":["LogData","CloudSecurity"]}"#;
/// What the scanner of cloud resources hears.
pub const EVENTS_FILTER: &str = r#"{"type":["LogData"],"id":["AWS.CloudTrail"]}"#;

/// The hour of keys that a test does not care about.
pub const HOUR: &str = "year=2026/month=03/day=01/hour=09";

/// A bucket and a topic with the subscribers of a deployment, all of one test.
pub struct Scene {
    pub sandbox: &'static Sandbox,
    pub home: Home,
    pub bucket: String,
    pub topic: String,
    pub topic_arn: String,
    pub catalog: Subscriber,
    pub rules: Subscriber,
    pub events: Subscriber,
    /// A subscriber without a filter, as Snowpipe is.
    pub open: Subscriber,
}

/// A queue that is subscribed.
pub struct Subscriber {
    pub name: String,
    pub url: String,
}

/// A message as a subscriber gets it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heard {
    pub bucket: String,
    pub key: String,
    pub size: i64,
    /// The attributes `type` and `id`.
    pub attributes: Option<(String, String)>,
}

impl Scene {
    /// Topic and subscribers, and a bucket without objects.
    pub fn new() -> Self {
        let sandbox = Sandbox::shared();
        let (bucket, topic) = (sandbox.name("processed"), sandbox.name("topic"));
        sandbox.s3().create(&bucket);
        let topic_arn = sandbox.sns().create(&topic);
        let subscribe = |kind: &str, filter: &str| {
            let name = sandbox.name(kind);
            let url = sandbox.sqs().create(&name);
            sandbox.sns().subscribe(&topic_arn, &sandbox.sqs().arn(&url), filter);
            Subscriber { name, url }
        };
        Self {
            catalog: subscribe("catalog", CATALOG_FILTER),
            rules: subscribe("panther-rules-engine-queue", RULES_FILTER),
            events: subscribe("events", EVENTS_FILTER),
            open: subscribe("open", ""),
            home: Home::new(),
            sandbox,
            bucket,
            topic,
            topic_arn,
        }
    }

    /// With so many logs of one type and hour.
    pub fn with_logs(count: usize) -> Self {
        let scene = Self::new();
        scene.put((0..count).map(|number| format!("logs/aws_cloudtrail/{HOUR}/{number:04}.json.gz")));
        scene
    }

    pub fn put(&self, keys: impl IntoIterator<Item = String>) {
        self.sandbox.s3().put(&self.bucket, keys.into_iter().map(|key| (key, "line\n")));
    }

    pub fn path(&self, prefix: &str) -> String {
        format!("s3://{}/{prefix}", self.bucket)
    }

    /// The tool in this scene's home, for this scene's topic.
    pub fn tool(&self) -> Tool {
        tool("s3sns").sandbox(self.sandbox).home(&self.home).args(["--topic", &self.topic])
    }

    /// The tool for the whole bucket.
    pub fn whole(&self) -> Tool {
        self.tool().args(["--s3path", &self.path("")])
    }

    /// The tool for the whole bucket, with a proxy before SNS.
    pub fn behind(&self, proxy: &FaultProxy) -> Tool {
        self.whole().env("AWS_ENDPOINT_URL_SNS", proxy.url())
    }

    pub fn sns_proxy(&self) -> FaultProxy {
        FaultProxy::before(&self.sandbox.endpoint("sns"))
    }

    /// Everything that a subscriber got.
    pub fn heard(&self, subscriber: &Subscriber) -> Vec<Heard> {
        let all = self.sandbox.sqs().drain(&subscriber.url);
        let mut heard: Vec<Heard> = all.into_values().flatten().flat_map(|message| heard_of(&message)).collect();
        heard.sort();
        heard
    }

    /// How often each key arrived at a subscriber.
    pub fn arrived(&self, subscriber: &Subscriber) -> BTreeMap<String, usize> {
        let mut keys = BTreeMap::new();
        for heard in self.heard(subscriber) {
            *keys.entry(heard.key).or_default() += 1;
        }
        keys
    }

    pub fn waiting(&self, subscriber: &Subscriber) -> usize {
        self.sandbox.sqs().counts(&subscriber.url).visible
    }

    /// What the model of the rules engine makes of its queue: a line per object.
    pub fn judged(&self, queue: &str) -> Vec<Value> {
        let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/sandbox");
        let folder = self.sandbox.folder().display().to_string();
        program(script).args(["consume", queue, "--jsonl", "--state", &folder]).run().stdout_json_lines()
    }
}

/// What a message says, read as subscribers of processed data do: no envelope, keys as they stand.
pub fn heard_of(message: &Message) -> Vec<Heard> {
    let body: Value = serde_json::from_str(&message.body).expect("the body is JSON");
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let attribute = |name: &str| match message.attributes.get(name)? {
        Attribute::Text(data_type, text) if data_type == "String" => Some(text.clone()),
        other => panic!("attribute `{name}` is {other:?}"),
    };
    let attributes = attribute("type").zip(attribute("id"));
    assert_eq!(attributes.is_some(), !message.attributes.is_empty(), "both attributes or none: {message:?}");
    let record = |record: &Value| {
        assert_eq!((&record["eventVersion"], &record["eventSource"]), (&Value::from("2.0"), &Value::from("aws:s3")));
        assert_eq!(record["eventName"], "ObjectCreated:Put");
        let entity = &record["s3"];
        Heard {
            bucket: text(&entity["bucket"]["name"]),
            key: text(&entity["object"]["key"]),
            size: entity["object"]["size"].as_i64().expect("a size"),
            attributes: attributes.clone(),
        }
    };
    body["Records"].as_array().expect("records").iter().map(record).collect()
}

/// A number of the report's summary.
pub fn summary(outcome: &Outcome, name: &str) -> u64 {
    outcome.stdout_json()["summary"][name].as_u64().unwrap_or_default()
}

/// How many objects a dry run found.
pub fn estimate(outcome: &Outcome) -> u64 {
    outcome.stdout_json()["plan"]["estimate"]["items"].as_u64().expect("a dry run has an estimate")
}
