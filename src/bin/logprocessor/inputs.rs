//! What to read, as it was typed.

use std::path::{Path, PathBuf};

use opstools::aws::Session;
use opstools::error::Failure;
use opstools::objects::Location;

use crate::arguments::Arguments;
use crate::peek::Peek;

/// One input as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A file or a folder.
    Path(PathBuf),
    /// Objects of a bucket below a prefix.
    Prefix(Location),
}

/// An input, found.
pub enum Input {
    /// A file or a folder.
    Path(PathBuf),
    /// Objects of a bucket below a prefix; the session is in the bucket's region.
    Prefix(Box<Session>, Location),
    /// The objects of which a queue tells.
    Queue(Box<Peek>),
}

/// Whether S3 is meant, even where that is not quite what was typed: it must not become the name of a folder.
pub fn is_of_s3(text: &str) -> bool {
    text.get(..3).is_some_and(|scheme| scheme.eq_ignore_ascii_case("s3:"))
}

/// What was typed; `-file` and plain names are the same.
///
/// # Errors
/// A usage error: an S3 path that is none.
pub fn typed(args: &Arguments) -> Result<Vec<Typed>, Failure> {
    let given = args.inputs.iter().chain(&args.file).filter(|text| !text.is_empty());
    given
        .map(|text| match is_of_s3(text) {
            true => Location::parse(text).map(Typed::Prefix),
            false => Ok(Typed::Path(PathBuf::from(text))),
        })
        .collect()
}

/// That a path is there, before anything is started.
///
/// # Errors
/// It is not, or may not be looked at.
pub fn check_path(path: &Path) -> Result<(), Failure> {
    std::fs::metadata(path).map(drop).map_err(|error| {
        Failure::failed(format!("cannot read `{}`", path.display()))
            .because(error)
            .hint("name a file, a folder, or objects as s3://bucket/prefix")
    })
}
