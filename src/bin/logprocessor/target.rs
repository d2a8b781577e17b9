//! Where objects go, as it was typed, and whom to tell of them.

use std::path::PathBuf;

use opstools::aws::sns::{Sns, Topic};
use opstools::error::Failure;
use opstools::objects::Location;

use crate::arguments::Arguments;
use crate::inputs::is_of_s3;

/// Where objects go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nowhere: this only measures.
    Nowhere,
    /// Files below a folder.
    Folder(PathBuf),
    /// Objects of a bucket, below a prefix that is empty or ends with `/`.
    Bucket(Location),
}

impl Target {
    /// The target of a command line.
    ///
    /// # Errors
    /// A usage error: none, or an S3 path that is none.
    pub fn of(args: &Arguments) -> Result<Self, Failure> {
        let bucket = args.bucket.as_deref().filter(|bucket| !bucket.is_empty()).map(|bucket| format!("s3://{bucket}"));
        let text = match (args.out.clone().filter(|out| !out.is_empty()), bucket) {
            (Some(_), Some(_)) => {
                return Err(Failure::usage("both `--out` and `--bucket` name a target").hint("give one of them"));
            }
            (out, bucket) => out.or(bucket).ok_or_else(|| {
                Failure::usage("`--out` is missing").hint("name a folder or s3://BUCKET, or `none` to measure alone")
            })?,
        };
        if text == "none" {
            return Ok(Self::Nowhere);
        }
        if !is_of_s3(&text) {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        let mut location = Location::parse(&text)?;
        if !location.key.is_empty() && !location.key.ends_with('/') {
            location.key.push('/');
        }
        Ok(Self::Bucket(location))
    }

    /// What people call it.
    pub fn name(&self) -> String {
        match self {
            Self::Nowhere => "nowhere".to_owned(),
            Self::Folder(folder) => format!("folder `{}`", folder.display()),
            Self::Bucket(location) => format!("`{}`", location.uri()),
        }
    }
}

/// A topic that is told of each object.
pub struct Told {
    /// SNS in the topic's region.
    pub sns: Sns,
    /// The topic.
    pub topic: Topic,
    /// The largest message that it takes.
    pub message_bytes: usize,
}
