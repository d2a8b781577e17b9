//! The memory of a run on disk: append-only JSON lines, one lock, a thread that writes and syncs in groups.
//!
//! A journal exists so that the same command, given again after ^C, a crash or `kill -9`, goes on where it was. Records
//! that must be durable before an irreversible step are awaited; many workers share one `fsync`. A torn last line,
//! which a crash can leave, is ignored.

mod error;
mod file;
mod instants;
mod prepared;
mod record;
mod recorded;
mod writing;

#[cfg(test)]
mod tests;

pub use error::JournalError;
pub use file::{private_file, state_folder};
pub use instants::Instants;
pub use prepared::{Found, JournalRequest, Prepared};
pub use record::{Entry, PlanKey};
pub use recorded::Recorded;
pub use writing::Journal;
