//! What a tool works with while it runs: counters, errors, pace, cancellation, journal.
//!
//! A [`Run`] is given to `execute`. It knows nothing of terminals: `app` reads its counters for the progress display,
//! prints its notices, and makes the report of it, so that the numbers stay true even when a run is cut short.

mod cancel;
mod errors;
mod executor;
mod journal;
mod notice;
mod pace;
mod retry;
mod stats;

use std::sync::Arc;

pub use cancel::{Cancel, Stop};
pub use errors::{ErrorLog, ItemError};
pub use executor::{Executor, for_each};
pub use journal::{
    Entry, Found, Instants, Journal, JournalError, JournalRequest, PlanKey, Prepared, Recorded, private_file,
    state_folder,
};
pub use notice::{Level, Notice, Notices};
pub use opstools_logs::stage::{Stage, Watch, watched};
pub use pace::Pace;
pub use retry::{Attempt, Backoff, EntryFailure, Remainder, Retry};
pub use stats::{Counter, Stats};

use crate::time::Clock;

/// The bounds of a run, from the command line.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How many units of work at once.
    pub concurrency: usize,
    /// Stop after this many items.
    pub limit: Option<u64>,
    /// Stop after this time.
    pub duration: Option<std::time::Duration>,
}

/// Where a streaming tool writes its rows: complete lines of data.
pub type Rows = Arc<dyn Fn(&str) + Send + Sync>;

/// The same for bytes: many lines at once, written without a look at them.
pub type Data = Arc<dyn Fn(&[u8]) + Send + Sync>;

/// Everything that `execute` is given.
#[derive(Clone)]
pub struct Run {
    /// Confirmed counts; the report is made of them.
    pub stats: Arc<Stats>,
    /// What went wrong, item by item.
    pub errors: Arc<ErrorLog>,
    /// Whether to stop.
    pub cancel: Cancel,
    /// Items per second, shared by all workers.
    pub pace: Arc<Pace>,
    /// The bounds.
    pub limits: Limits,
    /// Where the run remembers; `None` with `--no-journal` and for tools that keep none.
    pub journal: Option<Arc<Journal>>,
    /// Messages to the operator.
    pub notices: Notices,
    /// Where rows go.
    pub rows: Rows,
    /// Where rows go that are bytes.
    pub data: Data,
    /// The wall clock.
    pub clock: Clock,
}

impl Run {
    /// Remembers one failed item: counts it, groups it, and stops the run at `--max-errors`.
    pub fn failed(&self, error: ItemError) {
        self.stats.add(Counter::Failed, 1);
        if self.errors.record(error) {
            self.cancel.stop(Stop::MaxErrors);
        }
    }
}
