//! What the plan tells a person, and a program.

use opstools::aws::sqs::{Queue, QueueAttributes};
use opstools::lake::Limits;
use opstools::plan::{Danger, Plan};
use opstools::report::Estimate;
use opstools::ui::{count, size};

use crate::arguments::Arguments;
use crate::inputs::Typed;
use crate::target::{Target, Told};

/// Log types that are named one by one.
const NAMED: usize = 5;

/// Everything that the plan tells of.
pub struct Scene<'s> {
    /// The flags.
    pub args: &'s Arguments,
    /// What was typed as inputs.
    pub typed: &'s [Typed],
    /// Where objects go.
    pub target: &'s Target,
    /// Names of the log types.
    pub log_types: Vec<&'s str>,
    /// The queue that is looked into.
    pub queue: Option<(&'s Queue, &'s QueueAttributes)>,
    /// The topic that is told.
    pub told: Option<&'s Told>,
    /// Threads that parse.
    pub threads: usize,
    /// When buffers become objects.
    pub limits: Limits,
}

/// The plan.
pub fn write(scene: &Scene<'_>) -> Plan {
    let danger = if matches!(scene.target, Target::Bucket(_)) { Danger::Moderate } else { Danger::None };
    let title = match scene.target {
        Target::Nowhere => "process logs to measure, and keep nothing".to_owned(),
        other => format!("process logs into {}", other.name()),
    };
    let mut plan = Plan::new(title, danger);
    inputs(&mut plan, scene);
    plan.fact("log types", log_types(scene));
    plan.fact(
        "parsing",
        format!("{} threads, {} for events that wait", scene.threads, size(scene.limits.memory as u64)),
    );
    told(&mut plan, scene);
    if scene.args.timeout > 0 {
        plan.fact("ends", format!("takes no new logs after {} s", scene.args.timeout));
    }
    plan.detail("target", scene.target.name()).detail("log_types", scene.log_types.clone());
    plan.detail("threads", scene.threads).detail("buffer_bytes", scene.limits.memory);
    plan
}

fn inputs(plan: &mut Plan, scene: &Scene<'_>) {
    let names: Vec<String> = scene
        .typed
        .iter()
        .map(|typed| match typed {
            Typed::Path(path) => path.display().to_string(),
            Typed::Prefix(location) => location.uri(),
        })
        .collect();
    plan.facts("read", &names).detail("inputs", names);
    if let Some((queue, attributes)) = scene.queue {
        plan.fact("read", format!("the objects of which queue `{}` tells", queue.name));
        plan.fact(
            "messages",
            format!(
                "{} visible, {} in flight; looked at and given back to the queue, none is deleted",
                count(attributes.visible),
                count(attributes.in_flight)
            ),
        );
        plan.detail("queue", queue.name.clone());
        plan.estimate = Some(Estimate { items: attributes.visible, bytes: None, exact: false });
        if let Some(most) = attributes.max_receive_count {
            plan.warn(format!(
                "each look counts as a receive: after {most} of them SQS moves a message to the dead-letter queue; looking ends before \
                 a message has none left for its consumer"
            ));
        }
    } else if scene.args.queue.as_deref().is_some_and(|queue| !queue.is_empty()) {
        plan.warn("`--queue` is not looked into: the inputs are named");
    }
}

fn log_types(scene: &Scene<'_>) -> String {
    match scene.log_types.len() {
        count if count <= NAMED => scene.log_types.join(", "),
        count => format!("{count}: {} and so on", scene.log_types[..NAMED].join(", ")),
    }
}

fn told(plan: &mut Plan, scene: &Scene<'_>) {
    match (scene.target, scene.told) {
        (Target::Bucket(location), Some(told)) => {
            let topic = &told.topic.name;
            if location.key.is_empty() {
                plan.fact("told", format!("topic `{topic}`, of each object: it is then loaded, and rules run on it"));
            } else {
                plan.fact("told", format!("topic `{topic}`, of each object"));
                plan.warn(format!(
                    "keys begin with `{}logs/`: subscribers of topic `{topic}` pass over all that do not begin with `logs/`, so \
                     nothing is loaded; for that, write to `s3://{}`",
                    location.key, location.bucket
                ));
            }
            plan.detail("topic_arn", told.topic.arn.clone());
        }
        (Target::Bucket(_), None) => {
            plan.fact("told", "nobody: objects are loaded only when a topic is told of them, as with `--topic`");
        }
        _ if scene.args.topic.as_deref().is_some_and(|topic| !topic.is_empty()) => {
            plan.warn("`--topic` is told of nothing: only of objects in a bucket could it be");
        }
        _ => {}
    }
    if !matches!(scene.target, Target::Nowhere) {
        plan.fact("run twice", "every event is written again, into objects with other names");
        plan.fact("undo", "delete the objects; the report names each, and `--output FILE` keeps it");
    }
}
