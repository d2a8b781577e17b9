//! The plan in words: what, to whom, with which attributes, how fast, at what cost, and what happens if it is run twice.

use opstools::aws::s3::DOLLARS_PER_THOUSAND_LISTS;
use opstools::aws::sns::{DOLLARS_PER_MILLION_REQUESTS, Filter, Subscription};
use opstools::aws::sqs::MOST_IN_BATCH;
use opstools::objects::Selection;
use opstools::panther::DataType;
use opstools::plan::{Danger, Plan};
use opstools::replay::{Memory, words};
use opstools::run::Prepared;
use opstools::time::Range;
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::audience::Audience;

/// The number of objects for which cost is told.
const SAMPLE: usize = 1_000;

/// What the plan is written from.
pub struct Scene<'a> {
    /// The flags.
    pub args: &'a Arguments,
    /// Who is told.
    pub audience: &'a Audience,
    /// Of what.
    pub selection: &'a Selection,
    /// What earlier runs of the journal did.
    pub memory: &'a Memory,
    /// The data types that may come.
    pub data_types: &'a [DataType],
    /// Whether attributes are sent.
    pub attributes: bool,
    /// The hours.
    pub range: Range,
}

/// Writes the plan.
pub fn write(scene: &Scene<'_>, journal: Option<&Prepared>) -> Plan {
    let args = scene.args;
    let mut plan = Plan::new(title(scene.audience), Danger::Moderate);
    words::objects(&mut plan, scene.selection);
    plan.fact("only", only(scene));
    audience(&mut plan, scene);
    plan.fact("messages", "S3 events with raw keys, one object each");
    plan.fact("attributes", attributes(scene));
    plan.fact("pace", pace(args));
    plan.fact("cost", cost());
    plan.fact("run twice", "subscribers hear of everything again; Snowpipe skips files that it loaded in the last 14 days, older ones load twice");
    plan.fact("undo", "none: what subscribers did stays done");
    words::remembered(&mut plan, scene.memory, journal);
    rules_again(&mut plan, scene);
    details(&mut plan, scene);
    plan
}

fn title(audience: &Audience) -> String {
    match audience {
        Audience::Topic { line, .. } => format!("tell the subscribers of topic `{}` of objects in S3", line.topic.name),
        Audience::Queue { line, .. } => format!("tell queue `{}` alone of objects in S3", line.queue.name),
    }
}

fn only(scene: &Scene<'_>) -> String {
    let args = scene.args;
    let mut parts = Vec::new();
    if !args.data_types.is_empty() {
        let names: Vec<&str> = scene.data_types.iter().map(|data_type| data_type.name()).collect();
        parts.push(names.join(" and "));
    }
    if !args.log_types.is_empty() {
        parts.push(format!("log types {}", args.log_types.join(", ")));
    }
    parts.extend(words::filters(&args.filters, scene.range, "hours", args.include_archived));
    parts.join(", ")
}

fn audience(plan: &mut Plan, scene: &Scene<'_>) {
    let (account, region) = (scene.audience.account(), &scene.audience.session().region);
    match scene.audience {
        Audience::Queue { line, attributes } => {
            let name = &line.queue.name;
            plan.fact("queue", format!("{name} of account {account} in {region}, {} messages now", attributes.total()));
        }
        Audience::Topic { line, subscribers, unseen } => {
            plan.fact("topic", format!("{} of account {account} in {region}", line.topic.name));
            if let Some(why) = unseen {
                plan.warn(format!("the topic was not looked at: {why}"));
            }
            match subscribers {
                Ok(subscribers) => hearers(plan, scene, subscribers),
                Err(why) => {
                    plan.fact("subscribers", format!("not known: {why}"));
                }
            }
        }
    }
}

/// Whether messages of this run may pass a filter.
fn hears(scene: &Scene<'_>, filter: &Filter) -> bool {
    if scene.attributes {
        scene.data_types.iter().any(|data_type| filter.may_take("type", data_type.name()))
    } else {
        !filter.wants_attributes()
    }
}

fn hearers(plan: &mut Plan, scene: &Scene<'_>, subscribers: &[Subscription]) {
    let mut nobody = true;
    for subscriber in subscribers {
        let word = match &subscriber.filter {
            None => "its filter may not be looked at",
            Some(filter) if !hears(scene, filter) => "hears nothing: its filter wants other attributes",
            Some(filter) if filter.is_open() => "hears everything",
            Some(_) => "hears what passes its filter",
        };
        nobody &= subscriber.filter.as_ref().is_some_and(|filter| !hears(scene, filter));
        plan.fact("subscriber", format!("{} {}: {word}", subscriber.protocol, subscriber.endpoint));
    }
    if nobody && scene.attributes {
        plan.warn("nobody who is subscribed to this topic will hear of it");
    } else if nobody {
        plan.warn(
            "nobody will hear of it: all subscribers filter by attributes; `--attributes` sends them, `--direct-queue QUEUE` \
             tells one alone",
        );
    }
}

fn attributes(scene: &Scene<'_>) -> String {
    if scene.attributes {
        "`type` (data type) and `id` (log type, or rule id of rule matches and rule errors)".to_owned()
    } else {
        "none: only subscribers that do not filter hear of it, such as Snowpipe".to_owned()
    }
}

fn pace(args: &Arguments) -> String {
    let mut parts = vec![words::pace(&args.pace)];
    parts.extend(args.max_backlog.map(|most| format!("pauses above {most} messages in the queue")));
    parts.extend(args.pace.bounds());
    parts.join(", ")
}

fn cost() -> String {
    let calls = SAMPLE.div_ceil(MOST_IN_BATCH);
    // Of a topic; a queue costs less.
    let dollars = calls as f64 * (DOLLARS_PER_MILLION_REQUESTS / 1e6) + DOLLARS_PER_THOUSAND_LISTS / 1e3;
    format!("per 1,000 objects {calls} calls and 1 list request, about ${dollars:.5}")
}

/// Whether rules may run over the data once more.
fn runs_rules(scene: &Scene<'_>) -> bool {
    let read = scene.data_types.iter().any(|data_type| data_type.runs_rules());
    let told = match scene.audience {
        Audience::Topic { .. } => true,
        Audience::Queue { .. } => scene.audience.is_rules_engine(),
    };
    scene.attributes && read && told
}

fn rules_again(plan: &mut Plan, scene: &Scene<'_>) {
    let again = runs_rules(scene);
    plan.detail("rules_run_again", again);
    if !again {
        return;
    }
    plan.warn(
        "DUPLICATE ALERTS: the rules engine reads all of this again; what matched raises its alerts and writes its matches \
         once more",
    );
    if matches!(scene.audience, Audience::Topic { .. }) {
        if scene.data_types.contains(&DataType::LogData) {
            plan.warn("logs of AWS.CloudTrail also feed the scan of cloud resources again");
        }
        plan.warn(
            "to load data into Snowflake alone, leave out `--attributes`; to restore the catalog alone, give \
             `--direct-queue panther-datacatalog-updater-queue`",
        );
    }
}

fn details(plan: &mut Plan, scene: &Scene<'_>) {
    let kind = if matches!(scene.audience, Audience::Topic { .. }) { "topic_arn" } else { "queue_arn" };
    plan.detail(kind, scene.audience.arn());
    plan.detail("objects", scene.selection.lines.clone());
    plan.detail("attributes", scene.attributes);
    plan.detail("data_types", json!(scene.data_types.iter().map(|data_type| data_type.name()).collect::<Vec<_>>()));
    plan.detail("rate", scene.args.pace.items_per_second().map_or(Value::Null, Value::from));
    if let Audience::Topic { subscribers: Ok(subscribers), .. } = scene.audience {
        let entry = |subscriber: &Subscription| {
            let hears = subscriber.filter.as_ref().map(|filter| hears(scene, filter));
            json!({ "protocol": subscriber.protocol, "endpoint": subscriber.endpoint, "hears": hears })
        };
        plan.detail("subscribers", json!(subscribers.iter().map(entry).collect::<Vec<_>>()));
    }
}
