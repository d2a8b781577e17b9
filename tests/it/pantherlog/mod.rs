//! `pantherlog`: logs from files, pipes and S3 become events; what is no log is told, and nothing stops silently.

mod bad_input;
mod inputs;
mod log_types;
mod old_lines;
mod outputs;
mod questions;
mod schemas;
mod stored;

use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Home, Outcome, Tool, tool};

/// A schema without a name.
pub const SCHEMA: &str = "\
version: 0
fields:
  - name: time
    type: timestamp
    timeFormat: rfc3339
    isEventTime: true
    required: true
  - name: user.name
    type: string
    indicators: [username]
  - name: size
    type: smallint
";

/// A home with the schema in `schema.yml`.
pub struct Scene {
    pub home: Home,
}

impl Scene {
    pub fn new() -> Self {
        let scene = Self { home: Home::new() };
        scene.home.write("schema.yml", SCHEMA);
        scene
    }

    /// The tool in this home, at a fixed time.
    pub fn tool(&self, words: &[&str]) -> Tool {
        tool("pantherlog")
            .home(&self.home)
            .folder(self.home.path())
            .env("OPSTOOLS_NOW", "2026-11-20T00:00:00Z")
            .args(words)
    }

    /// `parse` by the schema.
    pub fn parse(&self, words: &[&str]) -> Tool {
        self.tool(&["parse", "--path", "schema.yml"]).args(words)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        self.home.write(name, bytes)
    }
}

/// A log of the schema; its size is its number.
pub fn log(number: usize) -> String {
    format!("{{\"time\":\"2026-01-02T03:04:05Z\",\"user.name\":\"ada\",\"size\":{number}}}\n")
}

/// The sizes of the events, by which tests know their logs.
#[track_caller]
pub fn sizes(outcome: &Outcome) -> Vec<u64> {
    outcome.stdout_json_lines().iter().map(|event| event["size"].as_u64().expect("a size")).collect()
}

/// The report of a quiet run with `--json`.
#[track_caller]
pub fn report(outcome: &Outcome) -> Value {
    let mut documents = serde_json::Deserializer::from_slice(&outcome.stderr).into_iter();
    documents.next().and_then(Result::ok).unwrap_or_else(|| panic!("no report in stderr\n{outcome}"))
}
