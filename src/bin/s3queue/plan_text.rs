//! The plan in words: what, to whom, how fast, at what cost, and what happens if it is run twice.

use opstools::aws::s3::DOLLARS_PER_THOUSAND_LISTS;
use opstools::aws::sqs::{DOLLARS_PER_MILLION_REQUESTS, MOST_IN_BATCH, QueueAttributes};
use opstools::objects::Selection;
use opstools::plan::{Danger, Plan};
use opstools::replay::{QueueLine, Work, words};
use opstools::run::Prepared;
use opstools::time::{Range, human};
use serde_json::Value;

use crate::arguments::{Arguments, MessageFormat};

/// The number of objects for which cost is told.
const SAMPLE: f64 = 1_000.0;

/// What the plan is written from.
pub struct Scene<'a> {
    /// The flags.
    pub args: &'a Arguments,
    /// What will be done.
    pub work: &'a Work<QueueLine>,
    /// Its inputs.
    pub selection: &'a Selection,
    /// The queue.
    pub attributes: &'a QueueAttributes,
    /// The time range.
    pub range: Range,
}

/// Writes the plan.
pub fn write(scene: &Scene<'_>, journal: Option<&Prepared>) -> Plan {
    let queue = &scene.work.line.queue.name;
    let mut plan = Plan::new(format!("notify queue `{queue}` of objects in S3"), Danger::Moderate);
    words::objects(&mut plan, scene.selection);
    selection(&mut plan, scene);
    let account = scene.attributes.arn.split(':').nth(4).unwrap_or_default();
    let region = &scene.work.line.sqs.session().region;
    plan.fact("queue", format!("{queue} of account {account} in {region}, {} messages now", scene.attributes.total()));
    plan.fact("messages", messages(scene.args));
    plan.fact("pace", pace(scene.args));
    plan.fact("cost", cost(scene));
    plan.fact("run twice", "everything is notified again, and ingested again: Panther does not deduplicate");
    plan.fact("undo", "none: what has been read stays ingested");
    words::remembered(&mut plan, &scene.work.memory, journal);
    if queue.ends_with("-dlq") {
        plan.warn(format!("`{queue}` looks like a dead-letter queue: the log processor does not read it"));
    }
    details(&mut plan, scene);
    plan
}

fn selection(plan: &mut Plan, scene: &Scene<'_>) {
    let args = scene.args;
    let what = if args.partitions { "date folders" } else { "modified" };
    plan.fact("only", words::filters(&args.filters, scene.range, what, args.include_archived).join(", "));
}

fn messages(args: &Arguments) -> String {
    let kind = match args.message_format {
        MessageFormat::S3 => "S3 events",
        MessageFormat::Cloudtrail => "CloudTrail notices (keys raw, sizes unknown)",
    };
    match args.files_per_message {
        1 => format!("{kind}, one object each"),
        most => format!("{kind}, up to {most} objects each"),
    }
}

fn pace(args: &Arguments) -> String {
    let mut parts = vec![words::pace(&args.pace)];
    if args.bytes_per_second > 0 {
        parts.push(format!("at most {} bytes of objects a second", args.bytes_per_second));
    }
    parts.extend(args.max_backlog.map(|most| format!("pauses above {most} messages in the queue")));
    parts.extend(args.pace.bounds());
    if args.repeat {
        parts.push(format!("begins again {} after its end", human(args.loop_delay)));
    }
    parts.join(", ")
}

fn cost(scene: &Scene<'_>) -> String {
    let per_call = (MOST_IN_BATCH * scene.args.files_per_message) as f64;
    let calls = (SAMPLE / per_call).ceil();
    let dollars = calls * (DOLLARS_PER_MILLION_REQUESTS / 1e6) + DOLLARS_PER_THOUSAND_LISTS / 1e3;
    format!("per 1,000 objects {calls} sends and 1 list request, about ${dollars:.5}")
}

fn details(plan: &mut Plan, scene: &Scene<'_>) {
    plan.detail("queue", scene.work.line.queue.name.clone());
    plan.detail("queue_arn", scene.attributes.arn.clone());
    plan.detail("queue_url", scene.work.line.queue.url.clone());
    plan.detail("objects", scene.selection.lines.clone());
    plan.detail("files_per_message", scene.args.files_per_message);
    plan.detail("rate", scene.args.pace.items_per_second().map_or(Value::Null, Value::from));
}
