//! The manifest of an earlier run of the same command, and what tells that run from another.

use std::path::Path;

use opstools::error::Failure;
use serde_json::Value;

use crate::hours::Hours;
use crate::manifest::{self, Header, Listed};
use crate::work::ManifestWork;

/// Parts of a plan whose values say something to people, and how they call them.
const SHOWN: [(&str, &str); 6] = [
    ("seed", "seed"),
    ("spread", "spread"),
    ("malformed_rate", "malformed rate"),
    ("layout", "layout"),
    ("prefix", "prefix"),
    ("compression", "compression"),
];

/// Parts of a plan that are told apart, but are too long to be shown.
const NAMED: [(&str, &str); 3] =
    [("types", "log types, files or rows"), ("schemas", "custom schemas"), ("amount", "amounts")];

/// Opens the manifest of this run, should there be one.
///
/// # Errors
/// It cannot be read, or is that of another run.
pub fn open(path: &Path, header: Header) -> Result<ManifestWork, Failure> {
    let known = match manifest::read(path)? {
        None => Listed::default(),
        Some((found, listed)) if found == header => listed,
        Some((found, _)) => return Err(another(path, &found, &header)),
    };
    Ok(ManifestWork { path: path.to_owned(), header, known })
}

/// What differs, and what would be typed to go on with that run.
fn another(path: &Path, found: &Header, wanted: &Header) -> Failure {
    let failure = Failure::failed(format!("`{}` is the manifest of another run", path.display()))
        .because(differences(found, wanted).join("; "));
    let failure = match (found.plan["seed"].as_u64(), hours(found)) {
        (Some(seed), Some(hours))
            if found.plan["seed"] != wanted.plan["seed"] || Some(hours) != self::hours(wanted) =>
        {
            failure.hint(format!("to go on with it, add `--seed {seed} {}`", hours.flags()))
        }
        _ => failure,
    };
    failure.hint("name another file, or remove with `--cleanup` what that run has made")
}

fn differences(found: &Header, wanted: &Header) -> Vec<String> {
    let mut differences = Vec::new();
    if found.target != wanted.target {
        differences.push(format!("its target is `{}`, not `{}`", found.target, wanted.target));
    }
    if let (Some(found), Some(wanted)) = (hours(found), hours(wanted))
        && found != wanted
    {
        differences.push(format!("its hours are {found}, not {wanted}"));
    }
    let differs = |part: &str| found.plan[part] != wanted.plan[part];
    for (part, name) in SHOWN.into_iter().filter(|(part, _)| differs(part)) {
        differences.push(format!("its {name} is {}, not {}", found.plan[part], wanted.plan[part]));
    }
    for (_, name) in NAMED.into_iter().filter(|(part, _)| differs(part)) {
        differences.push(format!("its {name} differ"));
    }
    differences
}

/// The hours of a run.
pub fn hours(header: &Header) -> Option<Hours> {
    let number = |name: &str| header.plan.get(name);
    Some(Hours {
        first: number("first_hour").and_then(Value::as_i64)?,
        count: number("hours").and_then(Value::as_u64).filter(|count| *count > 0)?,
    })
}
