//! What a run did: one shape for all tools, as JSON with stable names and as text.
//!
//! Counts are of what was confirmed. The JSON Schema is generated from these types; names are only ever added.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// The version of the report's shape; it grows when a name is added.
pub const REPORT_VERSION: u32 = 1;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A dry run: nothing was done.
    Planned,
    /// Everything was done.
    Done,
    /// Finished, but some items failed or were left.
    Partial,
    /// A diagnostic found problems.
    Findings,
    /// Failed.
    Failed,
    /// Stopped by the operator.
    Interrupted,
}

/// How much a plan covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Estimate {
    /// Messages, objects, rows.
    pub items: u64,
    /// Their bytes, where known.
    pub bytes: Option<u64>,
    /// Whether these were counted, or are the service's approximation.
    pub exact: bool,
}

/// Under which identity a run was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Identity {
    /// The account's 12 digits; missing when STS did not tell.
    pub account: Option<String>,
    /// The region of the tool's main service.
    pub region: Option<String>,
    /// The caller's ARN; missing when STS did not tell.
    pub arn: Option<String>,
    /// Why account and ARN are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// The plan in the report.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct PlanSummary {
    /// One line: what was to be done to what.
    pub title: String,
    /// How much, as far as known.
    pub estimate: Option<Estimate>,
    /// What the plan warned of.
    pub warnings: Vec<String>,
    /// The tool's own facts.
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

/// Counts of what was confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Items that the run met.
    pub total: u64,
    /// Items whose work was confirmed.
    pub done: u64,
    /// Items that failed.
    pub failed: u64,
    /// Items passed over on purpose (filters, already done).
    pub skipped: u64,
    /// Items left where they were, beside the failed ones.
    pub left: u64,
    /// Bytes of the items done.
    pub bytes: u64,
    /// The tool's own counters.
    #[serde(flatten)]
    pub counters: BTreeMap<String, u64>,
}

/// Many alike errors as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorGroup {
    /// The service's or our code.
    pub code: String,
    /// The first message of the group.
    pub message: String,
    /// How many.
    pub count: u64,
    /// The first object it happened to.
    pub example: String,
}

/// The report of one run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this shape.
    pub report_version: u32,
    /// The tool's name.
    pub tool: String,
    /// The tool's version.
    pub version: String,
    /// How the run ended.
    pub status: Status,
    /// The process's exit code.
    pub exit_code: u8,
    /// When the run started.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// Under which identity.
    pub identity: Option<Identity>,
    /// What was planned.
    pub plan: Option<PlanSummary>,
    /// What was confirmed.
    pub summary: Summary,
    /// What went wrong, grouped.
    pub errors: Vec<ErrorGroup>,
    /// The next step, where there is one.
    pub next: Option<String>,
    /// What the tool tells beside: tables are lists of objects.
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

/// The JSON Schema of the report.
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Report).to_value();
    schema["$id"] = Value::from(format!("urn:opstools:report:{REPORT_VERSION}"));
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_names_every_key_of_the_design() {
        let schema = schema();
        let keys =
            ["tool", "version", "status", "started", "elapsed_ms", "identity", "plan", "summary", "errors", "next"];
        for key in keys {
            assert!(schema["properties"].get(key).is_some(), "{key}");
        }
        for key in ["total", "done", "failed", "skipped", "left", "bytes"] {
            assert!(schema["$defs"]["Summary"]["properties"].get(key).is_some(), "{key}");
        }
        for key in ["items", "bytes", "exact"] {
            assert!(schema["$defs"]["Estimate"]["properties"].get(key).is_some(), "{key}");
        }
    }
}
