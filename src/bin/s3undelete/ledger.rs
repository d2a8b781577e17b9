//! The records of the journal, and what those of an unfinished run say.
//!
//! `intent` comes before each batch and holds all that undoing it needs; `settled` after it; `range_done` when nothing is
//! left to do in a range of keys. An intent that was not settled is worked off again: removing a marker twice changes
//! nothing.

use std::collections::BTreeMap;

use opstools::aws::listing::Intervals;
use opstools::error::Failure;
use opstools::run::{Entry, JournalError, Prepared};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::restoration::Restoration;

/// The record before a batch.
pub const INTENT: &str = "intent";

/// The record after a batch.
pub const SETTLED: &str = "settled";

/// The record of a range in which nothing is left to do.
pub const RANGE_DONE: &str = "range_done";

/// A batch is about to be worked off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The number of the batch in this journal.
    pub id: u64,
    /// The bucket.
    pub bucket: String,
    /// Its keys, each with its markers and the version that becomes current.
    pub keys: Vec<Restoration>,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Its number.
    pub id: u64,
    /// Keys that came back.
    pub restored: u64,
    /// Keys that did not, or that show something else than expected.
    pub failed: Vec<String>,
}

/// Nothing is left to do in `(after, upto]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeDone {
    /// Exclusive lower bound; `None` is the beginning.
    pub after: Option<String>,
    /// Inclusive upper bound; `None` is the end.
    pub upto: Option<String>,
}

/// One record, read.
pub enum Record {
    /// A batch begins.
    Intent(Intent),
    /// A batch ended.
    Settled(Settled),
    /// A range is finished.
    RangeDone(RangeDone),
    /// Marks of the journal itself.
    Other,
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// It is damaged.
    pub fn read(path: &std::path::Path, entry: Entry) -> Result<Self, JournalError> {
        let body = Value::Object(entry.body);
        let damaged = |error: serde_json::Error| JournalError::Foreign {
            path: path.to_owned(),
            why: format!("has a damaged record: {error}"),
        };
        Ok(match entry.kind.as_str() {
            INTENT => Self::Intent(serde_json::from_value(body).map_err(damaged)?),
            SETTLED => Self::Settled(serde_json::from_value(body).map_err(damaged)?),
            RANGE_DONE => Self::RangeDone(serde_json::from_value(body).map_err(damaged)?),
            _ => Self::Other,
        })
    }
}

/// What the runs of an unfinished journal did.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Ranges in which nothing is left to do.
    pub done: Intervals,
    /// Batches that were begun and not settled: no more than were in flight.
    pub open: BTreeMap<u64, Vec<Restoration>>,
    /// The number of the next batch.
    pub next: u64,
    /// Keys that came back.
    pub restored: u64,
}

impl Memory {
    /// Reads the journal of an unfinished run; empty when there is none.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn read(prepared: &Prepared) -> Result<Self, Failure> {
        let mut memory = Self::default();
        for entry in prepared.entries()? {
            memory.take(Record::read(&prepared.path, entry?)?);
        }
        Ok(memory)
    }

    fn take(&mut self, record: Record) {
        match record {
            Record::Intent(intent) => {
                self.next = self.next.max(intent.id + 1);
                self.open.insert(intent.id, intent.keys);
            }
            Record::Settled(settled) => {
                self.open.remove(&settled.id);
                self.restored += settled.restored;
            }
            Record::RangeDone(range) => self.done.add(range.after, range.upto),
            Record::Other => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_without_an_answer_stay_open() {
        let mut memory = Memory::default();
        for id in 0..3 {
            memory.take(Record::Intent(Intent { id, bucket: "b".to_owned(), keys: Vec::new() }));
        }
        memory.take(Record::Settled(Settled { id: 1, restored: 7, failed: vec!["k".to_owned()] }));
        memory.take(Record::RangeDone(RangeDone { after: None, upto: Some("m".to_owned()) }));
        assert_eq!(memory.open.keys().copied().collect::<Vec<_>>(), [0, 2]);
        assert_eq!((memory.next, memory.restored), (3, 7));
        assert!(memory.done.contains("a") && !memory.done.contains("n"));
    }
}
