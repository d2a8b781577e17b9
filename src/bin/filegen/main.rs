//! `filegen`: makes synthetic logs of any log type, into a folder, a bucket, a queue or stdout.
//!
//! Arguments, plan, targets and manifest are this folder's; what logs look like is the library's.

mod arguments;
mod below;
mod book;
mod bucket;
mod cleanup;
mod folder;
mod hours;
mod make;
mod manifest;
mod pack;
mod plan;
mod plan_text;
mod queue;
mod quota;
mod recall;
mod selection;
mod stdout;
mod tool;
mod work;

fn main() -> std::process::ExitCode {
    opstools_script::install();
    opstools::app::main::<tool::FileGen>()
}
