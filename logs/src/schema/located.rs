//! Places of parts of a schema, for those who find out about them after the file was read.
//!
//! A [`Schema`](super::Schema) has no places: it may as well come from data as from a file. What a comparison of schemas finds
//! is still to be told at its line, so the place is looked up in the text, by the part's name.

use super::problem::{Findings, Problem, Severity};
use super::yaml::{Entry, Node, load};

/// References that lead to references; the reader refuses circles.
const MOST_REFERENCES: usize = 64;

/// A part of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A key of the document.
    Key(&'static str),
    /// A field, as `a.b[].c`, as [`Change::path`](super::Change::path) has it.
    Field(String),
}

/// One document of a file.
#[derive(Clone, Copy, Debug)]
pub struct Located<'t> {
    /// The file's name, as it is to be told.
    pub file: &'t str,
    /// The whole file.
    pub text: &'t str,
    /// The line in which the document begins: [`SchemaDocument::line`](super::SchemaDocument::line).
    pub line: usize,
}

impl<'t> Located<'t> {
    /// The document, read again, for any number of problems.
    #[must_use]
    pub fn open(self) -> Opened<'t> {
        let documents = load(self.text, &mut Findings::default());
        let root = documents.into_iter().map(|document| document.root).find(|root| root.place.line == self.line);
        Opened { located: self, root }
    }
}

/// A document whose parts can be looked up.
#[derive(Debug)]
pub struct Opened<'t> {
    located: Located<'t>,
    root: Option<Node>,
}

impl Opened<'_> {
    /// A problem at a part of the document; at its beginning, if it does not have that part.
    #[must_use]
    pub fn problem(&self, severity: Severity, part: &Part, what: String, hint: Option<String>) -> Problem {
        let root = self.root.as_ref();
        let place = root.map(|root| find(root, part).unwrap_or(root).place).unwrap_or_default();
        let path = match part {
            Part::Key(key) => key,
            Part::Field(path) => path.as_str(),
        };
        let mut findings = Findings::default();
        match severity {
            Severity::Error => findings.error(place, path, what),
            Severity::Warning => findings.warning(place, path, what),
        }
        .maybe_hint(hint);
        findings.into_problems(self.located.file, self.located.text).remove(0)
    }
}

fn find<'n>(root: &'n Node, part: &Part) -> Option<&'n Node> {
    match part {
        Part::Key(key) => root.get(key),
        Part::Field(path) => field(root, root, path),
    }
}

/// The field of an object that the path begins with. Names may have dots, so each is tried.
fn field<'n>(root: &'n Node, object: &'n Node, path: &str) -> Option<&'n Node> {
    object.get("fields")?.elements().iter().find_map(|field| {
        let name = field.get("name")?;
        below(root, field, name, path.strip_prefix(name.text()?)?)
    })
}

/// `here`, if the path ends with it, or what it leads to.
fn below<'n>(root: &'n Node, value: &'n Node, here: &'n Node, rest: &str) -> Option<&'n Node> {
    if rest.is_empty() {
        return Some(here);
    }
    let value = resolved(root, value)?;
    if let Some(rest) = rest.strip_prefix("[]").or_else(|| rest.strip_prefix(".*")) {
        let element = value.get("element")?;
        return below(root, element, element.get("type").unwrap_or(element), rest);
    }
    self::field(root, value, rest.strip_prefix('.')?)
}

/// The definition that a reference means.
fn resolved<'n>(root: &'n Node, value: &'n Node) -> Option<&'n Node> {
    let mut value = value;
    for _ in 0..MOST_REFERENCES {
        let Some(target) = value.get("target").and_then(Node::text) else { return Some(value) };
        value = definition(root, target)?;
    }
    None
}

fn definition<'n>(root: &'n Node, name: &str) -> Option<&'n Node> {
    let entries = root.get("definitions").map(Node::entries).unwrap_or_default();
    entries.iter().find(|entry| entry.key == name).map(|Entry { value, .. }| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
schema: Custom.First
fields: [{name: a, type: int}]
---
definitions:
  Pair: {type: object, fields: [{name: left, type: int}]}
fields:
- name: a.b
  type: array
  element:
    type: ref
    target: Pair
- name: a
  type: object
  fields:
  - {name: c, type: array, element: {type: string}}
";

    fn at(part: Part) -> String {
        let document = Located { file: "f.yml", text: TEXT, line: 4 }.open();
        let problem = document.problem(Severity::Warning, &part, "x".to_owned(), Some("y".to_owned()));
        assert_eq!((problem.severity, problem.hint.as_deref()), (Severity::Warning, Some("y")));
        format!("{}:{}", problem.line, problem.column)
    }

    #[test]
    fn a_part_is_found_through_dots_elements_and_references() {
        let table = [
            ("a.b", "7:9"),
            ("a.b[]", "10:11"),
            ("a.b[].left", "5:40"),
            ("a", "12:9"),
            ("a.c", "15:12"),
            ("a.c[]", "15:44"),
            ("a.d", "4:1"),
            ("", "4:1"),
        ];
        for (path, expected) in table {
            assert_eq!(at(Part::Field(path.to_owned())), expected, "{path}");
        }
        assert_eq!(at(Part::Key("definitions")), "5:3");
        assert_eq!(at(Part::Key("parser")), "4:1");
    }
}
