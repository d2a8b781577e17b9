//! `s3queue` against the local deployment: what it sends is judged by what arrives, decoded as the log processor does.

mod bounds;
mod faults;
mod keys;
mod lists;
mod refusals;
mod resuming;
mod runbooks;
mod selection;

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::support::{FaultProxy, Home, Outcome, Sandbox, Tool, program, tool};

/// A bucket with objects and a queue, both of one test.
pub struct Scene {
    pub sandbox: &'static Sandbox,
    pub home: Home,
    pub bucket: String,
    pub queue: String,
    pub url: String,
}

impl Scene {
    /// A queue, and a bucket without objects.
    pub fn new() -> Self {
        let sandbox = Sandbox::shared();
        let (bucket, queue) = (sandbox.name("bucket"), sandbox.name("queue"));
        sandbox.s3().create(&bucket);
        let url = sandbox.sqs().create(&queue);
        Self { sandbox, home: Home::new(), bucket, queue, url }
    }

    /// With so many objects `p/0000.log` and so on.
    pub fn with_objects(count: usize) -> Self {
        let scene = Self::new();
        scene.put((0..count).map(|number| format!("p/{number:04}.log")));
        scene
    }

    pub fn put(&self, keys: impl IntoIterator<Item = String>) {
        self.sandbox.s3().put(&self.bucket, keys.into_iter().map(|key| (key, "line\n")));
    }

    pub fn path(&self, prefix: &str) -> String {
        format!("s3://{}/{prefix}", self.bucket)
    }

    /// The tool in this scene's home, for this scene's queue.
    pub fn tool(&self) -> Tool {
        tool("s3queue").sandbox(self.sandbox).home(&self.home).args(["--queue", &self.queue])
    }

    /// The tool for this scene's objects below `p/`, which belong to no source.
    pub fn forced(&self) -> Tool {
        self.tool().args(["--force", "--s3path", &self.path("p/")])
    }

    /// The tool with a proxy before SQS.
    pub fn behind(&self, proxy: &FaultProxy) -> Tool {
        self.forced().env("AWS_ENDPOINT_URL_SQS", proxy.url())
    }

    pub fn sqs_proxy(&self) -> FaultProxy {
        FaultProxy::before(&self.sandbox.endpoint("sqs"))
    }

    /// How often each key arrived.
    pub fn arrived(&self) -> BTreeMap<String, usize> {
        let mut keys = BTreeMap::new();
        for (body, messages) in self.sandbox.sqs().drain(&self.url) {
            for (_, key, _) in named_objects(&body) {
                *keys.entry(key).or_default() += messages.len();
            }
        }
        keys
    }

    pub fn waiting(&self) -> u64 {
        self.sandbox.sqs().counts(&self.url).visible as u64
    }

    /// What the model of Panther's consumer makes of the queue: a line per object.
    pub fn consumed(&self) -> Vec<Value> {
        let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/sandbox");
        let folder = self.sandbox.folder().display().to_string();
        program(script).args(["consume", &self.queue, "--jsonl", "--state", &folder]).run().stdout_json_lines()
    }
}

/// Bucket, key and size of each object of a message, decoded as the log processor does.
pub fn named_objects(body: &str) -> Vec<(String, String, i64)> {
    let envelope: Value = serde_json::from_str(body).expect("the body is JSON");
    let notice: Value =
        serde_json::from_str(envelope["Message"].as_str().expect("Message is a string")).expect("JSON in JSON");
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    if let Some(keys) = notice["s3ObjectKey"].as_array() {
        return keys.iter().map(|key| (text(&notice["s3Bucket"]), text(key), -1)).collect();
    }
    let records = notice["Records"].as_array().expect("records");
    let object = |record: &Value| {
        let key = percent_decode_str(record["s3"]["object"]["key"].as_str().expect("a key")).decode_utf8();
        let size = record["s3"]["object"]["size"].as_i64().expect("a size");
        (text(&record["s3"]["bucket"]["name"]), key.expect("UTF-8").into_owned(), size)
    };
    records.iter().map(object).collect()
}

/// A number of the report's summary.
pub fn summary(outcome: &Outcome, name: &str) -> u64 {
    outcome.stdout_json()["summary"][name].as_u64().unwrap_or_default()
}
