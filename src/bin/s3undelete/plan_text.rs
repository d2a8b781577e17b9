//! The plan in words: what, where, how many requests, what if it is run twice, and how to undo it.

use std::path::Path;

use opstools::aws::s3::{DOLLARS_PER_THOUSAND_LISTS, DOLLARS_PER_THOUSAND_LOOKS};
use opstools::objects::Location;
use opstools::plan::{Danger, Plan};
use opstools::report::Estimate;
use opstools::run::Prepared;
use opstools::time::Range;

use crate::arguments::{Arguments, Verify};
use crate::feed::Work;
use crate::source::Source;
use crate::split::Split;
use crate::undo;

/// The number of deleted objects for which requests and cost are told.
const SAMPLE: f64 = 100_000.0;

/// What the plan is written from.
pub struct Scene<'a> {
    /// The flags.
    pub args: &'a Arguments,
    /// Bucket and prefix.
    pub location: &'a Location,
    /// What will be done.
    pub work: &'a Work,
    /// Manifests instead of changes.
    pub split: Option<&'a Split>,
    /// When the deletions happened.
    pub range: Range,
}

/// Writes the plan.
pub fn write(scene: &Scene<'_>, journal: Option<&Prepared>) -> Plan {
    let bucket = &scene.location.bucket;
    let mut plan = match scene.split {
        Some(split) => {
            let title = format!("write {} manifests of deletions to undo in bucket `{bucket}`", split.parts);
            Plan::new(title, Danger::None)
        }
        None => {
            let danger = Danger::Severe { name: bucket.clone() };
            Plan::new(format!("remove delete markers of bucket `{bucket}`, so that deleted objects come back"), danger)
        }
    };
    plan.fact("objects", objects(scene));
    plan.fact("only", only(scene));
    plan.fact("requests", requests(scene));
    if let Some(split) = scene.split {
        plan.fact("files", format!("{} to {}", split.path(1).display(), split.path(split.parts).display()));
    } else {
        plan.fact("pace", pace(scene.args));
        plan.fact(
            "never",
            "data versions are never deleted: a request names delete markers only, by their version ids",
        );
        plan.fact(
            "told",
            "nobody: S3 announces no created objects; s3queue and s3sns do, from the list of `--restored FILE`",
        );
        plan.fact("run twice", "nothing more changes: what is back needs nothing");
        remembered(&mut plan, scene, journal);
    }
    details(&mut plan, scene);
    plan
}

fn objects(scene: &Scene<'_>) -> String {
    let uri = scene.location.uri();
    match &scene.work.source {
        Source::Listing { .. } => format!("deleted ones below {uri}"),
        Source::Keys(rows) => format!("deleted ones of {uri} that {} names", rows.label),
        Source::Manifest(manifest) => {
            let head = &manifest.head;
            format!("{} of part {} of {}, planned below {uri}", manifest.keys, head.part, head.of)
        }
    }
}

fn only(scene: &Scene<'_>) -> String {
    let args = scene.args;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(scene.range.start.map(|start| format!("deleted from {start} on")));
    parts.extend(scene.range.end.map(|end| format!("deleted before {end}, and not again later")));
    if scene.range.start.is_some() {
        let earlier = if args.deep { "also" } else { "not" };
        parts.push(format!("{earlier} those that had been deleted once before"));
    }
    parts.extend(args.include.iter().map(|pattern| format!("keys like {pattern}")));
    parts.extend(args.exclude.iter().map(|pattern| format!("no keys like {pattern}")));
    parts.extend(args.marker_version_id.iter().map(|id| format!("markers with the id {id}")));
    if parts.is_empty() {
        "no other condition: whenever and by whomever they were deleted".to_owned()
    } else {
        parts.join(", ")
    }
}

fn requests(scene: &Scene<'_>) -> String {
    let lists = match scene.work.source {
        Source::Listing { .. } => 2.0 * SAMPLE / 1_000.0,
        Source::Keys(_) => SAMPLE,
        Source::Manifest(_) => 0.0,
    };
    let looks = match scene.args.verify {
        _ if scene.split.is_some() => 0.0,
        Verify::None => 0.0,
        Verify::Sample => SAMPLE / 200.0,
        Verify::All => SAMPLE,
    };
    let deletes = if scene.split.is_some() { 0.0 } else { SAMPLE / 1_000.0 };
    // Deletes are free.
    let cost = lists * (DOLLARS_PER_THOUSAND_LISTS / 1e3) + looks * (DOLLARS_PER_THOUSAND_LOOKS / 1e3);
    format!("per 100,000 deleted objects about {lists} lists, {deletes} deletes and {looks} looks, about ${cost:.4}")
}

fn pace(args: &Arguments) -> String {
    let mut parts = vec![match args.pace.items_per_second() {
        Some(rate) => format!("{rate} objects a second"),
        None => "as fast as S3 answers".to_owned(),
    }];
    parts.extend(args.pace.bounds());
    parts.extend(args.max_restore.map(|most| format!("nothing at all above {most} objects")));
    parts.join(", ")
}

fn remembered(plan: &mut Plan, scene: &Scene<'_>, journal: Option<&Prepared>) {
    let Some(journal) = journal else {
        plan.fact("journal", "none: a stopped run cannot be continued, and nothing can be undone");
        plan.warn("without a journal there is no way back: the markers' times and places are forgotten");
        return;
    };
    let path = journal.path.display().to_string();
    plan.fact("undo", format!("s3undelete --undo {path} --confirm {}", scene.location.bucket));
    plan.fact("journal", path.clone());
    plan.detail("journal", path);
    if let Some(header) = journal.unfinished() {
        let memory = &scene.work.memory;
        let open: usize = memory.open.values().map(Vec::len).sum();
        plan.fact(
            "goes on",
            format!("the run of {} was not finished: {} objects are back", header.started, memory.restored),
        );
        plan.detail("restored_before", memory.restored);
        if scene.work.looks_again_late(header.started) {
            plan.warn(format!(
                "what was deleted after {} is passed over where that run was done: `--fresh` looks at everything anew",
                header.started
            ));
        }
        if open > 0 {
            plan.fact("first", format!("{open} objects that run had begun with"));
        }
    }
}

fn details(plan: &mut Plan, scene: &Scene<'_>) {
    plan.detail("bucket", scene.location.bucket.clone());
    plan.detail("prefix", scene.location.key.clone());
    plan.detail("suspended", scene.work.suspended);
    plan.detail("deep", scene.args.deep);
    for (name, time) in [("start", scene.range.start), ("end", scene.range.end)] {
        plan.detail(name, time.map(|time| time.to_string()));
    }
    if let Some(split) = scene.split {
        let paths: Vec<String> = (1..=split.parts).map(|part| split.path(part).display().to_string()).collect();
        plan.detail("manifests", paths);
    }
}

/// The plan of an undo.
pub fn write_undo(work: &undo::Work, estimate: Estimate) -> Plan {
    let bucket = work.bucket.name();
    let header = &work.recorded.header;
    let title = format!("delete again what came back to bucket `{bucket}`");
    let mut plan = Plan::new(title, Danger::Severe { name: bucket.to_owned() });
    plan.fact("objects", format!("those of the run of {}", header.started));
    plan.fact("only", "keys that still show what came back; what was written or deleted since stays as it is");
    plan.fact("requests", format!("{} looks and {} deletes", estimate.items, estimate.items.div_ceil(1_000)));
    plan.fact("run twice", "nothing more changes: what is deleted already is passed over");
    plan.fact(
        "undo",
        "the first command again, without `--until` and `--marker-version-id`: a new delete marker on top of each key is all \
         that this adds",
    );
    plan.fact("journal", work.recorded.path.display().to_string());
    plan.detail("bucket", bucket.to_owned());
    plan.detail("journal", work.recorded.path.display().to_string());
    if let Some(earlier) = earlier_runs(&work.recorded.path) {
        plan.warn(earlier);
    }
    plan.estimate = Some(estimate);
    plan
}

/// Each run of a command begins a journal; those before it are kept under numbers, and are not undone by its undo.
fn earlier_runs(journal: &Path) -> Option<String> {
    let kept = |number: u32| format!("{}.{number}", journal.display());
    let count = (1..).take_while(|number| Path::new(&kept(*number)).exists()).count();
    let last = kept(u32::try_from(count).ok().filter(|count| *count > 0)?);
    Some(format!(
        "only the last run of this journal is undone; what {count} before it brought back, `--undo {last}` and so on undo"
    ))
}
