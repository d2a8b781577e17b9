//! `s3sns`: tells the subscribers of processed data of objects in S3 again.
//!
//! Arguments, scope, plan and messages are this folder's; objects, publishing, journal and pace are the library's.

mod arguments;
mod audience;
mod line;
mod message;
mod plan;
mod plan_text;
mod scope;
mod selection;
mod tool;

fn main() -> std::process::ExitCode {
    opstools::app::main::<tool::S3Sns>()
}
