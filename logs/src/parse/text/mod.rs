//! Lines of text: from a line to a row of named texts, which are then decoded like the values of a JSON object.
//!
//! Three declarative parsers ([`csv`], fastmatch, regex) share their steps: lines to skip, the match, values to trim, values
//! that mean nothing, fields made of others. They work on slices of the line. [`script`] stands apart: its
//! result is JSON text.

pub mod csv;
mod escape;
mod fastmatch;
mod matcher;
mod regex;
mod row;
pub mod script;
mod steps;
mod table;

pub use fastmatch::Left;
pub use matcher::{Mismatch, Outcome, TextMatcher};
pub use row::Row;

/// How much of a line an explanation shows.
const EXCERPT_CHARACTERS: usize = 24;

/// A byte offset as a person counts: characters, from 1.
fn column(line: &str, at: usize) -> usize {
    line.get(..at).unwrap_or(line).chars().count() + 1
}

/// What stands from a byte offset on, shortened.
fn excerpt(line: &str, at: usize) -> String {
    let rest = line.get(at..).unwrap_or_default();
    match rest.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", rest[..end].escape_debug()),
        None if rest.is_empty() => "end of the line".to_owned(),
        None => rest.escape_debug().to_string(),
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod speed;
