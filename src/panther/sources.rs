//! Log sources: which bucket and prefixes each reads, and which source an object belongs to.
//!
//! The lookup is the log processor's: among all sources of the bucket the longest prefix wins. What belongs to no source is
//! dropped by the processor without an error, which is why tools ask here first.

use serde_json::Value;

use crate::aws::Session;
use crate::aws::lambda::{InvokeError, invoke};
use crate::error::Failure;

/// The function that lists sources.
const SOURCE_API: &str = "panther-source-api";

/// All sources that use queues deliver into one staging bucket under this prefix.
const SQS_PREFIX: &str = "forwarder";

/// All scanned accounts deliver into the staging bucket under this prefix.
const SCAN_PREFIX: &str = "cloudsecurity";

/// One prefix of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrefixLogTypes {
    /// The prefix; empty is the whole bucket.
    pub prefix: String,
    /// The log types read there.
    pub log_types: Vec<String>,
    /// Prefixes below it that are not read; `*` stands for any characters of one path part.
    pub excluded: Vec<String>,
}

/// A source, with everything it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Its UUID.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Its type, such as `aws-s3`; an open set.
    pub kind: String,
    /// The account that owns the bucket, or is scanned.
    pub account: Option<String>,
    /// The bucket it reads, if it reads one.
    pub bucket: Option<String>,
    /// What it reads there.
    pub prefixes: Vec<PrefixLogTypes>,
    /// The role that reads it.
    pub role: Option<String>,
    /// The JSON as it came, unknown fields included.
    pub raw: Value,
}

impl Source {
    /// Reads a source from the JSON of the API; fields that are missing or strange are left empty.
    #[must_use]
    pub fn from_json(raw: &Value) -> Self {
        let kind = text(raw, "integrationType").unwrap_or_default();
        let queue = &raw["sqsConfig"];
        let (bucket, role) = if kind == "aws-sqs" {
            (text(queue, "s3Bucket"), text(queue, "logProcessingRole"))
        } else {
            (text(raw, "s3Bucket"), text(raw, "roleARN").or_else(|| text(raw, "logProcessingRole")))
        };
        Self {
            id: text(raw, "integrationId").unwrap_or_default(),
            label: text(raw, "integrationLabel").unwrap_or_default(),
            account: text(raw, "awsAccountId"),
            prefixes: prefixes(raw, &kind),
            kind,
            bucket,
            role,
            raw: raw.clone(),
        }
    }

    /// Whether this source alone decides about its prefixes; others share one prefix of one bucket.
    #[must_use]
    pub fn has_own_prefix(&self) -> bool {
        self.kind != "aws-sqs" && self.kind != "aws-scan"
    }

    /// The longest prefix of this source that the key starts with.
    fn matches(&self, key: &str) -> Option<&PrefixLogTypes> {
        let matching = self.prefixes.iter().filter(|entry| key.starts_with(&entry.prefix));
        matching.max_by_key(|entry| entry.prefix.len())
    }
}

impl PrefixLogTypes {
    /// Whether a key below the prefix is excluded.
    #[must_use]
    pub fn excludes(&self, key: &str) -> bool {
        excludes(&self.excluded, key)
    }
}

/// Whether one of these excluded prefixes takes the key out; `*` stands for any characters of one path part.
#[must_use]
pub fn excludes(excluded: &[String], key: &str) -> bool {
    excluded.iter().any(|pattern| starts_with_pattern(key, pattern))
}

/// Whether the key starts with the pattern, in which `*` stands for any characters of one path part.
fn starts_with_pattern(key: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => key.starts_with(pattern),
        Some((before, after)) => key.strip_prefix(before).is_some_and(|rest| {
            let part = rest.find('/').unwrap_or(rest.len());
            rest.char_indices()
                .map(|(position, _)| position)
                .chain([rest.len()])
                .take_while(|position| *position <= part)
                .any(|position| starts_with_pattern(&rest[position..], after))
        }),
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn prefixes(raw: &Value, kind: &str) -> Vec<PrefixLogTypes> {
    let shared =
        |prefix: &str, log_types| vec![PrefixLogTypes { prefix: prefix.to_owned(), log_types, excluded: Vec::new() }];
    match kind {
        "aws-sqs" => shared(SQS_PREFIX, texts(&raw["sqsConfig"]["logTypes"])),
        "aws-scan" => shared(SCAN_PREFIX, Vec::new()),
        _ => {
            let entries: Vec<&Value> = raw["s3PrefixLogTypes"].as_array().into_iter().flatten().collect();
            match (entries.is_empty(), raw["s3Bucket"].is_string()) {
                (false, _) => entries.into_iter().map(prefix_entry).collect(),
                (true, true) => shared(raw["s3Prefix"].as_str().unwrap_or_default(), texts(&raw["logTypes"])),
                (true, false) => Vec::new(),
            }
        }
    }
}

fn prefix_entry(entry: &Value) -> PrefixLogTypes {
    PrefixLogTypes {
        prefix: entry["prefix"].as_str().unwrap_or_default().to_owned(),
        log_types: texts(&entry["logTypes"]),
        excluded: texts(&entry["excludedPrefixes"]),
    }
}

/// All sources of a deployment.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The sources, as the API lists them.
    pub all: Vec<Source>,
}

impl Sources {
    /// Reads the bare array of the API.
    #[must_use]
    pub fn from_json(answer: &Value) -> Self {
        let all = answer.as_array().into_iter().flatten().map(Source::from_json);
        Self { all: all.filter(|source| !source.kind.is_empty()).collect() }
    }

    /// The source that the log processor would take for an object: the longest prefix decides, and then what that excludes.
    #[must_use]
    pub fn of_object(&self, bucket: &str, key: &str) -> Option<&Source> {
        let of_bucket = self.all.iter().filter(|source| source.bucket.as_deref() == Some(bucket));
        let matching = of_bucket.filter_map(|source| Some((source.matches(key)?, source)));
        // The first of equally long prefixes wins, as in a list that is searched from its start.
        let (entry, source) = matching.rev().max_by_key(|(entry, _)| entry.prefix.len())?;
        (!entry.excludes(key)).then_some(source)
    }

    /// The sources that read something below a prefix of a bucket.
    #[must_use]
    pub fn below(&self, bucket: &str, prefix: &str) -> Vec<&Source> {
        let of_bucket = self.all.iter().filter(|source| source.bucket.as_deref() == Some(bucket));
        let touches = |entry: &PrefixLogTypes| entry.prefix.starts_with(prefix) || prefix.starts_with(&entry.prefix);
        of_bucket.filter(|source| source.prefixes.iter().any(touches)).collect()
    }
}

/// Asks the deployment for its sources.
///
/// # Errors
/// The function is not there, may not be invoked, or answers with an error.
pub async fn fetch(session: &Session) -> Result<Sources, Failure> {
    match invoke(session, SOURCE_API, &serde_json::json!({ "listIntegrations": {} })).await {
        Ok(answer) if answer.is_array() => Ok(Sources::from_json(&answer)),
        Ok(answer) => Err(Failure::failed("cannot read the list of sources")
            .because(format!("`{SOURCE_API}` answers with {} instead of a list", kind_of(&answer)))),
        Err(InvokeError::Call(failure)) => Err(*failure),
        Err(InvokeError::Function(error)) => {
            let kind = error.kind.unwrap_or_else(|| "no error type".to_owned());
            Err(Failure::failed("cannot list the sources")
                .because(format!("`{SOURCE_API}` failed ({kind}): {}", error.message))
                .hint(format!("look at the log group /aws/lambda/{SOURCE_API}")))
        }
    }
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> Sources {
        Sources::from_json(&json!([
            { "integrationId": "1", "integrationType": "aws-s3", "s3Bucket": "b", "roleARN": "arn:new", "logProcessingRole": "arn:old",
              "s3PrefixLogTypes": [
                { "prefix": "logs/", "logTypes": ["A"], "excludedPrefixes": ["logs/skip/", "logs/*/tmp/"] },
                { "prefix": "logs/special/", "logTypes": ["B"] } ] },
            { "integrationId": "2", "integrationType": "aws-s3", "s3Bucket": "b", "s3Prefix": "old/", "logTypes": ["C"] },
            { "integrationId": "3", "integrationType": "aws-s3", "s3Bucket": "whole", "s3PrefixLogTypes": [{ "prefix": "" }] },
            { "integrationId": "4", "integrationType": "aws-sqs", "sqsConfig": { "s3Bucket": "staging", "logProcessingRole": "arn:q" } },
            { "integrationId": "5", "integrationType": "aws-scan", "s3Bucket": "staging" },
            { "integrationId": "6", "integrationType": "gcp-pubsub", "surprise": [1] },
            { "integrationId": "7", "integrationType": "" },
        ]))
    }

    #[test]
    fn an_object_belongs_to_the_longest_prefix() {
        let sources = sample();
        let table = [
            ("b", "logs/x", Some("1")),
            ("b", "logs/special/x", Some("1")),
            ("b", "logs/skip/x", None),
            ("b", "logs/any/tmp/x", None),
            ("b", "logs/any/deep/tmp/x", Some("1")),
            ("b", "old/x", Some("2")),
            ("b", "else/x", None),
            ("whole", "anything", Some("3")),
            ("staging", "forwarder/x", Some("4")),
            ("staging", "cloudsecurity/x", Some("5")),
            ("unknown", "logs/x", None),
        ];
        for (bucket, key, expected) in table {
            assert_eq!(sources.of_object(bucket, key).map(|source| source.id.as_str()), expected, "{bucket}/{key}");
        }
    }

    #[test]
    fn roles_and_unknown_types_are_kept() {
        let sources = sample();
        assert_eq!(sources.all.len(), 6, "a row without type is no source");
        assert_eq!(sources.all[0].role.as_deref(), Some("arn:new"), "roleARN wins");
        assert_eq!(sources.all[3].role.as_deref(), Some("arn:q"));
        assert_eq!(sources.all[5].raw["surprise"], json!([1]));
        assert!(sources.all[5].prefixes.is_empty());
        assert!(!sources.all[3].has_own_prefix() && sources.all[0].has_own_prefix());
    }

    #[test]
    fn what_lies_below_a_prefix() {
        let sources = sample();
        let ids =
            |bucket, prefix| sources.below(bucket, prefix).iter().map(|source| source.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids("b", ""), ["1", "2"]);
        assert_eq!(ids("b", "logs/special/2026"), ["1"]);
        assert!(ids("b", "nothing/").is_empty());
    }
}
