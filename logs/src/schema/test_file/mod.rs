//! Test files: inputs and the events expected of them.
//!
//! A file holds one YAML document for each test. Running the parser is the caller's; here tests are read, and events
//! held against what was expected.

mod compare;
mod template;

pub use compare::{Difference, compare};

use serde_json::Value as Json;

use super::keys::{Mode, Shape, TEST};
use super::problem::{Findings, Place, Problem, Severity};
use super::reader::{Compile, Shapes, not_text};
use super::yaml::{Document, Node, load};

/// One input and what it becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct TestCase {
    /// `name`; empty if the file gives none.
    pub name: String,
    /// Which log type reads it.
    pub log_type: String,
    /// The log, all of it for one call of the parser.
    pub input: String,
    /// The events expected, in order; none means that the input is no event.
    pub expected: Vec<Json>,
    /// The line of the test's first key, from 1.
    pub line: usize,
}

/// What a test file holds.
#[derive(Clone, Debug, Default)]
pub struct TestFile {
    /// The tests without errors, in the order of the file.
    pub tests: Vec<TestCase>,
    /// Everything wrong, in the order of the file's lines.
    pub problems: Vec<Problem>,
}

impl TestFile {
    /// What makes the file, or a test of it, unusable.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error)
    }
}

/// Whether a file name is that of a test file.
#[must_use]
pub fn is_test_file(name: &str) -> bool {
    name.ends_with("_tests.yml") || name.ends_with("_tests.yaml")
}

/// Reads the tests of a file. `file` names it in problems.
#[must_use]
pub fn read_tests(file: &str, text: &str, compile: &Compile) -> TestFile {
    let mut findings = Findings::default();
    let documents = load(text, &mut findings);
    let held = documents.iter().filter(|document| !document.root.is_null());
    let mut tests = Vec::new();
    for document in held.clone() {
        tests.extend(read_test(document, compile, &mut findings));
    }
    if held.count() == 0 && findings.errors() == 0 {
        let start = Place { line: 1, column: 1, width: 1 };
        findings.error(start, "", "the file holds no test").hint("a test has the keys `logType`, `input` and `result`");
    }
    TestFile { tests, problems: findings.into_problems(file, text) }
}

/// Reads the tests of a file whose encoding is not known to be good.
#[must_use]
pub fn read_test_bytes(file: &str, bytes: &[u8], compile: &Compile) -> TestFile {
    match std::str::from_utf8(bytes) {
        Ok(text) => read_tests(file, text, compile),
        Err(error) => TestFile { tests: Vec::new(), problems: vec![not_text(file, bytes, error.valid_up_to())] },
    }
}

fn read_test(document: &Document, compile: &Compile, findings: &mut Findings) -> Option<TestCase> {
    let before = findings.errors();
    let root = &document.root;
    Shapes::new(findings, Mode::Public, compile).check(root, &Shape::Table(&TEST));
    let text = |key: &str| root.get(key).and_then(Node::text).unwrap_or_default().to_owned();
    let log_type = text("logType");
    let one = root.get("result").map(|node| (node, "result".to_owned()));
    let several = root.get("results").map(Node::elements).unwrap_or_default().iter().enumerate();
    let all = one.into_iter().chain(several.map(|(index, node)| (node, format!("results[{index}]"))));
    let expected = all.filter_map(|(node, path)| expectation(node, &path, &log_type, findings)).collect();
    let test = TestCase { name: text("name"), log_type, input: text("input"), expected, line: root.place.line };
    (findings.errors() == before && !document.flawed).then_some(test)
}

fn expectation(node: &Node, path: &str, log_type: &str, findings: &mut Findings) -> Option<Json> {
    let text = node.text()?;
    let expanded = match template::expand(text, log_type) {
        Ok(expanded) => expanded,
        Err(what) => {
            findings.error(node.place, path, what).hint("the only expression is `{{ .LogType }}`");
            return None;
        }
    };
    match serde_json::from_str::<Json>(&expanded) {
        Ok(event @ Json::Object(_)) => Some(event),
        Ok(_) => {
            findings.error(node.place, path, "the event expected is no JSON object");
            None
        }
        Err(error) => {
            let what = format!("the event expected is not JSON: {error}");
            findings.error(node.place, path, what).hint("the line is counted from the beginning of this text");
            None
        }
    }
}

#[cfg(test)]
mod tests;
