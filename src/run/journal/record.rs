//! What stands in a journal: the header with the plan that it belongs to, and records, one JSON object per line.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::error::JournalError;

/// The version of the format; another one cannot be continued.
const FORMAT: u32 = 1;

/// What decides whether a journal belongs to a command: targets and selection as typed, not pace or output.
#[derive(Clone, Debug)]
pub struct PlanKey {
    /// The tool.
    pub tool: &'static str,
    /// Account, region, targets, selection.
    pub values: Value,
}

impl PlanKey {
    /// The plan hash: SHA-256 in hex over tool, format and values.
    #[must_use]
    pub fn hash(&self) -> String {
        let text = serde_json::json!([self.tool, FORMAT, self.values]).to_string();
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The first record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The format's version.
    pub format: u32,
    /// The tool that wrote it.
    pub tool: String,
    /// That tool's version.
    pub version: String,
    /// The plan it belongs to.
    pub plan_hash: String,
    /// When the first run started.
    pub started: Timestamp,
    /// Relative times and other things resolved once.
    pub resolved: Map<String, Value>,
}

/// One record after the header.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Entry {
    /// `intent`, `confirmed`, `failed`, `range_done`, `resumed`, `end`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The rest of the record.
    #[serde(flatten)]
    pub body: Map<String, Value>,
}

impl Header {
    /// Reads the first line of a journal; `None`: it is none of ours.
    pub(super) fn read(line: &str) -> Option<Self> {
        let entry = serde_json::from_str::<Entry>(line).ok().filter(|entry| entry.kind == "header")?;
        serde_json::from_value(Value::Object(entry.body)).ok()
    }

    /// Whether this tool and version can read what follows.
    ///
    /// # Errors
    /// Another tool wrote it, or it is in another format.
    pub(super) fn check(&self, path: &Path, tool: &str) -> Result<(), JournalError> {
        let foreign = |why: String| Err(JournalError::Foreign { path: path.to_owned(), why });
        if self.tool != tool {
            return foreign(format!("was written by `{}`", self.tool));
        }
        if self.format != FORMAT {
            return foreign(format!("has format {}, this version knows {FORMAT}", self.format));
        }
        Ok(())
    }

    /// The header of a new journal.
    pub(super) fn new(key: &PlanKey, started: Timestamp, resolved: Map<String, Value>) -> Header {
        Header {
            format: FORMAT,
            tool: key.tool.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            plan_hash: key.hash(),
            started,
            resolved,
        }
    }
}

/// One record as a line: its type first, then its body's members.
pub(super) fn line(kind: &str, body: &impl Serialize) -> Vec<u8> {
    #[derive(Serialize)]
    struct Line<'a, B> {
        r#type: &'a str,
        #[serde(flatten)]
        body: &'a B,
    }
    // Bodies are plain structs and maps of ours, which always serialise.
    let mut bytes = serde_json::to_vec(&Line { r#type: kind, body }).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
