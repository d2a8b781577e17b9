//! What plans of tools that replay say alike: of which objects, how fast, and what the journal remembers.

use std::time::Duration;

use super::memory::Memory;
use crate::args::{FilterArgs, PaceArgs};
use crate::objects::Selection;
use crate::plan::Plan;
use crate::run::{Found, Prepared};
use crate::time::{Range, human};

/// The number of objects for which time is told.
const SAMPLE: f64 = 1_000.0;

/// Which objects: a line for each input, as far as a screen holds them.
pub fn objects(plan: &mut Plan, selection: &Selection) {
    plan.facts("objects", &selection.lines);
    for warning in &selection.warnings {
        plan.warn(warning);
    }
}

/// Which of them; `what` says of which time the range speaks.
#[must_use]
pub fn filters(args: &FilterArgs, range: Range, what: &str, archived: bool) -> Vec<String> {
    let mut filters: Vec<String> = Vec::new();
    filters.extend(args.include.iter().map(|pattern| format!("keys like {pattern}")));
    filters.extend(args.exclude.iter().map(|pattern| format!("no keys like {pattern}")));
    filters.extend(args.min_size.map(|size| format!("at least {size} bytes")));
    filters.extend(args.max_size.map(|size| format!("at most {size} bytes")));
    filters.extend(args.start_after.as_ref().map(|key| format!("keys after {key}")));
    filters.extend(range.start.map(|start| format!("{what} from {start} on")));
    filters.extend(range.end.map(|end| format!("{what} before {end}")));
    if !archived {
        filters.push("none in GLACIER or DEEP_ARCHIVE".to_owned());
    }
    filters
}

/// How fast.
#[must_use]
pub fn pace(args: &PaceArgs) -> String {
    match args.items_per_second() {
        Some(rate) => {
            let time = human(Duration::from_secs_f64((SAMPLE / rate).min(1e15)));
            format!("{rate} objects a second (1,000 take {time})")
        }
        None => format!("as fast as {} sends at once allow", args.concurrency),
    }
}

/// What the journal remembers, and what may come twice.
pub fn remembered(plan: &mut Plan, memory: &Memory, journal: Option<&Prepared>) {
    plan.detail("duplicates_possible", memory.unsure());
    let Some(journal) = journal else {
        plan.fact("journal", "none: a stopped run cannot be continued");
        return;
    };
    plan.fact("journal", journal.path.display().to_string());
    plan.detail("journal", journal.path.display().to_string());
    if journal.found == Found::Ended {
        plan.warn("this command has run to its end before: everything is notified once more");
    }
    if let Some(header) = journal.unfinished() {
        let (done, unsure) = (memory.confirmed(), memory.unsure());
        plan.fact("goes on", format!("the run of {} was not finished: {done} objects are done", header.started));
        plan.detail("done_before", done);
        if unsure > 0 {
            plan.warn(format!("up to {unsure} objects may have been sent already, and come twice"));
        }
    }
}
