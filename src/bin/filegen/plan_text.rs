//! The plan in words: what, where to, how much, and what happens if it is run twice.

use std::path::Path;

use opstools::generate::Amount;
use opstools::plan::{Danger, Plan};
use serde_json::Value;

use crate::arguments::{Arguments, Spread};
use crate::hours::Hours;
use crate::manifest::{Header, Listed};
use crate::recall;
use crate::work::{Cleanup, Make, Target};

/// Dollars per thousand objects that are put in one request and looked at once (AWS price list of S3 Standard).
const DOLLARS_PER_THOUSAND_OBJECTS: f64 = 0.0054;

/// Writes the plan of making logs.
pub fn make(make: &Make, args: &Arguments) -> Plan {
    let (place, danger) = match &make.target {
        Target::Folder(folder) => (format!("in folder `{}`", folder.display()), Danger::None),
        Target::Bucket(uploads) => (format!("in bucket `{}`", uploads.bucket()), Danger::Moderate),
        Target::Stdout => ("on stdout".to_owned(), Danger::None),
        Target::Queue(line) => (format!("in queue `{}`", line.queue.name), Danger::Moderate),
    };
    let mut plan = Plan::new(format!("make synthetic logs {place}"), danger);
    let types: Vec<String> = make.logs.recipes.iter().map(|recipe| recipe.log_type.clone()).collect();
    plan.facts("log type", &types);
    plan.fact("hours", hours(make).to_string());
    plan.fact("amount", amount(make));
    warn_of_nothing(&mut plan, make);
    let (seed, hours) = (make.logs.contents.seed, hours(make).flags());
    plan.fact("seed", format!("{seed}: `--seed {seed} {hours}` makes the same bytes again"));
    plan.fact("times", times(args));
    let files = matches!(make.target, Target::Folder(_) | Target::Bucket(_));
    if files {
        plan.fact("files", format!("layout {}, compression {}", args.layout, make.logs.compression.name()));
        plan.fact("first", example(make));
    }
    bucket(&mut plan, make);
    plan.fact("pace", pace(args, &make.target));
    known(&mut plan, make);
    let twice = match &make.target {
        Target::Queue(_) => "each row is sent again",
        Target::Stdout => "the same rows with the same seed and hours",
        _ => "with the same seed and hours the same files are written again, with others new files beside them",
    };
    plan.fact("run twice", twice);
    if args.malformed_rate > 0.0 {
        plan.fact("malformed", format!("{} of the rows, which no parser takes", args.malformed_rate));
    }
    plan.detail("log_types", types);
    plan.detail("seed", make.logs.contents.seed);
    plan.detail("hours", make.schedule.hours);
    plan.detail("compression", make.logs.compression.name());
    plan
}

fn bucket(plan: &mut Plan, make: &Make) {
    if matches!(make.target, Target::Bucket(_)) {
        plan.fact("marked", "each object by tag and metadata `panther-synthetic=true`");
        plan.fact("cost", format!("about ${DOLLARS_PER_THOUSAND_OBJECTS} per 1,000 objects, and their storage"));
        let undo =
            if make.manifest.is_some() { "`--cleanup` with the manifest" } else { "by hand: there is no `--manifest`" };
        plan.fact("undo", undo);
    }
    if let Some(notify) = &make.notify {
        plan.fact("notified", format!("queue `{}`: what is told of will be ingested", notify.line.queue.name));
    }
}

fn hours(make: &Make) -> Hours {
    Hours { first: make.schedule.first, count: make.schedule.hours }
}

/// Types and hours for which the bytes are too few.
fn warn_of_nothing(plan: &mut Plan, make: &Make) {
    let Some(place) = make.schedule.first_without() else { return };
    let kinds = make.logs.recipes.len() as u64;
    let (hour, kind) = (make.schedule.first + (place / kinds).cast_signed(), (place % kinds) as usize);
    let last = hours(make).last();
    let types = |from: usize| {
        let names: Vec<&str> = make.logs.recipes[from..].iter().map(|recipe| recipe.log_type.as_str()).collect();
        names.join(", ")
    };
    let mut without = vec![format!("{} of {}", types(kind), Hours::name(hour))];
    if hour < last && kind == 0 {
        without = vec![format!("{} from {} on", types(0), Hours::name(hour))];
    } else if hour < last {
        without.push(format!("all types from {} on", Hours::name(hour + 1)));
    }
    plan.warn(format!(
        "the bytes are too few for all: {} get nothing; {} bytes are enough for some rows of each type in each hour",
        without.join(", and "),
        make.schedule.fewest_bytes_for_all()
    ));
}

fn amount(make: &Make) -> String {
    match &make.schedule.amount {
        Amount::Bytes(bytes, _) => {
            let counted = match make.target {
                Target::Queue(_) => "in the bodies of messages",
                _ => "before compression",
            };
            format!("exactly {bytes} bytes {counted}, shared by types and hours")
        }
        Amount::Files(each) => {
            let files: u64 = each.iter().map(|(files, _)| files).sum();
            let rows: u64 = each.iter().map(|(files, rows)| files * rows).sum();
            let hours = make.schedule.hours;
            format!("{} files with about {} rows", files * hours, rows * hours)
        }
    }
}

fn times(args: &Arguments) -> &'static str {
    match args.spread {
        Spread::Uniform => "evenly over each hour",
        Spread::Poisson => "by chance within each hour",
        Spread::Diurnal => "evenly within each hour, more rows by day than by night",
    }
}

fn example(make: &Make) -> String {
    make.schedule.files().next().map(|file| make.logs.key(&file)).unwrap_or_default()
}

fn pace(args: &Arguments, target: &Target) -> String {
    let what = if matches!(target, Target::Queue(_)) { "rows" } else { "files" };
    let mut parts = vec![match (args.pace.items_per_second(), target) {
        (Some(rate), _) => format!("{rate} {what} a second"),
        (None, Target::Stdout) => "as fast as they are taken".to_owned(),
        (None, Target::Folder(_)) => "as fast as the processor and the disk allow".to_owned(),
        (None, _) => format!("as fast as {} requests at once allow", args.pace.concurrency),
    }];
    if args.bytes_per_second > 0 {
        parts.push(format!("at most {} bytes a second", args.bytes_per_second));
    }
    parts.extend(args.pace.bounds());
    parts.join(", ")
}

/// What the manifest says is there.
fn known(plan: &mut Plan, make: &Make) {
    let Some(manifest) = &make.manifest else { return };
    let path = manifest.path.display();
    unfinished(plan, &manifest.known);
    if manifest.known.entries.is_empty() {
        plan.fact("manifest", format!("`{path}`, which is new"));
        return;
    }
    let bytes: u64 = manifest.known.entries.iter().map(|entry| entry.size).sum();
    let count = manifest.known.entries.len();
    plan.fact(
        "manifest",
        format!("`{path}` lists {count} files with {bytes} bytes: what is still there is not made again"),
    );
    plan.detail("already_there", count);
}

/// Uploads that a run did not end: what a killed one leaves.
fn unfinished(plan: &mut Plan, listed: &Listed) {
    let count = listed.begun.len();
    if count > 0 {
        plan.fact("uploads", format!("{count} begun and not ended: what is there of them is given up"));
        plan.detail("unfinished_uploads", count);
    }
}

/// Writes the plan of a removal.
pub fn cleanup(work: &Cleanup, path: &Path, header: &Header) -> Plan {
    let (place, name) = match &work.target {
        Target::Bucket(uploads) => (format!("bucket `{}`", uploads.bucket()), uploads.bucket().to_owned()),
        _ => (format!("folder `{}`", header.target), header.target.clone()),
    };
    let mut plan = Plan::new(format!("remove synthetic logs from {place}"), Danger::Severe { name });
    let entries = &work.listed.entries;
    let bytes: u64 = entries.iter().map(|entry| entry.size).sum();
    plan.fact("manifest", format!("`{}`", path.display()));
    plan.fact("files", format!("{} with {bytes} bytes, and nothing else", entries.len()));
    unfinished(&mut plan, &work.listed);
    plan.fact("changed since", "a file that is no longer as it was made is left, and named");
    plan.fact("run twice", "what is gone is passed over");
    let hours = recall::hours(header).map(|hours| format!(" {}", hours.flags())).unwrap_or_default();
    plan.fact("undo", format!("the same run makes them again: `--seed {}{hours}`", header.plan["seed"]));
    plan.detail("target", header.target.clone());
    plan.detail("seed", header.plan.get("seed").cloned().unwrap_or(Value::Null));
    plan
}
