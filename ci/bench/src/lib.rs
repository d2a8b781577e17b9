//! The benchmarks' own ground: servers fast enough that a race measures its runners, the runners we compare
//! ourselves with, and the race.
//!
//! * [`sqs`] and [`s3`]: loopback servers with a chosen delay per call. The integration tests start them too, in
//!   their own process, for scale and for the oddities no emulator has.
//! * [`peers`]: the algorithms of the tools we replace, written with the SDK we use ourselves.
//! * [`race`]: runs ours and the peers against one server, checks that each result is complete, prints ratios.
//! * [`web`]: the HTTP both servers stand on.
//! * [`usage`]: processor time and memory of this process and of its children.
//!
//! `peers` and `race` know the servers by their address only; the servers know nobody but `web` and `usage`.
#![expect(clippy::disallowed_methods, reason = "servers and races measure with the machine's own clock")]

pub mod peers;
pub mod race;
pub mod s3;
pub mod sqs;
pub mod usage;
pub mod web;
