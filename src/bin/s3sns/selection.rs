//! From what was typed to the inputs of a run: paths become the prefixes of the tables and hours that are meant.

use opstools::aws::listing::S3Pages;
use opstools::aws::{Session, s3};
use opstools::error::Failure;
use opstools::objects::{Coverage, Inventory, Location, Selection, Typed, expand, outermost};

use crate::scope::Scope;

/// The inputs of what was typed.
///
/// # Errors
/// A bucket or prefix cannot be looked at, or no path holds anything of what is meant.
pub async fn resolve(
    typed: &Typed,
    inventory: Option<Inventory>,
    scope: &Scope,
    start_after: Option<&str>,
    session: &Session,
) -> Result<Selection, Failure> {
    if let Some(mut rows) = Selection::of_rows(typed, inventory, session, None)? {
        // Some subscribers take a message without a size for an empty object, and skip it.
        rows.ask_sizes();
        rows.lines.iter_mut().for_each(|line| line.push_str("; S3 is asked for the sizes that it does not say"));
        return Ok(rows);
    }
    let Typed::Paths(paths) = typed else { return Ok(Selection::default()) };
    let (paths, warnings) = outermost(paths);
    let mut selection = Selection { warnings, ..Selection::default() };
    for path in &paths {
        let prefixes = scope.prefixes(&path.key);
        if prefixes.is_empty() {
            return Err(nothing(path));
        }
        let session = s3::in_bucket_region(session, &path.bucket).await?;
        let (prefixes, what) = hours(path, prefixes, scope, &session).await?;
        selection.lines.push(format!("{}{what}", path.uri()));
        selection.list(&path.bucket, prefixes, &session, Coverage::All, start_after);
    }
    Ok(selection)
}

/// The folders of the hours that are meant; the prefixes themselves when all hours are.
async fn hours(
    path: &Location,
    prefixes: Vec<String>,
    scope: &Scope,
    session: &Session,
) -> Result<(Vec<String>, String), Failure> {
    if scope.hours().is_open() {
        let what = if scope.is_part() { format!(": {}", prefixes.join(", ")) } else { String::new() };
        return Ok((prefixes, what));
    }
    let pages = S3Pages::new(s3::client(session), &path.bucket);
    let mut found = Vec::new();
    for prefix in prefixes {
        let expanded = expand(&pages, &prefix, scope.hours()).await;
        found.extend(expanded.map_err(|error| s3::listing_failure(session, &path.bucket, &prefix, error))?);
    }
    let what = format!(": {} folders of the hours that are meant", found.len());
    Ok((found, what))
}

fn nothing(path: &Location) -> Failure {
    Failure::usage(format!("`{}` holds nothing of these data types and log types", path.uri())).hint(
        "processed data lies in logs/TABLE/, cloud_security/TABLE/, rules/TABLE/ and rule_errors/TABLE/; give a path above, \
         such as s3://bucket/",
    )
}
