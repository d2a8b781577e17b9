//! Checks of a deployment: each says what it looked at, how that is, why, and what to do.
//!
//! A check never fails: what keeps it from looking is a finding, too. Checks only read.

pub mod denied;
mod finding;
pub mod sources;

pub use finding::{Finding, Named, Status};
