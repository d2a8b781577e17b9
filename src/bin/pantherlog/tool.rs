//! The tool as `app` knows it: name, examples, and where plan and execution are.

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Legacy, Means, Typed};
use opstools::error::Failure;
use opstools::run::Run;
use opstools::ui::Encode;

use crate::commands::{self, Arguments};
use crate::work::Work;

/// Parses logs.
pub struct PantherLog;

impl Tool for PantherLog {
    const NAME: &'static str = "pantherlog";
    const ABOUT: &'static str = "Make events of logs by schemas, and write and test schemas, offline";
    const EXAMPLES: &'static str = "\
# Logs of any built-in type
pantherlog parse access.log.gz
# A schema of your own
pantherlog parse --path schema.yml sample.jsonl
# Why a log is not accepted
pantherlog parse --log-types AWS.CloudTrail --explain sample.json
# What stands in a bucket
pantherlog parse --log-types AWS.ALB s3://acme-alb/AWSLogs/ -o events.jsonl.zst
# Without a command: a filter that writes what the data lake would hold
pantherlog -source-label acme < sample.jsonl";
    const IAM: &'static str = include_str!("../../../dist/iam/pantherlog.json");
    const LEGACY: &'static [Legacy] = &[
        Legacy { name: "interactive", means: Means::Not("no-input") },
        Legacy { name: "debug", means: Means::Flag("verbose") },
    ];
    const COMMANDS: &'static [(&'static str, &'static str)] = commands::EXAMPLES;
    type Args = Arguments;
    type Work = Work;

    fn command<'t>(typed: &Typed<'t>) -> Option<&'t str> {
        commands::meant(typed)
    }

    fn streams(args: &Arguments) -> bool {
        args.command.streams()
    }

    async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
        Box::pin(commands::plan(args.command, context)).await
    }

    fn encode(work: &Work) -> Option<Encode> {
        work.compression.encode()
    }

    async fn execute(work: Work, run: Run) -> Result<Done, Failure> {
        work.execute(run).await
    }
}
