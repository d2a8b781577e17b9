//! From YAML text to schemas, with every mistake told at its place.
//!
//! A file may hold several documents, each a schema. Reading goes three times over each: YAML into a tree that keeps
//! places, the tree against the table of keys, and the tree into the model, where names, references and exclusions are
//! checked. A document with an error gives no schema, but is read to its end, so that one run tells everything.

mod build;
mod compile;
mod definitions;
mod log_type;
mod names;
mod path;
mod shapes;
mod text_parser;
mod time_format;
mod transforms;

use std::collections::HashMap;

pub use compile::Compile;
pub(super) use log_type::PATTERN as LOG_TYPE_PATTERN;
pub use log_type::log_type_of_file;
pub(super) use names::is_envelope;
pub(super) use shapes::Shapes;
pub use time_format::text_of as time_format_text;

use super::Schema;
use super::keys::{Mode, SCHEMA, Shape};
use super::problem::{Findings, Place, Problem, Severity};
use super::yaml::{Document, Node, load};
use build::Builder;

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The documents without errors, in the order of the file.
    pub documents: Vec<SchemaDocument>,
    /// Everything wrong, in the order of the file's lines.
    pub problems: Vec<Problem>,
}

/// A schema and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaDocument {
    /// What it says.
    pub schema: Schema,
    /// The line of its first key, from 1.
    pub line: usize,
}

impl Reading {
    /// What makes the file, or a document of it, unusable.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error)
    }

    /// What has no effect.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Warning)
    }

    /// The schemas, if there are no errors.
    ///
    /// # Errors
    /// All problems, warnings as well.
    pub fn into_schemas(self) -> Result<Vec<Schema>, Vec<Problem>> {
        if self.errors().next().is_some() {
            return Err(self.problems);
        }
        Ok(self.documents.into_iter().map(|document| document.schema).collect())
    }
}

/// Reads the schemas of a file. `file` names it in problems.
#[must_use]
pub fn read(file: &str, text: &str, mode: Mode, compile: &Compile) -> Reading {
    let mut findings = Findings::default();
    let documents = load(text, &mut findings);
    let mut found = Vec::new();
    if documents.iter().all(|document| document.root.is_null()) && findings.errors() == 0 {
        let start = Place { line: 1, column: 1, width: 1 };
        findings.error(start, "", "the file holds no schema").hint("a schema has at least the key `fields`");
    }
    for document in documents.iter().filter(|document| !document.root.is_null()) {
        if let Some(schema) = read_document(document, mode, compile, &mut findings) {
            found.push(SchemaDocument { schema, line: document.root.place.line });
        }
    }
    refuse_twins(&documents, &mut findings);
    Reading { documents: found, problems: findings.into_problems(file, text) }
}

/// Reads the schemas of a file whose encoding is not known to be good.
#[must_use]
pub fn read_bytes(file: &str, bytes: &[u8], mode: Mode, compile: &Compile) -> Reading {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(file, text, mode, compile),
        Err(error) => Reading { documents: Vec::new(), problems: vec![not_text(file, bytes, error.valid_up_to())] },
    }
}

/// Bytes that are no UTF-8, told at the first of them.
pub(super) fn not_text(file: &str, bytes: &[u8], at: usize) -> Problem {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let place = Place { line: before.matches('\n').count() + 1, column: line.chars().count() + 1, width: 1 };
    let mut findings = Findings::default();
    let what = format!("the byte 0x{:02x} here is no UTF-8", bytes.get(at).copied().unwrap_or_default());
    findings.error(place, "", what).hint("save the file as UTF-8");
    findings.into_problems(file, &String::from_utf8_lossy(bytes)).remove(0)
}

fn read_document(document: &Document, mode: Mode, compile: &Compile, findings: &mut Findings) -> Option<Schema> {
    let root = &document.root;
    let (before, first) = (findings.errors(), findings.count());
    if is_test(root) {
        findings
            .error(root.place, "", "this is a test of a schema, not a schema")
            .hint("schema files and test files are given apart; tests are in files called `.._tests.yml`");
        return None;
    }
    Shapes::new(findings, mode, compile).check(root, &Shape::Table(&SCHEMA));
    let schema = Builder::new(findings, mode, compile, root, first).schema(root);
    (findings.errors() == before && !document.flawed).then_some(schema)
}

/// A document of a test file, which lies beside schemas.
fn is_test(root: &Node) -> bool {
    root.get("fields").is_none() && root.get("input").is_some() && root.get("logType").is_some()
}

/// Two schemas of one file with one name: which of them is meant cannot be told.
fn refuse_twins(documents: &[Document], findings: &mut Findings) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for node in documents.iter().filter_map(|document| document.root.get("schema")) {
        let Some(name) = node.text() else { continue };
        if let Some(first) = seen.insert(name, node.place) {
            let what = format!("the file holds two schemas `{name}`");
            findings.error(node.place, "schema", what).hint(format!("the first is in line {}", first.line));
        }
    }
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
