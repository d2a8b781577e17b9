use super::super::{
    AddressFamily, Csv, Embedded, FastMatch, Field, Generation, Indicator, Integer, Kind, Mask, Regex, Rule, Script,
    TextParser, TextRules, TimeFormat, Timestamp, Transform, Validate, Value,
};
use super::testing::{COMPILE, schema};
use super::*;

mod definitions;
mod fields;
mod files;
mod parsers;
mod random;

/// Every problem as `line:column path: what | hint`, warnings marked.
fn told_in(text: &str, mode: Mode) -> Vec<String> {
    let reading = read("f.yml", text, mode, &COMPILE);
    let usable = reading.errors().next().is_none();
    assert!(!usable || !reading.documents.is_empty(), "neither a schema nor an error: {text}");
    let one = |problem: &Problem| {
        let mark = if problem.severity == Severity::Warning { "warning: " } else { "" };
        let hint = problem.hint.as_ref().map(|hint| format!(" | {hint}")).unwrap_or_default();
        format!("{}:{} {}: {mark}{}{hint}", problem.line, problem.column, problem.path, problem.what)
    };
    reading.problems.iter().map(one).collect()
}

fn told(text: &str) -> Vec<String> {
    told_in(text, Mode::Public)
}

/// The problems of one field.
fn field_told(field: &str) -> Vec<String> {
    told(&format!("fields:\n- {field}"))
}

fn one_field(field: &str) -> Field {
    schema(&format!("fields:\n- {field}")).fields.remove(0)
}

fn value(kind: Kind) -> Value {
    Value { kind, indicators: Vec::new(), validate: Validate::default(), embedded: Embedded::No, exact: None }
}

fn integer(bits: u8, signed: bool) -> Kind {
    Kind::Integer(Integer { bits, signed, or_text: false })
}
