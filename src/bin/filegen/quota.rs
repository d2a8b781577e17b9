//! What a run is to make or remove, and what of it is left when the run ends, however it ends.

use std::sync::Arc;

use opstools::app::Done;
use opstools::run::{Cancel, Counter, Run, Stats, Stop};

/// The number of files or rows that a plan names.
pub struct Quota {
    stats: Arc<Stats>,
    cancel: Cancel,
    limit: Option<u64>,
    planned: Option<u64>,
}

impl Quota {
    /// So many; `None` where nobody knows before it is made.
    pub fn new(run: &Run, planned: Option<u64>) -> Self {
        Self { stats: run.stats.clone(), cancel: run.cancel.clone(), limit: run.limits.limit, planned }
    }

    fn left(&self) -> u64 {
        let settled = [Counter::Done, Counter::Failed, Counter::Skipped].map(|counter| self.stats.get(counter));
        self.planned.unwrap_or_default().saturating_sub(settled.iter().sum())
    }

    /// What is said of a run that ended in order: where it stopped, and how the rest is made.
    pub fn done(self, next: &str) -> Done {
        let left = self.left();
        if left > 0 && self.limit.is_some() {
            // A stop that came before is the one that counts.
            self.cancel.stop(Stop::Limit);
        }
        let Some(bound) = self.cancel.reason().and_then(|stop| self.flag(stop)) else { return Done::default() };
        self.stats.tell("stopped_at", bound.into());
        let rest = self.planned.map(|planned| format!(" with {left} of {planned} left")).unwrap_or_default();
        Done { next: Some(format!("it stopped at `{bound}`{rest}; {next}")), ..Done::default() }
    }

    /// The flag at which a run stopped. A reader that goes away is a limit, too, which nobody has typed.
    const fn flag(&self, stop: Stop) -> Option<&'static str> {
        match stop {
            Stop::Limit if self.limit.is_some() => Some("--limit"),
            Stop::Duration => Some("--duration"),
            Stop::MaxErrors => Some("--max-errors"),
            Stop::Limit | Stop::Interrupt | Stop::Terminate | Stop::NotAllowed | Stop::Fatal => None,
        }
    }
}

impl Drop for Quota {
    /// Also where the work is dropped because it did not end in time.
    fn drop(&mut self) {
        let left = self.left();
        self.stats.set(Counter::Left, left);
        if let Some(planned) = self.planned.filter(|_| left > 0) {
            self.stats.set(Counter::Found, planned);
        }
    }
}
