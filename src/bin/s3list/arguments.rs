//! The command line; the doc comments are the help.

use std::path::PathBuf;

use clap::Args;
use opstools::args::{AwsArgs, FilterArgs, ObjectArgs, PaceArgs};

use opstools::ui::Compression;

/// What to list, and in which form.
#[derive(Args, Clone, Debug)]
#[command(mut_arg("concurrency", |concurrency| {
    concurrency.default_value("64").help("How many list requests at once, of all buckets together")
}))]
pub struct Arguments {
    /// Objects below s3://BUCKET/PREFIX instead of those of all sources (several; the same as --s3path)
    #[arg(value_name = "S3-PATH")]
    pub places: Vec<String>,
    #[command(flatten)]
    pub objects: ObjectArgs,

    /// Take the sources from this file instead of asking the deployment: a JSON list, JSON lines, or `sources --json`
    #[arg(long, value_name = "FILE", help_heading = "Sources")]
    pub sources_file: Option<PathBuf>,
    /// Only the source with this id (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Sources")]
    pub source_id: Vec<String>,
    /// Only sources whose label matches this glob (repeatable)
    #[arg(long, visible_alias = "label", value_name = "GLOB", help_heading = "Sources")]
    pub source_label: Vec<String>,
    /// Only sources of this type, such as aws-s3 (repeatable)
    #[arg(long = "type", value_name = "TYPE", help_heading = "Sources")]
    pub types: Vec<String>,
    /// Only prefixes that are read as this log type, such as AWS.CloudTrail (repeatable)
    #[arg(long = "log-type", value_name = "LOG-TYPE", help_heading = "Sources")]
    pub log_types: Vec<String>,
    /// Sources of every type that has a bucket, not only aws-s3 and aws-sqs
    #[arg(long, env = "OPSTOOLS_ALL_TYPES", help_heading = "Sources")]
    pub all_types: bool,
    /// List with your own credentials instead of each source's role
    #[arg(long, env = "OPSTOOLS_NO_ASSUME", help_heading = "Sources")]
    pub no_assume: bool,

    #[command(flatten)]
    pub filters: FilterArgs,
    /// Also objects without content and those whose key ends in `/`, which Panther does not read
    #[arg(long, env = "OPSTOOLS_INCLUDE_EMPTY", help_heading = "Selection")]
    pub include_empty: bool,
    /// Every version and delete marker, with your own credentials: the sources' roles may not list versions
    #[arg(long, env = "OPSTOOLS_VERSIONS", help_heading = "Selection")]
    pub versions: bool,

    /// Compress the rows; without it, as the name of the output ends: .gz or .zst
    #[arg(long, value_enum, value_name = "METHOD", env = "OPSTOOLS_COMPRESS", help_heading = "Output")]
    pub compress: Option<Compression>,
    #[command(flatten)]
    pub pace: PaceArgs,
    #[command(flatten)]
    pub aws: AwsArgs,
}

impl Arguments {
    /// Whether some of the sources are chosen.
    pub fn chooses_sources(&self) -> bool {
        self.all_types
            || [&self.source_id, &self.source_label, &self.types, &self.log_types].iter().any(|list| !list.is_empty())
    }
}
