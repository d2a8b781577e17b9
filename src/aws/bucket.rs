//! S3, looked at as a reader of a bucket would: where it is, a few of its objects, the first byte of one, whom it notifies.
//!
//! Objects are tried with GET, not HEAD: a refused HEAD has no body, and so hides AWS's reason.

use aws_sdk_s3::types::{FilterRuleName, NotificationConfigurationFilter};

use super::{Session, s3, service_error};
use crate::error::ServiceError;

/// A bucket without a location is in the oldest region.
const OLDEST_REGION: &str = "us-east-1";

/// Answers by which S3 tells that a bucket is in another region.
const ELSEWHERE: [&str; 3] =
    ["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"];

/// Enough to find one object among folder markers and archived ones; one request all the same.
const SOME: i32 = 100;

/// The status of a range that an empty object cannot give: it was allowed.
const RANGE_NOT_SATISFIABLE: u16 = 416;

/// An object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: i64,
    /// Its storage class; empty is STANDARD.
    pub storage_class: String,
}

/// One entry of a bucket's notification configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notification {
    /// The ARN of topic, queue or function; empty for EventBridge, which gets everything.
    pub target: String,
    /// The events, such as `s3:ObjectCreated:*`.
    pub events: Vec<String>,
    /// Only keys that begin so; empty is every key.
    pub prefix: String,
    /// Only keys that end so.
    pub suffix: String,
}

/// The region of a bucket.
///
/// # Errors
/// What S3 answers, unless that names the region.
pub async fn location(session: &Session, bucket: &str, owner: Option<&str>) -> Result<String, ServiceError> {
    let call = s3::client(session).get_bucket_location().bucket(bucket);
    match call.set_expected_bucket_owner(owner.map(str::to_owned)).send().await {
        Ok(answer) => Ok(match answer.location_constraint.as_ref().map(|place| place.as_str()).unwrap_or_default() {
            "" => OLDEST_REGION.to_owned(),
            place => s3::region_of(place).to_owned(),
        }),
        Err(error) => {
            let region = s3::region_told(&error);
            let error = service_error("S3", &error);
            region.filter(|_| ELSEWHERE.contains(&error.code.as_str())).ok_or(error)
        }
    }
}

/// A few objects below a prefix, in one request.
///
/// # Errors
/// What S3 answers.
pub async fn some_objects(
    session: &Session,
    bucket: &str,
    prefix: &str,
    owner: Option<&str>,
) -> Result<Vec<Listed>, ServiceError> {
    let call = s3::client(session).list_objects_v2().bucket(bucket).prefix(prefix).max_keys(SOME);
    let answer = call.set_expected_bucket_owner(owner.map(str::to_owned)).send().await;
    let contents = answer.map_err(|error| service_error("S3", &error))?.contents.unwrap_or_default();
    let listed = |object: aws_sdk_s3::types::Object| Listed {
        key: object.key.unwrap_or_default(),
        size: object.size.unwrap_or_default(),
        storage_class: object.storage_class.map(|class| class.as_str().to_owned()).unwrap_or_default(),
    };
    Ok(contents.into_iter().map(listed).collect())
}

/// Reads the first byte of an object.
///
/// # Errors
/// What S3 answers.
pub async fn read_first_byte(
    session: &Session,
    bucket: &str,
    key: &str,
    owner: Option<&str>,
) -> Result<(), ServiceError> {
    let call = s3::client(session).get_object().bucket(bucket).key(key).range("bytes=0-0");
    match call.set_expected_bucket_owner(owner.map(str::to_owned)).send().await {
        Ok(_) => Ok(()),
        Err(error) => {
            let error = service_error("S3", &error);
            if error.status == Some(RANGE_NOT_SATISFIABLE) { Ok(()) } else { Err(error) }
        }
    }
}

/// Whom a bucket notifies of what.
///
/// # Errors
/// What S3 answers.
pub async fn notifications(
    session: &Session,
    bucket: &str,
    owner: Option<&str>,
) -> Result<Vec<Notification>, ServiceError> {
    let call = s3::client(session).get_bucket_notification_configuration().bucket(bucket);
    let answer = call.set_expected_bucket_owner(owner.map(str::to_owned)).send().await;
    let answer = answer.map_err(|error| service_error("S3", &error))?;
    let mut found: Vec<Notification> = Vec::new();
    for topic in answer.topic_configurations.unwrap_or_default() {
        found.push(entry(topic.topic_arn, &topic.events, topic.filter.as_ref()));
    }
    for queue in answer.queue_configurations.unwrap_or_default() {
        found.push(entry(queue.queue_arn, &queue.events, queue.filter.as_ref()));
    }
    for function in answer.lambda_function_configurations.unwrap_or_default() {
        found.push(entry(function.lambda_function_arn, &function.events, function.filter.as_ref()));
    }
    found.extend(answer.event_bridge_configuration.map(|_| Notification::default()));
    Ok(found)
}

fn entry(
    target: String,
    events: &[aws_sdk_s3::types::Event],
    filter: Option<&NotificationConfigurationFilter>,
) -> Notification {
    let rules = filter.and_then(|filter| filter.key.as_ref()).map(|key| key.filter_rules()).unwrap_or_default();
    let value = |name: &str| {
        let is = |rule: &&aws_sdk_s3::types::FilterRule| {
            rule.name.as_ref().map(FilterRuleName::as_str).is_some_and(|known| known.eq_ignore_ascii_case(name))
        };
        rules.iter().find(is).and_then(|rule| rule.value.clone()).unwrap_or_default()
    };
    Notification {
        target,
        events: events.iter().map(|event| event.as_str().to_owned()).collect(),
        prefix: value("prefix"),
        suffix: value("suffix"),
    }
}
