//! `pantherlog test`: log types against what is expected of them.
//!
//! Test files hold inputs and the events that are to come of them. A test names its log type: one of the schemas at hand, or a
//! built-in one. (`test -s SCHEMA LOGS`, as older tools had it, is parsing, and done by `parse`.)

mod bench;
mod cases;
mod files;
mod outcome;

use std::path::PathBuf;

use clap::Args;
use opstools::app::{Context, Planned};
use opstools::error::Failure;

use crate::work::Work;

/// Lines that run.
pub const EXAMPLES: &str = "\
# All tests of a folder of schemas
pantherlog test schemas/
# One schema with tests that lie elsewhere
pantherlog test orders.yml tests/orders_tests.yml
# For a pipeline
pantherlog test --json schemas/";

/// What to test with what.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A schema file, or a folder of them
    #[arg(value_name = "SCHEMAS")]
    pub schemas: PathBuf,
    /// Test files, and folders of them; without any, the `.._tests.yml` in the folder of schemas, or that beside the schema or in `tests/` there
    #[arg(value_name = "TESTS")]
    pub tests: Vec<PathBuf>,
}

/// The plan of a command line.
///
/// # Errors
/// A file cannot be read or has mistakes, or there are no tests.
pub fn plan(arguments: &Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    cases::plan(arguments, context)
}
