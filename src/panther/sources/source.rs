//! One source: its fields, and the role by which it is read.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::PrefixLogTypes;
use crate::panther::Deployment;

/// Types of sources with rules of their own; the set of types is open.
pub mod kinds {
    /// A bucket.
    pub const S3: &str = "aws-s3";
    /// A cloud account that is scanned.
    pub const SCAN: &str = "aws-scan";
    /// A queue.
    pub const SQS: &str = "aws-sqs";
    /// Inputs of enrichment, which are no log sources.
    pub const ENRICHMENT: [&str; 2] = ["s3-lookuptable", "profile-pulling"];
}

/// Sources made by this version or later have a role that may list; older ones may only read.
const LISTING_SINCE: (u64, u64) = (1, 16);

/// A source, with everything it was read from. `notificationsConfigurationSucceeded` stays in `raw`: a list always says
/// `false` there, which means nothing.
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
    /// Log types that belong to no prefix: those of a queue, or of a later type.
    pub other_log_types: Vec<String>,
    /// The role that reads it, where one is written down; see [`Source::reading_role`].
    pub role: Option<String>,
    /// The key that encrypts its objects, as an ARN.
    pub kms_key: Option<String>,
    /// The CloudFormation stack that made the role.
    pub stack: Option<String>,
    /// Panther makes the topic and the bucket's notification by itself.
    pub managed_notifications: bool,
    /// How objects are cut into events: `Auto`, `Lines`, `JSON`, ...
    pub stream_type: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// The id of the user who made it.
    pub created_by: Option<String>,
    /// The version of Panther that made it.
    pub panther_version: Option<String>,
    /// When a notification last named one of its objects; that is before the role is assumed and the object read.
    pub last_event_received: Option<Timestamp>,
    /// When an event was last processed (later versions only).
    pub last_event_processed: Option<Timestamp>,
    /// Whether Panther calls it healthy (public API only).
    pub healthy: Option<bool>,
    /// Of a scanned account.
    pub scan: Option<Scan>,
    /// Of a queue, where the list tells.
    pub queue: Option<Queue>,
    /// The JSON as it came, unknown fields included.
    pub raw: Value,
}

/// How a cloud account is scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// Whether it is scanned; what is not written down is.
    pub enabled: bool,
    /// Changes are seen as they happen.
    pub real_time: bool,
    /// Panther may mend what it finds.
    pub remediation: bool,
    /// Minutes between scans; 0 or nothing is every run of the scheduler.
    pub interval_minutes: Option<u64>,
    /// `ok`, `error` or `scanning`.
    pub status: Option<String>,
    /// How the real-time set-up is.
    pub event_status: Option<String>,
    /// When the last scan began.
    pub last_start: Option<Timestamp>,
    /// When the last scan ended.
    pub last_end: Option<Timestamp>,
    /// What went wrong in it.
    pub last_error: Option<String>,
    /// Regions passed over.
    pub ignored_regions: Vec<String>,
    /// Types of resources passed over.
    pub ignored_types: Vec<String>,
    /// Resources passed over, as regular expressions.
    pub ignored_resources: Vec<String>,
}

/// A queue that others send logs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// Its URL; missing before its first set-up.
    pub url: Option<String>,
    /// Who may send.
    pub allowed_principals: Vec<String>,
    /// From what may be sent.
    pub allowed_sources: Vec<String>,
}

/// A role, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// It is written down nowhere: this is the name that the rule gives.
    pub computed: bool,
}

impl Source {
    /// Whether this source alone decides about its prefixes; others share one prefix of one bucket.
    #[must_use]
    pub fn has_own_prefix(&self) -> bool {
        self.kind != kinds::SQS && self.kind != kinds::SCAN
    }

    /// Whether it brings logs; lookup tables and profiles only enrich them.
    #[must_use]
    pub fn is_log_source(&self) -> bool {
        !kinds::ENRICHMENT.contains(&self.kind.as_str())
    }

    /// Every log type of it, each once, sorted.
    #[must_use]
    pub fn log_types(&self) -> Vec<&str> {
        let of_prefixes = self.prefixes.iter().flat_map(|entry| &entry.log_types);
        let mut types: Vec<&str> = of_prefixes.chain(&self.other_log_types).map(String::as_str).collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    /// The role that reads its objects: what is written down, else the name that the rule gives; `None` for types that are
    /// read without one.
    #[must_use]
    pub fn reading_role(&self, deployment: &Deployment) -> Option<Role> {
        if let Some(arn) = &self.role {
            return Some(Role { arn: arn.clone(), computed: false });
        }
        let arn = match self.kind.as_str() {
            kinds::S3 => deployment.role_arn(self.account.as_deref()?, &self.role_name()),
            kinds::SCAN | kinds::SQS => deployment.staging_role()?,
            _ => return None,
        };
        Some(Role { arn, computed: true })
    }

    /// The name that the role of an S3 source gets from its label.
    #[must_use]
    pub fn role_name(&self) -> String {
        format!("PantherLogProcessingRole-{}", self.label.replace(' ', "-").to_lowercase())
    }

    /// Whether the version that made it gave its role no permission to list.
    #[must_use]
    pub fn is_too_old_to_list(&self) -> bool {
        self.panther_version.as_deref().and_then(version).is_some_and(|version| version < LISTING_SINCE)
    }
}

/// Major and minor number of a version such as `v1.16.0-a`.
fn version(text: &str) -> Option<(u64, u64)> {
    let mut numbers = text.trim_start_matches(['v', 'V']).split(['.', '-', '+']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment() -> Deployment {
        Deployment {
            partition: "aws-us-gov".to_owned(),
            region: "us-gov-west-1".to_owned(),
            account: Some("111122223333".to_owned()),
        }
    }

    #[test]
    fn a_written_role_wins_and_a_missing_one_follows_the_rule() {
        let source = |kind: &str, account: Option<&str>, role: Option<&str>| Source {
            kind: kind.to_owned(),
            label: "Acme CloudTrail".to_owned(),
            account: account.map(str::to_owned),
            role: role.map(str::to_owned),
            ..Source::default()
        };
        let table = [
            (source("aws-s3", Some("444455556666"), Some("arn:x")), Some(("arn:x", false))),
            (
                source("aws-s3", Some("444455556666"), None),
                Some(("arn:aws-us-gov:iam::444455556666:role/PantherLogProcessingRole-acme-cloudtrail", true)),
            ),
            (source("aws-s3", None, None), None),
            (
                source("aws-sqs", None, None),
                Some(("arn:aws-us-gov:iam::111122223333:role/PantherInputDataLogProcessingRole-us-gov-west-1", true)),
            ),
            (source("gcp-pubsub", None, None), None),
        ];
        for (source, expected) in table {
            let role = source.reading_role(&deployment());
            assert_eq!(role.as_ref().map(|role| (role.arn.as_str(), role.computed)), expected, "{source:?}");
        }
    }

    #[test]
    fn versions_below_1_16_cannot_list() {
        let table = [
            ("1.15.9", true),
            ("v1.0.1", true),
            ("1.16.0-a", false),
            ("1.16.0", false),
            ("v1.101.3", false),
            ("2.0", false),
            ("nonsense", false),
            ("", false),
        ];
        for (version, old) in table {
            let source = Source { panther_version: Some(version.to_owned()), ..Source::default() };
            assert_eq!(source.is_too_old_to_list(), old, "{version}");
        }
        assert!(!Source::default().is_too_old_to_list());
    }
}
