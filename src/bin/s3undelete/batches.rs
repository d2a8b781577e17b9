//! The batch that is being filled: whole keys, as many as one request can carry.

use std::time::Duration;

use opstools::aws::versioning::MOST_PER_REQUEST;
use opstools::run::Pace;
use opstools::time::monotonic;
use tokio::time::Instant;

use crate::restoration::Restoration;
use crate::ticket::Share;

/// A batch that the listing does not fill is worked off after this long, so that little is left to do after a stop.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A batch holds at most what the pace gives in this many seconds, so that slow rates do not come in bursts.
const SECONDS_IN_BATCH: f64 = 1.0;

/// One key of a batch.
pub struct Item {
    /// What is to be done.
    pub restoration: Restoration,
    /// Its part of a range; `None` where an earlier run had begun it.
    pub share: Option<Share>,
}

/// Keys that wait for a full batch.
#[derive(Default)]
pub struct Batches {
    open: Vec<Item>,
    markers: usize,
    since: Option<Instant>,
}

impl Batches {
    /// Takes a key; returns the batch before it when both together are too much, or itself when the batch is full.
    pub fn take(&mut self, item: Item, pace: &Pace) -> Vec<Vec<Item>> {
        let mut full = Vec::new();
        let markers = item.restoration.markers.len();
        if self.markers + markers > MOST_PER_REQUEST {
            full.extend(self.flush());
        }
        self.since.get_or_insert_with(monotonic);
        self.markers += markers;
        self.open.push(item);
        let slow = pace.rate().is_some_and(|rate| self.open.len() as f64 >= (rate * SECONDS_IN_BATCH).max(1.0));
        if slow || self.markers >= MOST_PER_REQUEST {
            full.extend(self.flush());
        }
        full
    }

    /// What waits, if anything does.
    pub fn flush(&mut self) -> Option<Vec<Item>> {
        self.markers = 0;
        self.since = None;
        Some(std::mem::take(&mut self.open)).filter(|batch| !batch.is_empty())
    }

    /// What has waited too long.
    pub fn overdue(&mut self) -> Option<Vec<Item>> {
        self.since.is_some_and(|since| since.elapsed() >= LONGEST_WAIT).then(|| self.flush()).flatten()
    }
}
