//! The command line; the doc comments are the help.

use std::path::PathBuf;

use clap::Args;
use opstools::args::{AwsArgs, FramingArgs, positive, threads};

/// What to process, as what, and where to.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Files, folders (with all below them), or s3://BUCKET/PREFIX
    #[arg(value_name = "INPUT", help_heading = "Input")]
    pub inputs: Vec<String>,
    /// A file, the same as naming it without a flag (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub file: Vec<String>,
    /// The objects of which a queue's messages tell: name, URL or ARN. Messages are looked at and given back, never deleted
    #[arg(long, value_name = "QUEUE", env = "OPSTOOLS_QUEUE", help_heading = "Input")]
    pub queue: Option<String>,
    /// At most this many inputs
    #[arg(long, value_name = "N", env = "OPSTOOLS_LIMIT", value_parser = positive, help_heading = "Input")]
    pub limit: Option<usize>,
    #[command(flatten)]
    pub framing: FramingArgs,

    /// Log types to choose from, with commas or repeated; without any, all built-in ones
    #[arg(long, value_name = "TYPE,..", value_delimiter = ',', help_heading = "Log types")]
    pub log_types: Vec<String>,
    /// Custom schemas: a file, or a folder with all .yml and .yaml files below it (repeatable)
    #[arg(long, value_name = "PATH", help_heading = "Log types")]
    pub path: Vec<PathBuf>,
    /// Of the custom schemas only these, with commas or repeated
    #[arg(long, value_name = "NAME,..", value_delimiter = ',', requires = "path", help_heading = "Log types")]
    pub schemas: Vec<String>,
    /// The id of the source that events name
    #[arg(long, value_name = "ID", default_value = "", help_heading = "Log types")]
    pub source_id: String,
    /// The label of the source that events name
    #[arg(long, value_name = "LABEL", default_value = "", help_heading = "Log types")]
    pub source_label: String,

    /// Where objects go: a folder, s3://BUCKET[/PREFIX/], or `none` to measure alone
    #[arg(long, value_name = "TARGET", help_heading = "Target")]
    pub out: Option<String>,
    /// A bucket, the same as --out s3://BUCKET
    #[arg(long, value_name = "BUCKET", help_heading = "Target")]
    pub bucket: Option<String>,
    /// Tell this topic of each object in the bucket, as the log processor does: name or ARN
    #[arg(long, value_name = "TOPIC", help_heading = "Target")]
    pub topic: Option<String>,

    /// Memory in MiB; 600 of it are for reading and writing, the rest for events that wait to be stored
    #[arg(long, value_name = "MIB", default_value = "1024", value_parser = positive, env = "OPSTOOLS_MEMORY",
          help_heading = "Pace")]
    pub memory: usize,
    /// Take no new logs after this many seconds, and store what was taken; 0 is no bound
    #[arg(long, value_name = "SECONDS", default_value = "0", env = "OPSTOOLS_TIMEOUT", help_heading = "Pace")]
    pub timeout: u64,
    /// Threads that classify and decode; without it, one per core
    #[arg(long, value_name = "N", value_parser = threads, env = "OPSTOOLS_THREADS", help_heading = "Pace")]
    pub threads: Option<usize>,

    /// Write the CPU time of each stage: a flamegraph if FILE ends in .svg, else a gzipped profile for pprof
    #[arg(long, value_name = "FILE", help_heading = "Profiles")]
    pub cpuprofile: Option<PathBuf>,
    /// Write the allocations of each stage, in the same forms
    #[arg(long, value_name = "FILE", help_heading = "Profiles")]
    pub memprofile: Option<PathBuf>,

    #[command(flatten)]
    pub aws: AwsArgs,
}
