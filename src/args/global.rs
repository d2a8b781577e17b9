//! The flags that every tool has: safety, output, journal.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values;
use crate::error::Failure;

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned for people, tab-separated when piped
    Table,
    /// One JSON document
    Json,
    /// One JSON document per line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// One s3:// URI per line; keys with line breaks cannot be written
    Plain,
    /// A manifest of S3 Batch Operations: bucket and URL-encoded key, without a header
    S3batch,
}

/// Safety, output and journal.
#[derive(Args, Clone, Debug)]
pub struct GlobalArgs {
    /// Show the plan and stop: nothing is changed
    #[arg(short = 'n', long, help_heading = "Safety")]
    pub dry_run: bool,
    /// Answer "Proceed?" with yes
    #[arg(short, long, help_heading = "Safety")]
    pub yes: bool,
    /// Name the target of a severe change, instead of typing it at the prompt
    #[arg(long, value_name = "NAME", help_heading = "Safety")]
    pub confirm: Option<String>,
    /// Never ask; what needs an answer fails
    #[arg(long, help_heading = "Safety")]
    pub no_input: bool,
    /// Stop after this many failed items
    #[arg(long, value_name = "N", env = "OPSTOOLS_MAX_ERRORS", value_parser = values::positive, help_heading = "Safety")]
    pub max_errors: Option<usize>,

    /// Form of the output
    #[arg(long, value_enum, env = "OPSTOOLS_FORMAT", help_heading = "Output")]
    pub format: Option<Format>,
    /// The report as JSON, the same as --format json
    #[arg(long, env = "OPSTOOLS_JSON", help_heading = "Output")]
    pub json: bool,
    /// Write the output to this file instead of stdout, which is `-`
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Say more; twice: also each step
    #[arg(short, long, action = clap::ArgAction::Count, env = "OPSTOOLS_VERBOSE", help_heading = "Output")]
    pub verbose: u8,
    /// Say only what went wrong
    #[arg(short, long, env = "OPSTOOLS_QUIET", help_heading = "Output")]
    pub quiet: bool,
    /// Colours: auto, always or never
    #[arg(long, value_name = "WHEN", default_value = "auto", env = "OPSTOOLS_COLOR", help_heading = "Output",
          value_parser = ["auto", "always", "never"])]
    pub color: String,
    /// No progress display
    #[arg(long, env = "OPSTOOLS_NO_PROGRESS", help_heading = "Output")]
    pub no_progress: bool,
    /// Write each error as a JSON line to this file (mode 0600)
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub errors: Option<PathBuf>,

    /// Keep the journal in this file, and continue from it
    #[arg(long, value_name = "FILE", help_heading = "Journal")]
    pub journal: Option<PathBuf>,
    /// Keep no journal: a stopped run cannot be continued
    #[arg(long, env = "OPSTOOLS_NO_JOURNAL", help_heading = "Journal")]
    pub no_journal: bool,
    /// Start anew even if the journal says that a run is unfinished
    #[arg(long, env = "OPSTOOLS_FRESH", help_heading = "Journal")]
    pub fresh: bool,

    /// Print a page or completion and stop: man, markdown, iam, complete-bash, complete-zsh, complete-fish, complete-powershell
    #[arg(long, value_name = "KIND", help_heading = "Output")]
    pub generate: Option<String>,
}

impl GlobalArgs {
    /// For tools that change nothing: a journal that nobody would write is not silently accepted. What only says how to keep
    /// one may be set for all tools in the environment, and does no harm.
    ///
    /// # Errors
    /// A usage error where one was named.
    pub fn refuse_journal(&self, tool: &str) -> Result<(), Failure> {
        match self.journal {
            Some(_) => {
                Err(Failure::usage(format!("`--journal` is not for {tool}: it changes nothing, and keeps no journal")))
            }
            None => Ok(()),
        }
    }
}
