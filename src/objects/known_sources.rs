//! Finding the source that is meant, and refusing what would notify nobody, or more than was meant.

use super::location::Location;
use crate::error::{Failure, near};
use crate::panther::{Source, Sources};

/// Sources named in a refusal.
const SOURCES_SHOWN: usize = 5;

/// Checks that replaying this source's prefix replays no other source, unless all are meant.
///
/// # Errors
/// Others share its prefix.
pub fn check_alone(sources: &Sources, source: &Source, all_of_prefix: bool) -> Result<(), Failure> {
    let sharing: Vec<&str> = sources
        .all
        .iter()
        .filter(|other| other.kind == source.kind && other.bucket == source.bucket)
        .map(|other| other.label.as_str())
        .collect();
    if source.has_own_prefix() || all_of_prefix || sharing.len() < 2 {
        return Ok(());
    }
    Err(Failure::failed(format!("cannot replay `{}` alone", source.label))
        .because(format!("sources of type {} share one prefix: {}", source.kind, sharing.join(", ")))
        .hint("`--all-sources-of-prefix` replays it for all of them"))
}

/// The source with this id or label.
///
/// # Errors
/// There is none, or more than one.
pub fn named<'s>(sources: &'s Sources, text: &str, what: &str) -> Result<&'s Source, Failure> {
    let name = |source: &'s Source| if what == "id" { source.id.as_str() } else { source.label.as_str() };
    let found: Vec<&Source> = sources.all.iter().filter(|source| name(source) == text).collect();
    match found[..] {
        [source] => Ok(source),
        [] => {
            let failure = Failure::failed(format!("there is no source with the {what} `{text}`"));
            let near = near(text, sources.all.iter().map(name));
            Err(match near {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure.hint(format!("there are: {}", names(sources.all.iter().map(name)))),
            })
        }
        _ => Err(Failure::failed(format!("{} sources have the {what} `{text}`", found.len())).hint(format!(
            "name one by `--source-id`: {}",
            found.iter().map(|source| source.id.as_str()).collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// The first few names in order; the table of sources has none.
fn names<'s>(names: impl Iterator<Item = &'s str>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.sort_by_key(|name| name.to_lowercase());
    let more = names.len().saturating_sub(SOURCES_SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// The refusal of a path of which no source reads anything, with the sources nearest to it.
pub fn uncovered(sources: &Sources, path: &Location) -> Failure {
    let failure = Failure::failed(format!("no source reads anything of `{}`", path.uri()))
        .because("the log processor drops what belongs to no source, without an error");
    let of_bucket: Vec<&Source> =
        sources.all.iter().filter(|source| source.bucket.as_deref() == Some(&path.bucket)).collect();
    let failure = if of_bucket.is_empty() {
        let buckets = sources.all.iter().filter_map(|source| source.bucket.as_deref());
        match near(&path.bucket, buckets) {
            Some(bucket) => failure.hint(format!("no source reads this bucket; did you mean `{bucket}`?")),
            None => {
                let reading = sources.all.iter().filter(|source| source.bucket.is_some());
                failure.hint(format!(
                    "no source reads this bucket; there are: {}",
                    names(reading.map(|source| source.label.as_str()))
                ))
            }
        }
    } else {
        let read = |source: &&Source| {
            let prefixes = source.prefixes.iter().map(|entry| format!("s3://{}/{}", path.bucket, entry.prefix));
            format!("`{}` reads {}", source.label, prefixes.collect::<Vec<_>>().join(", "))
        };
        failure.hint(of_bucket.iter().take(SOURCES_SHOWN).map(read).collect::<Vec<_>>().join("; "))
    };
    failure.hint("add a source for it first, or `--force` to notify all the same")
}
