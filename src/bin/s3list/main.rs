//! `s3list`: lists the objects that Panther's log sources read, or those below given paths, with the source of each.
//!
//! Arguments, plan, rows and report are this folder's; listing, filters, lists and the sources model are the library's.

mod arguments;
mod book;
mod gather;
mod lister;
mod parquet_report;
mod plan;
mod plan_text;
mod roles;
mod rows;
mod selection;
mod summary;
mod survey;
mod targets;
mod tool;
mod work;
mod writer;

fn main() -> std::process::ExitCode {
    opstools::app::main::<tool::S3List>()
}
