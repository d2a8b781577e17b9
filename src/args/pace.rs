//! How fast a tool works, and how much it does.

use std::time::Duration;

use clap::Args;

use super::values;
use crate::run::Limits;
use crate::time::human;

/// Concurrency, rate and bounds.
#[derive(Args, Clone, Debug)]
pub struct PaceArgs {
    /// How much is done at once
    #[arg(long, value_name = "N", env = "OPSTOOLS_CONCURRENCY", default_value = "50", value_parser = values::positive,
          help_heading = "Pace")]
    pub concurrency: usize,
    /// At most this many items per second; fractions work, 0 is unlimited
    #[arg(long, value_name = "PER-SECOND", env = "OPSTOOLS_RATE", default_value = "0", value_parser = values::rate,
          allow_negative_numbers = true, help_heading = "Pace")]
    pub rate: f64,
    /// Stop after this many items; 0 is all
    #[arg(long, value_name = "N", env = "OPSTOOLS_LIMIT", default_value = "0", help_heading = "Pace")]
    pub limit: u64,
    /// Stop after this time, such as 90s or 1h30m; 0 is never
    #[arg(long, value_name = "DURATION", env = "OPSTOOLS_DURATION", default_value = "0", value_parser = values::duration,
          help_heading = "Pace")]
    pub duration: Duration,
}

impl PaceArgs {
    /// Items per second; `None` is unlimited.
    #[must_use]
    pub fn items_per_second(&self) -> Option<f64> {
        (self.rate > 0.0).then_some(self.rate)
    }

    /// The bounds of the run.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            concurrency: self.concurrency,
            limit: (self.limit > 0).then_some(self.limit),
            duration: (!self.duration.is_zero()).then_some(self.duration),
        }
    }

    /// Where the run ends before its end, as the plan of a tool that works on objects says it.
    #[must_use]
    pub fn bounds(&self) -> Vec<String> {
        let Limits { limit, duration, .. } = self.limits();
        let limit = limit.map(|limit| format!("stops after {limit} objects"));
        limit.into_iter().chain(duration.map(|duration| format!("stops after {}", human(duration)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_asked_for_is_no_bound() {
        let open = PaceArgs { concurrency: 50, rate: 0.0, limit: 0, duration: Duration::ZERO };
        let limits = open.limits();
        assert_eq!((limits.concurrency, limits.limit, limits.duration), (50, None, None));
        assert_eq!((open.items_per_second(), open.bounds()), (None, Vec::new()));
    }

    #[test]
    fn what_is_asked_for_is_a_bound_and_is_said() {
        let bounded = PaceArgs { concurrency: 1, rate: 0.5, limit: 7, duration: Duration::from_secs(90) };
        let limits = bounded.limits();
        assert_eq!((limits.limit, limits.duration), (Some(7), Some(Duration::from_secs(90))));
        assert_eq!(bounded.items_per_second(), Some(0.5));
        assert_eq!(
            bounded.bounds(),
            ["stops after 7 objects".to_owned(), format!("stops after {}", human(bounded.duration))]
        );
    }
}
