//! What a process cost: processor time and peak memory, as the kernel counted them.
//!
//! A race against a server on the same machine needs both sides' figures: the runner's to compare it, the server's
//! to see that it was not the brake.

use std::time::Duration;

use nix::sys::resource::{Usage, UsageWho, getrusage};
use serde::{Deserialize, Serialize};

/// `ru_maxrss` counts in kilobytes on Linux and in bytes on macOS.
const BYTES_PER_RSS_UNIT: u64 = if cfg!(target_os = "macos") { 1 } else { 1024 };

/// Processor time and peak memory of one process.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Cost {
    /// Processor time in seconds, user and system together.
    pub cpu_seconds: f64,
    /// Largest resident set, in bytes.
    pub peak_rss_bytes: u64,
}

/// The cost of this process so far.
pub fn own() -> Cost {
    of(UsageWho::RUSAGE_SELF)
}

/// The cost of all children this process has waited for. With one child, that child's cost.
pub fn children() -> Cost {
    of(UsageWho::RUSAGE_CHILDREN)
}

fn of(who: UsageWho) -> Cost {
    getrusage(who).map_or_else(|_| Cost::default(), |usage| Cost::from(&usage))
}

impl From<&Usage> for Cost {
    fn from(usage: &Usage) -> Self {
        let seconds = |time: nix::sys::time::TimeVal| {
            Duration::new(time.tv_sec().unsigned_abs(), time.tv_usec().unsigned_abs() as u32 * 1000)
        };
        Self {
            cpu_seconds: (seconds(usage.user_time()) + seconds(usage.system_time())).as_secs_f64(),
            peak_rss_bytes: usage.max_rss().unsigned_abs() * BYTES_PER_RSS_UNIT,
        }
    }
}
