//! S3: clients in a bucket's own region, and whole objects.

use std::io::Write;

use aws_sdk_s3::error::SdkError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use md5::{Digest, Md5};

use super::listing::PageError;
use super::{Session, service_error};
use crate::error::Failure;

/// Dollars per thousand list requests, each of up to a thousand keys (AWS price list of S3 Standard, most regions).
pub const DOLLARS_PER_THOUSAND_LISTS: f64 = 0.005;

/// Dollars per thousand looks at an object, HEAD or GET (AWS price list of S3 Standard, most regions).
pub const DOLLARS_PER_THOUSAND_LOOKS: f64 = 0.0004;

/// The header in which S3 names a bucket's region, on refusals too.
const REGION_HEADER: &str = "x-amz-bucket-region";

/// Buckets of the very first European region say `EU`.
const OLD_EUROPE: (&str, &str) = ("EU", "eu-west-1");

/// An S3 client in the session's region; other endpoints than AWS's own get path-style requests.
#[must_use]
pub fn client(session: &Session) -> aws_sdk_s3::Client {
    aws_sdk_s3::Client::from_conf(config(session).build())
}

/// The configuration of such a client, for those who wrap its HTTP client.
#[must_use]
pub fn config(session: &Session) -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::config::Builder::from(session.config())
        .force_path_style(session.has_own_endpoint("S3"))
        .interceptor(session.clock.clone())
}

/// The session moved to a bucket's own region.
///
/// # Errors
/// The bucket does not exist, or its region cannot be found out.
pub async fn in_bucket_region(session: &Session, bucket: &str) -> Result<Session, Failure> {
    let answer = client(session).head_bucket().bucket(bucket).send().await;
    let region = match &answer {
        Ok(answer) => answer.bucket_region().map(str::to_owned),
        Err(refusal) => region_told(refusal),
    };
    match (region, answer) {
        (Some(region), _) => Ok(session.in_region(region_of(&region))),
        (None, Ok(_)) => Ok(session.clone()),
        (None, Err(error)) => {
            let mut error = service_error("S3", &error);
            if error.status == Some(404) {
                error.code = "NoSuchBucket".to_owned();
                // The answer to HEAD has no words.
                error.message = "there is no such bucket".to_owned();
            }
            let doing = format!("cannot look at bucket `{bucket}`");
            Err(session.failure(doing, error, "s3:ListBucket", &format!("bucket `{bucket}`")))
        }
    }
}

/// The region of a bucket that S3 names in its answer to a call that it refused.
pub(super) fn region_told<E>(refusal: &SdkError<E, HttpResponse>) -> Option<String> {
    refusal.raw_response()?.headers().get(REGION_HEADER).map(|named| region_of(named).to_owned())
}

/// The region that S3 means by a name: that of a region, or the oldest name of one.
pub(super) fn region_of(named: &str) -> &str {
    if named == OLD_EUROPE.0 { OLD_EUROPE.1 } else { named }
}

/// A listing that failed, with the service's words and the next step.
#[must_use]
pub fn listing_failure(session: &Session, bucket: &str, prefix: &str, error: PageError) -> Failure {
    page_failure(session, &format!("cannot list `s3://{bucket}/{prefix}`"), "s3:ListBucket", bucket, error)
}

/// As [`listing_failure`], of versions: that is another permission.
#[must_use]
pub fn versions_failure(session: &Session, bucket: &str, prefix: &str, error: PageError) -> Failure {
    let doing = format!("cannot list the versions of `s3://{bucket}/{prefix}`");
    page_failure(session, &doing, "s3:ListBucketVersions", bucket, error)
}

fn page_failure(session: &Session, doing: &str, action: &str, bucket: &str, error: PageError) -> Failure {
    match error {
        PageError::Request(error) => {
            session.failure(doing, service_error("S3", error.as_ref()), action, &format!("bucket `{bucket}`"))
        }
        other => Failure::failed(doing).because(other),
    }
}

/// The size of an object in bytes; `None` when there is none.
///
/// # Errors
/// It may not be looked at.
pub async fn size(session: &Session, bucket: &str, key: &str) -> Result<Option<u64>, Failure> {
    match client(session).head_object().bucket(bucket).key(key).send().await {
        Ok(answer) => Ok(answer.content_length().and_then(|length| u64::try_from(length).ok())),
        Err(error) => {
            let error = service_error("S3", &error);
            if error.status == Some(404) {
                return Ok(None);
            }
            let resource = format!("object `{key}` of bucket `{bucket}`");
            Err(session.failure(format!("cannot look at `s3://{bucket}/{key}`"), error, "s3:GetObject", &resource))
        }
    }
}

/// Reads a whole object into `file` and returns the MD5 of its bytes in hex.
///
/// # Errors
/// The object is not there, may not be read, or cannot be written down.
pub async fn download(session: &Session, bucket: &str, key: &str, mut file: impl Write) -> Result<String, Failure> {
    let doing = format!("cannot read `s3://{bucket}/{key}`");
    let answer = client(session).get_object().bucket(bucket).key(key).send().await;
    let mut body = answer
        .map_err(|error| {
            let resource = format!("object `{key}` of bucket `{bucket}`");
            session.failure(&doing, service_error("S3", &error), "s3:GetObject", &resource)
        })?
        .body;
    let mut digest = Md5::new();
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|error| Failure::failed(&doing).because(error))?;
        digest.update(&bytes);
        file.write_all(&bytes).map_err(|error| Failure::failed(&doing).because(error))?;
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_name_of_a_region_is_understood() {
        assert_eq!(region_of("EU"), "eu-west-1");
        assert_eq!(region_of("eu-central-1"), "eu-central-1");
    }
}
