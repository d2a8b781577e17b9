//! `--all`: every Panther queue that has messages in its dead-letter queue.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use opstools::aws::sqs::{QueueRef, Sqs};
use opstools::error::Failure;
use opstools::panther::PREFIX;

use crate::args::RequeueArgs;
use crate::mode::Mode;
use crate::pairs::{End, Pair, check};

/// Queues looked at together: a deployment has some thirty, and SQS takes that easily.
const CONCURRENCY: usize = 10;

/// What was found.
pub struct Discovery {
    /// A pair for each dead-letter queue with messages.
    pub pairs: Vec<Pair>,
    /// What could not be decided.
    pub warnings: Vec<String>,
}

/// Looks through all queues of the deployment.
pub async fn discover(args: &RequeueArgs, mode: &Mode, sqs: &Sqs) -> Result<Discovery, Failure> {
    let mut found = Discovery { pairs: Vec::new(), warnings: Vec::new() };
    for (arn, sources) in by_dead_letter_queue(sqs).await? {
        let reference = QueueRef::parse(&arn)?;
        let from = match End::find(sqs.clone(), &reference, None).await {
            Ok(from) => from,
            Err(failure) => {
                found.warnings.push(format!("`{}` is left out: {failure}", reference.name()));
                continue;
            }
        };
        if from.attributes.total() == 0 {
            continue;
        }
        let [source] = sources.as_slice() else {
            let names: Vec<&str> = sources.iter().map(|end| end.queue.name.as_str()).collect();
            found.warnings.push(format!(
                "`{}` is left out: it is the dead-letter queue of several ({}); name the pair with `--from.q` and `--to.q`",
                from.queue.name,
                names.join(", ")
            ));
            continue;
        };
        let to = Some(source.clone()).filter(|_| mode.needs_target());
        let pair = Pair { from: Some(from), to, found_by: None };
        check(&pair, args, mode)?;
        found.pairs.push(pair);
    }
    Ok(found)
}

/// The queues of the deployment, by the ARN of their dead-letter queue.
async fn by_dead_letter_queue(sqs: &Sqs) -> Result<BTreeMap<String, Vec<End>>, Failure> {
    let names = sqs.names(PREFIX).await?;
    let ends = stream::iter(names).map(|name| async move { End::find(sqs.clone(), &QueueRef::Name(name), None).await });
    let ends: Vec<End> = ends.buffered(CONCURRENCY).try_collect().await?;
    let mut sources: BTreeMap<String, Vec<End>> = BTreeMap::new();
    for end in ends {
        if let Some(arn) = end.attributes.dead_letter_arn.clone() {
            sources.entry(arn).or_default().push(end);
        }
    }
    Ok(sources)
}
