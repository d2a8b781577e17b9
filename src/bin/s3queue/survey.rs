//! How much it is: everything is listed and judged as the run would, and nothing is sent.

use futures::StreamExt;
use opstools::error::Failure;
use opstools::report::Estimate;
use opstools::run::{Counter, Run};

use crate::feed::{ORDERED_LIMIT, unknown};
use crate::filters::Verdict;
use crate::input::{Arrival, arrivals};
use crate::plan::Work;

/// Counts what a run would notify.
pub async fn survey(work: Work, run: Run) -> Result<Estimate, Failure> {
    let mut estimate = Estimate { items: 0, bytes: Some(0), exact: true };
    let limit = run.limits.limit.unwrap_or(u64::MAX);
    let mut arrivals = arrivals(&work.inputs, Some(&work.memory), limit <= ORDERED_LIMIT, run.cancel.token());
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
                Verdict::Take if estimate.items == limit => return Ok(estimate),
                Verdict::Take => {}
                Verdict::Unknown(what) => return Err(unknown(what, object)),
                _ => continue,
            }
            estimate.items += 1;
            // One object of unknown size makes the sum unknown.
            estimate.bytes = estimate.bytes.zip(object.size).map(|(sum, size)| sum + size);
        }
    }
    Ok(estimate)
}
