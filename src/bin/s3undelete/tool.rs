//! The tool as `app` knows it: name, examples, other flags, and where plan, survey and execution are.

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Legacy, Means};
use opstools::error::Failure;
use opstools::report::Estimate;
use opstools::run::Run;

use crate::arguments::Arguments;
use crate::plan::{self, Work};
use crate::{feed, split, survey, undo};

/// Brings deleted objects back.
pub struct S3Undelete;

impl Tool for S3Undelete {
    const NAME: &'static str = "s3undelete";
    const ABOUT: &'static str = "Bring deleted objects of a versioned bucket back by removing their delete markers";
    const EXAMPLES: &'static str = "\
# What would come back? Nothing is changed
s3undelete --s3path s3://acme-processed/logs/ --since 2026-01-01T09:00:00Z --dry-run
# What was deleted between nine and ten, and the list of it for s3queue and s3sns
s3undelete --s3path s3://acme-processed/logs/ --since 2026-01-01T09 --until 2026-01-01T10 --journal j.jsonl --restored back.jsonl --confirm acme-processed
# Not what was meant? Delete it again, where nobody has written since
s3undelete --undo j.jsonl --confirm acme-processed
# A hundred million markers on eight machines: one plans, each works off its manifest
s3undelete --s3path s3://acme-processed/logs/ --since 2026-01-01 --split 8 --manifests plan
s3undelete --from-manifest plan-1-of-8.jsonl --confirm acme-processed";
    const IAM: &'static str = include_str!("../../../dist/iam/s3undelete.json");
    const LEGACY: &'static [Legacy] = &[
        Legacy { name: "since", means: Means::Flag("start") },
        Legacy { name: "until", means: Means::Flag("end") },
        Legacy { name: "interactive", means: Means::Not("no-input") },
    ];
    type Args = Arguments;
    type Work = Work;

    async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
        Box::pin(plan::plan(args, context)).await
    }

    async fn survey(work: Work, run: Run) -> Result<Option<Estimate>, Failure> {
        match work {
            Work::Restore(work) | Work::Split(work, ..) => Box::pin(survey::survey(*work, run)).await.map(Some),
            Work::Undo(work) => undo::survey(&work).map(Some),
        }
    }

    async fn execute(work: Work, run: Run) -> Result<Done, Failure> {
        match work {
            Work::Restore(work) => Box::pin(feed::execute(*work, run)).await,
            Work::Split(work, prefix, split) => Box::pin(split::execute(*work, &prefix, &split, run)).await,
            Work::Undo(work) => Box::pin(undo::execute(*work, run)).await,
        }
    }
}
