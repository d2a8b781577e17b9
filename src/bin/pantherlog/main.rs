//! `pantherlog`: makes events of logs by schemas, and helps to write schemas; all of it offline.
//!
//! Each command is a file of its own: its arguments, its examples, its plan and what it does. `commands` is the list of
//! them. What commands share: `log_types` (which schemas), `inputs` (files, stdin, S3), `work` (what a plan hands on).

mod again;
mod blocking;
mod commands;
mod delivery;
mod diff;
mod explain;
mod filter;
mod infer;
mod inputs;
mod json_schema;
mod merge;
mod named_log_type;
mod parse;
mod parsing;
mod piped;
mod planning;
mod rejects;
mod schema;
mod stored;
mod test;
mod tool;
mod trial;
mod types;
mod validate;
mod work;

fn main() -> std::process::ExitCode {
    opstools_script::install();
    opstools::app::main::<tool::PantherLog>()
}
