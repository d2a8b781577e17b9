//! `--split`: what a run would do, as manifests for as many machines.

use std::path::PathBuf;

use opstools::app::Done;
use opstools::error::Failure;
use opstools::run::{Counter, Run};

use crate::feed::{Work, nothing_there};
use crate::judge::{Verdict, count};
use crate::manifest::Writer;
use crate::source::Arrival;

/// Keys that go to one manifest before the next one's turn: a request's worth, so that no machine sends half-empty ones.
const KEYS_IN_TURN: u64 = 1_000;

/// How and where it is split.
#[derive(Clone, Debug)]
pub struct Split {
    /// How many manifests.
    pub parts: usize,
    /// What their names begin with.
    pub prefix: PathBuf,
}

impl Split {
    /// The name of part `part`, from 1.
    pub fn path(&self, part: usize) -> PathBuf {
        let mut name = self.prefix.clone().into_os_string();
        name.push(format!("-{part}-of-{}.jsonl", self.parts));
        name.into()
    }
}

/// Writes the manifests.
pub async fn execute(work: Work, prefix: &str, split: &Split, run: Run) -> Result<Done, Failure> {
    let bucket = work.bucket.name().to_owned();
    let create = |part| Writer::create(split.path(part), &bucket, prefix, part, split.parts);
    let mut writers: Vec<Writer> = (1..=split.parts).map(create).collect::<Result<_, _>>()?;
    let mut reports = work.reports.open()?;
    let mut stream = work.source.start(&work.bucket, work.memory.done.clone(), run.cancel.token());
    let limit = run.limits.limit.unwrap_or(u64::MAX);
    'all: while let Some(arrival) = stream.next().await {
        let histories = match arrival? {
            Arrival::Histories(_, histories) => histories,
            Arrival::Bad(error) => {
                run.failed(error);
                continue;
            }
            // A manifest is not split again.
            Arrival::Restorations(..) => continue,
        };
        for history in histories {
            let verdict = work.judge.judge(history);
            if count(&run, &bucket, &verdict) {
                reports.note(&bucket, &verdict);
            }
            let Verdict::Restore(restoration) = verdict else { continue };
            let taken = run.stats.get(Counter::Done);
            if taken >= limit {
                break 'all;
            }
            // The remainder is below the number of writers.
            writers[usize::try_from(taken / KEYS_IN_TURN).unwrap_or_default() % split.parts].add(&restoration)?;
            run.stats.add(Counter::Done, 1);
            run.stats.add(Counter::Bytes, restoration.version.size);
        }
        reports.flush()?;
    }
    if run.cancel.requested() {
        return Ok(Done { next: Some("run it again: the manifests are not complete".to_owned()), ..Done::default() });
    }
    writers.into_iter().try_for_each(Writer::finish)?;
    if run.stats.get(Counter::Found) + run.stats.get(Counter::Failed) == 0 {
        return Ok(Done { next: Some(nothing_there(&work)), ..Done::default() });
    }
    if run.stats.get(Counter::Done) == 0 {
        return Ok(Done::default());
    }
    let next = format!("s3undelete --from-manifest {} --confirm {bucket}", split.path(1).display());
    Ok(Done { next: Some(format!("{next}, and so on, each on any machine")), ..Done::default() })
}
