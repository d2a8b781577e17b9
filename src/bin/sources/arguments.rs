//! The command line; the doc comments are the help.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use opstools::args::{AwsArgs, duration, positive};
use opstools::check::sources::CHECKS;

/// Where the list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// The function panther-source-api; the table, if the function is missing or forbidden
    Lambda,
    /// The table panther-source-integrations
    Dynamodb,
    /// Panther's public API, with the token of OPSTOOLS_API_TOKEN or --api-token-file
    Api,
}

/// What makes the exit code 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// What is broken, and what is likely not wanted
    Warn,
    /// What is broken
    Fail,
    /// Nothing
    Never,
}

/// Which sources, from where, and what to check of them.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Where the list of sources comes from
    #[arg(long, value_enum, default_value = "lambda", env = "OPSTOOLS_BACKEND", help_heading = "List")]
    pub backend: Backend,
    /// Read the list from a file instead: a JSON list, JSON lines, `aws dynamodb scan`, or what `sources --json` wrote
    #[arg(long, value_name = "FILE", env = "OPSTOOLS_SOURCES_FILE", help_heading = "List")]
    pub sources_file: Option<PathBuf>,

    /// Address of the public API, such as https://api.acme.runpanther.net; PANTHER_API_URL works too
    #[arg(long, value_name = "URL", env = "OPSTOOLS_API_URL", help_heading = "List")]
    pub api_url: Option<String>,
    /// File with the token of the public API; OPSTOOLS_API_TOKEN and PANTHER_API_TOKEN work too
    #[arg(long, value_name = "FILE", env = "OPSTOOLS_API_TOKEN_FILE", help_heading = "List")]
    pub api_token_file: Option<PathBuf>,

    /// Only sources of this type, such as aws-s3 (repeatable)
    #[arg(long = "type", value_name = "TYPE", help_heading = "Selection")]
    pub types: Vec<String>,
    /// Only the source with this id (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Selection")]
    pub id: Vec<String>,
    /// Only sources whose label contains this, without regard to case (repeatable)
    #[arg(long, value_name = "TEXT", help_heading = "Selection")]
    pub label: Vec<String>,
    /// Only sources that have this log type (repeatable)
    #[arg(long, value_name = "LOG-TYPE", help_heading = "Selection")]
    pub log_type: Vec<String>,
    /// Only sources of this account (repeatable)
    #[arg(long, value_name = "ACCOUNT", help_heading = "Selection")]
    pub account: Vec<String>,
    /// Only sources that read this bucket (repeatable)
    #[arg(long, value_name = "BUCKET", help_heading = "Selection")]
    pub bucket: Vec<String>,
    /// Also lookup tables and profiles, which enrich logs and are no log sources
    #[arg(long, env = "OPSTOOLS_ALL_TYPES", help_heading = "Selection")]
    pub all_types: bool,

    /// Check each source: its role, bucket, prefixes, key, notifications and queue; only reads
    #[arg(long, env = "OPSTOOLS_VALIDATE", help_heading = "Checks")]
    pub validate: bool,
    /// Only this check (repeatable)
    #[arg(long, value_name = "CHECK", value_parser = checks(), help_heading = "Checks")]
    pub only: Vec<String>,
    /// Without this check (repeatable)
    #[arg(long, value_name = "CHECK", value_parser = checks(), help_heading = "Checks")]
    pub skip: Vec<String>,
    /// What makes the exit code 4
    #[arg(long, value_enum, default_value = "fail", env = "OPSTOOLS_FAIL_ON", help_heading = "Checks")]
    pub fail_on: FailOn,
    /// How long one check may take
    #[arg(long, value_name = "DURATION", default_value = "20s", value_parser = duration, env = "OPSTOOLS_CHECK_TIMEOUT",
          help_heading = "Checks")]
    pub check_timeout: Duration,
    /// How much is checked at once
    #[arg(long, value_name = "N", default_value = "8", value_parser = positive, env = "OPSTOOLS_CONCURRENCY",
          help_heading = "Pace")]
    pub concurrency: usize,
    #[command(flatten)]
    pub aws: AwsArgs,
}

fn checks() -> PossibleValuesParser {
    PossibleValuesParser::new(CHECKS.map(|(name, _)| name))
}

impl Arguments {
    /// Whether any filter was given.
    pub fn chooses(&self) -> bool {
        [&self.types, &self.id, &self.label, &self.log_type, &self.account, &self.bucket]
            .iter()
            .any(|list| !list.is_empty())
    }
}
