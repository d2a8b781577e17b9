//! `sources`: lists the log sources of a deployment, and checks that each can be read and is notified of.
//!
//! Arguments, plan and presentation are this folder's; the sources model and the checks are the library's.

mod api;
mod arguments;
mod choice;
mod findings;
mod form;
mod listing;
mod plan;
mod redaction;
mod tool;
mod validation;

fn main() -> std::process::ExitCode {
    opstools::app::main::<tool::SourcesTool>()
}
