//! What a bucket's own rules will delete: who brings objects back must know whether they stay.

use aws_sdk_s3::types::{ExpirationStatus, LifecycleRule, LifecycleRuleFilter};

use crate::aws::{Session, s3, service_error};
use crate::error::Failure;

/// The code of a bucket without rules.
const NO_RULES: &str = "NoSuchLifecycleConfiguration";

/// A rule in force that deletes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// The keys that it concerns; empty is all of them.
    pub prefix: String,
    /// It concerns only some of these keys, by tag or size.
    pub partly: bool,
    /// When it deletes what a reader gets, in words: days after the object was written, or a date.
    pub expires: Option<String>,
    /// Days after which it removes a version that is not the current one any more.
    pub noncurrent_days: Option<i32>,
}

/// The rules that delete something among the keys that begin with `prefix`.
///
/// # Errors
/// The bucket may not be asked.
pub async fn lifecycle(session: &Session, bucket: &str, prefix: &str) -> Result<Vec<Rule>, Failure> {
    let answer = s3::client(session).get_bucket_lifecycle_configuration().bucket(bucket).send().await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let error = service_error("S3", &error);
            if error.code == NO_RULES {
                return Ok(Vec::new());
            }
            let doing = format!("cannot read the lifecycle rules of bucket `{bucket}`");
            let resource = format!("bucket `{bucket}`");
            return Err(session.failure(doing, error, "s3:GetLifecycleConfiguration", &resource));
        }
    };
    let rules = answer.rules().iter().filter(|rule| *rule.status() == ExpirationStatus::Enabled).map(read);
    let deletes = |rule: &Rule| rule.expires.is_some() || rule.noncurrent_days.is_some();
    let meets = |rule: &Rule| rule.prefix.starts_with(prefix) || prefix.starts_with(&rule.prefix);
    Ok(rules.filter(|rule| deletes(rule) && meets(rule)).collect())
}

fn read(rule: &LifecycleRule) -> Rule {
    let filter = rule.filter();
    let both = filter.and_then(LifecycleRuleFilter::and);
    let prefix = filter.and_then(LifecycleRuleFilter::prefix).or_else(|| both.and_then(|both| both.prefix()));
    #[expect(deprecated, reason = "rules of old configurations still have it")]
    let prefix = prefix.or_else(|| rule.prefix());
    let by_tag_or_size = |filter: &LifecycleRuleFilter| {
        filter.tag().is_some()
            || filter.object_size_greater_than().is_some()
            || filter.object_size_less_than().is_some()
            || filter.and().is_some()
    };
    let expires = rule.expiration().and_then(|expiration| match (expiration.days(), expiration.date()) {
        (Some(days), _) => Some(format!("{days} days after it was written")),
        (None, Some(date)) => Some(format!("at {date}")),
        (None, None) => None,
    });
    Rule {
        id: rule.id().unwrap_or("without a name").to_owned(),
        prefix: prefix.unwrap_or_default().to_owned(),
        partly: filter.is_some_and(by_tag_or_size),
        expires,
        noncurrent_days: rule.noncurrent_version_expiration().and_then(|expiration| expiration.noncurrent_days()),
    }
}
