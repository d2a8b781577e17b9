//! `s3undelete`: brings deleted objects of a versioned bucket back by removing their delete markers.
//!
//! Arguments, plan and report are this folder's; listing, removal, journal and pace are the library's.

mod arguments;
mod batches;
mod crew;
mod decision;
mod feed;
mod flags;
mod hours;
mod judge;
mod ledger;
mod lists;
mod manifest;
mod plan;
mod plan_text;
mod reports;
mod restoration;
mod safety;
mod source;
mod split;
mod survey;
mod ticket;
mod tool;
mod undo;
mod verification;

fn main() -> std::process::ExitCode {
    opstools::app::main::<tool::S3Undelete>()
}
