//! `pantherlog merge`: one schema that accepts what any of several accepts.

use std::path::PathBuf;

use clap::Args;
use opstools::app::{Done, Planned};
use opstools::error::Failure;
use opstools::parse::judgement::JUDGEMENT;
use opstools::plan::Talk;
use opstools::run::{Counter, Run};
use opstools::schema::{
    Change, ChangeKind, Conflict, Form, Mode, Part, Schema, SchemaDocument, Severity, diff, merge, print, read,
};

use crate::named_log_type;
use crate::planning::{self, one_line};
use crate::work::Work;
use opstools::parse::schema_files::{SchemaFile, holds_tests, yaml_files};

/// Lines that run.
pub const EXAMPLES: &str = "\
# One schema that accepts what either accepts
pantherlog merge old.yml new.yml > schema.yml
# All of a folder, under a name of their own
pantherlog merge --name Custom.Orders schemas/ > orders.yml";

/// What to merge.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Schema files, and folders of them
    #[arg(value_name = "SCHEMA", required = true)]
    pub schemas: Vec<PathBuf>,
    /// The log type's name, for the key `schema`; without it the name that all of them have
    #[arg(long, value_name = "LOG-TYPE")]
    pub name: Option<String>,
}

/// What will be merged.
struct Task {
    files: Vec<SchemaFile>,
    name: String,
}

impl Task {
    /// Every schema with its file, in their order.
    fn documents(&self) -> impl Iterator<Item = (&SchemaFile, &SchemaDocument)> {
        self.files.iter().flat_map(|file| file.reading.documents.iter().map(move |document| (file, document)))
    }
}

/// The plan of a command line.
///
/// # Errors
/// A file cannot be read or has mistakes, or there is only one schema.
pub fn plan(args: Arguments) -> Result<Planned<Work>, Failure> {
    let name = named_log_type::checked(args.name)?;
    let paths = yaml_files(&args.schemas)?;
    let paths = paths.iter().filter(|path| args.schemas.contains(path) || !holds_tests(path));
    let files = paths.map(|path| SchemaFile::usable(path)).collect::<Result<_, _>>()?;
    let task = Task { files, name };
    let count = task.documents().count();
    if count < 2 {
        return Err(Failure::usage(format!("there is nothing to merge: {}", planning::counted(count, "schema")))
            .hint("name at least two schemas"));
    }
    let mut plan = planning::reading(format!("merge {}", planning::counted(count, "schema")), Talk::Answer);
    for problem in task.files.iter().flat_map(|file| file.reading.warnings()) {
        plan.warn(one_line(problem));
    }
    let job = async move |run: Run| merged(&task, &run);
    Ok(Work::new(job).planned(plan, true))
}

/// Prints the schema, and says what it keeps less of than its sources.
///
/// # Errors
/// The schemas exclude each other.
fn merged(task: &Task, run: &Run) -> Result<Done, Failure> {
    let mut merged: Option<Schema> = None;
    for (at, (_, document)) in task.documents().enumerate() {
        run.stats.add(Counter::Found, 1);
        let next = document.schema.clone();
        merged = Some(match merged.take() {
            None => next,
            Some(known) => merge([known, next]).map_err(|conflict| refused(task, at, &conflict))?,
        });
        run.stats.add(Counter::Done, 1);
    }
    let mut merged = merged.unwrap_or_default();
    if !task.name.is_empty() {
        merged.name.clone_from(&task.name);
    }
    let text = print(&merged, Form::Public);
    if let Some(problem) = read("the merged schema", &text, Mode::Public, &JUDGEMENT).errors().next() {
        return Err(
            Failure::failed("the schemas cannot be merged").because(format!("what comes out is none\n{problem}"))
        );
    }
    tell_losses(task, &merged, run);
    (run.rows)(&text);
    Ok(Done::default())
}

/// A conflict, at its place in the schema that brought it and in those before that differ from it.
fn refused(task: &Task, at: usize, conflict: &Conflict) -> Failure {
    let documents: Vec<_> = task.documents().take(at + 1).collect();
    let Some((last, before)) = documents.split_last() else { return Failure::failed(conflict.to_string()) };
    let differing = before.iter().filter(|(_, document)| {
        merge([document.schema.clone(), last.1.schema.clone()]).is_err_and(|other| other.part == conflict.part)
    });
    let told = differing.take(1).zip(["one schema says this"]).chain([(last, "and this another")]);
    let told = told.map(|((file, document), what)| {
        let name = file.name();
        let document = file.located(&name, document).open();
        document.problem(Severity::Error, &conflict.part, what.to_owned(), None).to_string()
    });
    let told: Vec<String> = told.collect();
    Failure::failed("the schemas cannot be merged")
        .because(format!("{}\n{}", conflict.what, told.join("\n")))
        .hint("make these parts alike, or keep the schemas apart")
}

/// What a field's values were, and are no more.
fn tell_losses(task: &Task, merged: &Schema, run: &Run) {
    for (file, document) in task.documents() {
        let name = file.name();
        let located = file.located(&name, document).open();
        for change in diff(&document.schema, merged) {
            let Some(what) = loss(&change) else { continue };
            let problem = located.problem(Severity::Warning, &Part::Field(change.path), what, None);
            run.stats.add_own("values_changed", 1);
            run.notices.warning(one_line(&problem));
        }
    }
}

fn loss(change: &Change) -> Option<String> {
    let path = &change.path;
    match (change.kind, change.types) {
        (ChangeKind::UpdateValue, Some((old, new))) => {
            Some(format!("`{path}` is `{old}` here; the schemas have in common that it is `{new}`"))
        }
        (ChangeKind::UpdateValueMeta, _) => Some(format!("not kept as it is here: {}", change.what)),
        _ => None,
    }
}
