//! CPU time, where the system tells that of a thread.

use std::time::Duration;

/// The CPU time of this thread so far.
#[cfg(unix)]
pub fn thread() -> Option<Duration> {
    Some(read(rustix::time::ClockId::ThreadCPUTime))
}

/// The CPU time of the whole process so far.
#[cfg(unix)]
pub fn process() -> Option<Duration> {
    Some(read(rustix::time::ClockId::ProcessCPUTime))
}

#[cfg(unix)]
fn read(clock: rustix::time::ClockId) -> Duration {
    // These clocks count up from the start: they are never negative.
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}

/// Windows counts the CPU time of threads in steps of 16 ms, longer than a stage works on a batch: no figure rather than a wrong one.
#[cfg(not(unix))]
pub fn thread() -> Option<Duration> {
    None
}

/// As [`thread`].
#[cfg(not(unix))]
pub fn process() -> Option<Duration> {
    None
}
