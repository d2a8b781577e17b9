//! One thing to read: a file, or an object.

use std::path::PathBuf;

use opstools::aws::Session;

/// A file or an object.
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
    pub fn name(&self) -> String {
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

    /// The last part of its name.
    pub fn base_name(&self) -> String {
        self.name().rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or_default().to_owned()
    }
}
