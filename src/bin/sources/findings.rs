//! Findings as rows, and as a page for a person: by source, what is wrong first.

use std::fmt::Write as _;

use opstools::check::denied::Cause;
use opstools::check::{Finding, Named, Status};
use opstools::error::Failure;
use opstools::panther::Source;

use crate::form;

const COLUMNS: [&str; 11] = [
    "status",
    "check",
    "sources",
    "source_ids",
    "object",
    "code",
    "message",
    "cause",
    "confidence",
    "policy_arn",
    "remedy",
];

/// The order of the output: by the first source concerned, in the order in which these are shown, then as checks are made.
pub fn sort(found: &mut [Finding], sources: &[&Source]) {
    let position = |finding: &Finding| {
        let first = finding.sources.first()?;
        sources.iter().position(|source| source.id == first.source_id)
    };
    found.sort_by_cached_key(|finding| {
        (position(finding).unwrap_or(usize::MAX), order(finding.check), finding.object.clone())
    });
}

fn order(check: &str) -> usize {
    opstools::check::sources::CHECKS.iter().position(|(name, _)| *name == check).unwrap_or_default()
}

/// A finding as one line of JSON.
pub fn line(finding: &Finding) -> String {
    // A finding is made of texts only, which always serialise.
    format!("{}\n", serde_json::to_string(finding).unwrap_or_default())
}

/// As CSV.
///
/// # Errors
/// As the writer's.
pub fn csv(found: &[Finding]) -> Result<String, Failure> {
    form::csv(&COLUMNS, found.iter().map(row).collect())
}

/// Tab-separated.
pub fn tabbed(found: &[Finding]) -> String {
    form::table(&COLUMNS, found.iter().map(row).collect(), false)
}

fn row(finding: &Finding) -> Vec<String> {
    let joined = |read: fn(&Named) -> &String| {
        finding.sources.iter().map(|named| read(named).as_str()).collect::<Vec<_>>().join(",")
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        finding.status.word().to_owned(),
        finding.check.to_owned(),
        joined(|named| &named.label),
        joined(|named| &named.source_id),
        finding.object.clone(),
        text(&finding.code),
        finding.message.clone(),
        finding.cause.map(|cause| cause.name().to_owned()).unwrap_or_default(),
        finding.confidence.map(|confidence| confidence.name().to_owned()).unwrap_or_default(),
        text(&finding.policy_arn),
        text(&finding.remedy),
    ]
}

/// A page for a person; `whole` also shows what is well or does not apply.
pub fn for_people(sources: &[&Source], found: &[Finding], whole: bool) -> String {
    let mut text = String::new();
    for source in sources {
        let of_source = |finding: &&Finding| finding.sources.iter().any(|named| named.source_id == source.id);
        let concerned: Vec<&Finding> = found.iter().filter(of_source).collect();
        section(&mut text, &format!("{} ({}, {})", source.label, source.kind, source.id), &concerned, whole);
    }
    let listed = |finding: &&Finding| {
        finding.sources.iter().any(|named| sources.iter().any(|source| source.id == named.source_id))
    };
    let others: Vec<&Finding> = found.iter().filter(|finding| !listed(finding)).collect();
    if !others.is_empty() {
        section(&mut text, "the list itself", &others, whole);
    }
    text
}

fn section(text: &mut String, title: &str, findings: &[&Finding], whole: bool) {
    let worst = findings.iter().map(|finding| finding.status).filter(|status| *status != Status::Skip).max();
    let count = |status| findings.iter().filter(|finding| finding.status == status).count();
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "{:<7} {title}: {} ok, {} skipped",
        worst.unwrap_or(Status::Skip).word(),
        count(Status::Ok),
        count(Status::Skip)
    );
    let shown = findings.iter().filter(|finding| whole || !matches!(finding.status, Status::Ok | Status::Skip));
    for finding in shown {
        let _ = writeln!(
            text,
            "  {:<7} {}  {}: {}",
            finding.status.word(),
            finding.check,
            clean(&finding.object),
            told(finding)
        );
        if let Some(remedy) = &finding.remedy {
            let _ = writeln!(text, "          remedy: {}", clean(remedy));
        }
    }
}

fn told(finding: &Finding) -> String {
    let mut told = finding.code.as_ref().map_or_else(String::new, |code| format!("{}: ", clean(code)));
    told += &clean(&finding.message);
    match (finding.cause, finding.confidence) {
        (Some(Cause::Unknown), _) => told += " [cause: AWS does not tell]",
        // Writing to a string does not fail.
        (Some(cause), Some(confidence)) => drop(write!(told, " [cause: {}, {}]", cause.name(), confidence.name())),
        _ => {}
    }
    told
}

/// Messages of services may hold anything; what steers a terminal is not passed on.
fn clean(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
