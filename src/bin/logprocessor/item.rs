//! One thing to read: a file, or an object.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use opstools::aws::Session;
use opstools::aws::ahead::Ahead;
use opstools::error::Failure;
use tokio::runtime::Handle;

/// A file or an object, as it is found.
pub enum Item {
    /// A file of this machine, and its size in bytes.
    File(PathBuf, u64),
    /// An object.
    Object {
        /// In the bucket's region.
        session: Box<Session>,
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
        /// Its size in bytes, where it is known.
        size: Option<u64>,
    },
}

impl Item {
    /// What people call it.
    fn name(&self) -> String {
        match self {
            Self::File(path, _) => path.display().to_string(),
            Self::Object { bucket, key, .. } => format!("s3://{bucket}/{key}"),
        }
    }

    /// Its size in bytes as it is stored, where it is known.
    pub const fn size(&self) -> Option<u64> {
        match self {
            Self::File(_, size) => Some(*size),
            Self::Object { size, .. } => *size,
        }
    }
}

/// Whether there is nothing to read: empty objects and folder marks are passed over, as the log processor does.
pub fn is_passed_over(key: &str, size: Option<u64>) -> bool {
    size == Some(0) || key.ends_with('/')
}

/// The same when its turn is near.
pub struct Ready {
    /// What people call it.
    pub name: String,
    /// Its size in bytes as it is stored, where it is known.
    pub size: Option<u64>,
    source: Source,
}

enum Source {
    File(PathBuf),
    Object(Ahead),
}

impl Ready {
    /// An item; a small object is fetched from now on, unless that is not wanted any more. Must be called within the runtime.
    pub fn new(item: Item, wanted: bool) -> Self {
        let (name, size) = (item.name(), item.size());
        let source = match item {
            Item::File(path, _) => Source::File(path),
            Item::Object { session, bucket, key, size } => {
                Source::Object(Ahead::start(&session, &bucket, &key, size.filter(|_| wanted)))
            }
        };
        Self { name, size, source }
    }

    /// The last part of its name.
    pub fn base_name(&self) -> &str {
        self.name.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or_default()
    }

    /// Its bytes as they are stored, on a thread that may block.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(self) -> Result<Box<dyn Read + Send>, Failure> {
        match self.source {
            Source::File(path) => {
                let failure = |error| Failure::failed(format!("cannot read `{}`", self.name)).because(error);
                Ok(Box::new(File::open(path).map_err(failure)?))
            }
            Source::Object(object) => Ok(Box::new(object.open(&Handle::current())?)),
        }
    }
}
