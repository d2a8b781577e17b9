//! `sources` against a local deployment whose sources have every fault there is, and behind proxies that refuse in AWS's
//! own words what the emulator cannot.

mod bad_answers;
mod formats;
mod listing;
mod planted;
mod public_api;
mod reading_only;
mod refusals;
mod trouble;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use crate::support::loopback::{Body, Listening, answer_with, response};
use crate::support::{FaultProxy, Outcome, Sandbox, Tool, tool};

/// Every service that the tool talks to.
pub const SERVICES: [&str; 7] = ["dynamodb", "kms", "lambda", "s3", "sns", "sqs", "sts"];

/// The tool at the faulty deployment, which is only looked at.
pub fn sources() -> Tool {
    tool("sources").sandbox(Sandbox::faulty())
}

/// The same with a proxy before one service.
pub fn behind(service: &str) -> (Tool, FaultProxy) {
    let proxy = FaultProxy::before(&Sandbox::faulty().endpoint(service));
    (sources().env(variable(service), proxy.url()), proxy)
}

pub fn variable(service: &str) -> String {
    format!("AWS_ENDPOINT_URL_{}", service.to_ascii_uppercase())
}

/// A Lambda service of which every function answers so; with an error marker if that is named.
pub fn function(
    answer: impl Fn(&Value) -> (Option<&'static str>, String) + Clone + Send + Sync + 'static,
) -> Listening {
    answer_with(move |request: Request<Bytes>| {
        let event: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let (error, payload) = answer(&event);
        let mut answer: Response<Body> = response(200, "application/json", payload);
        if let Some(error) = error {
            answer.headers_mut().insert("x-amz-function-error", error.parse().expect("a header"));
        }
        answer
    })
}

/// A list of one S3 source, as the function answers.
pub fn one_source(fields: Value) -> String {
    let mut source = json!({ "integrationId": "11111111-1111-4111-8111-111111111111", "integrationLabel": "Only one",
        "integrationType": "aws-s3", "awsAccountId": "444455556666", "s3Bucket": "acme-branch-logs",
        "pantherVersion": "1.16.0", "logProcessingRole": "arn:aws:iam::444455556666:role/PantherLogProcessingRole-acme-archive",
        "s3PrefixLogTypes": [{ "prefix": "archive/", "logTypes": ["Custom.Branch"] }] });
    for (name, value) in fields.as_object().into_iter().flatten() {
        source[name.as_str()] = value.clone();
    }
    json!([source]).to_string()
}

/// The findings of a run with `--json`.
#[track_caller]
pub fn checks(outcome: &Outcome) -> Vec<Value> {
    outcome.stdout_json()["checks"].as_array().unwrap_or_else(|| panic!("no checks\n{outcome}")).clone()
}

/// The findings of one check.
#[track_caller]
pub fn of_check(outcome: &Outcome, check: &str) -> Vec<Value> {
    checks(outcome).into_iter().filter(|finding| finding["check"] == check).collect()
}

/// The only finding of a check.
#[track_caller]
pub fn only(outcome: &Outcome, check: &str) -> Value {
    let found = of_check(outcome, check);
    assert_eq!(found.len(), 1, "findings of `{check}`\n{outcome}");
    found[0].clone()
}

/// How many findings have each status.
pub fn statuses(findings: &[Value]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding["status"].as_str().expect("a status").to_owned()).or_default() += 1;
    }
    counts
}
