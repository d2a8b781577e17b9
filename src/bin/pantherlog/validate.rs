//! `pantherlog validate`: everything wrong in schema files and test files, each at its place.
//!
//! A diagnostic: its exit code is that of one. What cannot be read at all is an item that failed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use opstools::app::{Context, Done, Planned};
use opstools::error::Failure;
use opstools::parse::judgement::JUDGEMENT;
use opstools::plan::Talk;
use opstools::run::{Counter, ItemError, Run};
use opstools::schema::{Part, Problem, Severity, read_test_bytes};
use serde_json::{Value, json};

use crate::blocking::blocking;
use crate::planning;
use crate::work::Work;
use opstools::parse::schema_files::{SchemaFile, bytes_of, holds_tests, yaml_files};

/// Lines that run.
pub const EXAMPLES: &str = "\
# What is wrong in a schema, and what would be right
pantherlog validate schema.yml
# All schemas and tests of a folder; what has no effect counts, too
pantherlog validate --strict schemas/
# For a pipeline
pantherlog validate --json schemas/";

/// What to look at.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Schema files and test files (`.._tests.yml`), and folders of them
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Warnings count as problems, too
    #[arg(long)]
    pub strict: bool,
}

/// What will be looked at.
struct Task {
    paths: Vec<PathBuf>,
    strict: bool,
    json: bool,
}

/// The plan of a command line.
///
/// # Errors
/// A path is not there, or there is no file.
pub fn plan(args: &Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    let paths = yaml_files(&args.paths)?;
    if paths.is_empty() {
        return Err(Failure::failed("there is nothing to validate")
            .because("the folders hold no file that ends in `.yml` or `.yaml`"));
    }
    let json = planning::wants_json(context);
    let title = format!("validate {}", planning::counted(paths.len(), "file"));
    let task = Task { paths, strict: args.strict, json };
    let job = async move |run: Run| Ok(blocking(move || validate(&task, &run)).await);
    Ok(Work::new(job).planned(planning::reading(title, Talk::Report), !json))
}

/// Tells all problems.
fn validate(task: &Task, run: &Run) -> Done {
    let mut names = Names::default();
    let mut told = Vec::new();
    for path in &task.paths {
        if run.cancel.requested() {
            break;
        }
        run.stats.add(Counter::Found, 1);
        match problems(path, &mut names) {
            Ok(problems) => {
                run.stats.add(Counter::Done, 1);
                problems.iter().for_each(|problem| tell(task, run, problem));
                told.extend(problems);
            }
            Err(error) => run.failed(ItemError {
                code: "Unreadable".to_owned(),
                message: error.to_string(),
                object: path.display().to_string(),
            }),
        }
    }
    if task.json {
        run.stats.tell("problems", told.iter().map(document).collect());
    }
    let counts = |severity| told.iter().any(|problem| problem.severity == severity);
    let findings = counts(Severity::Error) || (task.strict && counts(Severity::Warning));
    Done { next: findings.then(|| "mend what is told, and validate again".to_owned()), findings }
}

fn tell(task: &Task, run: &Run, problem: &Problem) {
    let counter = match problem.severity {
        Severity::Error => "errors",
        Severity::Warning => "warnings",
    };
    run.stats.add_own(counter, 1);
    if !task.json {
        (run.rows)(&format!("{}\n\n", problem.to_string().trim_end()));
    }
}

fn document(problem: &Problem) -> Value {
    json!({
        "severity": problem.severity.to_string(),
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "path": problem.path,
        "message": problem.what,
        "hint": problem.hint,
        "snippet": problem.snippet,
    })
}

fn problems(path: &Path, names: &mut Names) -> std::io::Result<Vec<Problem>> {
    if holds_tests(path) {
        let bytes = bytes_of(path)?;
        return Ok(read_test_bytes(&path.to_string_lossy(), &bytes, &JUDGEMENT).problems);
    }
    let file = SchemaFile::read(path)?;
    let twins = names.twins(&file);
    Ok(file.reading.problems.into_iter().chain(twins).collect())
}

/// Where each log type was first described.
#[derive(Default)]
struct Names(HashMap<String, String>);

impl Names {
    /// Log types of a file that another file describes, too: only one of them can be the log type's schema.
    fn twins(&mut self, file: &SchemaFile) -> Vec<Problem> {
        let name = file.name();
        let mut found = Vec::new();
        for document in &file.reading.documents {
            let log_type = file.log_type(document);
            let here = format!("{name}:{}", document.line);
            match self.0.get(&log_type) {
                Some(first) if !first.starts_with(&format!("{name}:")) => {
                    let what = format!("`{log_type}` is described in another file, too");
                    let (part, hint) = (Part::Key("schema"), format!("the first is {first}"));
                    found.push(file.located(&name, document).open().problem(
                        Severity::Warning,
                        &part,
                        what,
                        Some(hint),
                    ));
                }
                Some(_) => {}
                None => {
                    self.0.insert(log_type, here);
                }
            }
        }
        found
    }
}
