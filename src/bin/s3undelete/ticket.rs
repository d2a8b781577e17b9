//! When a range of positions is finished: when every key that it gave rise to is.
//!
//! A ticket is held by all of them; the last one writes the range into the journal, unless one was left undone. A key that is
//! dropped on any way (a stop, an error, a bug) leaves its range open, so that a later run meets it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use opstools::aws::listing::Interval;
use opstools::run::Journal;

use crate::ledger::{RANGE_DONE, RangeDone};

struct Ticket {
    interval: Interval,
    journal: Option<Arc<Journal>>,
    undone: AtomicBool,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(journal) = self.journal.take().filter(|_| !self.undone.load(Relaxed)) {
            let done = RangeDone { after: self.interval.after.take(), upto: self.interval.upto.take() };
            // A journal that cannot be written has stopped the run already.
            let _ = journal.append(RANGE_DONE, &done);
        }
    }
}

/// One part of the work on a range; dropped without a word, it leaves the range open.
pub struct Share {
    ticket: Arc<Ticket>,
    done: bool,
}

impl Share {
    /// The first share of a range.
    pub fn of(interval: Interval, journal: Option<Arc<Journal>>) -> Self {
        Self { ticket: Arc::new(Ticket { interval, journal, undone: AtomicBool::new(false) }), done: false }
    }

    /// Another share of the same range.
    pub fn another(&self) -> Self {
        Self { ticket: self.ticket.clone(), done: false }
    }

    /// This part is finished.
    pub fn finish(mut self) {
        self.done = true;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if !self.done {
            self.ticket.undone.store(true, Relaxed);
        }
    }
}
