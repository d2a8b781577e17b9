//! The support itself, tested: a fault that does not strike, or a prompt that is never answered, would make every
//! test that stands on it green for nothing.

mod commands;
mod credential_sources;
mod disks;
mod faults;
mod networks;
mod on_the_sandbox;
mod terminals;
