//! Tests of test files, one by one.
//!
//! A diagnostic, so a test that does not pass is a finding. A test file that cannot be read has no result: it is an item that
//! failed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use opstools::app::{Context, Done, Planned};
use opstools::error::Failure;
use opstools::parse::judgement::JUDGEMENT;
use opstools::plan::Talk;
use opstools::run::{Counter, ItemError, Run, Stop};
use opstools::schema::{Problem, Schema, Severity, TestCase, compare, read_test_bytes};
use serde_json::{Value, json};

use super::Arguments;
use super::bench::Bench;
use super::files::Files;
use super::outcome::Outcome;
use crate::blocking::blocking;
use crate::planning::{self, one_line};
use crate::work::Work;
use opstools::parse::schema_files::{SchemaFile, bytes_of};

/// Which tests run with which schemas.
struct Task {
    schemas: HashMap<String, Schema>,
    tests: Vec<PathBuf>,
    json: bool,
}

/// The plan of a command line.
///
/// # Errors
/// A schema cannot be read or has mistakes, two have one name, or there are no tests.
pub fn plan(arguments: &Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    let files = Files::of(&arguments.schemas, &arguments.tests)?;
    let mut schemas = HashMap::new();
    let mut warnings = Vec::new();
    for path in &files.schemas {
        let file = SchemaFile::usable(path)?;
        warnings.extend(file.reading.warnings().map(one_line));
        for document in &file.reading.documents {
            let name = file.log_type(document);
            let schema = Schema { name: name.clone(), ..document.schema.clone() };
            if schemas.insert(name.clone(), schema).is_some() {
                return Err(Failure::usage(format!("two schemas are called `{name}`"))
                    .because(format!("the second is {}:{}", path.display(), document.line))
                    .hint("give each a name of its own with `schema:`"));
            }
        }
    }
    let (what, with) = (planning::counted(files.tests.len(), "test file"), planning::counted(schemas.len(), "schema"));
    let mut plan = planning::reading(format!("run {what} with {with}"), Talk::Report);
    plan.warnings = warnings;
    let task = Task { schemas, tests: files.tests, json: planning::wants_json(context) };
    let job = async move |run: Run| Ok(blocking(move || execute(&task, &run)).await);
    Ok(Work::new(job).planned(plan, false))
}

/// Runs the tests.
fn execute(task: &Task, run: &Run) -> Done {
    let mut session = Session { bench: Bench::new(&task.schemas, run.clock), run, told: Vec::new(), findings: false };
    for path in &task.tests {
        session.file(path);
    }
    if task.json {
        run.stats.tell("tests", Value::Array(session.told));
    }
    Done { next: None, findings: session.findings }
}

/// A test run under way.
struct Session<'r> {
    bench: Bench<'r>,
    run: &'r Run,
    told: Vec<Value>,
    findings: bool,
}

impl Session<'_> {
    fn file(&mut self, path: &Path) {
        let name = path.display().to_string();
        let bytes = match bytes_of(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let (code, message) = ("Unreadable".to_owned(), error.to_string());
                return self.run.failed(ItemError { code, message, object: name });
            }
        };
        let file = read_test_bytes(&name, &bytes, &JUDGEMENT);
        for problem in &file.problems {
            self.problem(problem);
        }
        for test in file.tests {
            if self.run.cancel.requested() {
                return;
            }
            self.test(&name, test);
        }
    }

    /// Something wrong in a test file: the test concerned has no result.
    fn problem(&mut self, problem: &Problem) {
        if problem.severity == Severity::Warning {
            return self.run.notices.warning(one_line(problem));
        }
        self.run.stats.add(Counter::Found, 1);
        self.run.notices.info(format!("FAIL {}", one_line(problem)));
        let text = problem.to_string();
        text.lines().skip(1).for_each(|line| self.run.notices.info(format!("    {line}")));
        self.told.push(json!({
            "file": problem.file,
            "line": problem.line,
            "name": null,
            "log_type": null,
            "passed": false,
            "error": problem.what,
            "differences": [],
        }));
        self.finding("BadTest", problem.what.clone(), format!("{}:{}", problem.file, problem.line));
    }

    fn test(&mut self, file: &str, test: TestCase) {
        self.run.stats.add(Counter::Found, 1);
        let events = self.bench.events(&test.log_type, &test.input);
        let (error, differences) = match events {
            Ok(events) => (None, compare(&test.expected, &events)),
            Err(error) => (Some(error), Vec::new()),
        };
        let outcome = Outcome { file: file.to_owned(), test, error, differences };
        self.told.push(outcome.document());
        if outcome.passed() {
            self.run.stats.add(Counter::Done, 1);
            return self.run.notices.info(format!("PASS {}", outcome.title()));
        }
        self.run.notices.info(format!("FAIL {}", outcome.title()));
        let complaints = outcome.complaints();
        complaints.iter().for_each(|line| self.run.notices.info(format!("    {line}")));
        self.finding("TestFailed", complaints.into_iter().next().unwrap_or_default(), outcome.title());
    }

    fn finding(&mut self, code: &str, message: String, object: String) {
        self.findings = true;
        self.run.stats.add_own("tests_failed", 1);
        if self.run.errors.record(ItemError { code: code.to_owned(), message, object }) {
            self.run.cancel.stop(Stop::MaxErrors);
        }
    }
}
