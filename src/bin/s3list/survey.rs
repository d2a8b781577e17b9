//! How much it is: everything is listed and judged as the run would, and nothing is written.

use opstools::error::Failure;
use opstools::replay::unknown;
use opstools::report::Estimate;
use opstools::run::{Counter, Run, Stop};

use crate::lister::Event;
use crate::work::{Fate, Work};

/// Counts what a run would write.
///
/// # Errors
/// What was named cannot be read, or does not say what a filter needs to know.
pub async fn survey(mut work: Work, run: Run) -> Result<Estimate, Failure> {
    let (mut arriving, feeding) = work.start(&run);
    let limit = run.limits.limit.unwrap_or(u64::MAX);
    let mut estimate = Estimate { items: 0, bytes: Some(0), exact: true };
    while let Some(event) = arriving.recv().await {
        match event {
            Event::Objects { owners, objects } => {
                run.stats.add(Counter::Found, objects.len() as u64);
                for object in objects {
                    match work.selects.fate(&object, owners.of(&object.key)) {
                        Fate::Row if estimate.items == limit => {
                            run.cancel.stop(Stop::Limit);
                            return Ok(estimate);
                        }
                        Fate::Row => {
                            estimate.items += 1;
                            // One object of unknown size makes the sum unknown.
                            estimate.bytes = estimate.bytes.zip(object.size).map(|(sum, size)| sum + size);
                        }
                        Fate::Unknown(what) => return Err(unknown(what, &object)),
                        Fate::Filtered | Fate::Empty | Fate::OtherSource => {}
                    }
                }
            }
            Event::Failed(trouble) if work.single => return Err(trouble.failure),
            Event::Failed(trouble) => {
                estimate.exact = false;
                run.notices.warning(trouble.failure.summary());
            }
            Event::Bad(error) => run.failed(error),
            Event::Ended(_) => {}
        }
    }
    crate::gather::joined(feeding).await;
    Ok(estimate)
}
