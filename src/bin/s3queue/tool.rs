//! The tool as `app` knows it: name, examples, old flags, and where plan, survey and execution are.

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Legacy, Means};
use opstools::error::Failure;
use opstools::replay::{QueueLine, Work, replay, survey};
use opstools::report::Estimate;
use opstools::run::Run;

use crate::arguments::Arguments;
use crate::plan;

/// Notifies the log processor of objects.
pub struct S3Queue;

impl Tool for S3Queue {
    const NAME: &'static str = "s3queue";
    const ABOUT: &'static str = "Notify the log processor of objects in S3 again, so that it reads them";
    const EXAMPLES: &'static str = "\
# How much is it? Nothing is sent
s3queue --s3path s3://acme-cloudtrail/AWSLogs/ --dry-run
# Gently: 50 objects a second, and never more than 10,000 messages in the queue
s3queue --s3path s3://acme-cloudtrail/AWSLogs/ --files-per-second 50 --max-backlog 10000
# What one source missed in a day
s3queue --source-label \"Acme CloudTrail\" --start 2026-01-01 --end 2026-01-02
# As runbooks of the original write it
s3queue -s3path s3://acme-cloudtrail/AWSLogs/ -files-per-second 0.5 -loop=false -interactive=false";
    const IAM: &'static str = include_str!("../../../dist/iam/s3queue.json");
    const LEGACY: &'static [Legacy] = &[
        Legacy { name: "files-per-second", means: Means::Flag("rate") },
        Legacy { name: "interactive", means: Means::Not("no-input") },
        Legacy { name: "debug", means: Means::Flag("verbose") },
    ];
    type Args = Arguments;
    type Work = Work<QueueLine>;

    async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work<QueueLine>>, Failure> {
        Box::pin(plan::plan(args, context)).await
    }

    async fn survey(work: Work<QueueLine>, run: Run) -> Result<Option<Estimate>, Failure> {
        Box::pin(survey(work, run)).await.map(Some)
    }

    async fn execute(work: Work<QueueLine>, run: Run) -> Result<Done, Failure> {
        Ok(Done { next: Box::pin(replay(work, run)).await?, findings: false })
    }
}
