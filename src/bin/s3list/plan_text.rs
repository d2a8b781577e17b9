//! The plan in words: what is listed, by whom, into what, at what cost.

use std::path::Path;

use opstools::aws::s3::DOLLARS_PER_THOUSAND_LISTS;
use opstools::panther::Sources;
use opstools::plan::{Danger, Plan};
use opstools::time::Range;
use serde_json::json;

use crate::arguments::Arguments;
use crate::targets::Target;
use crate::work::{What, Work};

/// Writes the plan; `lines` tell what is listed.
pub fn write(args: &Arguments, work: &Work, lines: &[String], output: Option<&Path>, range: Range) -> Plan {
    let what = if work.selects.versions { "versions" } else { "objects" };
    let count = match &work.what {
        What::Targets(targets) => match targets.iter().map(Target::count).sum::<usize>() {
            1 => "one prefix".to_owned(),
            count => format!("{count} prefixes"),
        },
        What::Rows(_) if args.objects.from_inventory.is_some() => "an inventory".to_owned(),
        What::Rows(_) => "a list".to_owned(),
    };
    let mut plan = Plan::new(format!("list {what} of {count}"), Danger::None);
    plan.facts("objects", lines);
    if let Some(times) = times(range) {
        plan.fact("last modified", times);
    }
    plan.fact("rows", rows(work, output));
    if matches!(work.what, What::Targets(_)) {
        plan.fact("cost", format!("about ${DOLLARS_PER_THOUSAND_LISTS} per million keys, for list requests"));
    }
    plan.fact("run twice", "nothing is changed; the list is made anew");
    plan.detail("prefixes", json!(lines));
    plan.detail("form", work.form.name());
    plan.detail("compression", work.compression.name());
    plan.detail("versions", args.versions);
    plan.detail("start", range.start.map(|start| start.to_string()));
    plan.detail("end", range.end.map(|end| end.to_string()));
    plan
}

/// A target: its path, for whom it is listed, and by whom.
pub fn target(target: &Target, sources: &Sources) -> String {
    let labels: Vec<String> = target
        .readers
        .iter()
        .filter_map(|reader| sources.all.get(reader.slot?))
        .map(|source| format!("`{}`", source.label))
        .collect();
    let of = if labels.is_empty() { String::new() } else { format!("of {}, ", labels.join(", ")) };
    let by = match target.readers.first().and_then(|reader| reader.role.as_deref()) {
        Some(role) => format!("by role {}", role.rsplit('/').next().unwrap_or(role)),
        None => "with your own credentials".to_owned(),
    };
    let within = target.count() - 1;
    let within = if within == 0 { String::new() } else { format!("; holds {within} more of the prefixes") };
    format!("{} ({of}{by}{within})", target.location.uri())
}

fn rows(work: &Work, output: Option<&Path>) -> String {
    let place = output.filter(|path| path.as_os_str() != "-");
    let place = place.map_or_else(|| "stdout".to_owned(), |path| format!("`{}`", path.display()));
    match work.compression.name() {
        "none" => format!("{} to {place}", work.form.name()),
        compression => format!("{} to {place}, compressed with {compression}", work.form.name()),
    }
}

fn times(range: Range) -> Option<String> {
    match (range.start, range.end) {
        (None, None) => None,
        (Some(start), None) => Some(format!("from {start} on")),
        (None, Some(end)) => Some(format!("before {end}")),
        (Some(start), Some(end)) => Some(format!("from {start} to {end}")),
    }
}
