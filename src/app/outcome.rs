//! The end of a run: one report from the counters, one exit code by the table, errors last on the screen.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Context, Done};
use crate::args::Format;
use crate::error::Failure;
use crate::exit::Exit;
use crate::plan::{Plan, Talk};
use crate::report::{ErrorGroup, Identity, PlanSummary, REPORT_VERSION, Report, Status, Summary};
use crate::run::{Counter, ErrorLog, Journal, Stats, Stop};
use crate::ui::{Printer, answer_text, report_text};

/// Everything that is known when a run has ended.
pub(super) struct Ending {
    tool: &'static str,
    started: Timestamp,
    clock: tokio::time::Instant,
    pub(super) stats: Arc<Stats>,
    pub(super) identity: Option<Identity>,
    pub(super) plan: Option<Plan>,
    pub(super) dry_run: bool,
    pub(super) streams: bool,
    pub(super) reads_only: bool,
    pub(super) errors: Option<Arc<ErrorLog>>,
    pub(super) journal: Option<Arc<Journal>>,
    pub(super) done: Done,
    pub(super) failure: Option<Failure>,
    pub(super) stop: Option<Stop>,
}

impl Ending {
    pub(super) fn new(tool: &'static str, started: Timestamp, clock: tokio::time::Instant, stats: Arc<Stats>) -> Self {
        Self {
            tool,
            started,
            clock,
            stats,
            identity: None,
            plan: None,
            dry_run: false,
            streams: false,
            reads_only: false,
            errors: None,
            journal: None,
            done: Done::default(),
            failure: None,
            stop: None,
        }
    }

    /// The exit code: the first of the precedence that applies.
    fn exit(&self) -> Exit {
        let bounded = matches!(self.stop, Some(Stop::Limit | Stop::Duration));
        let unfinished = self.stats.get(Counter::Failed) > 0 || (self.stats.get(Counter::Left) > 0 && !bounded);
        let mut exit = self.stop.map_or(Exit::Done, Stop::exit);
        exit = self.failure.as_ref().map_or(exit, |failure| exit.or(failure.kind.exit()));
        if unfinished && !self.dry_run {
            exit = exit.or(Exit::Partial);
        }
        if self.done.findings { exit.or(Exit::Findings) } else { exit }
    }

    fn status(&self, exit: Exit) -> Status {
        match exit {
            Exit::Done if self.dry_run => Status::Planned,
            Exit::Done => Status::Done,
            Exit::Partial | Exit::MaxErrors => Status::Partial,
            Exit::Findings => Status::Findings,
            Exit::Interrupted | Exit::Terminated => Status::Interrupted,
            _ => Status::Failed,
        }
    }

    fn report(&self, exit: Exit) -> Report {
        let plan = self.plan.as_ref().map(|plan| PlanSummary {
            title: plan.title.clone(),
            estimate: plan.estimate,
            warnings: plan.warnings.clone(),
            details: plan.details.clone(),
        });
        Report {
            report_version: REPORT_VERSION,
            tool: self.tool.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            status: self.status(exit),
            exit_code: exit.code(),
            started: self.started,
            elapsed_ms: u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX),
            identity: self.identity.clone(),
            plan,
            summary: if self.dry_run { Summary::default() } else { self.stats.summary() },
            errors: self.errors.as_ref().map(|errors| errors.groups()).unwrap_or_default(),
            next: self.done.next.clone(),
            details: self.stats.details(),
        }
    }
}

/// Closes the journal, prints report and error, and says how to exit.
pub(super) fn report(context: &Context, mut ending: Ending) -> Exit {
    let finished = ending.failure.is_none() && ending.stop.is_none() && ending.exit() == Exit::Done;
    if let Some(failure) = super::close_journal(ending.journal.as_ref(), finished) {
        ending.failure.get_or_insert(failure);
    }
    let incomplete = ending.errors.as_ref().and_then(|errors| errors.finish().err());
    let mut exit = ending.exit();
    let printer = &context.printer;
    if ending.plan.is_some() || is_json(context) {
        let mut report = ending.report(exit);
        if is_json(context) {
            tell_failure(&mut report, ending.failure.as_ref());
        } else if ending.streams && printer.is_quiet() {
            // Who wants to hear only what went wrong wants no tables of what went well.
            report.details.clear();
        }
        print_report(context, &ending, &report);
    }
    if let Some(why) = printer.broken() {
        let failure = Failure::failed("cannot write the output").because(why);
        exit = exit.or(failure.kind.exit());
        say_failure(printer, &failure, None);
    }
    if let Some(failure) = incomplete {
        exit = exit.or(failure.kind.exit());
        say_failure(printer, &failure, None);
    }
    if let Some(failure) = &ending.failure {
        say_failure(printer, failure, ending.identity.as_ref());
    }
    if ending.reads_only && printer.is_closed() && printer.broken().is_none() { Exit::Done } else { exit }
}

/// Where a machine reads, what ended the run stands in the report; people read it as the last line.
fn tell_failure(report: &mut Report, failure: Option<&Failure>) {
    let Some(failure) = failure else { return };
    let code = failure.code().unwrap_or("Failed").to_owned();
    report.errors.push(ErrorGroup { code, message: failure.summary(), count: 1, example: failure.doing.clone() });
    report.next = report.next.take().or_else(|| failure.hints.first().cloned());
}

fn is_json(context: &Context) -> bool {
    context.global.json || context.global.format == Some(Format::Json)
}

/// The report goes to the output, unless rows went there. A reader that went away hears no more of a tool that only reads.
fn print_report(context: &Context, ending: &Ending, report: &Report) {
    let printer = &context.printer;
    let (json, left) = (is_json(context), ending.reads_only && printer.is_closed() && printer.broken().is_none());
    if left && !json {
        return;
    }
    let text = if json {
        // A report is made of maps and numbers only, which always serialise.
        serde_json::to_string_pretty(report).unwrap_or_default()
    } else {
        let terminal = if ending.streams { printer.report_terminal() } else { printer.data_terminal };
        if only_answers(ending, report, printer) {
            answer_text(report, terminal)
        } else {
            report_text(report, terminal)
        }
    };
    if text.is_empty() {
        return;
    }
    match (ending.streams, json) {
        (false, _) => printer.data(&(text + "\n")),
        // What went wrong is never silent, and the report names it.
        (true, json) if json || !printer.is_quiet() || !report.errors.is_empty() => printer.report(&text),
        (true, _) => {}
    }
}

/// Whether the answer is all that is to be said: it was a question, and all went well.
fn only_answers(ending: &Ending, report: &Report, printer: &Printer) -> bool {
    let asked = ending.plan.as_ref().is_some_and(|plan| plan.talk == Talk::Answer);
    let well = matches!(report.status, Status::Done | Status::Findings) && report.errors.is_empty();
    asked && well && !printer.is_verbose()
}

/// An error as the last thing on the screen: what, why, under which identity, what next.
pub(super) fn say_failure(printer: &Printer, failure: &Failure, identity: Option<&Identity>) {
    let who = identity.and_then(|identity| {
        let arn = identity.arn.as_ref()?;
        Some(format!(" (as {arn} in {})", identity.region.as_deref().unwrap_or("no region")))
    });
    let who = who.filter(|_| failure.service.is_some()).unwrap_or_default();
    printer.error(&format!("{}{who}", failure.summary()));
    for hint in &failure.hints {
        printer.hint(hint);
    }
}
