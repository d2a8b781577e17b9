//! The command line; the doc comments are the help.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use opstools::args::{AwsArgs, PaceArgs, bytes, positive};
use opstools::generate;

use crate::pack::Compression;

/// How times are spread over each hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Spread {
    /// Evenly
    Uniform,
    /// By chance, as independent events come: crowds and gaps
    Poisson,
    /// Evenly within the hour, with more rows by day than by night (UTC)
    Diurnal,
}

impl Spread {
    /// The library's word for it.
    pub const fn of(self) -> generate::Spread {
        match self {
            Self::Uniform => generate::Spread::Uniform,
            Self::Poisson => generate::Spread::Poisson,
            Self::Diurnal => generate::Spread::Diurnal,
        }
    }
}

/// What to make, how much, and where to.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// A built-in log type, such as AWS.VPCFlow; repeatable
    #[arg(long, value_name = "TYPE", help_heading = "Logs")]
    pub log_type: Vec<String>,
    /// A file with schemas of custom log types; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Logs")]
    pub schema: Vec<PathBuf>,
    /// From this hour on (UTC): `2026-01-31T13`, RFC 3339, a date, or `2h ago`; without it, the hour of --end
    #[arg(long, value_name = "HOUR", env = "OPSTOOLS_START", help_heading = "Logs")]
    pub start: Option<String>,
    /// The last hour, itself included; without it, the present one
    #[arg(long, value_name = "HOUR", env = "OPSTOOLS_END", help_heading = "Logs")]
    pub end: Option<String>,
    /// How times are spread over each hour
    #[arg(long, value_enum, default_value = "uniform", env = "OPSTOOLS_SPREAD", help_heading = "Logs")]
    pub spread: Spread,
    /// The same number makes the same bytes of the same hours; without it, one by chance, which the plan names
    #[arg(long, value_name = "N", help_heading = "Logs")]
    pub seed: Option<u64>,
    /// Make this part of the rows broken, so that no parser takes them: from 0 to 1; refused for types whose parser does
    /// not reject rows one by one, such as Juniper.Access
    #[arg(long, value_name = "PART", default_value = "0", env = "OPSTOOLS_MALFORMED_RATE", help_heading = "Logs")]
    pub malformed_rate: f64,

    /// Files of each type per hour
    #[arg(long, value_name = "N", default_value = "100", value_parser = positive, env = "OPSTOOLS_FILES",
          help_heading = "Amount")]
    pub files: usize,
    /// Rows per file
    #[arg(long, value_name = "N", default_value = "1000", value_parser = positive, env = "OPSTOOLS_ROWS",
          help_heading = "Amount")]
    pub rows: usize,
    /// Exactly so many bytes altogether, before compression, such as 10G, instead of --files; types and hours share them
    #[arg(long, value_name = "SIZE", value_parser = bytes, conflicts_with = "tb_per_day", help_heading = "Amount")]
    pub bytes: Option<u64>,
    /// So many tebibytes for each day of the time range, as --bytes
    #[arg(long, value_name = "TB", help_heading = "Amount")]
    pub tb_per_day: Option<f64>,

    /// Where to: a folder, `s3://BUCKET/PREFIX`, `-` for stdout, or `sqs` for the queue of --queue, one row per message
    #[arg(long, value_name = "TARGET", help_heading = "Target")]
    pub out: Option<String>,
    /// The bucket to write to, as --out s3://BUCKET
    #[arg(long, value_name = "BUCKET", conflicts_with = "out", help_heading = "Target")]
    pub bucket: Option<String>,
    /// What keys and paths begin with
    #[arg(long, value_name = "PREFIX", help_heading = "Target")]
    pub prefix: Option<String>,
    /// Where files lie: `default` (TYPE/2026-01-31T13/FILE), `aws` (AWSLogs/ACCOUNT/SERVICE/REGION/2026/01/31/FILE), or a
    /// template of {log_type} {yyyy} {mm} {dd} {hh} {number} {account} {region} {file}
    #[arg(long, value_name = "LAYOUT", default_value = "default", env = "OPSTOOLS_LAYOUT", help_heading = "Target")]
    pub layout: String,
    /// How files are compressed; stdout and messages never are
    #[arg(long, value_enum, default_value = "gzip", env = "OPSTOOLS_COMPRESSION", help_heading = "Target")]
    pub compression: Compression,
    /// The queue for --out sqs and --notify: name, URL or ARN; for --notify, without it, that of the log processor
    #[arg(long, value_name = "QUEUE", env = "OPSTOOLS_QUEUE", help_heading = "Target")]
    pub queue: Option<String>,
    /// Tell the queue of each object that was written, for buckets that do not notify
    #[arg(long, help_heading = "Target")]
    pub notify: bool,

    /// Write down what was confirmed; of a run that this file knows, only what is missing is made
    #[arg(long, value_name = "FILE", conflicts_with = "cleanup", help_heading = "Manifest")]
    pub manifest: Option<PathBuf>,
    /// Remove exactly what this manifest lists, and make nothing
    #[arg(long, value_name = "MANIFEST", help_heading = "Manifest")]
    pub cleanup: Option<PathBuf>,

    /// At most this many bytes per second, before compression, such as 50M; 0 is unlimited
    #[arg(long, value_name = "BYTES", default_value = "0", value_parser = bytes, env = "OPSTOOLS_BYTES_PER_SECOND",
          help_heading = "Pace")]
    pub bytes_per_second: u64,
    #[command(flatten)]
    pub pace: PaceArgs,
    #[command(flatten)]
    pub original: OriginalArgs,
    #[command(flatten)]
    pub aws: AwsArgs,
}

/// The three types of the original, as it named its flags.
#[derive(Args, Clone, Debug)]
pub struct OriginalArgs {
    /// The same as --log-type AWS.S3ServerAccess
    #[arg(long = "AWS.S3ServerAccess", help_heading = "Original names")]
    pub s3_access: bool,
    /// Files of this type per hour
    #[arg(long = "AWS.S3ServerAccess.numfiles", value_name = "N", value_parser = positive, help_heading = "Original names")]
    pub s3_access_files: Option<usize>,
    /// Rows per file of this type
    #[arg(long = "AWS.S3ServerAccess.file.numrows", value_name = "N", value_parser = positive,
          help_heading = "Original names")]
    pub s3_access_rows: Option<usize>,
    /// The same as --log-type AWS.CloudTrail
    #[arg(long = "AWS.CloudTrail", help_heading = "Original names")]
    pub cloudtrail: bool,
    /// Files of this type per hour
    #[arg(long = "AWS.CloudTrail.numfiles", value_name = "N", value_parser = positive, help_heading = "Original names")]
    pub cloudtrail_files: Option<usize>,
    /// Rows per file of this type
    #[arg(long = "AWS.CloudTrail.file.numrows", value_name = "N", value_parser = positive, help_heading = "Original names")]
    pub cloudtrail_rows: Option<usize>,
    /// The same as --log-type Gravitational.TeleportAudit
    #[arg(long = "Gravitational.TeleportAudit", help_heading = "Original names")]
    pub teleport: bool,
    /// Files of this type per hour
    #[arg(long = "Gravitational.TeleportAudit.numfiles", value_name = "N", value_parser = positive,
          help_heading = "Original names")]
    pub teleport_files: Option<usize>,
    /// Rows per file of this type
    #[arg(long = "Gravitational.TeleportAudit.file.numrows", value_name = "N", value_parser = positive,
          help_heading = "Original names")]
    pub teleport_rows: Option<usize>,
}

impl OriginalArgs {
    /// Each of the three types: its name, whether it is wanted, files per hour, rows per file.
    pub const fn types(&self) -> [(&'static str, bool, Option<usize>, Option<usize>); 3] {
        [
            ("AWS.S3ServerAccess", self.s3_access, self.s3_access_files, self.s3_access_rows),
            ("AWS.CloudTrail", self.cloudtrail, self.cloudtrail_files, self.cloudtrail_rows),
            ("Gravitational.TeleportAudit", self.teleport, self.teleport_files, self.teleport_rows),
        ]
    }
}
