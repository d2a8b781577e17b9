//! Stages of bulk work, and who measures them.
//!
//! What processes logs says which stage it is in; it knows neither clocks nor allocators. A tool that wants to know what a
//! stage costs gives a [`Watch`]; everybody else gives `&()`, which costs one indirect call per batch.

/// A stage of the way from stored bytes to stored events. Log types are named by the numbers of their parsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Stored bytes are read and unpacked; happens within [`Stage::Cut`].
    Read,
    /// The text is cut into logs.
    Cut,
    /// Logs are classified and decoded, events are written.
    Parse,
    /// Events are sorted by hour and log type.
    Group,
    /// Events of a log type are compressed; happens within [`Stage::Group`].
    Compress(usize),
    /// An object of a log type is stored.
    Write(usize),
}

/// Measures stages.
pub trait Watch: Sync {
    /// Runs the work of a stage on this thread, once.
    fn stage(&self, stage: Stage, work: &mut dyn FnMut());
}

/// Measures nothing.
impl Watch for () {
    fn stage(&self, _: Stage, work: &mut dyn FnMut()) {
        work();
    }
}

/// Runs the work of a stage under a watch.
///
/// # Panics
/// The watch did not run the work.
pub fn watched<T>(watch: &dyn Watch, stage: Stage, work: impl FnOnce() -> T) -> T {
    let (mut work, mut result) = (Some(work), None);
    watch.stage(stage, &mut || result = work.take().map(|work| work()));
    result.expect("a watch runs the work that it is given")
}
