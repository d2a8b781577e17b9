//! The command line; the doc comments are the help.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use opstools::args::{AwsArgs, PaceArgs, TimeArgs, bytes, duration, positive};
use opstools::panther::INPUT_QUEUE;

/// How a message names its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// As S3 notifies: bucket, key and size
    S3,
    /// As CloudTrail notifies: bucket and keys, sizes unknown
    Cloudtrail,
}

/// What to notify, of what, how fast.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Objects below s3://BUCKET/PREFIX; the prefix is taken as it stands (repeatable)
    #[arg(long = "s3path", value_name = "S3-PATH", help_heading = "Objects")]
    pub paths: Vec<String>,
    /// All prefixes of the source with this id (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Objects")]
    pub source_id: Vec<String>,
    /// All prefixes of the source with this label (repeatable)
    #[arg(long, value_name = "LABEL", help_heading = "Objects")]
    pub source_label: Vec<String>,
    /// Replay a prefix that several sources share, for all of them
    #[arg(long, help_heading = "Objects")]
    pub all_sources_of_prefix: bool,
    /// List with the role of the source instead of your own credentials
    #[arg(long, help_heading = "Objects")]
    pub assume_source_role: bool,
    /// Objects from a file (`-` is stdin): CSV with a header, JSON lines, or one s3:// URI per line
    #[arg(long, value_name = "FILE", help_heading = "Objects")]
    pub from_file: Option<PathBuf>,
    /// Objects from an S3 Inventory report in CSV: s3://BUCKET/.../manifest.json or a local manifest.json
    #[arg(long, value_name = "MANIFEST", help_heading = "Objects")]
    pub from_inventory: Option<String>,
    /// Notify also of what belongs to no source, without asking for the sources
    #[arg(long, help_heading = "Objects")]
    pub force: bool,

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
    /// Let --start and --end choose date folders (AWSLogs/.../2026/01/31/, year=2026/month=01/...) instead of times of
    /// last modification; other folders are not listed
    #[arg(long, help_heading = "Selection")]
    pub partitions: bool,
    /// Also objects in GLACIER and DEEP_ARCHIVE, which the log processor cannot read before they are restored
    #[arg(long, help_heading = "Selection")]
    pub include_archived: bool,
    #[command(flatten)]
    pub time: TimeArgs,

    /// The queue of the log processor: name, URL or ARN
    #[arg(long, value_name = "QUEUE", default_value = INPUT_QUEUE, env = "OPSTOOLS_QUEUE", help_heading = "Target")]
    pub queue: String,
    /// The account of the queue; without it, your own
    #[arg(long, value_name = "ACCOUNT", env = "OPSTOOLS_ACCOUNT", help_heading = "Target")]
    pub account: Option<String>,
    /// How messages name the objects
    #[arg(long, value_enum, default_value = "s3", env = "OPSTOOLS_MESSAGE_FORMAT", help_heading = "Target")]
    pub message_format: MessageFormat,
    /// Objects per message, as far as they fit; with one, a failure concerns one object only
    #[arg(long, value_name = "N", default_value = "1", value_parser = positive, env = "OPSTOOLS_FILES_PER_MESSAGE",
          help_heading = "Target")]
    pub files_per_message: usize,

    /// At most this many bytes of objects per second, such as 50M; 0 is unlimited
    #[arg(long, value_name = "BYTES", default_value = "0", value_parser = bytes, env = "OPSTOOLS_BYTES_PER_SECOND",
          help_heading = "Pace")]
    pub bytes_per_second: u64,
    /// Pause while the queue holds more messages than this
    #[arg(long, value_name = "N", env = "OPSTOOLS_MAX_BACKLOG", help_heading = "Pace")]
    pub max_backlog: Option<u64>,
    /// Begin again at the end, until --limit, --duration or ^C
    #[arg(long = "loop", env = "OPSTOOLS_LOOP", help_heading = "Pace")]
    pub repeat: bool,
    /// Pause between two passes of --loop
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = duration, env = "OPSTOOLS_LOOP_DELAY",
          help_heading = "Pace")]
    pub loop_delay: Duration,
    #[command(flatten)]
    pub pace: PaceArgs,
    #[command(flatten)]
    pub aws: AwsArgs,
}

impl Arguments {
    /// Objects per second; `None` is unlimited.
    pub fn rate(&self) -> Option<f64> {
        (self.pace.rate > 0.0).then_some(self.pace.rate)
    }
}
