//! How much it is: everything is listed and judged as the run would, and nothing is sent.

use futures::StreamExt;

use super::feed::{ORDERED_LIMIT, describe, unknown};
use super::tally::Tally;
use super::told::{Consumer, Work};
use crate::error::Failure;
use crate::objects::Verdict;
use crate::objects::{Arrival, arrivals};
use crate::report::Estimate;
use crate::run::{Counter, Run};

/// Counts what a run would tell of.
///
/// # Errors
/// An input cannot be read, or does not say what a filter needs.
pub async fn survey<L>(work: Work<L>, run: Run) -> Result<Estimate, Failure> {
    let mut estimate = Estimate { items: 0, bytes: Some(0), exact: true };
    let tally = Tally::default();
    let limit = run.limits.limit.unwrap_or(u64::MAX);
    let mut arrivals =
        arrivals(&work.inputs, |input| work.memory.done(input), limit <= ORDERED_LIMIT, run.cancel.token());
    while let Some(arrival) = arrivals.next().await {
        let portion = match arrival? {
            Arrival::Portion(portion) => portion,
            Arrival::Bad(error) => {
                run.failed(error);
                continue;
            }
        };
        run.stats.add(Counter::Found, portion.objects.len() as u64);
        for object in &portion.objects {
            match work.filters.judge(object) {
                Verdict::Take if work.consumer.passes_over(object).is_some() => continue,
                Verdict::Take if estimate.items == limit => {
                    finish(&*work.consumer, &tally, &run);
                    return Ok(estimate);
                }
                Verdict::Take => {}
                Verdict::Unknown(what) => return Err(unknown(what, object)),
                _ => continue,
            }
            run.notices.detail(describe(&*work.consumer, object));
            if let Some(kind) = work.consumer.kind(&object.key) {
                tally.add(&kind, 1);
            }
            estimate.items += 1;
            // One object of unknown size makes the sum unknown.
            estimate.bytes = estimate.bytes.zip(object.size).map(|(sum, size)| sum + size);
        }
    }
    drop(arrivals);
    finish(&*work.consumer, &tally, &run);
    Ok(estimate)
}

fn finish(consumer: &dyn Consumer, tally: &Tally, run: &Run) {
    tally.tell(&run.stats);
    for remark in consumer.remarks() {
        run.notices.warning(remark);
    }
}
