//! Where objects go: a folder, a bucket, nowhere.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use super::folder;
use crate::aws::{Session, put};
use crate::error::Failure;
use crate::run::{Stage, Watch, watched};

/// Where objects go.
#[derive(Clone, Debug)]
pub enum Store {
    /// Nowhere: they are made for measuring alone.
    Nowhere,
    /// Files below a folder.
    Folder(PathBuf),
    /// Objects of a bucket below a prefix, through a session in the bucket's region.
    Bucket(Box<Session>, String, String),
}

/// What is known of an object that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its key, with the prefix of the store.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its entity tag, where the store has one.
    pub etag: String,
}

impl Store {
    /// The whole name of an object that was stored, by which it can be read and deleted; nothing is kept nowhere.
    #[must_use]
    pub fn name_of(&self, stored: &Stored) -> Option<String> {
        match self {
            Self::Nowhere => None,
            Self::Folder(root) => Some(root.join(&stored.key).display().to_string()),
            Self::Bucket(_, bucket, _) => Some(format!("s3://{bucket}/{}", stored.key)),
        }
    }

    /// Stores an object and returns when that is certain; `log_type` is for the watch.
    ///
    /// # Errors
    /// It is not certain that the object is there as a whole. None is there in part.
    pub async fn put<W>(&self, key: &str, body: Vec<u8>, log_type: usize, watch: &Arc<W>) -> Result<Stored, Failure>
    where
        W: Watch + Send + Sync + 'static,
    {
        let (size, stage) = (body.len() as u64, Stage::Write(log_type));
        let stored = |key: String, etag: String| Stored { key, size, etag };
        match self {
            Self::Nowhere => Ok(stored(key.to_owned(), String::new())),
            Self::Folder(root) => {
                let (root, watch, name) = (root.clone(), Arc::clone(watch), key.to_owned());
                let path = root.join(key);
                let write = move || watched(watch.as_ref(), stage, || folder::put(&root, &name, &body));
                let written =
                    tokio::task::spawn_blocking(write).await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
                let failure = |error| Failure::failed(format!("cannot write `{}`", path.display())).because(error);
                written.map(|()| stored(key.to_owned(), String::new())).map_err(failure)
            }
            Self::Bucket(session, bucket, prefix) => {
                let key = format!("{prefix}{key}");
                let put = put::object(session, bucket, &key, Bytes::from(body));
                let etag = measured(Box::pin(put), stage, watch.as_ref()).await?;
                Ok(stored(key, etag))
            }
        }
    }
}

/// Runs a future under a watch: what its own polls cost. What the connection does on other threads is not in it.
async fn measured<T>(mut future: std::pin::Pin<Box<impl Future<Output = T>>>, stage: Stage, watch: &dyn Watch) -> T {
    std::future::poll_fn(|context| watched(watch, stage, || future.as_mut().poll(context))).await
}
