//! The command line; the doc comments are the help.

use clap::Args;
use opstools::args::{AwsArgs, FilterArgs, ObjectArgs, PaceArgs};
use opstools::panther::PROCESSED_DATA_TOPIC;

/// What to tell of, whom, how fast. Times are those of the data: of the hours in the keys, not of last modification.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub objects: ObjectArgs,

    /// Only data of these log types, such as AWS.CloudTrail,Okta.SystemLog; other tables are not listed (repeatable)
    #[arg(
        long,
        value_name = "LOG-TYPES",
        value_delimiter = ',',
        env = "OPSTOOLS_LOG_TYPES",
        help_heading = "Selection"
    )]
    pub log_types: Vec<String>,
    /// Only these kinds of data: LogData, CloudSecurity, RuleMatches, RuleErrors; others are not listed (repeatable)
    #[arg(
        long,
        value_name = "DATA-TYPES",
        value_delimiter = ',',
        env = "OPSTOOLS_DATA_TYPES",
        help_heading = "Selection"
    )]
    pub data_types: Vec<String>,
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Also objects in GLACIER and DEEP_ARCHIVE, which subscribers cannot read before they are restored
    #[arg(long, help_heading = "Selection")]
    pub include_archived: bool,

    /// The topic: name or ARN
    #[arg(long, value_name = "TOPIC", default_value = PROCESSED_DATA_TOPIC, env = "OPSTOOLS_TOPIC",
          help_heading = "Target")]
    pub topic: String,
    /// The account of the topic (or of the queue); without it, your own
    #[arg(long, value_name = "ACCOUNT", env = "OPSTOOLS_ACCOUNT", help_heading = "Target")]
    pub account: Option<String>,
    /// Send the attributes `type` and `id`, so that the rules engine and the data catalog updater hear of it too. Rules then
    /// run again: alerts come twice
    #[arg(long, env = "OPSTOOLS_ATTRIBUTES", help_heading = "Target")]
    pub attributes: bool,
    /// This table is of this log type, for tables that the deployment does not know any more (repeatable)
    #[arg(long, value_name = "TABLE=LOG-TYPE", help_heading = "Target")]
    pub log_type: Vec<String>,
    /// Not through the topic, but straight into this queue, so that nobody else hears of it: name, URL or ARN
    #[arg(long, value_name = "QUEUE", env = "OPSTOOLS_DIRECT_QUEUE", help_heading = "Target")]
    pub direct_queue: Option<String>,

    /// Pause while the queue holds more messages than this (with --direct-queue)
    #[arg(long, value_name = "N", env = "OPSTOOLS_MAX_BACKLOG", help_heading = "Pace")]
    pub max_backlog: Option<u64>,
    #[command(flatten)]
    pub pace: PaceArgs,
    #[command(flatten)]
    pub aws: AwsArgs,
}
