//! S3: clients in a bucket's own region.

use aws_sdk_s3::error::SdkError;

use super::{Session, service_error};
use crate::error::Failure;

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
        Err(SdkError::ServiceError(refusal)) => refusal.raw().headers().get(REGION_HEADER).map(str::to_owned),
        Err(_) => None,
    };
    match (region, answer) {
        (Some(region), _) => {
            Ok(session.in_region(if region == OLD_EUROPE.0 { OLD_EUROPE.1.to_owned() } else { region }))
        }
        (None, Ok(_)) => Ok(session.clone()),
        (None, Err(error)) => {
            let mut error = service_error("S3", &error);
            if error.status == Some(404) {
                error.code = "NoSuchBucket".to_owned();
            }
            let doing = format!("cannot look at bucket `{bucket}`");
            Err(session.failure(doing, error, "s3:ListBucket", &format!("bucket `{bucket}`")))
        }
    }
}
