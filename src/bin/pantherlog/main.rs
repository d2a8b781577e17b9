//! `pantherlog`: makes events of logs by schemas, and helps to write schemas; all of it offline.
//!
//! Each command is a file of its own: its arguments, its examples, its plan and what it does. `commands` is the list of
//! them. What commands share: `log_types` (which schemas), `inputs` (files, stdin, S3), `work` (what a plan hands on).

mod commands;
mod delivery;
mod explain;
mod filter;
mod framing;
mod inputs;
mod log_types;
mod parse;
mod parsing;
mod piped;
mod rejects;
mod schema;
mod stored;
mod tool;
mod types;
mod work;

fn main() -> std::process::ExitCode {
    opstools::app::main::<tool::PantherLog>()
}
