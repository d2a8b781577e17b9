//! The counters of a run: the single truth behind progress, report and exit code.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::report::Summary;

/// What is counted by every tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Items found so far by listing or receiving.
    Found,
    /// Items whose work was confirmed.
    Done,
    /// Items that failed.
    Failed,
    /// Items passed over on purpose.
    Skipped,
    /// Items left where they were.
    Left,
    /// Bytes of the items done.
    Bytes,
}

const COUNTERS: usize = 6;

/// Counters that many workers add to.
#[derive(Debug, Default)]
pub struct Stats {
    values: [AtomicU64; COUNTERS],
    in_flight: AtomicU64,
    own: Mutex<BTreeMap<&'static str, u64>>,
    details: Mutex<Map<String, Value>>,
}

impl Stats {
    /// Adds to a counter.
    pub fn add(&self, counter: Counter, count: u64) {
        self.values[counter as usize].fetch_add(count, Relaxed);
    }

    /// Sets a counter that is known as a whole, such as what is left in a queue.
    pub fn set(&self, counter: Counter, count: u64) {
        self.values[counter as usize].store(count, Relaxed);
    }

    /// Reads a counter.
    #[must_use]
    pub fn get(&self, counter: Counter) -> u64 {
        self.values[counter as usize].load(Relaxed)
    }

    /// Adds to a counter of the tool's own; its name becomes a key of the report's summary.
    pub fn add_own(&self, name: &'static str, count: u64) {
        *self.own.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += count;
    }

    /// Reads a counter of the tool's own.
    #[must_use]
    pub fn own(&self, name: &str) -> u64 {
        self.own.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied().unwrap_or_default()
    }

    /// Says something for the report beside the counters, such as a table of what was found; the last word counts.
    pub fn tell(&self, name: &'static str, value: Value) {
        self.details.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value);
    }

    /// What was told for the report.
    #[must_use]
    pub fn details(&self) -> Map<String, Value> {
        self.details.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says that work on so many items has started.
    pub fn begin(&self, items: u64) {
        self.in_flight.fetch_add(items, Relaxed);
    }

    /// Says that work on so many items has ended, well or not.
    pub fn end(&self, items: u64) {
        self.in_flight.fetch_sub(items, Relaxed);
    }

    /// How many items are being worked on.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.in_flight.load(Relaxed)
    }

    /// The summary for the report.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        Summary {
            total: self.get(Counter::Found),
            done: self.get(Counter::Done),
            failed: self.get(Counter::Failed),
            skipped: self.get(Counter::Skipped),
            left: self.get(Counter::Left),
            bytes: self.get(Counter::Bytes),
            counters: own.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_become_the_summary() {
        let stats = Stats::default();
        stats.add(Counter::Found, 3);
        stats.add(Counter::Done, 2);
        stats.set(Counter::Left, 1);
        stats.add_own("duplicates_possible", 1);
        let summary = stats.summary();
        assert_eq!((summary.total, summary.done, summary.left), (3, 2, 1));
        assert_eq!(summary.counters["duplicates_possible"], 1);
    }
}
