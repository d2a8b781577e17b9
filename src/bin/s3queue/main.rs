//! `s3queue`: notifies Panther's log processor of objects in S3 again, so that it reads them.
//!
//! Arguments, plan and message format are this folder's; objects, sending, journal and pace are the library's.

mod arguments;
mod form;
mod plan;
mod plan_text;
mod selection;
mod tool;

fn main() -> std::process::ExitCode {
    opstools::app::main::<tool::S3Queue>()
}
