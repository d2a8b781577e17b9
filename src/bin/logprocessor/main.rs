//! `logprocessor`: the way of logs through a Panther deployment, run here: read, classified, decoded, grouped, stored; and measured.
//!
//! The library parses (`parse`) and makes objects of events (`lake`); this folder brings the inputs, watches what each stage
//! costs, and writes tables and profiles of it.

mod arguments;
mod cpu;
mod feed;
mod grouping;
mod inputs;
mod item;
mod ledger;
mod meter;
mod peek;
mod plan;
mod plan_text;
mod processor;
mod profile;
mod report;
mod sorter;
mod target;
mod tool;
mod writer;
mod written_files;

/// Counts what each thread allocates, for `-memprofile` and the table of stages. This tool alone pays for it.
#[global_allocator]
static ALLOCATOR: alloc_tracker::Allocator<std::alloc::System> = alloc_tracker::Allocator::system();

fn main() -> std::process::ExitCode {
    opstools_script::install();
    opstools::app::main::<tool::LogProcessor>()
}
