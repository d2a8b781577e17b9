//! The tool as `app` knows it: name, examples, old flags, and where plan, survey and execution are.

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Legacy, Means};
use opstools::error::Failure;
use opstools::report::Estimate;
use opstools::run::Run;

use crate::arguments::Arguments;
use crate::work::Work;
use crate::{cleanup, make, plan};

/// Makes synthetic logs.
pub struct FileGen;

impl Tool for FileGen {
    const NAME: &'static str = "filegen";
    const ABOUT: &'static str = "Make synthetic logs of any log type, into a folder, a bucket, a queue or stdout";
    const EXAMPLES: &'static str = "\
# Ten lines to look at
filegen --log-type Okta.SystemLog --files 1 --rows 10 --out -
# A gigabyte of two types for a benchmark, the same bytes each time
filegen --log-type AWS.VPCFlow --log-type AWS.ALB --bytes 1G --seed 7 --compression none --out ./logs
# Test data in a bucket, with the news of it for the log processor; and later, away with it
filegen --log-type AWS.CloudTrail --files 5 --out s3://acme-test/panther --notify --manifest made.jsonl
filegen --cleanup made.jsonl --confirm acme-test
# As the original was called
filegen -bucket acme-test -prefix panther -start 2026-01-01T00 -end 2026-01-01T05 -AWS.CloudTrail -AWS.CloudTrail.numfiles 10";
    const IAM: &'static str = include_str!("../../../dist/iam/filegen.json");
    const LEGACY: &'static [Legacy] = &[
        Legacy { name: "tbPerDay", means: Means::Flag("tb-per-day") },
        Legacy { name: "debug", means: Means::Flag("verbose") },
    ];
    type Args = Arguments;
    type Work = Work;

    async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
        Box::pin(plan::plan(args, context)).await
    }

    async fn survey(work: Work, _run: Run) -> Result<Option<Estimate>, Failure> {
        Ok(work.estimate())
    }

    async fn execute(work: Work, run: Run) -> Result<Done, Failure> {
        match work {
            Work::Make(work) => Box::pin(make::make(*work, run)).await,
            Work::Cleanup(work) => Box::pin(cleanup::clean_up(*work, run)).await,
        }
    }
}
