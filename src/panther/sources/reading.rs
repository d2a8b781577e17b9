//! From JSON to a source: of the function, of the table (legacy fields, sets as lists), of the public API, of a file.

use jiff::Timestamp;
use serde_json::Value;

use super::source::{Queue, Scan, Source, kinds};
use super::{PrefixLogTypes, Sources};

/// All sources that use queues deliver into one staging bucket under this prefix.
const SQS_PREFIX: &str = "forwarder";

/// All scanned accounts deliver into the staging bucket under this prefix.
const SCAN_PREFIX: &str = "cloudsecurity";

impl Source {
    /// Reads a source; fields that are missing or strange are left empty.
    #[must_use]
    pub fn from_json(raw: &Value) -> Self {
        let kind = text(raw, "integrationType").unwrap_or_default();
        let place = if kind == kinds::SQS { &raw["sqsConfig"] } else { raw };
        Self {
            id: text(raw, "integrationId").unwrap_or_default(),
            label: text(raw, "integrationLabel").unwrap_or_default(),
            account: text(raw, "awsAccountId"),
            bucket: text(place, "s3Bucket"),
            role: text(place, "roleARN").or_else(|| text(place, "logProcessingRole")),
            prefixes: prefixes(raw, &kind),
            other_log_types: other_log_types(raw, &kind),
            kms_key: text(raw, "kmsKey"),
            stack: text(raw, "stackName"),
            managed_notifications: flag(raw, "managedBucketNotifications"),
            stream_type: text(raw, "logStreamType"),
            created_at: time(raw, &["createdAtTime"]),
            created_by: text(raw, "createdBy").or_else(|| text(&raw["createdBy"], "id")),
            panther_version: text(raw, "pantherVersion"),
            last_event_received: time(raw, &["lastEventReceived", "lastEventReceivedAtTime"]),
            last_event_processed: time(raw, &["lastEventProcessedAtTime"]),
            healthy: raw["isHealthy"].as_bool(),
            scan: (kind == kinds::SCAN).then(|| scan(raw)),
            queue: raw["sqsConfig"].is_object().then(|| queue(&raw["sqsConfig"])),
            raw: raw.clone(),
            kind,
        }
    }
}

impl Sources {
    /// Reads a list of sources; rows without a type are left over from deleted ones and are kept apart.
    #[must_use]
    pub fn from_json(answer: &Value) -> Self {
        Self::from_rows(answer.as_array().map(Vec::as_slice).unwrap_or_default())
    }

    /// Reads rows, one per source.
    #[must_use]
    pub fn from_rows(rows: &[Value]) -> Self {
        let mut sources = Self::default();
        for row in rows {
            let source = Source::from_json(row);
            if !row.is_object() {
                sources.unreadable += 1;
            } else if source.kind.is_empty() {
                sources.zombies.push(source.id);
            } else {
                sources.all.push(source);
            }
        }
        sources.fill_staging_bucket();
        sources
    }

    /// Old rows of scanned accounts do not say where their snapshots are staged. It is the same bucket for all of them, and
    /// for queues.
    fn fill_staging_bucket(&mut self) {
        let staging =
            self.all.iter().filter(|source| !source.has_own_prefix()).find_map(|source| source.bucket.clone());
        for source in self.all.iter_mut().filter(|source| !source.has_own_prefix() && source.bucket.is_none()) {
            source.bucket.clone_from(&staging);
        }
    }
}

fn scan(raw: &Value) -> Scan {
    Scan {
        enabled: raw["enabled"].as_bool().unwrap_or(true),
        real_time: flag(raw, "cweEnabled"),
        remediation: flag(raw, "remediationEnabled"),
        interval_minutes: raw["scanIntervalMins"].as_u64(),
        status: text(raw, "scanStatus"),
        event_status: text(raw, "eventStatus"),
        last_start: time(raw, &["lastScanStartTime"]),
        last_end: time(raw, &["lastScanEndTime"]),
        last_error: text(raw, "lastScanErrorMessage"),
        ignored_regions: texts(&raw["regionIgnoreList"]),
        ignored_types: texts(&raw["resourceTypeIgnoreList"]),
        ignored_resources: texts(&raw["resourceRegexIgnoreList"]),
    }
}

fn queue(config: &Value) -> Queue {
    Queue {
        url: text(config, "queueUrl"),
        allowed_principals: texts(&config["allowedPrincipalArns"]),
        allowed_sources: texts(&config["allowedSourceArns"]),
    }
}

fn prefixes(raw: &Value, kind: &str) -> Vec<PrefixLogTypes> {
    let one =
        |prefix: &str, log_types| vec![PrefixLogTypes { prefix: prefix.to_owned(), log_types, excluded: Vec::new() }];
    match kind {
        kinds::SQS => one(SQS_PREFIX, texts(&raw["sqsConfig"]["logTypes"])),
        kinds::SCAN => one(SCAN_PREFIX, Vec::new()),
        _ => {
            let entries: Vec<&Value> = raw["s3PrefixLogTypes"].as_array().into_iter().flatten().collect();
            match (entries.is_empty(), raw["s3Bucket"].is_string()) {
                (false, _) => entries.into_iter().map(prefix_entry).collect(),
                // As the first versions wrote it: one prefix, and the log types beside it.
                (true, true) => one(raw["s3Prefix"].as_str().unwrap_or_default(), texts(&raw["logTypes"])),
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

/// Later types name their log types at the top, without prefixes.
fn other_log_types(raw: &Value, kind: &str) -> Vec<String> {
    let in_prefixes = (kind == kinds::SQS && raw["sqsConfig"].is_object()) || raw["s3Bucket"].is_string();
    if in_prefixes { Vec::new() } else { texts(&raw["logTypes"]) }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn flag(value: &Value, key: &str) -> bool {
    value[key].as_bool().unwrap_or_default()
}

fn time(value: &Value, keys: &[&str]) -> Option<Timestamp> {
    keys.iter().find_map(|key| value[*key].as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        json!({
            "integrationId": "i", "integrationLabel": "l", "integrationType": "aws-s3", "awsAccountId": "444455556666",
            "s3Bucket": "b", "kmsKey": "arn:key", "stackName": "s", "managedBucketNotifications": true,
            "roleARN": "arn:new", "logProcessingRole": "arn:old", "logStreamType": "Lines",
            "createdAtTime": "2026-01-12T09:30:00Z", "createdBy": "u", "pantherVersion": "1.16.0",
            "lastEventReceived": "2026-03-14T08:55:12.5Z", "surprise": [1],
            "s3PrefixLogTypes": [{ "prefix": "p/", "logTypes": ["A"], "excludedPrefixes": ["p/x/"] }],
        })
    }

    #[test]
    fn every_field_of_an_s3_source_is_read() {
        let source = Source::from_json(&whole());
        assert_eq!((source.id.as_str(), source.label.as_str(), source.kind.as_str()), ("i", "l", "aws-s3"));
        assert_eq!(source.role.as_deref(), Some("arn:new"), "roleARN wins");
        assert_eq!((source.kms_key.as_deref(), source.stack.as_deref()), (Some("arn:key"), Some("s")));
        assert_eq!((source.stream_type.as_deref(), source.created_by.as_deref()), (Some("Lines"), Some("u")));
        assert!(source.managed_notifications && source.created_at.is_some() && source.last_event_received.is_some());
        assert_eq!(
            (source.panther_version.as_deref(), source.account.as_deref()),
            (Some("1.16.0"), Some("444455556666"))
        );
        assert_eq!(source.log_types(), ["A"]);
        assert_eq!(source.prefixes[0].excluded, ["p/x/"]);
        assert_eq!(source.raw["surprise"], json!([1]));
    }

    #[test]
    fn a_scanned_account_is_enabled_unless_it_says_otherwise() {
        let scan = |raw: Value| Source::from_json(&raw).scan.expect("a scan");
        let row = |enabled: Value| {
            json!({ "integrationType": "aws-scan", "enabled": enabled, "cweEnabled": true, "scanIntervalMins": 180,
                    "scanStatus": "error", "lastScanErrorMessage": "denied", "regionIgnoreList": ["us-east-1"],
                    "lastScanStartTime": "2026-03-14T00:10:00Z", "lastScanEndTime": "2026-03-14T00:12:40Z" })
        };
        assert!(scan(row(Value::Null)).enabled && !scan(row(json!(false))).enabled);
        let read = scan(row(json!(true)));
        assert_eq!((read.interval_minutes, read.status.as_deref()), (Some(180), Some("error")));
        assert_eq!((read.last_error.as_deref(), read.ignored_regions), (Some("denied"), vec!["us-east-1".to_owned()]));
        assert!(read.real_time && !read.remediation && read.last_start < read.last_end);
    }

    #[test]
    fn a_queue_has_its_bucket_role_and_log_types_inside() {
        let source = Source::from_json(&json!({
            "integrationType": "aws-sqs", "sqsConfig": { "s3Bucket": "staging", "logProcessingRole": "arn:q",
                "queueUrl": "https://q", "logTypes": ["B", "A"], "allowedPrincipalArns": ["arn:p"], "allowedSourceArns": [] } }));
        assert_eq!((source.bucket.as_deref(), source.role.as_deref()), (Some("staging"), Some("arn:q")));
        assert_eq!(source.log_types(), ["A", "B"]);
        let queue = source.queue.expect("a queue");
        assert_eq!((queue.url.as_deref(), queue.allowed_principals), (Some("https://q"), vec!["arn:p".to_owned()]));
    }

    #[test]
    fn legacy_zombie_strange_and_later_rows() {
        let sources = Sources::from_json(&json!([
            { "integrationId": "1", "integrationType": "aws-s3", "s3Bucket": "b", "s3Prefix": "old/", "logTypes": ["C"] },
            { "integrationId": "2", "integrationType": "", "lastEventReceived": "2026-03-14T08:55:12Z" },
            { "integrationId": "3" },
            { "integrationId": "4", "integrationType": "gcp-pubsub", "logTypes": ["G"], "lastEventReceived": 7 },
            { "integrationId": "5", "integrationType": "aws-scan" },
            { "integrationId": "6", "integrationType": "aws-sqs", "sqsConfig": { "s3Bucket": "staging" } },
            "nonsense",
        ]));
        let ids: Vec<&str> = sources.all.iter().map(|source| source.id.as_str()).collect();
        assert_eq!((ids, sources.unreadable), (vec!["1", "4", "5", "6"], 1));
        assert_eq!(sources.zombies, ["2", "3"]);
        assert_eq!((sources.all[0].prefixes[0].prefix.as_str(), sources.all[0].log_types()), ("old/", vec!["C"]));
        assert_eq!((sources.all[1].log_types(), sources.all[1].last_event_received), (vec!["G"], None));
        assert_eq!(sources.all[2].bucket.as_deref(), Some("staging"), "the one staging bucket there is");
    }
}
