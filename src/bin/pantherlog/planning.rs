//! What the plans of commands that work on schemas have in common: they only read, and differ in their words.

use opstools::app::Context;
use opstools::args::Format;
use opstools::plan::{Danger, Plan, Talk};
use opstools::schema::Problem;

/// The plan of a command that changes nothing.
pub fn reading(title: String, talk: Talk) -> Plan {
    Plan::new(title, Danger::None).talks(talk)
}

/// Whether one JSON document is wanted, which then is the report.
pub fn wants_json(context: &Context) -> bool {
    context.global.json || context.global.format == Some(Format::Json)
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A problem where there is one line for it.
pub fn one_line(problem: &Problem) -> String {
    format!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.what)
}
