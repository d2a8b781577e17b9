//! The tool as `app` knows it: name, examples, and where plan and execution are.

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Format, Legacy, Means};
use opstools::error::Failure;
use opstools::run::Run;

use crate::arguments::Arguments;
use crate::plan::{self, Work};
use crate::{listing, validation};

/// Lists and checks sources.
pub struct SourcesTool;

impl Tool for SourcesTool {
    const NAME: &'static str = "sources";
    const ABOUT: &'static str = "List the log sources, and check that each can be read and is notified of";
    const EXAMPLES: &'static str = "\
# Every log source
sources
# Can each be read? Which role, bucket, key or queue is at fault, and why
sources --validate
# The same for a runbook: one JSON document, exit code 4 when something is broken
sources --validate --json
# Whose bucket is this, and which log types are read there
sources --bucket acme-cloudtrail --format csv
# One source, without Panther's own health check
sources --validate --label \"Acme CloudTrail\" --skip cross-check";
    const IAM: &'static str = include_str!("../../../dist/iam/sources.json");
    /// Everybody who has called the original tools types this one.
    const LEGACY: &'static [Legacy] = &[Legacy { name: "interactive", means: Means::Not("no-input") }];
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json, Format::Jsonl, Format::Csv];
    type Args = Arguments;
    type Work = Work;

    async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
        Box::pin(plan::plan(args, context)).await
    }

    async fn execute(work: Work, run: Run) -> Result<Done, Failure> {
        if work.checks.is_some() {
            return Box::pin(validation::validate(work, run)).await;
        }
        listing::list(&work, &run)
    }
}
