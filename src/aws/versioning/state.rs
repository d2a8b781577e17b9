//! Whether a bucket keeps versions, and whether deleting one needs a code.

use aws_sdk_s3::types::{BucketVersioningStatus, MfaDeleteStatus};

use crate::aws::{Session, s3, service_error};
use crate::error::Failure;

/// Whether a bucket keeps versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Every write is a new version.
    Enabled,
    /// Writes replace the version `null`; older versions stay.
    Suspended,
    /// It never kept any: what is deleted is gone.
    Never,
}

/// A bucket's versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versioning {
    /// Whether it keeps versions.
    pub status: Status,
    /// Whether deleting a version needs the code of a multi-factor device.
    pub mfa_delete: bool,
}

/// Asks for a bucket's versioning.
///
/// # Errors
/// The bucket may not be asked.
pub async fn versioning(session: &Session, bucket: &str) -> Result<Versioning, Failure> {
    let answer = s3::client(session).get_bucket_versioning().bucket(bucket).send().await.map_err(|error| {
        let doing = format!("cannot ask whether bucket `{bucket}` keeps versions");
        let resource = format!("bucket `{bucket}`");
        session.failure(doing, service_error("S3", &error), "s3:GetBucketVersioning", &resource)
    })?;
    let status = match answer.status() {
        Some(BucketVersioningStatus::Enabled) => Status::Enabled,
        Some(BucketVersioningStatus::Suspended) => Status::Suspended,
        _ => Status::Never,
    };
    Ok(Versioning { status, mfa_delete: answer.mfa_delete() == Some(&MfaDeleteStatus::Enabled) })
}
