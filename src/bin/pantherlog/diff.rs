//! `pantherlog diff`: what an edit of a schema changes, and whether stored data allows it.

use std::path::PathBuf;

use clap::Args;
use opstools::app::{Context, Done, Planned};
use opstools::error::Failure;
use opstools::plan::Talk;
use opstools::run::{Counter, Run};
use opstools::schema::{Change, ChangeKind, Opened, Part, Problem, SchemaDocument, Severity, diff};
use opstools::ui::{Align, Table};
use serde_json::{Value, json};

use crate::planning;
use crate::work::Work;
use opstools::parse::schema_files::SchemaFile;

/// Lines that run.
pub const EXAMPLES: &str = "\
# May this edit be uploaded?
pantherlog diff orders.yml orders-new.yml
# The same against the last commit
pantherlog diff <(git show HEAD:schemas/orders.yml) schemas/orders.yml
# For a pipeline: exit code 4 when stored data forbid it
pantherlog diff --json orders.yml orders-new.yml";

/// Two versions of a schema.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The schema file as it is
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The schema file as it is to be
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
}

/// What will be compared.
struct Task {
    old: SchemaFile,
    new: SchemaFile,
    /// Documents of both that describe the same log type, by their positions.
    pairs: Vec<(usize, usize)>,
    form: Form,
}

/// How changes are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Table { terminal: bool },
}

/// The plan of a command line.
///
/// # Errors
/// A file cannot be read or has mistakes, or the two describe different log types.
pub fn plan(args: &Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    use std::io::IsTerminal as _;
    let (old, new) = (SchemaFile::usable(&args.old)?, SchemaFile::usable(&args.new)?);
    let pairs = pairs(&old, &new)?;
    let terminal = context.global.output.is_none() && std::io::stdout().is_terminal();
    let form = if planning::wants_json(context) { Form::Json } else { Form::Table { terminal } };
    let title = format!("compare `{}` with `{}`", args.old.display(), args.new.display());
    let mut plan = planning::reading(title, Talk::Answer);
    plan.detail("old", old.name()).detail("new", new.name());
    let task = Task { old, new, pairs, form };
    let job = async move |run: Run| Ok(compare(&task, &run));
    Ok(Work::new(job).planned(plan, form != Form::Json))
}

/// One schema each is a pair whatever it is called; of several, those of one name are.
fn pairs(old: &SchemaFile, new: &SchemaFile) -> Result<Vec<(usize, usize)>, Failure> {
    let (olds, news) = (&old.reading.documents, &new.reading.documents);
    if let ([_], [_]) = (&olds[..], &news[..]) {
        return Ok(vec![(0, 0)]);
    }
    let same = |document: &SchemaDocument| {
        let name = &document.schema.name;
        news.iter().position(|other| other.schema.name == *name).ok_or_else(|| {
            Failure::failed(format!("`{}` has no schema `{name}`", new.name()))
                .because(format!("`{}` has it in line {}", old.name(), document.line))
                .hint("of files with several schemas, those of one name are compared")
        })
    };
    olds.iter().enumerate().map(|(at, document)| Ok((at, same(document)?))).collect()
}

/// A change and where it stands.
struct Placed {
    change: Change,
    place: Problem,
}

/// Tells all changes.
fn compare(task: &Task, run: &Run) -> Done {
    let mut found = Vec::new();
    for (old, new) in &task.pairs {
        run.stats.add(Counter::Found, 1);
        let (old, new) = (&task.old.reading.documents[*old], &task.new.reading.documents[*new]);
        let names = (task.old.name(), task.new.name());
        let places = (task.old.located(&names.0, old).open(), task.new.located(&names.1, new).open());
        found.extend(diff(&old.schema, &new.schema).into_iter().map(|change| placed(&places.0, &places.1, change)));
        run.stats.add(Counter::Done, 1);
    }
    for placed in &found {
        run.stats.add_own(if placed.change.allowed { "changes_allowed" } else { "changes_forbidden" }, 1);
    }
    match task.form {
        Form::Json => run.stats.tell("changes", found.iter().map(document).collect()),
        Form::Table { .. } if found.is_empty() => {}
        Form::Table { terminal } => (run.rows)(&table(&found, terminal)),
    }
    let findings = found.iter().any(|placed| !placed.change.allowed);
    let next = "undo what is forbidden, or give the log type another name: stored data keep their columns";
    Done { next: findings.then(|| next.to_owned()), findings }
}

/// What is gone stands in the old file only.
fn placed(old: &Opened<'_>, new: &Opened<'_>, change: Change) -> Placed {
    let document = if change.kind == ChangeKind::DeleteField { old } else { new };
    let part = match change.kind {
        ChangeKind::UpdateMeta => Part::Key("schema"),
        ChangeKind::UpdateParser => Part::Key("parser"),
        _ => Part::Field(change.path.clone()),
    };
    let place = document.problem(Severity::Warning, &part, change.what.clone(), None);
    Placed { change, place }
}

const fn verdict(change: &Change) -> &'static str {
    if change.allowed { "allowed" } else { "forbidden" }
}

fn table(found: &[Placed], terminal: bool) -> String {
    let columns = ["verdict", "change", "place", "what"].map(|name| (name, Align::Left));
    let mut table = Table::new(&columns);
    for Placed { change, place } in found {
        table.row(vec![
            verdict(change).to_owned(),
            change.kind.name().to_owned(),
            format!("{}:{}:{}", place.file, place.line, place.column),
            change.what.clone(),
        ]);
    }
    table.render(terminal)
}

fn document(Placed { change, place }: &Placed) -> Value {
    json!({
        "allowed": change.allowed,
        "change": change.kind.name(),
        "path": change.path,
        "message": change.what,
        "old_type": change.types.map(|(old, _)| old),
        "new_type": change.types.map(|(_, new)| new),
        "file": place.file,
        "line": place.line,
        "column": place.column,
    })
}
