//! The tool as `app` knows it: name, examples, old flags, and where plan, survey and execution are.

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Legacy, Means};
use opstools::error::Failure;
use opstools::replay::{Work, replay, survey};
use opstools::report::Estimate;
use opstools::run::{Counter, Run, Stats};

use crate::arguments::Arguments;
use crate::line::Line;
use crate::plan;

/// Tells subscribers of processed data.
pub struct S3Sns;

impl Tool for S3Sns {
    const NAME: &'static str = "s3sns";
    const ABOUT: &'static str = "Tell subscribers of processed data of objects in S3 again, through their topic";
    const EXAMPLES: &'static str = "\
# How much is it, by type and id? Nothing is sent
s3sns --s3path s3://panther-processed-data/logs/ --dry-run
# Load six hours of one log type into Snowflake again; other folders are not listed
s3sns --s3path s3://panther-processed-data/ --log-types AWS.CloudTrail --start 2026-01-01T00 --end 2026-01-01T06
# Restore the catalog's partitions, without telling anybody else
s3sns --s3path s3://panther-processed-data/logs/ --direct-queue panther-datacatalog-updater-queue
# As runbooks of the original write it: rules run again, and alerts come twice
s3sns -s3path s3://panther-processed-data/logs/ -attributes=true -interactive=false";
    const IAM: &'static str = include_str!("../../../dist/iam/s3sns.json");
    const LEGACY: &'static [Legacy] = &[
        Legacy { name: "interactive", means: Means::Not("no-input") },
        Legacy { name: "debug", means: Means::Flag("verbose") },
    ];
    type Args = Arguments;
    type Work = Work<Line>;

    async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work<Line>>, Failure> {
        Box::pin(plan::plan(args, context)).await
    }

    async fn survey(work: Work<Line>, run: Run) -> Result<Option<Estimate>, Failure> {
        Box::pin(survey(work, run)).await.map(Some)
    }

    async fn execute(work: Work<Line>, run: Run) -> Result<Done, Failure> {
        let consumer = work.consumer.clone();
        let stats = run.stats.clone();
        let goes_on = work.inputs.iter().any(|input| !work.memory.done(&input.label()).is_empty());
        let next = Box::pin(replay(work, run)).await?;
        // A quiet run, and one whose report a script reads, must not end without a word on what was passed over.
        let next = next.or_else(|| consumer.remarks().into_iter().reduce(|all, remark| format!("{all}; {remark}")));
        Ok(Done { next: next.or_else(|| nothing_found(&stats).filter(|_| !goes_on)), findings: false })
    }
}

fn nothing_found(stats: &Stats) -> Option<String> {
    (stats.get(Counter::Found) == 0).then(|| {
        "not one object was found: check how path, log types and data types are spelled, and which hours there are"
            .to_owned()
    })
}
