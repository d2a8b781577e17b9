//! `pantherlog schema`: a built-in log type in the language of schemas, to start from or to compare with.

use clap::Args;
use opstools::app::{Done, Planned};
use opstools::error::Failure;
use opstools::parse::catalogue;
use opstools::plan::{Danger, Plan, Talk};
use opstools::run::Run;
use opstools::schema::{Form, Schema, print};

use crate::work::Work;
use opstools::parse::log_types::unknown;

/// Lines that run.
pub const EXAMPLES: &str = "\
# As a schema to read or to start from; under a name of your own it describes events that are JSON
pantherlog schema AWS.CloudTrail > schema.yml
# With the keys that only built-in types have
pantherlog schema --built-in AWS.ALB";

/// Which log type.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Names of built-in log types, such as AWS.CloudTrail; several are written as documents of one file
    #[arg(value_name = "LOG-TYPE", required = true)]
    pub log_types: Vec<String>,
    /// With the keys that only built-in types have, instead of their nearest public ones
    #[arg(long)]
    pub built_in: bool,
}

/// The plan: a question, so it says nothing.
///
/// # Errors
/// There is no such log type.
pub fn plan(arguments: &Arguments) -> Result<Planned<Work>, Failure> {
    let find = |name: &String| catalogue::built_in(name).ok_or_else(|| unknown(name, catalogue::names()));
    let schemas: Vec<Schema> = arguments.log_types.iter().map(find).collect::<Result<_, _>>()?;
    let form = if arguments.built_in { Form::BuiltIn } else { Form::Public };
    let text = schemas.iter().map(|schema| print(schema, form)).collect::<Vec<_>>().join("---\n");
    let title = format!("print the schema of {}", arguments.log_types.join(", "));
    let plan = Plan::new(title, Danger::None).talks(Talk::Answer);
    let job = async move |run: Run| {
        (run.rows)(&text);
        Ok(Done::default())
    };
    Ok(Work::new(job).planned(plan, true))
}
