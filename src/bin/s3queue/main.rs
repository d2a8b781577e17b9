//! `s3queue`: notifies Panther's log processor of objects in S3 again, so that it reads them.
//!
//! Arguments, plan and report are this folder's; listing, sending, journal and pace are the library's.

mod arguments;
mod backlog;
mod batch;
mod batches;
mod collector;
mod coverage;
mod delivery;
mod feed;
mod filters;
mod input;
mod inventory;
mod known_sources;
mod location;
mod memory;
mod partitions;
mod plan;
mod plan_text;
mod reading;
mod rows;
mod selection;
mod survey;
mod tool;
mod typed;

fn main() -> std::process::ExitCode {
    opstools::app::main::<tool::S3Queue>()
}
