//! `pantherlog json-schema`: the schema language for editors.

use clap::Args;
use opstools::app::{Done, Planned};
use opstools::plan::Talk;
use opstools::run::Run;
use opstools::schema::json_schema::{schema_file, test_file};

use crate::planning;
use crate::work::Work;

/// Lines that run.
pub const EXAMPLES: &str = "\
# For an editor that checks schema files while they are written
pantherlog json-schema > schema.json
# The same for test files
pantherlog json-schema --tests > schema-tests.json";

/// Which language.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The language of test files, instead of that of schema files
    #[arg(long)]
    pub tests: bool,
}

/// The plan: a question, so it says nothing.
pub fn plan(arguments: &Arguments) -> Planned<Work> {
    let (what, schema) = if arguments.tests { ("test files", test_file()) } else { ("schema files", schema_file()) };
    let plan = planning::reading(format!("print the JSON Schema of {what}"), Talk::Answer);
    let job = async move |run: Run| {
        (run.rows)(&format!("{schema:#}\n"));
        Ok(Done::default())
    };
    Work::new(job).planned(plan, true)
}
