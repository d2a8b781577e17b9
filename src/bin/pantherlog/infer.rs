//! `pantherlog infer`: a schema from examples.
//!
//! The input is read twice: once to find the schema, once to parse every line with it. So what is printed is known to accept
//! what it was found from.

use std::path::PathBuf;

use clap::Args;
use opstools::app::{Context, Done, Planned};
use opstools::args::AwsArgs;
use opstools::error::Failure;
use opstools::parse::judgement::JUDGEMENT;
use opstools::parse::pipeline::{Ended, Output, Pipeline, Rejected};
use opstools::parse::sink::Sink;
use opstools::parse::stream::{Batch, Fault, LogStream, Options};
use opstools::plan::Talk;
use opstools::run::{Counter, Run};
use opstools::schema::{Form, InferError, Inference, Schema, print};
use tokio::runtime::Handle;

use crate::again::Again;
use crate::blocking::blocking;
use crate::inputs::{Inputs, Opened};
use crate::named_log_type;
use crate::planning;
use crate::trial::Trial;
use crate::work::Work;

/// The log type while a schema without a name is tried.
const NAMELESS: &str = "Custom.Test";

/// Lines that run.
pub const EXAMPLES: &str = "\
# A first schema of a sample of logs
pantherlog infer sample.jsonl > schema.yml
# Several files, packed or not, and the log type's name
pantherlog infer --name Custom.Orders orders-*.jsonl.gz > orders.yml
# What a service writes just now
journalctl -u shop -o cat -n 1000 | pantherlog infer -";

/// What to infer from.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Files of JSON objects, one a line, plain or packed with gzip or zstd; `-` (stdin), or s3://BUCKET/PREFIX
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The log type's name, for the key `schema`
    #[arg(long, value_name = "LOG-TYPE")]
    pub name: Option<String>,
    /// Do not parse the input again with the schema that was found
    #[arg(long)]
    pub skip_test: bool,
    #[command(flatten)]
    pub aws: AwsArgs,
}

/// What will be inferred from what.
struct Task {
    inputs: Inputs,
    name: String,
    skip_test: bool,
}

/// The plan of a command line.
///
/// # Errors
/// The name is none, or a file is not there.
pub async fn plan(arguments: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    let Arguments { files, name, skip_test, aws } = arguments;
    let name = named_log_type::checked(name)?;
    let inputs = Inputs::open(&files, &aws.access(), context).await?;
    let mut plan = planning::reading(format!("infer a schema from {}", inputs.in_words()), Talk::Answer);
    let test = if skip_test { "not tried" } else { "every line is parsed with it before it is printed" };
    plan.fact("the schema", test);
    plan.warnings = inputs.warnings();
    let task = Task { inputs, name, skip_test };
    let job = async move |run: Run| {
        let runtime = Handle::current();
        blocking(move || infer(task, &run, &runtime)).await
    };
    Ok(Work::new(job).planned(plan, true))
}

fn infer(task: Task, run: &Run, runtime: &Handle) -> Result<Done, Failure> {
    let Task { inputs, name, skip_test } = task;
    let mut inference = Inference::default();
    let mut readings = Vec::new();
    for opened in inputs.streams(run, runtime) {
        let mut opened = opened?;
        if !skip_test {
            let (again, same) = Again::of(opened)?;
            readings.push(again);
            opened = same;
        }
        observe(&mut inference, opened, run)?;
    }
    if run.cancel.requested() {
        return Ok(Done::default());
    }
    let schema = inference.finish(&JUDGEMENT).map_err(|error| {
        Failure::failed(error.to_string()).hint("give a file with events: JSON objects, one a line")
    })?;
    try_out(&schema, readings, run)?;
    // The form of older tools: an empty line follows.
    (run.rows)(&(print(&Schema { name, ..schema }, Form::Public) + "\n"));
    Ok(Done::default())
}

/// Takes in all lines of a stream.
fn observe(inference: &mut Inference, opened: Opened, run: &Run) -> Result<(), Failure> {
    let mut stream = LogStream::new(opened.name, opened.reader, Options::default());
    let mut batch = Batch::default();
    loop {
        match stream.next_batch(&mut batch) {
            // A stopped run ends its inputs as if they were broken.
            _ if run.cancel.requested() => return Ok(()),
            Ok(false) => return Ok(()),
            Ok(true) => take_in(inference, &batch, run)?,
            Err(fault) => return Err(fault_of(&fault)),
        }
    }
}

fn take_in(inference: &mut Inference, batch: &Batch, run: &Run) -> Result<(), Failure> {
    for log in batch.logs() {
        let at = |what: String| at(batch.file(), log.line, &what);
        let text = log.text.map_err(|rejected| at(rejected.reason.to_string()))?;
        if text.trim().is_empty() {
            continue;
        }
        inference.observe(text).map_err(|error| match error {
            InferError::Line { what, .. } => at(what),
            InferError::Nothing(_) => Failure::failed(error.to_string()),
        })?;
        run.stats.add(Counter::Found, 1);
        run.stats.add(Counter::Done, 1);
    }
    run.stats.add(Counter::Bytes, batch.bytes() as u64);
    Ok(())
}

fn fault_of(fault: &Fault) -> Failure {
    Failure::failed("cannot infer a schema").because(fault).hint(fault.hint())
}

fn at(file: &str, line: u64, what: &str) -> Failure {
    Failure::failed(format!("cannot infer a schema from `{file}`, line {line}"))
        .because(what)
        .hint("every line is to be one JSON object; take other lines out first")
}

/// Parses all input with the schema.
fn try_out(schema: &Schema, readings: Vec<Again>, run: &Run) -> Result<(), Failure> {
    if readings.is_empty() {
        return Ok(());
    }
    let trial = Trial::new(run.clock);
    let named = Schema { name: NAMELESS.to_owned(), ..schema.clone() };
    let mut pipeline = trial.pipeline(trial.classifier(&[named])?);
    let mut readings = readings.into_iter();
    readings.try_for_each(|again| if run.cancel.requested() { Ok(()) } else { one(&mut pipeline, again) })
}

fn one(pipeline: &mut Pipeline<'_>, again: Again) -> Result<(), Failure> {
    let Opened { name, reader, .. } = again.open()?;
    match pipeline.parse(&name, reader, Options::default(), false, &mut FirstRejected).1 {
        Ok(()) => Ok(()),
        Err(Ended::Fault(fault)) => Err(fault_of(&fault)),
        Err(Ended::Stopped(rejected)) => {
            let Rejected { file, line, why, .. } = *rejected;
            Err(Failure::failed(format!("the schema that was found does not accept `{file}`, line {line}"))
                .because(format!("parse error: {why}"))
                .hint("`--skip-test` prints the schema all the same")
                .hint("or take the line out"))
        }
    }
}

/// Wants no events, and ends at the first log that is none.
struct FirstRejected;

impl Output for FirstRejected {
    type Stop = Box<Rejected>;

    fn events(&mut self, _: &Sink) -> Result<(), Self::Stop> {
        Ok(())
    }

    fn rejected(&mut self, rejected: Rejected) -> Result<(), Self::Stop> {
        Err(Box::new(rejected))
    }
}
