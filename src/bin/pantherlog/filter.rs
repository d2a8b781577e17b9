//! `pantherlog` without a command: a filter from logs on stdin to events as the data lake holds them.

use clap::Args;
use opstools::app::{Context, Planned};
use opstools::error::Failure;

use crate::parse::{self, SourceArguments};
use crate::work::Work;

/// Lines that run.
pub const EXAMPLES: &str = "\
# Logs of any built-in type
pantherlog < sample.jsonl
# With the source that events shall name
pantherlog -source-id 6f1f3f6c-3a8e-4b7c-9d53-1d9f6d1e0c11 -source-label acme < sample.jsonl";

/// The flags that the original filter had; those of all tools are accepted, too.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub source: SourceArguments,
}

/// The plan of parsing stdin.
///
/// # Errors
/// None of its own.
pub async fn plan(arguments: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    Box::pin(parse::plan(parse::Arguments::of_filter(arguments.source), context)).await
}
