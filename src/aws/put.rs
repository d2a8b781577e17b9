//! Objects that are written whole, in one request each, and confirmed.

use aws_sdk_s3::primitives::ByteStream;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use md5::{Digest, Md5};

use super::s3::client;
use super::{Session, service_error};
use crate::error::{Failure, ServiceError};

/// Hexadecimal digits of an MD5.
const MD5_DIGITS: usize = 32;

/// Writes an object and returns its entity tag. S3 checks the bytes by their MD5 before it takes them; the object is there as a
/// whole when this returns, and not at all otherwise. For objects up to 5 GiB (AWS quota of one request), of which the body is in
/// memory.
///
/// # Errors
/// S3 refused it, did not answer, or answered with a tag of other bytes.
pub async fn object(session: &Session, bucket: &str, key: &str, body: Bytes) -> Result<String, Failure> {
    let digest = Md5::digest(&body);
    let (doing, resource) =
        (format!("cannot write `s3://{bucket}/{key}`"), format!("object `{key}` of bucket `{bucket}`"));
    let size = body.len();
    let call = client(session).put_object().bucket(bucket).key(key).content_md5(BASE64_STANDARD.encode(digest));
    let answer = call.body(ByteStream::from(body)).send().await;
    let answer =
        answer.map_err(|error| session.failure(&doing, service_error("S3", &error), "s3:PutObject", &resource))?;
    let etag = answer.e_tag().unwrap_or_default().trim_matches('"').to_owned();
    let own: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    // Of objects that S3 encrypts with KMS keys the tag is none of their bytes; S3 still has checked the MD5 that was sent.
    let comparable = answer.ssekms_key_id().is_none() && answer.sse_customer_algorithm().is_none();
    if etag.is_empty() || (comparable && etag.len() == MD5_DIGITS && !etag.eq_ignore_ascii_case(&own)) {
        let message = format!("the answer has the tag `{etag}`; that of the {size} bytes is `{own}`");
        let error = ServiceError { service: "S3", code: "TagMismatch".to_owned(), message, ..ServiceError::default() };
        return Err(session.failure(&doing, error, "s3:PutObject", &resource));
    }
    Ok(etag)
}
