//! Lines of every built-in type, made up but true to life: small estates of `example` domains and documentation
//! addresses. They serve the tests of this room and those of whole runs.

mod aws;
mod cloud;
mod crowdstrike;
mod network;

/// Lines of one type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Example {
    /// The type.
    pub log_type: &'static str,
    /// Lines of one stream, in order.
    pub lines: &'static [&'static str],
    /// The events of these lines: `p_event_time` of each in the layout of the data lake, read in 2026 after January.
    pub events: &'static [&'static str],
}

/// All of them, sorted by type.
pub(crate) fn all() -> impl Iterator<Item = &'static Example> {
    let mut all: Vec<_> =
        [aws::EXAMPLES, cloud::EXAMPLES, crowdstrike::EXAMPLES, network::EXAMPLES].into_iter().flatten().collect();
    all.sort_by_key(|example| example.log_type);
    all.into_iter()
}

/// A type with one line that is one event.
const fn one(
    log_type: &'static str,
    line: &'static [&'static str; 1],
    event_time: &'static [&'static str; 1],
) -> Example {
    Example { log_type, lines: line, events: event_time }
}
