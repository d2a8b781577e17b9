//! The command line; the doc comments are the help.

use std::time::Duration;

use clap::{Args, ValueEnum};
use opstools::args::{AwsArgs, FilterArgs, ObjectArgs, PaceArgs, SourceArgs, bytes, duration, positive};
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
    #[command(flatten)]
    pub objects: ObjectArgs,
    #[command(flatten)]
    pub sources: SourceArgs,
    /// Replay a prefix that several sources share, for all of them
    #[arg(long, help_heading = "Objects")]
    pub all_sources_of_prefix: bool,
    /// Notify also of what belongs to no source, without asking for the sources
    #[arg(long, help_heading = "Objects")]
    pub force: bool,

    #[command(flatten)]
    pub filters: FilterArgs,
    /// Let --start and --end choose date folders (AWSLogs/.../2026/01/31/, year=2026/month=01/...) instead of times of
    /// last modification; other folders are not listed
    #[arg(long, help_heading = "Selection")]
    pub partitions: bool,
    /// Also objects in GLACIER and DEEP_ARCHIVE, which the log processor cannot read before they are restored
    #[arg(long, help_heading = "Selection")]
    pub include_archived: bool,

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
