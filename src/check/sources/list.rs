//! What is wrong with the list of sources itself: sources in each other's way, rows that are no sources, sources left out.

use super::Validator;
use crate::aws::dynamodb::scan;
use crate::check::{Finding, Named, Status};
use crate::error::Failure;
use crate::panther::Source;
use crate::panther::sources::{ConflictKind, Listed, SOURCE_TABLE, Sources};

/// The function lists what one page of the table holds; what is beyond is left out without a word.
const COMPLETE: &str = "list-complete";
const ZOMBIES: &str = "zombie-row";

/// Checks the conflicts that chosen sources have, and with `whole` the list as such.
pub(super) async fn check(validator: &Validator, listed: &Listed, chosen: &[&Source], whole: bool) {
    for conflict in listed.sources.conflicts() {
        let is_chosen = |source: &&Source| chosen.iter().any(|one| one.id == source.id);
        if !conflict.sources.iter().any(is_chosen) {
            continue;
        }
        let (check, remedy) = words(conflict.kind);
        let finding = Finding::new(check, Status::Warn, conflict.object, conflict.message).remedy(remedy);
        validator.found(finding.of(conflict.sources));
    }
    match (whole, listed.backend) {
        (false, _) => {}
        (true, "lambda") => against_table(validator, &listed.sources).await,
        (true, "dynamodb" | "file") => zombies(validator, &listed.sources),
        // The public API shows no rows.
        (true, _) => {}
    }
}

/// The check that a conflict belongs to, and what to do about it.
const fn words(kind: ConflictKind) -> (&'static str, &'static str) {
    match kind {
        ConflictKind::Overlap => {
            ("overlap", "if that is not meant, exclude the inner prefix from the outer source, or give up one")
        }
        ConflictKind::SamePrefix => ("overlap", "delete one of the sources, or give them prefixes of their own"),
        ConflictKind::SameAccount => {
            ("duplicate-scan", "delete one of the sources: everything in the account is scanned twice")
        }
        ConflictKind::SameRoleName | ConflictKind::SameLabel => {
            ("label-collision", "give one of the sources another label")
        }
    }
}

async fn against_table(validator: &Validator, listed: &Sources) {
    if !validator.wants(&[COMPLETE, ZOMBIES]) {
        return;
    }
    let rows = validator.gate.ask(scan(&validator.session, SOURCE_TABLE)).await;
    match rows {
        Ok(rows) => {
            let table = Sources::from_rows(&rows);
            zombies(validator, &table);
            validator.found(completeness(listed, &table));
        }
        Err(failure) => {
            for check in [ZOMBIES, COMPLETE] {
                validator.found(not_compared(check, &failure));
            }
        }
    }
}

/// The function's list is enough to work with; the table is looked at where that is allowed.
fn not_compared(check: &'static str, failure: &Failure) -> Finding {
    let refused = super::own_refused(check, SOURCE_TABLE, failure);
    let message = format!("the table cannot be looked at: {}", refused.message);
    Finding { status: Status::Skip, message, ..refused }
}

fn zombies(validator: &Validator, sources: &Sources) {
    if sources.zombies.is_empty() {
        let message = "every row is a source";
        return validator.found(Finding::new(ZOMBIES, Status::Ok, SOURCE_TABLE, message));
    }
    for id in &sources.zombies {
        let message =
            "a row without a type: a deleted source that a late status report made anew; Panther passes it over";
        let named = Named { source_id: id.clone(), label: String::new() };
        let finding =
            Finding::new(ZOMBIES, Status::Warn, SOURCE_TABLE, message).remedy("delete the item from the table");
        validator.found(Finding { sources: vec![named], ..finding });
    }
}

fn completeness(listed: &Sources, table: &Sources) -> Finding {
    let is_listed = |source: &&Source| listed.all.iter().any(|one| one.id == source.id);
    let missing: Vec<&Source> = table.all.iter().filter(|source| !is_listed(source)).collect();
    if missing.is_empty() {
        let message = format!("function and table both have {} sources", listed.all.len());
        return Finding::new(COMPLETE, Status::Ok, SOURCE_TABLE, message);
    }
    let message = format!(
        "the function lists {} sources, the table has {}: {} are left out, and not checked here",
        listed.all.len(),
        table.all.len(),
        missing.len()
    );
    Finding::new(COMPLETE, Status::Warn, SOURCE_TABLE, message).remedy("read the table: `--backend dynamodb`")
}
