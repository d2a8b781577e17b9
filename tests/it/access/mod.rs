//! How tools reach AWS: credentials from each source that can be had on loopback, roots, endpoints, proxies, the clock.

mod credentials;
mod network;
mod roots;

use serde_json::Value;

use crate::support::{Outcome, Tool, tool};

/// A tool that only asks who it is: SQS refuses the connection at once, and the report still names the identity.
pub fn who_am_i() -> Tool {
    tool("requeue")
        .args(["-from.q", "a-dlq", "-to.q", "a", "--dry-run", "--json", "--max-attempts", "1"])
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1")
}

/// The ARN in the report of such a run; the doubles make it of the access key that signed.
pub fn arn(outcome: &Outcome) -> String {
    identity(outcome)["arn"].as_str().unwrap_or_else(|| panic!("no identity in {}", outcome.stdout_text())).to_owned()
}

/// The identity in the report.
pub fn identity(outcome: &Outcome) -> Value {
    outcome.stdout_json()["identity"].clone()
}
