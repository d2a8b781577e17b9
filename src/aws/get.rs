//! Objects as readers, for code that reads and blocks. A connection that breaks is taken up where it broke.

use std::io::{self, Read};

use aws_sdk_s3::primitives::ByteStream;
use bytes::{Buf, Bytes, BytesMut};
use tokio::runtime::Handle;

use super::s3::client;
use super::{Session, service_error};
use crate::error::Failure;

/// An object being read. It must be read on a thread that may block.
#[derive(Debug)]
pub struct ObjectReader {
    runtime: Handle,
    session: Session,
    bucket: String,
    key: String,
    etag: Option<String>,
    body: ByteStream,
    chunk: Bytes,
    /// Bytes that came, whether they were read or not.
    came: u64,
    size: Option<u64>,
    tries_left: u32,
    /// What ended the object after the chunk.
    broken: Option<io::Error>,
}

impl ObjectReader {
    /// Opens an object; `session` is in its bucket's region.
    ///
    /// # Errors
    /// The object is not there or may not be read.
    pub async fn open(session: &Session, bucket: &str, key: &str) -> Result<Self, Failure> {
        let answer = client(session).get_object().bucket(bucket).key(key).send().await.map_err(|error| {
            let resource = format!("object `{key}` of bucket `{bucket}`");
            session.failure(
                format!("cannot read `s3://{bucket}/{key}`"),
                service_error("S3", &error),
                "s3:GetObject",
                &resource,
            )
        })?;
        Ok(Self {
            runtime: Handle::current(),
            session: session.clone(),
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            etag: answer.e_tag,
            size: answer.content_length.and_then(|length| u64::try_from(length).ok()),
            body: answer.body,
            chunk: Bytes::new(),
            came: 0,
            tries_left: session.attempts(),
            broken: None,
        })
    }

    /// The same with all of it in memory. What breaks it is told when it is read so far.
    pub async fn fetched(mut self) -> Self {
        let mut whole =
            BytesMut::with_capacity(self.size.and_then(|size| usize::try_from(size).ok()).unwrap_or_default());
        loop {
            match self.next().await {
                Ok(bytes) if bytes.is_empty() => break,
                Ok(bytes) => whole.extend_from_slice(&bytes),
                Err(error) => {
                    self.broken = Some(error);
                    break;
                }
            }
        }
        self.chunk = whole.freeze();
        self
    }

    /// Its size in bytes, where S3 says so.
    #[must_use]
    pub const fn size(&self) -> Option<u64> {
        self.size
    }

    /// The next bytes; empty at the end.
    async fn next(&mut self) -> io::Result<Bytes> {
        loop {
            let broken = match self.body.next().await {
                Some(Ok(bytes)) if bytes.is_empty() => continue,
                Some(Ok(bytes)) => {
                    self.came += bytes.len() as u64;
                    return Ok(bytes);
                }
                None if self.size.is_none_or(|size| self.came >= size) => return Ok(Bytes::new()),
                None => io::Error::new(io::ErrorKind::UnexpectedEof, "the object is longer than what came of it"),
                Some(Err(error)) => io::Error::other(error),
            };
            self.tries_left = self.tries_left.saturating_sub(1);
            if self.tries_left == 0 {
                return Err(broken);
            }
            self.body = self.rest().await?;
        }
    }

    /// The object from where it broke, if it still is the same.
    async fn rest(&self) -> io::Result<ByteStream> {
        let call = client(&self.session).get_object().bucket(&self.bucket).key(&self.key);
        let call = call.range(format!("bytes={}-", self.came)).set_if_match(self.etag.clone());
        call.send()
            .await
            .map(|answer| answer.body)
            .map_err(|error| io::Error::other(service_error("S3", &error).to_string()))
    }
}

impl Read for ObjectReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_empty() {
            if let Some(broken) = self.broken.take() {
                return Err(broken);
            }
            let runtime = self.runtime.clone();
            self.chunk = runtime.block_on(self.next())?;
        }
        let count = self.chunk.len().min(out.len());
        self.chunk.copy_to_slice(&mut out[..count]);
        Ok(count)
    }
}
