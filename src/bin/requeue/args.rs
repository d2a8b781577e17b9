//! The command line of requeue; the doc comments are its help.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use opstools::args::{AwsArgs, PaceArgs, duration, positive};

/// Flags of requeue.
#[derive(Args, Clone, Debug)]
pub struct RequeueArgs {
    /// Queue to take messages from: name, URL or ARN [default: the dead-letter queue of --to.q]
    #[arg(long = "from.q", value_name = "QUEUE", env = "OPSTOOLS_FROM_Q", help_heading = "Queues")]
    pub from_q: Option<String>,
    /// Queue to send them to: name, URL or ARN [default: the queue whose dead-letter queue --from.q is]
    #[arg(long = "to.q", value_name = "QUEUE", env = "OPSTOOLS_TO_Q", help_heading = "Queues")]
    pub to_q: Option<String>,
    /// Every Panther queue that has messages in its dead-letter queue
    #[arg(long, env = "OPSTOOLS_ALL", help_heading = "Queues")]
    pub all: bool,
    /// Region of --from.q, where it is another
    #[arg(long, value_name = "REGION", env = "OPSTOOLS_FROM_REGION", help_heading = "Queues")]
    pub from_region: Option<String>,
    /// Region of --to.q, where it is another
    #[arg(long, value_name = "REGION", env = "OPSTOOLS_TO_REGION", help_heading = "Queues")]
    pub to_region: Option<String>,
    /// Account that owns --from.q, where it is another
    #[arg(long, value_name = "ACCOUNT", env = "OPSTOOLS_FROM_ACCOUNT", help_heading = "Queues")]
    pub from_account: Option<String>,
    /// Account that owns --to.q, where it is another
    #[arg(long, value_name = "ACCOUNT", env = "OPSTOOLS_TO_ACCOUNT", help_heading = "Queues")]
    pub to_account: Option<String>,
    /// Profile for the side of --from.q, where one identity cannot serve both
    #[arg(long, value_name = "NAME", env = "OPSTOOLS_FROM_PROFILE", help_heading = "Queues")]
    pub from_profile: Option<String>,
    /// Role to assume for the side of --from.q
    #[arg(long, value_name = "ARN", env = "OPSTOOLS_FROM_ROLE_ARN", help_heading = "Queues")]
    pub from_role_arn: Option<String>,
    /// Profile for the side of --to.q
    #[arg(long, value_name = "NAME", env = "OPSTOOLS_TO_PROFILE", help_heading = "Queues")]
    pub to_profile: Option<String>,
    /// Role to assume for the side of --to.q
    #[arg(long, value_name = "ARN", env = "OPSTOOLS_TO_ROLE_ARN", help_heading = "Queues")]
    pub to_role_arn: Option<String>,

    /// Show this many messages and give them back
    #[arg(long, value_name = "N", env = "OPSTOOLS_PEEK", value_parser = positive, help_heading = "Mode")]
    pub peek: Option<usize>,
    /// Count messages by where they came from, and give them back
    #[arg(long, env = "OPSTOOLS_SUMMARY", help_heading = "Mode")]
    pub summary: bool,
    /// Send without deleting: the messages stay in --from.q too
    #[arg(long, env = "OPSTOOLS_COPY", help_heading = "Mode")]
    pub copy: bool,
    /// Write messages to this file (JSON lines, mode 0600; `-` is stdout), with all they carry; they stay in the queue
    #[arg(long, value_name = "FILE", env = "OPSTOOLS_SAVE", help_heading = "Mode")]
    pub save: Option<PathBuf>,
    /// Send the messages of a file that --save wrote (`-` is stdin) to --to.q
    #[arg(long, value_name = "FILE", env = "OPSTOOLS_LOAD", help_heading = "Mode")]
    pub load: Option<PathBuf>,
    /// Delete messages without sending them; with --save only after they are safely in the file
    #[arg(long, env = "OPSTOOLS_DISCARD", help_heading = "Mode")]
    pub discard: bool,
    /// Let SQS itself move all messages (a move task: no filters, at most 500 per second)
    #[arg(long, env = "OPSTOOLS_NATIVE", help_heading = "Mode")]
    pub native: bool,

    /// Only messages whose body matches
    #[arg(long, value_name = "REGEX", env = "OPSTOOLS_FILTER_BODY", help_heading = "Selection")]
    pub filter_body: Option<String>,
    /// Only messages whose attribute matches; may be repeated, then all must match
    #[arg(long, value_name = "NAME=REGEX", env = "OPSTOOLS_FILTER_ATTR", help_heading = "Selection")]
    pub filter_attr: Vec<String>,
    /// Only messages whose body is JSON in which this JSONPath finds something
    #[arg(long, value_name = "EXPR", env = "OPSTOOLS_FILTER_JSONPATH", help_heading = "Selection")]
    pub filter_jsonpath: Option<String>,
    /// Only messages sent longer ago than this duration, or before this time
    #[arg(long, value_name = "TIME", env = "OPSTOOLS_OLDER_THAN", help_heading = "Selection")]
    pub older_than: Option<String>,
    /// Only messages sent within this duration, or since this time
    #[arg(long, value_name = "TIME", env = "OPSTOOLS_NEWER_THAN", help_heading = "Selection")]
    pub newer_than: Option<String>,
    /// Only messages that came to the dead-letter queue from this queue (ARN or name)
    #[arg(long, value_name = "QUEUE", env = "OPSTOOLS_SOURCE_ARN", help_heading = "Selection")]
    pub source_arn: Option<String>,
    /// Only messages that do not match the filters
    #[arg(long, env = "OPSTOOLS_INVERT", help_heading = "Selection")]
    pub invert: bool,
    /// Filter a FIFO queue although that changes what comes after what
    #[arg(long, env = "OPSTOOLS_IGNORE_ORDER", help_heading = "Selection")]
    pub ignore_order: bool,

    /// Go on with messages that arrive after the start, and wait for more; ^C ends
    #[arg(long, env = "OPSTOOLS_FOLLOW", help_heading = "Mode")]
    pub follow: bool,
    /// Delay of each sent message in seconds (0 to 900; not for FIFO queues)
    #[arg(long, value_name = "SECONDS", env = "OPSTOOLS_DELAY_SECONDS", value_parser = clap::value_parser!(i32).range(0..=900),
          help_heading = "Sending")]
    pub delay_seconds: Option<i32>,
    /// FIFO: new deduplication ids, so that a message sent within the last five minutes is not swallowed
    #[arg(long, env = "OPSTOOLS_NEW_DEDUP_ID", help_heading = "Sending")]
    pub new_dedup_id: bool,
    /// How long one poll waits for messages when none are to be seen (0 to 20 seconds)
    #[arg(long, value_name = "DURATION", env = "OPSTOOLS_WAIT", default_value = "2s", value_parser = duration,
          help_heading = "Pace")]
    pub wait: Duration,
    /// How long received messages stay invisible to others; extended while they are worked on
    #[arg(long, value_name = "DURATION", env = "OPSTOOLS_VISIBILITY", default_value = "60s", value_parser = duration,
          help_heading = "Pace")]
    pub visibility: Duration,

    /// Profile, region, endpoint, role
    #[command(flatten)]
    pub aws: AwsArgs,
    /// Concurrency, rate, bounds
    #[command(flatten)]
    pub pace: PaceArgs,
}
