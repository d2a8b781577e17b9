//! `pantherlog types`: the built-in log types.

use clap::Args;
use opstools::app::{Done, Planned};
use opstools::error::Failure;
use opstools::parse::catalogue;
use opstools::parse::native::{Now, text_format};
use opstools::plan::{Danger, Plan, Talk};
use opstools::run::{Counter, Run};
use opstools::schema::{Schema, TextParser};
use serde_json::{Value, json};

use crate::work::Work;

/// No log is read here, so it does not matter which year would complete its times.
const ANY_TIME: Now = Now { year: 2000, month: 1 };

/// Lines that run.
pub const EXAMPLES: &str = "\
# All of them, with what they are
pantherlog types
# Their names
pantherlog types | tail -n +2 | cut -f1
# As JSON
pantherlog types --json";

/// Nothing but the shared flags.
#[derive(Args, Debug)]
pub struct Arguments {}

/// The plan: a question, so it says nothing.
pub fn plan(_arguments: &Arguments) -> Result<Planned<Work>, Failure> {
    let plan = Plan::new("list the built-in log types", Danger::None).talks(Talk::Answer);
    Ok(Work::new(execute).planned(plan, false))
}

async fn execute(run: Run) -> Result<Done, Failure> {
    let rows: Vec<Value> = catalogue::names().filter_map(catalogue::built_in).map(|schema| row(&schema)).collect();
    run.stats.set(Counter::Found, rows.len() as u64);
    run.stats.set(Counter::Done, rows.len() as u64);
    run.stats.tell("log_types", Value::Array(rows));
    Ok(Done::default())
}

fn row(schema: &Schema) -> Value {
    json!({
        "log_type": schema.name,
        "form": form(schema),
        "fields": schema.fields.len(),
        "description": schema.description,
    })
}

/// What its logs are before they are events.
fn form(schema: &Schema) -> &'static str {
    match &schema.parser {
        Some(TextParser::Native(name)) if text_format(name, ANY_TIME).is_some() => "text",
        Some(TextParser::Native(_)) | None => "json",
        Some(_) => "text",
    }
}
