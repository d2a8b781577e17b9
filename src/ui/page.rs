//! Plans and reports as text for people.

use serde_json::{Map, Value};

use super::table::clean;
use super::{Align, Printer, Table, count, size};
use crate::plan::{Danger, Plan};
use crate::report::{Identity, Report, Status};
use crate::time::human;

/// Groups of errors shown on the screen; `--errors FILE` has them all.
const GROUPS_SHOWN: usize = 10;

/// The plan, ready to print: identity first, then what, how much, and what to think about.
#[must_use]
pub fn plan_text(printer: &Printer, plan: &Plan, identity: Option<&Identity>) -> String {
    let mut lines = vec![printer.bold(&format!("Plan: {}", plan.title))];
    let mut facts: Vec<(String, String)> = Vec::new();
    if let Some(identity) = identity {
        facts.push(("account".to_owned(), account_line(identity)));
    }
    facts.extend(plan.facts.iter().cloned());
    if let Some(estimate) = &plan.estimate {
        let about = if estimate.exact { "" } else { "about " };
        let bytes = estimate.bytes.map(|bytes| format!(", {}", size(bytes))).unwrap_or_default();
        facts.push(("how much".to_owned(), format!("{about}{}{bytes}", count(estimate.items))));
    }
    if let Danger::Severe { name } = &plan.danger {
        facts.push(("severe".to_owned(), format!("needs the name `{name}` as confirmation")));
    }
    let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    lines.extend(facts.iter().map(|(name, value)| format!("  {name:<width$}  {value}")));
    lines.join("\n")
}

fn account_line(identity: &Identity) -> String {
    let region = identity.region.as_deref().unwrap_or("no region");
    match (&identity.account, &identity.arn) {
        (Some(account), Some(arn)) => format!("{account} in {region}, as {arn}"),
        _ => format!("unknown in {region}: {}", identity.unknown_because.as_deref().unwrap_or("not asked")),
    }
}

/// The report as lines for the end of a run; `terminal`: for a person's eyes.
#[must_use]
pub fn report_text(report: &Report, terminal: bool) -> String {
    let mut lines = vec![result_line(report)];
    for (name, value) in report.summary.counters.iter().filter(|(_, value)| **value > 0) {
        lines.push(format!("  {}: {}", name.replace('_', " "), count(*value)));
    }
    for group in report.errors.iter().take(GROUPS_SHOWN) {
        let (message, example) = (clean(&group.message), clean(&group.example));
        let message = if message.is_empty() { String::new() } else { format!(": {message}") };
        lines.push(format!("  {} x {}{message} (first: {example})", count(group.count), group.code));
    }
    if report.errors.len() > GROUPS_SHOWN {
        lines.push(format!(
            "  and {} more kinds of errors; `--errors FILE` writes each",
            report.errors.len() - GROUPS_SHOWN
        ));
    }
    lines.extend(tables(report, terminal));
    lines.extend(report.next.as_ref().map(|next| format!("next: {next}")));
    lines.join("\n")
}

/// What a run was asked for, and nothing else: the tables of the report.
#[must_use]
pub fn answer_text(report: &Report, terminal: bool) -> String {
    tables(report, terminal).collect::<Vec<_>>().join("\n")
}

fn tables(report: &Report, terminal: bool) -> impl Iterator<Item = String> {
    report.details.values().filter_map(Value::as_array).filter_map(move |rows| table(rows, terminal))
}

/// A list of objects as a table, whose columns are the names in the first of them.
fn table(rows: &[Value], terminal: bool) -> Option<String> {
    let first = rows.first()?.as_object()?;
    let columns: Vec<(&str, Align)> = first
        .iter()
        .map(|(name, value)| (name.as_str(), if value.is_number() { Align::Right } else { Align::Left }))
        .collect();
    let mut table = Table::new(&columns);
    for row in rows.iter().filter_map(Value::as_object) {
        table.row(columns.iter().map(|(name, _)| cell(row, name, terminal)).collect());
    }
    Some(table.render(terminal).trim_end().to_owned())
}

fn cell(row: &Map<String, Value>, name: &str, terminal: bool) -> String {
    match row.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if terminal => number.as_u64().map_or_else(|| number.to_string(), count),
        Some(other) => other.to_string(),
    }
}

fn result_line(report: &Report) -> String {
    let summary = &report.summary;
    let word = match report.status {
        Status::Planned => return planned_line(report),
        Status::Done => "done",
        Status::Partial => "partly done",
        Status::Findings => "problems found",
        Status::Failed => "failed",
        Status::Interrupted => "interrupted",
    };
    let nothing = summary.done + summary.failed + summary.skipped + summary.left == 0;
    let mut parts = vec![match nothing && report.status == Status::Done {
        true => "nothing to do".to_owned(),
        false => format!("{} done", count(summary.done)),
    }];
    for (number, name) in [(summary.failed, "failed"), (summary.skipped, "skipped"), (summary.left, "left")] {
        parts.extend((number > 0).then(|| format!("{} {name}", count(number))));
    }
    parts.extend((summary.bytes > 0).then(|| size(summary.bytes)));
    let elapsed = std::time::Duration::from_millis(report.elapsed_ms);
    format!("{word}: {} in {}", parts.join(", "), human(elapsed))
}

fn planned_line(report: &Report) -> String {
    let estimate = report.plan.as_ref().and_then(|plan| plan.estimate);
    let how_much = estimate.map_or_else(String::new, |estimate| {
        let bytes = estimate.bytes.map(|bytes| format!(", {}", size(bytes))).unwrap_or_default();
        format!(": {}{}{bytes}", if estimate.exact { "" } else { "about " }, count(estimate.items))
    });
    format!("dry run, nothing was changed{how_much}")
}
