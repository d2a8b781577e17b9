//! What every integration test stands on: real binaries in a clean environment, a local deployment, and
//! loopback doubles of whatever can fail between the two.
//!
//! Tests are plain `#[test]` functions: everything here blocks, and servers run on threads of their own
//! (`loopback::runtime`), so a test reads from top to bottom like the incident it plays.
//!
//! * [`tool`] runs a binary hermetically; [`Running`] is one that has not ended; [`Terminal`] one at a terminal.
//! * [`Sandbox`] is the local deployment, with verbs for its queues and buckets.
//! * [`FaultProxy`] stands before any endpoint and breaks what its rules say.
//! * [`https`], [`forward_proxy`], [`credentials`], [`full_disk`] are the surroundings of a machine.

pub mod credentials;
pub mod forward_proxy;
pub mod full_disk;
pub mod https;
pub mod kills;
pub mod loopback;

mod command;
pub mod fault_proxy;
mod outcome;
mod running;
mod sandbox;
mod stream;
mod terminal;

pub use command::{Home, Tool, program, tool};
pub use fault_proxy::{Fate, Fault, FaultProxy};
pub use outcome::Outcome;
pub use running::Running;
pub use sandbox::{Attribute, Counts, Message, Objects, Queues, Sandbox, Version};
pub use terminal::Terminal;

/// How often a fault or a kill is played: reduced counts in the gate, whole ones with `ci/check --full`, which sets
/// `OPSTOOLS_FAULTS=full`.
pub fn faults(reduced: usize, full: usize) -> usize {
    if std::env::var("OPSTOOLS_FAULTS").is_ok_and(|extent| extent == "full") { full } else { reduced }
}
