//! `requeue`: moves messages between queues, from a dead-letter queue back to its source above all.
//!
//! It stands in for the original tool of the same name and keeps its flags. A message leaves its queue only after the other
//! queue confirmed it, entry by entry; what fails stays where it is and is named.

mod args;
mod budget;
mod crew;
mod discovery;
mod dump;
mod errand;
mod filter;
mod fleet;
mod lanes;
mod ledger;
mod load;
mod look;
mod mode;
mod mover;
mod native;
mod outline;
mod pairs;
mod probe;
mod quiet;
mod removal;
mod save;
mod summary;
mod tool;

use std::process::ExitCode;

fn main() -> ExitCode {
    opstools::app::main::<tool::Requeue>()
}
