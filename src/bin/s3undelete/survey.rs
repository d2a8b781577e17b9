//! How much it is: everything is listed and judged as the run would, and nothing is changed.

use opstools::error::Failure;
use opstools::report::Estimate;
use opstools::run::{Counter, Run};
use tokio_util::sync::CancellationToken;

use crate::feed::{Work, nothing_there, too_many};
use crate::judge::{Verdict, count};
use crate::source::Arrival;

/// Counts what a run would bring back, and says what it would pass over.
pub async fn survey(work: Work, run: Run) -> Result<Estimate, Failure> {
    let limit = run.limits.limit.unwrap_or(u64::MAX);
    let mut reports = work.reports.open()?;
    let mut estimate = opened(&work);
    let mut stream = work.source.start(&work.bucket, work.memory.done.clone(), run.cancel.token());
    while let Some(arrival) = stream.next().await {
        let chosen = match arrival? {
            Arrival::Histories(_, histories) => {
                let verdicts: Vec<Verdict> = histories.into_iter().map(|history| work.judge.judge(history)).collect();
                for verdict in &verdicts {
                    if count(&run, work.bucket.name(), verdict) {
                        reports.note(work.bucket.name(), verdict);
                    }
                }
                reports.flush()?;
                let restored =
                    |verdict| if let Verdict::Restore(restoration) = verdict { Some(restoration) } else { None };
                verdicts.into_iter().filter_map(restored).collect()
            }
            Arrival::Restorations(_, restorations) => {
                run.stats.add(Counter::Found, restorations.len() as u64);
                restorations.into_iter().filter(|restoration| work.judge.admits(&restoration.key)).collect()
            }
            Arrival::Bad(error) => {
                run.failed(error);
                Vec::new()
            }
        };
        for restoration in chosen {
            if estimate.items == limit {
                say(&run);
                return Ok(estimate);
            }
            estimate.items += 1;
            estimate.bytes = estimate.bytes.map(|bytes| bytes + restoration.version.size);
        }
    }
    say(&run);
    let met = run.stats.get(Counter::Found) + run.stats.get(Counter::Failed);
    if met == 0 && work.goes_on_since.is_none() {
        run.notices.warning(nothing_there(&work));
    }
    Ok(estimate)
}

/// What an earlier run announced and did not settle.
fn opened(work: &Work) -> Estimate {
    let open = work.memory.open.values().flatten();
    let (items, bytes) = open.fold((0, 0), |(items, bytes), key| (items + 1, bytes + key.version.size));
    Estimate { items, bytes: Some(bytes), exact: true }
}

/// A dry run's report has no counts: what is passed over is told in words.
fn say(run: &Run) {
    let summary = run.stats.summary();
    let parts: Vec<String> = summary
        .counters
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| format!("{count} {}", name.replace('_', " ")))
        .collect();
    if !parts.is_empty() {
        run.notices.info(format!("of {} keys, left as they are: {}", summary.total, parts.join(", ")));
    }
}

/// Fails when more than `most` objects would come back.
///
/// # Errors
/// More would, or they cannot be counted.
pub async fn check_most(work: &Work, most: u64) -> Result<(), Failure> {
    let cancel = CancellationToken::new();
    let _stopped_at_the_end = cancel.clone().drop_guard();
    let mut stream = work.source.start(&work.bucket, work.memory.done.clone(), cancel);
    let mut found = opened(work).items;
    while let Some(arrival) = stream.next().await {
        found += match arrival? {
            Arrival::Histories(_, histories) => histories
                .into_iter()
                .map(|history| work.judge.judge(history))
                .filter(|verdict| matches!(verdict, Verdict::Restore(_)))
                .count() as u64,
            Arrival::Restorations(_, keys) => keys.iter().filter(|key| work.judge.admits(&key.key)).count() as u64,
            Arrival::Bad(_) => 0,
        };
        if found > most {
            return Err(too_many(&work.bucket, most, true));
        }
    }
    Ok(())
}
