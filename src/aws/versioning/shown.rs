//! What a reader of a key gets at this moment.

use aws_sdk_s3::error::SdkError;

use super::VersionedBucket;
use crate::aws::listing::{DeleteMarker, VersionId};
use crate::aws::service_error;
use crate::error::ServiceError;

/// Says on a refusal that the version is a delete marker.
const MARKER_HEADER: &str = "x-amz-delete-marker";

/// What a reader of a key gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// This version's data.
    Data(VersionId),
    /// Nothing: a delete marker stands on top.
    Deleted,
    /// Nothing: there is no such key.
    Nothing,
}

impl VersionedBucket {
    /// What a reader of the key gets.
    ///
    /// # Errors
    /// S3 refuses to tell.
    pub async fn shown(&self, key: &str) -> Result<Shown, ServiceError> {
        match self.patient.head_object().bucket(&self.name).key(key).send().await {
            // Not every server names the version that was written before the bucket kept any.
            Ok(answer) => Ok(Shown::Data(answer.version_id().and_then(VersionId::new).unwrap_or_else(VersionId::null))),
            Err(SdkError::ServiceError(refusal)) if refusal.raw().status().as_u16() == 404 => {
                let marker = refusal.raw().headers().get(MARKER_HEADER) == Some("true");
                Ok(if marker { Shown::Deleted } else { Shown::Nothing })
            }
            Err(error) => Err(service_error("S3", &error)),
        }
    }

    /// Whether the key has a version `null` with data in it, on top or below.
    ///
    /// # Errors
    /// S3 refuses to tell.
    pub async fn has_null_data(&self, key: &str) -> Result<bool, ServiceError> {
        let null = VersionId::null();
        match self.patient.head_object().bucket(&self.name).key(key).version_id(null.as_str()).send().await {
            Ok(_) => Ok(true),
            // 405: it is a marker; 404: there is none.
            Err(SdkError::ServiceError(refusal)) if matches!(refusal.raw().status().as_u16(), 404 | 405) => Ok(false),
            Err(error) => Err(service_error("S3", &error)),
        }
    }

    /// Whether a version still is a delete marker. The id `null` of a bucket with suspended versioning may have become data
    /// since it was listed; no other id ever does.
    ///
    /// # Errors
    /// S3 refuses to tell.
    pub async fn is_marker(&self, key: &str, marker: &DeleteMarker) -> Result<bool, ServiceError> {
        let call = self.patient.head_object().bucket(&self.name).key(key).version_id(marker.id().as_str());
        match call.send().await {
            Ok(_) => Ok(false),
            // S3 answers 405 when asked for a marker by its id; 404 when it is gone, which harms nobody.
            Err(SdkError::ServiceError(refusal)) if matches!(refusal.raw().status().as_u16(), 404 | 405) => Ok(true),
            Err(error) => Err(service_error("S3", &error)),
        }
    }
}
