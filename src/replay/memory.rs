//! What the journal of an unfinished run says: which intervals are finished, and what may have been sent already.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::aws::listing::Intervals;
use crate::error::Failure;
use crate::run::{JournalError, Prepared};

/// The record before a batch is sent.
pub const INTENT: &str = "intent";

/// The record of intervals that are finished.
pub const RANGE_DONE: &str = "range_done";

/// A batch is about to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The number of the batch in this journal.
    pub id: u64,
    /// Its objects.
    pub count: u64,
}

/// The positions `(after, upto]` of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The input's label.
    pub input: Arc<str>,
    /// Exclusive lower bound; `None` is the beginning.
    pub after: Option<String>,
    /// Inclusive upper bound; `None` is the end.
    pub upto: Option<String>,
}

impl Range {
    /// Takes in the range that follows; false when it is another input's, or does not touch.
    pub fn extend(&mut self, next: &Self) -> bool {
        let touches = self.input == next.input && self.upto.is_some() && self.upto == next.after;
        if touches {
            self.upto.clone_from(&next.upto);
        }
        touches
    }
}

/// What became of a batch, or of positions without objects to send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The batch; `None` where nothing was to be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// What needs no more sending.
    pub ranges: Vec<Range>,
    /// Objects confirmed.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Objects refused, which lie in none of the ranges.
    pub failed: u64,
    /// Objects that may have been delivered once more than was confirmed.
    pub unsure: u64,
}

/// The memory of all runs of one journal.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    done: HashMap<Arc<str>, Intervals>,
    open: HashMap<u64, u64>,
    unsure: u64,
    confirmed: u64,
    next: u64,
}

impl Memory {
    /// Reads the journal of an unfinished run; empty when there is none.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn read(prepared: &Prepared) -> Result<Self, Failure> {
        let mut memory = Self::default();
        for entry in prepared.entries()? {
            let entry = entry?;
            let body = Value::Object(entry.body);
            let damaged = |error: serde_json::Error| JournalError::Foreign {
                path: prepared.path.clone(),
                why: format!("has a damaged record: {error}"),
            };
            match entry.kind.as_str() {
                INTENT => memory.intend(serde_json::from_value(body).map_err(damaged)?),
                RANGE_DONE => memory.settle(serde_json::from_value(body).map_err(damaged)?),
                _ => {}
            }
        }
        Ok(memory)
    }

    fn intend(&mut self, intent: Intent) {
        self.open.insert(intent.id, intent.count);
        self.next = self.next.max(intent.id + 1);
    }

    fn settle(&mut self, settled: Settled) {
        settled.id.and_then(|id| self.open.remove(&id));
        self.unsure += settled.unsure;
        self.confirmed += settled.count;
        for range in settled.ranges {
            self.done.entry(range.input).or_default().add(range.after, range.upto);
        }
    }

    /// The finished intervals of an input.
    pub fn done(&self, input: &str) -> Intervals {
        self.done.get(input).cloned().unwrap_or_default()
    }

    /// Objects that were confirmed.
    pub const fn confirmed(&self) -> u64 {
        self.confirmed
    }

    /// Objects that may have been delivered and will be, or were, sent once more.
    pub fn unsure(&self) -> u64 {
        self.unsure + self.open.values().sum::<u64>()
    }

    /// The number of the next batch.
    pub const fn next(&self) -> u64 {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(after: Option<&str>, upto: Option<&str>) -> Range {
        Range { input: "i".into(), after: after.map(str::to_owned), upto: upto.map(str::to_owned) }
    }

    #[test]
    fn intents_that_were_not_settled_are_unsure() {
        let mut memory = Memory::default();
        for id in 0..3 {
            memory.intend(Intent { id, count: 10 });
        }
        memory.settle(Settled { id: Some(0), ranges: vec![range(None, Some("j"))], count: 10, ..Settled::default() });
        memory.settle(Settled { id: Some(1), count: 4, failed: 6, unsure: 2, ..Settled::default() });
        assert_eq!((memory.unsure(), memory.confirmed(), memory.next()), (12, 14, 3));
        assert!(memory.done("i").contains("a") && !memory.done("i").contains("k") && memory.done("other").is_empty());
    }

    #[test]
    fn touching_ranges_become_one() {
        let mut first = range(None, Some("b"));
        assert!(first.extend(&range(Some("b"), Some("c"))));
        assert!(!first.extend(&range(Some("d"), None)));
        assert!(first.extend(&range(Some("c"), None)));
        assert!(!first.extend(&range(None, Some("x"))), "nothing follows the end");
        assert_eq!(first, range(None, None));
    }
}
