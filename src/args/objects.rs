//! Which objects of S3 a tool works on.
//!
//! Two groups: where objects come from, and which of them are meant. What selects by sources is a group of its own, since
//! not every bucket is read by sources.

use std::path::PathBuf;

use clap::Args;

use super::{TimeArgs, bytes};

/// Where objects come from.
#[derive(Args, Clone, Debug, Default)]
pub struct ObjectArgs {
    /// Objects below s3://BUCKET/PREFIX; the prefix is taken as it stands (repeatable)
    #[arg(long = "s3path", value_name = "S3-PATH", help_heading = "Objects")]
    pub paths: Vec<String>,
    /// Objects from a file (`-` is stdin): CSV with a header, JSON lines, or one s3:// URI per line
    #[arg(long, value_name = "FILE", help_heading = "Objects")]
    pub from_file: Option<PathBuf>,
    /// Objects from an S3 Inventory report: s3://BUCKET/.../manifest.json or a local manifest.json
    #[arg(long, value_name = "MANIFEST", help_heading = "Objects")]
    pub from_inventory: Option<String>,
}

/// Which objects are meant, by key, size and time.
#[derive(Args, Clone, Debug, Default)]
pub struct FilterArgs {
    /// Only keys that match this glob, or regular expression after `re:` (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "Selection")]
    pub include: Vec<String>,
    /// No keys that match this glob, or regular expression after `re:` (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "Selection")]
    pub exclude: Vec<String>,
    /// Only objects of at least this size, such as 4096 or 16K
    #[arg(long, value_name = "BYTES", value_parser = bytes, env = "OPSTOOLS_MIN_SIZE", help_heading = "Selection")]
    pub min_size: Option<u64>,
    /// Only objects of at most this size
    #[arg(long, value_name = "BYTES", value_parser = bytes, env = "OPSTOOLS_MAX_SIZE", help_heading = "Selection")]
    pub max_size: Option<u64>,
    /// Only keys after this one
    #[arg(long, value_name = "KEY", help_heading = "Selection")]
    pub start_after: Option<String>,
    /// When: of last modification, or of date folders, as the tool says.
    #[command(flatten)]
    pub time: TimeArgs,
}

/// Which sources' objects are meant, and who lists them.
#[derive(Args, Clone, Debug, Default)]
pub struct SourceArgs {
    /// All prefixes of the source with this id (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Objects")]
    pub source_id: Vec<String>,
    /// All prefixes of the source with this label (repeatable)
    #[arg(long, value_name = "LABEL", help_heading = "Objects")]
    pub source_label: Vec<String>,
    /// List with the role of the source instead of your own credentials
    #[arg(long, help_heading = "Objects")]
    pub assume_source_role: bool,
}
