//! The plan as the operator reads it: what goes where, how much, what it costs, how long, what if twice, how to undo.

use opstools::aws::sqs::DOLLARS_PER_MILLION_REQUESTS;
use opstools::plan::{Danger, Plan};
use opstools::report::Estimate;
use opstools::run::{Found, Prepared};
use opstools::time::human;
use opstools::ui::count;
use serde_json::{Value, json};
use std::time::Duration;

use crate::args::RequeueArgs;
use crate::mode::{Mode, has_filters};
use crate::pairs::{End, Pair};

/// Seconds that one batch takes on its way: three calls of some 20 ms each.
const SECONDS_PER_BATCH: f64 = 0.06;

/// Everything a plan is made of.
pub struct Outline<'a> {
    /// The mode.
    pub mode: &'a Mode,
    /// The flags.
    pub args: &'a RequeueArgs,
    /// The queues.
    pub pairs: &'a [Pair],
    /// The caller's account.
    pub account: Option<&'a str>,
    /// The journal, if one is kept.
    pub journal: Option<&'a Prepared>,
    /// What an unfinished run left: messages sent but not deleted, and announced without an answer; or lines sent.
    pub inherited: (usize, usize),
}

impl Outline<'_> {
    /// The plan.
    pub fn plan(&self) -> Plan {
        let mut plan = Plan::new(self.title(), self.danger());
        self.queues(&mut plan);
        let messages: u64 = self.sources().map(|end| end.attributes.total()).sum();
        if *self.mode != Mode::Summary && self.args.follow {
            plan.fact("ends", "on ^C only (`--follow`): bounced messages are taken again too");
        }
        if self.mode.needs_source() {
            plan.estimate = Some(Estimate { items: self.limited(messages), bytes: None, exact: false });
            self.cost(&mut plan, self.limited(messages));
        }
        self.afterwards(&mut plan);
        self.journal(&mut plan);
        self.warnings(&mut plan);
        self.details(&mut plan);
        plan
    }

    fn sources(&self) -> impl Iterator<Item = &End> {
        self.pairs.iter().filter_map(|pair| pair.from.as_ref())
    }

    fn limited(&self, messages: u64) -> u64 {
        let limit = match self.mode {
            Mode::Peek(count) => *count as u64,
            _ => self.args.pace.limit,
        };
        if limit == 0 { messages } else { messages.min(limit) }
    }

    fn title(&self) -> String {
        let from = self.what(|pair| pair.from.as_ref());
        let to = self.what(|pair| pair.to.as_ref());
        match self.mode {
            Mode::Move => format!("move messages from {from} to {to}"),
            Mode::Copy => format!("copy messages from {from} to {to}"),
            Mode::Discard => format!("delete messages of {from} for good"),
            Mode::Save { file, discard: false } => format!("save messages of {from} to `{}`", file.display()),
            Mode::Save { file, .. } => format!("save messages of {from} to `{}`, then delete them", file.display()),
            Mode::Load { file } => format!("send the messages of `{}` to {to}", file.display()),
            Mode::Peek(most) => format!("show up to {most} messages of {from}"),
            Mode::Summary => format!("count messages of {from} by origin"),
            Mode::Native if self.pairs.iter().all(|pair| pair.to.is_none()) => {
                format!("let SQS return the messages of {from} to where they came from")
            }
            Mode::Native => format!("let SQS move the messages of {from} to {to}"),
        }
    }

    fn what<'b>(&'b self, side: impl Fn(&'b Pair) -> Option<&'b End>) -> String {
        match self.pairs.iter().filter_map(side).collect::<Vec<_>>().as_slice() {
            [end] => format!("`{}`", end.queue.name),
            [] if self.args.all => "dead-letter queues (none has messages)".to_owned(),
            ends => format!("{} queues", ends.len()),
        }
    }

    fn danger(&self) -> Danger {
        if self.mode.is_severe() {
            let queue = self.sources().next().map(|end| end.queue.name.clone());
            let name = if self.args.all { self.account.map(str::to_owned) } else { queue };
            return Danger::Severe { name: name.unwrap_or_default() };
        }
        if self.mode.looks() { Danger::None } else { Danger::Moderate }
    }

    fn queues(&self, plan: &mut Plan) {
        for pair in self.pairs {
            if let Some(from) = &pair.from {
                plan.fact("from", described(from));
            }
            if let Some(to) = &pair.to {
                plan.fact("to", described(to));
            }
            if let Some(how) = &pair.found_by {
                plan.fact("found", how.clone());
            }
        }
        if has_filters(self.args) {
            plan.fact("only", self.filters());
        }
    }

    fn filters(&self) -> String {
        let args = self.args;
        let single = [
            ("body", &args.filter_body),
            ("JSONPath", &args.filter_jsonpath),
            ("older than", &args.older_than),
            ("newer than", &args.newer_than),
            ("from", &args.source_arn),
        ];
        let mut parts: Vec<String> =
            single.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?))).collect();
        parts.extend(args.filter_attr.iter().map(|text| format!("attribute {text}")));
        let what = parts.join(" and ");
        if args.invert { format!("messages without: {what}") } else { what }
    }

    fn cost(&self, plan: &mut Plan, messages: u64) {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let amount = messages as f64;
        let calls_per_batch = match self.mode {
            Mode::Move | Mode::Save { discard: true, .. } => 3.0,
            Mode::Native => 0.0,
            _ => 2.0,
        };
        let requests = (amount / 10.0 * calls_per_batch).ceil();
        let dollars = requests * DOLLARS_PER_MILLION_REQUESTS / 1e6;
        if *self.mode != Mode::Native {
            plan.fact("requests", format!("about {requests:.0} to SQS, ${dollars:.2}"));
        }
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let workers = self.args.pace.concurrency as f64;
        let fastest =
            if *self.mode == Mode::Native { crate::mode::FASTEST_NATIVE } else { workers * 10.0 / SECONDS_PER_BATCH };
        let rate = self.args.pace.items_per_second().map_or(fastest, |rate| rate.min(fastest));
        plan.fact(
            "takes",
            format!("at least {} at {rate:.1} messages per second", human(Duration::from_secs_f64(amount / rate))),
        );
    }

    fn afterwards(&self, plan: &mut Plan) {
        let (twice, undo) = match self.mode {
            Mode::Move => (
                "moves what is in the source then; nothing that was confirmed is sent again",
                "the same command with the queues exchanged, for what no consumer has taken yet",
            ),
            Mode::Copy => ("sends everything again", "none: the copies are new messages of the target"),
            Mode::Discard => ("deletes what is in the queue then", "none"),
            Mode::Save { discard: true, .. } => {
                ("needs another file; saves what is in the queue then", "`--load` the file")
            }
            Mode::Load { .. } => (
                "sends everything again, unless the first run was cut short",
                "none: they are new messages of the target",
            ),
            Mode::Native => (
                "moves what is in the source then",
                "none while consumers take them: ^C cancels, what is moved stays moved",
            ),
            Mode::Save { .. } | Mode::Peek(_) | Mode::Summary => return,
        };
        plan.fact("run twice", twice);
        plan.fact("undo", undo);
        if matches!(self.mode, Mode::Move | Mode::Copy | Mode::Load { .. } | Mode::Native) {
            plan.fact("note", "sent messages are new ones: new id, retention and receive count begin anew");
        }
    }

    fn journal(&self, plan: &mut Plan) {
        let Some(journal) = self.journal else { return };
        let path = journal.path.display();
        let (sent, unanswered) = self.inherited;
        let state = match &journal.found {
            Found::Unfinished(header) => {
                let sent = match self.mode {
                    Mode::Load { .. } => format!("{} lines are sent", count(sent as u64)),
                    _ => format!("{sent} messages sent but not deleted, {unanswered} announced without an answer"),
                };
                format!("{path}: goes on with the run of {} ({sent}; `--fresh` forgets it)", header.started)
            }
            Found::Ended => format!("{path}: new, the one before is kept as .previous"),
            Found::Nothing => format!("{path}: new"),
        };
        plan.fact("journal", state);
        plan.detail("journal", path.to_string());
        plan.detail("continues", journal.unfinished().is_some());
    }

    fn warnings(&self, plan: &mut Plan) {
        let receives = self.mode.looks() || has_filters(self.args) || *self.mode == Mode::Copy;
        if receives && self.mode.needs_source() {
            plan.warn("receiving raises the receive count of each message, also of those that stay; they are given back at the end");
        }
        for pair in self.pairs {
            if let Some(from) = &pair.from {
                self.warn_of_source(plan, from, receives);
            }
            if let (Some(from), Some(to)) = (&pair.from, &pair.to) {
                warn_of_pair(plan, from, to);
            }
        }
        if self.args.follow {
            plan.warn("`--follow`: if the consumer still fails, messages go round until ^C");
        }
        let session = self.pairs.iter().filter_map(|pair| pair.from.as_ref().or(pair.to.as_ref())).next();
        if let Some(warning) = session.and_then(|end| end.sqs.session().clock.skew_warning()) {
            plan.warn(warning);
        }
    }

    fn warn_of_source(&self, plan: &mut Plan, from: &End, receives: bool) {
        if let (Some(own), Some(most)) = (&from.attributes.dead_letter_arn, from.attributes.max_receive_count)
            && receives
        {
            plan.warn(format!(
                "`{}` has a dead-letter queue of its own (`{}` after {most} receives): looking can push messages there",
                from.queue.name,
                own.rsplit(':').next().unwrap_or(own)
            ));
        }
        if from.attributes.in_flight > 0 && *self.mode != Mode::Native {
            plan.warn(format!(
                "{} messages of `{}` are in flight: another consumer, or a run that was killed; they are waited for, one visibility time-out at most",
                count(from.attributes.in_flight),
                from.queue.name
            ));
        }
    }

    fn details(&self, plan: &mut Plan) {
        plan.detail("mode", self.mode.name());
        let queues: Vec<Value> = self.pairs.iter().map(pair_detail).collect();
        plan.detail("queues", queues);
    }
}

fn described(end: &End) -> String {
    let now = &end.attributes;
    let mut text = format!(
        "{} in {}, account {}: {} visible, {} in flight, {} delayed",
        end.queue.name,
        end.region(),
        end.account(),
        count(now.visible),
        count(now.in_flight),
        count(now.delayed)
    );
    if let Some(key) = &now.kms_key {
        text += &format!(", encrypted with {key}");
    }
    text
}

fn warn_of_pair(plan: &mut Plan, from: &End, to: &End) {
    if from.attributes.dead_letter_arn.as_ref() == Some(&to.attributes.arn) {
        plan.warn(format!(
            "`{}` is the dead-letter queue of `{}`: are `--from.q` and `--to.q` exchanged?",
            to.queue.name, from.queue.name
        ));
    }
    match (from.queue.is_fifo(), to.queue.is_fifo()) {
        (true, false) => {
            plan.warn(format!("`{}` is no FIFO queue: order and deduplication end there", to.queue.name));
        }
        (false, true) => {
            plan.warn(format!("`{}` is a FIFO queue: messages without a group id stay where they are", to.queue.name));
        }
        _ => {}
    }
}

fn pair_detail(pair: &Pair) -> Value {
    let end = |end: &Option<End>| {
        end.as_ref().map(|end| {
            json!({
                "queue_url": end.queue.url,
                "arn": end.attributes.arn,
                "visible": end.attributes.visible,
                "in_flight": end.attributes.in_flight,
                "delayed": end.attributes.delayed,
            })
        })
    };
    json!({ "from": end(&pair.from), "to": end(&pair.to), "found_by": pair.found_by })
}
