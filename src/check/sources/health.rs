//! Panther's own health check of a source, asked and read as it must be: an answer holds statuses of checks that were never
//! made, unhealthy and without a word.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Validator;
use crate::aws::lambda::{FunctionError, InvokeError, invoke};
use crate::error::ServiceError;
use crate::panther::sources::{SOURCE_API, kinds};
use crate::panther::{Deployment, Source};

/// The statuses that mean something for a type of source, and the checks of ours that look at the same.
const STATUSES: [(&str, &str, &[&str]); 9] = [
    (kinds::S3, "processingRoleStatus", &["role-assume"]),
    (kinds::S3, "s3BucketStatus", &["bucket-location"]),
    (kinds::S3, "kmsKeyStatus", &["kms"]),
    (kinds::S3, "getObjectStatus", &["list-prefix", "read-object"]),
    (kinds::S3, "bucketNotificationsStatus", &["notifications"]),
    (kinds::SCAN, "auditRoleStatus", &["audit-role"]),
    (kinds::SCAN, "cweRoleStatus", &[]),
    (kinds::SCAN, "remediationRoleStatus", &[]),
    (kinds::SQS, "sqsStatus", &["queue"]),
];

/// What a function says to a request whose route it does not know.
const NO_SUCH_ROUTE: &str = "exactly one";

/// One status that was evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub name: &'static str,
    /// Our checks that look at the same.
    pub ours: &'static [&'static str],
    pub healthy: bool,
    pub message: String,
    /// The error behind it, as the function's own SDK wrote it.
    pub error: String,
}

/// What the function answered about one source.
#[derive(Debug)]
pub(super) enum Answer {
    /// The statuses that were evaluated.
    Statuses(Vec<Item>),
    /// The function failed.
    Failed(FunctionError),
    /// No answer came.
    Silent(ServiceError),
}

/// What the function answered about each source, by id.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub by_source: HashMap<String, Answer>,
    /// Why nobody was asked, where that is so.
    pub unavailable: Option<String>,
    deployment: Deployment,
}

impl Answers {
    /// Whether Panther itself assumes this role for this source; `None` where it did not say, or spoke of another role.
    pub(super) fn role_is_healthy(&self, source: &Source, role: &str) -> Option<bool> {
        let Some(Answer::Statuses(items)) = self.by_source.get(&source.id) else { return None };
        let item = items.iter().find(|item| ["processingRoleStatus", "auditRoleStatus"].contains(&item.name))?;
        let same = item.message.contains(role) || self.computed(source).is_some_and(|computed| computed == role);
        same.then_some(item.healthy)
    }

    /// The role that the health check assumes, whatever role is written down.
    pub(super) fn computed(&self, source: &Source) -> Option<String> {
        let account = source.account.as_deref()?;
        match source.kind.as_str() {
            kinds::S3 => Some(self.deployment.role_arn(account, &source.role_name())),
            kinds::SCAN => Some(self.deployment.audit_role(account)),
            _ => None,
        }
    }
}

/// Whether the function can check a source of this type.
pub(super) fn is_checked(source: &Source) -> bool {
    [kinds::S3, kinds::SCAN, kinds::SQS].contains(&source.kind.as_str())
}

/// Asks about each source. The first answer tells whether there is anybody to ask.
pub(super) async fn ask(validator: &Validator, chosen: &[&Source]) -> Answers {
    let mut answers = Answers { deployment: validator.deployment.clone(), ..Answers::default() };
    let asked: Vec<&Source> = chosen.iter().copied().filter(|source| is_checked(source)).collect();
    let Some((first, rest)) = asked.split_first() else { return answers };
    if !validator.wants(&["cross-check"]) {
        return answers;
    }
    let answer = one(validator, first).await;
    answers.unavailable = unavailable(&answer);
    answers.by_source.insert(first.id.clone(), answer);
    if answers.unavailable.is_some() {
        return answers;
    }
    let jobs = rest.iter().map(|source| Box::pin(async move { (source.id.clone(), one(validator, source).await) }));
    answers.by_source.extend(futures::future::join_all(jobs).await);
    answers
}

async fn one(validator: &Validator, source: &Source) -> Answer {
    let request = request(source);
    let asked = async {
        match invoke(&validator.session, SOURCE_API, &request).await {
            Ok(answer) => Ok(Answer::Statuses(statuses(&source.kind, &answer))),
            Err(InvokeError::Function(error)) => Ok(Answer::Failed(error)),
            Err(InvokeError::Call(failure)) => Err(*failure),
        }
    };
    validator.gate.ask(asked).await.unwrap_or_else(|failure| Answer::Silent(super::service(&failure)))
}

fn unavailable(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Silent(error) if error.code == "ResourceNotFoundException" => {
            Some(format!("there is no `{SOURCE_API}`"))
        }
        Answer::Silent(error) if error.code.starts_with("AccessDenied") => {
            Some(format!("you may not invoke `{SOURCE_API}`"))
        }
        Answer::Failed(error) if error.message.to_lowercase().contains(NO_SUCH_ROUTE) => {
            Some(format!("`{SOURCE_API}` of this version has no health check"))
        }
        _ => None,
    }
}

/// The request; its names differ from those of the source.
fn request(source: &Source) -> Value {
    let raw = &source.raw;
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            body.insert(name.to_owned(), value);
        }
    };
    put("integrationType", Value::from(source.kind.as_str()));
    put("integrationLabel", Value::from(source.label.as_str()));
    put("awsAccountId", source.account.clone().into());
    put("pantherVersion", source.panther_version.clone().into());
    match source.kind.as_str() {
        kinds::S3 => {
            let entry =
                |entry: &crate::panther::PrefixLogTypes| json!({ "prefix": entry.prefix, "logTypes": entry.log_types });
            put("s3Bucket", source.bucket.clone().into());
            put("s3PrefixLogTypes", source.prefixes.iter().map(entry).collect());
            put("kmsKey", source.kms_key.clone().into());
            put("managedBucketNotifications", source.managed_notifications.into());
        }
        kinds::SCAN => {
            put("enableCWESetup", source.scan.as_ref().map(|scan| scan.real_time).into());
            put("enableRemediation", source.scan.as_ref().map(|scan| scan.remediation).into());
        }
        // Without this object the function crashes.
        _ => put("sqsConfig", if raw["sqsConfig"].is_object() { raw["sqsConfig"].clone() } else { json!({}) }),
    }
    json!({ "integrationHealthCheck": body })
}

/// The statuses that apply to the type and were evaluated.
fn statuses(kind: &str, answer: &Value) -> Vec<Item> {
    let applying = STATUSES.iter().filter(|(of, _, _)| *of == kind);
    let read = |(_, name, ours): &(&str, &'static str, &'static [&'static str])| {
        let status = answer.get(*name)?;
        let text = |key: &str| status[key].as_str().unwrap_or_default().to_owned();
        let item = Item {
            name,
            ours,
            healthy: status["healthy"].as_bool()?,
            message: text("message"),
            error: text("rawErrorMessage"),
        };
        // Unhealthy without a word: nobody looked.
        (item.healthy || !item.message.is_empty() || !item.error.is_empty()).then_some(item)
    };
    applying.filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_that_nobody_evaluated_or_that_do_not_apply_are_not_read() {
        let answer = json!({
            "integrationType": "aws-s3",
            "processingRoleStatus": { "healthy": false, "message": "no role", "rawErrorMessage": "AccessDenied: x" },
            "s3BucketStatus": { "healthy": false, "message": "" },
            "kmsKeyStatus": { "healthy": true, "message": "" },
            "sqsStatus": { "healthy": false, "message": "not for this type" },
            "auditRoleStatus": { "healthy": false, "message": "" },
        });
        let found = statuses("aws-s3", &answer);
        let names: Vec<(&str, bool)> = found.iter().map(|item| (item.name, item.healthy)).collect();
        assert_eq!(names, [("processingRoleStatus", false), ("kmsKeyStatus", true)]);
        assert_eq!(statuses("aws-s3", &json!([])), []);
    }

    #[test]
    fn a_request_has_the_names_of_the_health_check() {
        let scan =
            Source::from_json(&json!({ "integrationType": "aws-scan", "integrationLabel": "l", "awsAccountId": "1",
            "cweEnabled": true, "remediationEnabled": false }));
        let body = &request(&scan)["integrationHealthCheck"];
        assert_eq!((&body["enableCWESetup"], &body["enableRemediation"]), (&json!(true), &json!(false)));
        let old = Source::from_json(
            &json!({ "integrationType": "aws-s3", "s3Bucket": "b", "s3Prefix": "p", "logTypes": ["A"] }),
        );
        let body = &request(&old)["integrationHealthCheck"];
        assert_eq!(
            body["s3PrefixLogTypes"],
            json!([{ "prefix": "p", "logTypes": ["A"] }]),
            "legacy fields are no field of it"
        );
        let queue = Source::from_json(&json!({ "integrationType": "aws-sqs" }));
        assert_eq!(
            request(&queue)["integrationHealthCheck"]["sqsConfig"],
            json!({}),
            "without it the function crashes"
        );
    }
}
