//! The batch that is being filled: up to ten messages, sent earlier where the pace is too slow to fill it soon.

use std::time::Duration;

use tokio::time::Instant;

use super::letter::{Letter, Writer};
use super::memory::Range;
use crate::aws::sqs::MOST_IN_BATCH;
use crate::objects::Found;
use crate::run::Pace;
use crate::time::monotonic;

/// A batch waits no longer than this for more: a slow listing must not hold objects back.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// A batch holds at most what the pace gives in this many seconds, so that slow rates send at once and not in bursts.
const SECONDS_IN_BATCH: f64 = 1.0;

/// Messages that wait for a full batch.
pub struct Batches {
    writer: Writer,
    open: Vec<Letter>,
    objects: usize,
    since: Option<Instant>,
}

impl Batches {
    /// Nothing yet.
    pub const fn new(writer: Writer) -> Self {
        Self { writer, open: Vec::new(), objects: 0, since: None }
    }

    /// Takes an object; returns a batch when it is full.
    pub fn take(&mut self, object: Found, range: Range, pace: &Pace) -> Option<Vec<Letter>> {
        self.since.get_or_insert_with(monotonic);
        self.objects += 1;
        let letters = self.writer.take(object, range);
        self.open.extend(letters);
        if self.open.len() >= MOST_IN_BATCH {
            let rest = self.open.split_off(MOST_IN_BATCH);
            let full = std::mem::replace(&mut self.open, rest);
            self.objects = self.objects.saturating_sub(full.iter().map(|letter| letter.objects as usize).sum());
            self.since = (self.objects > 0).then(monotonic);
            return Some(full);
        }
        let slow = pace.rate().is_some_and(|rate| self.objects as f64 >= (rate * SECONDS_IN_BATCH).max(1.0));
        slow.then(|| self.flush())
    }

    /// Everything that waits.
    pub fn flush(&mut self) -> Vec<Letter> {
        let last = self.writer.finish();
        self.open.extend(last);
        self.objects = 0;
        self.since = None;
        std::mem::take(&mut self.open)
    }

    /// When what waits must be sent; `None` while nothing does.
    pub fn due(&self) -> Option<Instant> {
        self.since.map(|since| since + LONGEST_WAIT)
    }
}
