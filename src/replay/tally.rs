//! What was told of, by type and id: a table at the end of the run, and of a dry run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::run::Stats;

/// Pairs that are counted apart; what comes later counts as [`OTHERS`]. Rule ids can be many, and a report is to be read.
const MOST_PAIRS: usize = 1_000;

/// The id under which pairs beyond [`MOST_PAIRS`] are counted.
const OTHERS: &str = "(others)";

/// The report's name of the table.
const NAME: &str = "types";

/// What an object is, as a consumer tells objects apart: its type and its id.
pub type Kind = (&'static str, String);

/// Objects by type and id.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Mutex<BTreeMap<Kind, u64>>,
}

impl Tally {
    /// Counts objects.
    pub fn add(&self, kind: &Kind, objects: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(kind) {
            *count += objects;
        } else {
            let id = if counts.len() < MOST_PAIRS { &kind.1 } else { OTHERS };
            *counts.entry((kind.0, id.to_owned())).or_default() += objects;
        }
    }

    /// Puts the table into the report, where anything was counted.
    pub fn tell(&self, stats: &Stats) {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if !counts.is_empty() {
            let row = |((kind, id), objects): (&Kind, &u64)| json!({ "type": kind, "id": id, "objects": objects });
            stats.tell(NAME, Value::Array(counts.iter().map(row).collect()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_beyond_the_most_are_counted_together() {
        let (tally, stats) = (Tally::default(), Stats::default());
        for number in 0..MOST_PAIRS + 5 {
            tally.add(&("RuleMatches", format!("rule-{number:05}")), 2);
        }
        tally.add(&("RuleMatches", "rule-00000".to_owned()), 1);
        tally.tell(&stats);
        let rows = stats.details()[NAME].as_array().expect("a table").clone();
        assert_eq!(rows.len(), MOST_PAIRS + 1);
        assert_eq!(rows[0], json!({ "type": "RuleMatches", "id": OTHERS, "objects": 10 }));
        assert_eq!(rows[1], json!({ "type": "RuleMatches", "id": "rule-00000", "objects": 3 }));
    }
}
