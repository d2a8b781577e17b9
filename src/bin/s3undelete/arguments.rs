//! The command line; the doc comments are the help.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use opstools::args::{AwsArgs, PaceArgs, TimeArgs, positive};

/// How many of the restored keys are looked at afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Verify {
    /// None
    None,
    /// The first of each batch and one in two hundred
    Sample,
    /// Each
    All,
}

/// What to bring back, what to write down, how fast.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Deleted objects below s3://BUCKET/PREFIX; the prefix is taken as it stands
    #[arg(long = "s3path", value_name = "S3-PATH", help_heading = "Objects")]
    pub path: Option<String>,
    /// Allow a path without a prefix: the whole bucket
    #[arg(long, help_heading = "Objects")]
    pub whole_bucket: bool,
    /// Only the keys of this file: CSV with a header, JSON lines, or one s3:// URI per line
    #[arg(long, value_name = "FILE", help_heading = "Objects")]
    pub keys_file: Option<PathBuf>,
    /// Work off a manifest that --split wrote
    #[arg(long, value_name = "FILE", help_heading = "Objects")]
    pub from_manifest: Option<PathBuf>,
    /// Delete again what the run of this journal brought back, where nobody has written since
    #[arg(long, value_name = "JOURNAL", help_heading = "Objects")]
    pub undo: Option<PathBuf>,

    /// --start and --end (also --since and --until) are about when the objects were deleted.
    #[command(flatten)]
    pub time: TimeArgs,
    /// Only keys that match this glob, or regular expression after `re:` (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "Selection")]
    pub include: Vec<String>,
    /// No keys that match this glob, or regular expression after `re:` (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "Selection")]
    pub exclude: Vec<String>,
    /// Only deletions with this version id of the delete marker (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Selection")]
    pub marker_version_id: Vec<String>,
    /// Also objects that had been deleted once before --start
    #[arg(long, help_heading = "Selection")]
    pub deep: bool,

    /// Do nothing if more than this many objects would come back; they are counted first
    #[arg(long, value_name = "N", value_parser = positive, env = "OPSTOOLS_MAX_RESTORE", help_heading = "Safety")]
    pub max_restore: Option<usize>,
    /// Work in a bucket whose versioning is suspended
    #[arg(long, help_heading = "Safety")]
    pub allow_suspended: bool,
    /// Serial number or ARN of the multi-factor device, a space, and the code it shows, in quotes
    #[arg(long, value_name = "SERIAL CODE", help_heading = "Safety")]
    pub mfa: Option<String>,
    /// How many of the objects brought back are looked at afterwards
    #[arg(long, value_enum, default_value = "sample", env = "OPSTOOLS_VERIFY", help_heading = "Safety")]
    pub verify: Verify,

    /// Write the objects brought back as JSON lines, for `s3queue --from-file` and `s3sns --from-file`
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub restored: Option<PathBuf>,
    /// Write the hours of processed data that came back as JSON lines: database, table, year, month, day, hour,
    /// partition_time (seconds), location, objects, bytes
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub hours: Option<PathBuf>,
    /// Write keys that have nothing but delete markers as JSON lines; they cannot come back
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub orphans: Option<PathBuf>,
    /// Write keys that are passed over, each with its reason, as JSON lines
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub skipped: Option<PathBuf>,
    /// Change nothing: write what would be done as N manifests, for as many machines
    #[arg(long, value_name = "N", value_parser = positive, help_heading = "Files")]
    pub split: Option<usize>,
    /// Where --split writes: PREFIX-1-of-N.jsonl and so on; without it, s3undelete-BUCKET
    #[arg(long, value_name = "PREFIX", help_heading = "Files")]
    pub manifests: Option<PathBuf>,

    #[command(flatten)]
    pub pace: PaceArgs,
    #[command(flatten)]
    pub aws: AwsArgs,
}
