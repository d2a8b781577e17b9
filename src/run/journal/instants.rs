//! Times that are resolved once: `2h ago` means, when a run goes on, what it meant when its journal began.

use serde_json::{Map, Value};

use super::prepared::Prepared;
use crate::time::Range;

/// The names of a range's two ends in a journal's header.
#[derive(Clone, Copy, Debug)]
pub struct Instants {
    /// The first instant inside.
    pub start: &'static str,
    /// The first instant after.
    pub end: &'static str,
}

impl Instants {
    /// Those of `--start` and `--end`.
    pub const RANGE: Self = Self { start: "start", end: "end" };

    /// The range as the header keeps it; an open end is left out.
    #[must_use]
    pub fn record(self, range: Range) -> Map<String, Value> {
        let ends = [(self.start, range.start), (self.end, range.end)];
        ends.into_iter().filter_map(|(name, time)| Some((name.to_owned(), time?.to_string().into()))).collect()
    }

    /// The range as typed, or what it meant when the unfinished run of this journal began.
    #[must_use]
    pub fn resolve(self, journal: Option<&Prepared>, typed: Range) -> Range {
        let Some(header) = journal.and_then(Prepared::unfinished) else { return typed };
        let time = |name: &str| header.resolved.get(name)?.as_str()?.parse().ok();
        Range { start: time(self.start).or(typed.start), end: time(self.end).or(typed.end) }
    }
}
