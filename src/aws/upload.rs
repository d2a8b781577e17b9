//! S3: objects that this program makes, each confirmed by a look at it, and their removal.
//!
//! Everything written here is marked as synthetic, by tag and by metadata, so that nobody takes it for evidence. An object
//! counts when S3, asked for it again, names the entity tag and the size of what was sent.

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;

use super::{Session, s3, service_error};
use crate::error::ServiceError;

/// The smallest part of an upload in parts but the last (AWS limit); smaller objects are put in one request.
pub const SMALLEST_PART: usize = 5 << 20;

/// What objects are marked with: a tag and a metadata entry of this name and value.
pub const MARK: (&str, &str) = ("panther-synthetic", "true");

/// The same as S3 takes tags.
const TAGGING: &str = "panther-synthetic=true";

/// A bucket that is written to.
#[derive(Clone, Debug)]
pub struct Uploads {
    client: aws_sdk_s3::Client,
    session: Session,
    bucket: String,
}

/// An object as S3 shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Its size in bytes.
    pub size: u64,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Its version, in a bucket that keeps versions.
    pub version: Option<String>,
    /// It bears our mark.
    pub synthetic: bool,
}

/// An upload in parts that was begun.
#[derive(Debug)]
pub struct Multipart<'u> {
    uploads: &'u Uploads,
    key: &'u str,
    id: String,
    parts: Vec<CompletedPart>,
    size: u64,
}

fn refused<E>(error: &aws_sdk_s3::error::SdkError<E>) -> ServiceError
where
    E: std::error::Error + ProvideErrorMetadata + aws_types::request_id::RequestId + Send + Sync + 'static,
{
    service_error("S3", error)
}

fn bare(etag: Option<&str>) -> String {
    etag.unwrap_or_default().trim_matches('"').to_owned()
}

impl Uploads {
    /// The bucket of this name, in the session's region.
    #[must_use]
    pub fn new(session: &Session, bucket: impl Into<String>) -> Self {
        Self { client: s3::client(session), session: session.clone(), bucket: bucket.into() }
    }

    /// Its name.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The session it is reached with.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Writes an object in one request, and makes sure of it.
    ///
    /// # Errors
    /// S3 refuses it, or shows something else afterwards.
    pub async fn put(&self, key: &str, body: Bytes) -> Result<Stored, ServiceError> {
        let size = body.len() as u64;
        let call = self.client.put_object().bucket(&self.bucket).key(key).body(body.into());
        let answer = call.tagging(TAGGING).metadata(MARK.0, MARK.1).send().await.map_err(|error| refused(&error))?;
        self.confirmed(key, &bare(answer.e_tag()), size, answer.version_id()).await
    }

    /// Begins an upload in parts.
    ///
    /// # Errors
    /// What S3 answers.
    pub async fn begin<'u>(&'u self, key: &'u str) -> Result<Multipart<'u>, ServiceError> {
        let call = self.client.create_multipart_upload().bucket(&self.bucket).key(key);
        let answer = call.tagging(TAGGING).metadata(MARK.0, MARK.1).send().await.map_err(|error| refused(&error))?;
        let id = answer.upload_id().unwrap_or_default().to_owned();
        Ok(Multipart { uploads: self, key, id, parts: Vec::new(), size: 0 })
    }

    /// Looks at an object; `None` when there is none.
    ///
    /// # Errors
    /// It may not be looked at.
    pub async fn find(&self, key: &str, version: Option<&str>) -> Result<Option<Stored>, ServiceError> {
        let call = self.client.head_object().bucket(&self.bucket).key(key);
        match call.set_version_id(version.map(str::to_owned)).send().await {
            Ok(answer) => Ok(Some(Stored {
                size: answer.content_length().and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
                etag: bare(answer.e_tag()),
                version: answer.version_id().filter(|id| *id != "null").map(str::to_owned),
                synthetic: answer.metadata().is_some_and(|all| all.get(MARK.0).is_some_and(|value| value == MARK.1)),
            })),
            Err(error) => {
                let error = refused(&error);
                if error.status == Some(404) { Ok(None) } else { Err(error) }
            }
        }
    }

    /// Removes an object; one version for good, where a version is named.
    ///
    /// # Errors
    /// What S3 answers.
    pub async fn remove(&self, key: &str, version: Option<&str>) -> Result<(), ServiceError> {
        let call = self.client.delete_object().bucket(&self.bucket).key(key);
        let answer = call.set_version_id(version.map(str::to_owned)).send().await;
        answer.map(|_| ()).map_err(|error| refused(&error))
    }

    /// Gives up an upload in parts that was begun, so that nobody pays for its parts; false where there is none any more.
    ///
    /// # Errors
    /// What S3 answers; the parts then lie there.
    pub async fn abort(&self, key: &str, id: &str) -> Result<bool, ServiceError> {
        let call = self.client.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(id);
        match call.send().await.map_err(|error| refused(&error)) {
            Ok(_) => Ok(true),
            Err(error) if error.code == "NoSuchUpload" => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn confirmed(&self, key: &str, etag: &str, size: u64, version: Option<&str>) -> Result<Stored, ServiceError> {
        let version = version.filter(|id| *id != "null");
        let stored = self.find(key, version).await?;
        let unconfirmed = |message: String| ServiceError {
            service: "S3",
            code: "Unconfirmed".to_owned(),
            message,
            ..ServiceError::default()
        };
        match stored {
            Some(stored) if stored.size == size && stored.etag == etag => Ok(stored),
            Some(stored) => Err(unconfirmed(format!(
                "{size} bytes with the entity tag {etag} were written, and {} with {} are there",
                stored.size, stored.etag
            ))),
            None => Err(unconfirmed("it was written, and is not there".to_owned())),
        }
    }
}

impl Multipart<'_> {
    /// Uploads the next part; all but the last have at least [`SMALLEST_PART`] bytes.
    ///
    /// # Errors
    /// What S3 answers.
    pub async fn part(&mut self, body: Bytes) -> Result<(), ServiceError> {
        // S3 takes 10,000 parts.
        let number = i32::try_from(self.parts.len() + 1).unwrap_or(i32::MAX);
        self.size += body.len() as u64;
        let call = self.uploads.client.upload_part().bucket(&self.uploads.bucket).key(self.key).upload_id(&self.id);
        let answer = call.part_number(number).body(body.into()).send().await.map_err(|error| refused(&error))?;
        let part = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(answer.e_tag)
            .set_checksum_crc32(answer.checksum_crc32)
            .build();
        self.parts.push(part);
        Ok(())
    }

    /// Makes the parts an object, and makes sure of it.
    ///
    /// # Errors
    /// S3 refuses it, or shows something else afterwards.
    pub async fn complete(self) -> Result<Stored, ServiceError> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(self.parts)).build();
        let uploads = self.uploads;
        let call = uploads.client.complete_multipart_upload().bucket(&uploads.bucket).key(self.key);
        let answer = call.upload_id(&self.id).multipart_upload(parts).send().await.map_err(|error| refused(&error))?;
        uploads.confirmed(self.key, &bare(answer.e_tag()), self.size, answer.version_id()).await
    }

    /// What S3 calls the upload.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Gives the upload up.
    ///
    /// # Errors
    /// What S3 answers; the parts then lie there.
    pub async fn abort(self) -> Result<(), ServiceError> {
        self.uploads.abort(self.key, &self.id).await.map(|_| ())
    }
}
