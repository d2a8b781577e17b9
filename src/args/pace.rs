//! How fast a tool works, and how much it does.

use std::time::Duration;

use clap::Args;

use super::values;

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
