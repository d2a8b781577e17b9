//! The tool as `app` knows it: name, examples, formats, and where plan, survey and execution are.

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Format, Legacy, Means};
use opstools::error::Failure;
use opstools::report::Estimate;
use opstools::run::Run;
use opstools::ui::Encode;

use crate::arguments::Arguments;
use crate::work::Work;
use crate::{gather, plan, survey};

/// Lists objects.
pub struct S3List;

impl Tool for S3List {
    const NAME: &'static str = "s3list";
    const ABOUT: &'static str =
        "List the objects that log sources read, or those below a path, with the source of each";
    const EXAMPLES: &'static str = "\
# Every object of every source, as a compressed file
s3list -o objects.csv.gz
# What lies below a path, as JSON lines
s3list s3://acme-cloudtrail/AWSLogs/ --format jsonl -o -
# What one source was given on a day, notified again
s3list --label 'Acme CloudTrail' --start 2026-01-01 --end 2026-01-02 | s3queue --from-file -
# A bucket that nobody should list, from its inventory
s3list --from-inventory s3://acme-inventory/acme-cloudtrail/all/2026-01-01T01-00Z/manifest.json -o objects.csv";
    const IAM: &'static str = include_str!("../../../dist/iam/s3list.json");
    const LEGACY: &'static [Legacy] = &[Legacy { name: "interactive", means: Means::Not("no-input") }];
    const FORMATS: &'static [Format] = &[Format::Csv, Format::Jsonl, Format::Plain, Format::S3batch];
    type Args = Arguments;
    type Work = Work;

    async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
        Box::pin(plan::plan(args, context)).await
    }

    fn encode(work: &Work) -> Option<Encode> {
        work.compression.encode()
    }

    async fn survey(work: Work, run: Run) -> Result<Option<Estimate>, Failure> {
        Box::pin(survey::survey(work, run)).await.map(Some)
    }

    async fn execute(work: Work, run: Run) -> Result<Done, Failure> {
        Box::pin(gather::execute(work, run)).await
    }
}
