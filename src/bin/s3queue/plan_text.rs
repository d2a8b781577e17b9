//! The plan in words: what, to whom, how fast, at what cost, and what happens if it is run twice.

use std::time::Duration;

use opstools::aws::sqs::{MOST_IN_BATCH, QueueAttributes};
use opstools::objects::Selection;
use opstools::plan::{Danger, Plan};
use opstools::replay::Work;
use opstools::run::{Found, Prepared};
use opstools::time::{Range, human};
use serde_json::Value;

use crate::arguments::{Arguments, MessageFormat};

/// Dollars per request to SQS (AWS price of standard queues, most regions).
const SEND_PRICE: f64 = 0.40 / 1_000_000.0;

/// Dollars per list request to S3 (AWS price, most regions).
const LIST_PRICE: f64 = 0.005 / 1_000.0;

/// The number of objects for which cost and time are told.
const SAMPLE: f64 = 1_000.0;

/// Inputs named one by one.
const LINES_SHOWN: usize = 10;

/// What the plan is written from.
pub struct Scene<'a> {
    /// The flags.
    pub args: &'a Arguments,
    /// What will be done.
    pub work: &'a Work,
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
    for line in scene.selection.lines.iter().take(LINES_SHOWN) {
        plan.fact("objects", line);
    }
    if scene.selection.lines.len() > LINES_SHOWN {
        plan.fact("objects", format!("and {} more", scene.selection.lines.len() - LINES_SHOWN));
    }
    selection(&mut plan, scene);
    let account = scene.attributes.arn.split(':').nth(4).unwrap_or_default();
    let region = &scene.work.line.sqs.session().region;
    plan.fact("queue", format!("{queue} of account {account} in {region}, {} messages now", scene.attributes.total()));
    plan.fact("messages", messages(scene.args));
    plan.fact("pace", pace(scene.args));
    plan.fact("cost", cost(scene));
    plan.fact("run twice", "everything is notified again, and ingested again: Panther does not deduplicate");
    plan.fact("undo", "none: what has been read stays ingested");
    remembered(&mut plan, scene, journal);
    for warning in &scene.selection.warnings {
        plan.warn(warning);
    }
    if queue.ends_with("-dlq") {
        plan.warn(format!("`{queue}` looks like a dead-letter queue: the log processor does not read it"));
    }
    details(&mut plan, scene);
    plan
}

fn selection(plan: &mut Plan, scene: &Scene<'_>) {
    let args = scene.args;
    let mut filters: Vec<String> = Vec::new();
    filters.extend(args.filters.include.iter().map(|pattern| format!("keys like {pattern}")));
    filters.extend(args.filters.exclude.iter().map(|pattern| format!("no keys like {pattern}")));
    filters.extend(args.filters.min_size.map(|size| format!("at least {size} bytes")));
    filters.extend(args.filters.max_size.map(|size| format!("at most {size} bytes")));
    filters.extend(args.filters.start_after.as_ref().map(|key| format!("keys after {key}")));
    let what = if args.partitions { "date folders" } else { "modified" };
    filters.extend(scene.range.start.map(|start| format!("{what} from {start} on")));
    filters.extend(scene.range.end.map(|end| format!("{what} before {end}")));
    if !args.include_archived {
        filters.push("none in GLACIER or DEEP_ARCHIVE".to_owned());
    }
    plan.fact("only", filters.join(", "));
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
    let mut parts = vec![match args.rate() {
        Some(rate) => {
            let time = human(Duration::from_secs_f64((SAMPLE / rate).min(1e15)));
            format!("{rate} objects a second (1,000 take {time})")
        }
        None => format!("as fast as {} sends at once allow", args.pace.concurrency),
    }];
    if args.bytes_per_second > 0 {
        parts.push(format!("at most {} bytes of objects a second", args.bytes_per_second));
    }
    parts.extend(args.max_backlog.map(|most| format!("pauses above {most} messages in the queue")));
    if args.pace.limit > 0 {
        parts.push(format!("stops after {} objects", args.pace.limit));
    }
    if !args.pace.duration.is_zero() {
        parts.push(format!("stops after {}", human(args.pace.duration)));
    }
    if args.repeat {
        parts.push(format!("begins again {} after its end", human(args.loop_delay)));
    }
    parts.join(", ")
}

fn cost(scene: &Scene<'_>) -> String {
    let per_call = (MOST_IN_BATCH * scene.args.files_per_message) as f64;
    let calls = (SAMPLE / per_call).ceil();
    format!("per 1,000 objects {calls} sends and 1 list request, about ${:.5}", calls * SEND_PRICE + LIST_PRICE)
}

fn remembered(plan: &mut Plan, scene: &Scene<'_>, journal: Option<&Prepared>) {
    let Some(journal) = journal else {
        plan.fact("journal", "none: a stopped run cannot be continued");
        return;
    };
    plan.fact("journal", journal.path.display().to_string());
    plan.detail("journal", journal.path.display().to_string());
    if journal.found == Found::Ended {
        plan.warn("this command has run to its end before: everything is notified once more");
    }
    if let Found::Unfinished(header) = &journal.found {
        let memory = &scene.work.memory;
        let (done, unsure) = (memory.confirmed(), memory.unsure());
        plan.fact("goes on", format!("the run of {} was not finished: {done} objects are done", header.started));
        plan.detail("done_before", done);
        if unsure > 0 {
            plan.warn(format!("up to {unsure} objects may have been sent already, and come twice"));
        }
    }
}

fn details(plan: &mut Plan, scene: &Scene<'_>) {
    plan.detail("queue", scene.work.line.queue.name.clone());
    plan.detail("queue_arn", scene.attributes.arn.clone());
    plan.detail("queue_url", scene.work.line.queue.url.clone());
    plan.detail("objects", scene.selection.lines.clone());
    plan.detail("files_per_message", scene.args.files_per_message);
    plan.detail("rate", scene.args.rate().map_or(Value::Null, Value::from));
    plan.detail("duplicates_possible", scene.work.memory.unsure());
}
