//! From a schema to the program that writes its events as JSON.
//!
//! Required fields are in every event, others in most. Keys are those of the input: a renamed field stands under its old
//! name, and what a field is copied, joined or split from is written where it is taken from.

use std::collections::BTreeMap;

use super::fields;
use super::program::{Program, Step};
use crate::parse::json::escape::write_string;
use crate::parse::native::rules::{Acceptance, Document, Rules};
use crate::parse::time::Codec;
use crate::schema::{Field, Kind, Rule, Schema, TimeFormat, Timestamp, Transform, Value};

/// How many of [`CHANCES`](super::program::CHANCES) events have a field that need not be there.
const USUAL: u8 = 220;

/// What JSON holds whose shape no schema says.
const FREE_FORM: [&str; 3] = [
    r#"{"name":"${word}","id":"${token16}","count":${number:1..900},"enabled":${any:true|false}}"#,
    r#"{"source":{"address":"${ip}","port":${port}},"user":"${user}"}"#,
    r#"["${word}","${word}"]"#,
];

/// The most elements of an array that no rule bounds.
const MOST_ELEMENTS: u64 = 3;

/// The most elements that a rule asks for, should it ask for many.
const MANY_ELEMENTS: u64 = 100;

/// What is written for a schema beyond its fields.
struct Compiler<'c> {
    rules: &'c Rules,
    /// Paths that are read by other fields, with what they hold.
    sources: BTreeMap<String, Program>,
}

/// The program that writes one event of a schema, without a line's end.
///
/// # Errors
/// A value cannot be made, in words.
pub(super) fn event(schema: &Schema, rules: &Rules) -> Result<Program, String> {
    let mut compiler = Compiler { rules, sources: BTreeMap::new() };
    compiler.find_sources(&schema.fields)?;
    let mut members = compiler.members(&schema.fields, "")?;
    let sources = std::mem::take(&mut compiler.sources);
    for (path, value) in sources {
        members.append(nested(&path, value));
    }
    Ok(Program(vec![Step::Object(members)]))
}

/// The key of the array of a document of many events, if files of the type are such documents.
pub(super) fn document_key(rules: &Rules) -> Option<&'static str> {
    match rules.document {
        Document::Event => None,
        Document::EventOrArray(key) | Document::Array(key) => Some(key),
    }
}

/// `,"a":{"b":value}` for the path `a.b`.
fn nested(path: &str, value: Program) -> Program {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let inner = match rest {
        Some(rest) => Program(vec![Step::Object(nested(rest, value))]),
        None => value,
    };
    member(first, inner)
}

/// `,"key":value`
fn member(key: &str, value: Program) -> Program {
    let mut text = vec![b','];
    write_string(&mut text, key);
    text.push(b':');
    let mut program = Program::default();
    program.text(text);
    program.append(value);
    program
}

/// A template inside quotes. The template's own text is escaped; what it draws needs no escaping.
fn quoted(template: &str) -> Result<Program, String> {
    let mut escaped = Vec::new();
    write_string(&mut escaped, template);
    Program::template(&String::from_utf8_lossy(&escaped))
}

impl Compiler<'_> {
    /// What fields are made of, as far as it is no field itself.
    fn find_sources(&mut self, event: &[Field]) -> Result<(), String> {
        self.find_sources_in(event, event)
    }

    fn find_sources_in(&mut self, event: &[Field], list: &[Field]) -> Result<(), String> {
        for field in list {
            if let Kind::Object(inner) = &field.value.kind {
                self.find_sources_in(event, inner)?;
            }
            for transform in &field.transforms {
                match transform {
                    Transform::Copy { from } => {
                        let value = self.value(&field.name, Some(field), &field.value, from)?;
                        self.source(event, from, value);
                    }
                    Transform::Concat { paths, .. } => {
                        // Whatever a field of its own holds can be joined.
                        for path in paths.iter().filter(|path| !is_field(event, path)) {
                            self.source(event, path, quoted("${word}")?);
                        }
                    }
                    Transform::Split { from, separator, index } => {
                        let value = self.value(&field.name, Some(field), &field.value, from)?;
                        self.source(event, from, pieces(&value, separator, *index));
                    }
                    Transform::Rename { .. } | Transform::Mask(_) => {}
                }
            }
        }
        Ok(())
    }

    fn source(&mut self, event: &[Field], path: &str, value: Program) {
        let first = path.split('.').next().unwrap_or(path);
        let known = is_field(event, first) && first != path;
        if !known {
            self.sources.insert(path.to_owned(), value);
        }
    }

    fn members(&mut self, list: &[Field], path: &str) -> Result<Program, String> {
        let mut members = Program::default();
        let mut written: Vec<&str> = Vec::new();
        for field in list {
            let Some(key) = input_key(field) else { continue };
            let here = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            let whole_line = path.is_empty() && self.rules.whole_line == Some(key);
            if whole_line || written.contains(&key) {
                continue;
            }
            written.push(key);
            let value = match self.sources.remove(&here) {
                Some(value) => value,
                None => self.value(&field.name, Some(field), &field.value, &here)?,
            };
            let member = member(key, value);
            if self.is_needed(field, &here) {
                members.append(member);
            } else {
                members.0.push(Step::Maybe(USUAL, member));
            }
        }
        Ok(members)
    }

    /// Whether an event without the field may be rejected.
    fn is_needed(&self, field: &Field, path: &str) -> bool {
        let ruled =
            field.rules.contains(&Rule::Required) || !field.rules.is_empty() && !field.rules.contains(&Rule::OmitEmpty);
        let tells_time = match &field.value.kind {
            Kind::Timestamp(timestamp) => timestamp.event_time || self.rules.event_time.contains(&path),
            // Older types demand what is in an object whether it is there or not.
            Kind::Object(inner) => inner.iter().any(|field| self.is_needed(field, &format!("{path}.{}", field.name))),
            _ => false,
        };
        field.required || ruled || tells_time || self.accepted(path).is_some()
    }

    /// What a demand on the whole event says of a field.
    fn accepted(&self, path: &str) -> Option<&[&'static str]> {
        self.rules.acceptance.iter().find_map(|acceptance| match acceptance {
            Acceptance::AnyOf { paths, .. } => paths.iter().any(|any| any.join(".") == path).then_some(&[][..]),
            Acceptance::LastSegment { path: wanted, values, .. } => (wanted.join(".") == path).then_some(*values),
        })
    }

    fn value(&mut self, name: &str, field: Option<&Field>, value: &Value, path: &str) -> Result<Program, String> {
        let rules = field.map(|field| field.rules.as_slice()).unwrap_or_default();
        Ok(match &value.kind {
            Kind::String => match self.accepted(path) {
                Some(segments) if !segments.is_empty() => {
                    quoted(&format!("projects/acme-prod/logs/${{any:{}}}", segments.join("|")))?
                }
                _ => quoted(&fields::text(name, field, value))?,
            },
            Kind::Integer(integer) => {
                let (low, high) = fields::numbers(name, rules, *integer);
                Program(vec![Step::Number(low, high.abs_diff(low) + 1)])
            }
            Kind::Float { .. } => decimal(rules),
            Kind::Boolean { quoted: true } => quoted("${any:true|false}")?,
            Kind::Boolean { quoted: false } if field.is_some_and(|field| field.plain) => Program::template("true")?,
            Kind::Boolean { quoted: false } => Program::template("${any:true|false}")?,
            Kind::Timestamp(timestamp) => time(timestamp, false)?,
            Kind::Object(list) => Program(vec![Step::Object(self.members(list, path)?)]),
            Kind::Array { element, .. } => {
                let element = self.value(name, None, element, &format!("{path}[]"))?;
                let (least, most) = elements(rules);
                Program(vec![Step::Array { least, most, element }])
            }
            Kind::Json => {
                let forms: Result<Vec<_>, _> = FREE_FORM.iter().map(|form| Program::template(form)).collect();
                Program(vec![Step::Any(forms?.into())])
            }
            Kind::Map(element) => self.map(element, path)?,
        })
    }

    /// Some keys that nobody knows beforehand.
    fn map(&mut self, element: &Value, path: &str) -> Result<Program, String> {
        let mut members = Program::default();
        for key in ["name", "address", "state"] {
            let value = self.value(key, None, element, &format!("{path}.{key}"))?;
            members.append(member(key, value));
        }
        Ok(Program(vec![Step::Object(members)]))
    }
}

/// Whether the event has a field that is read from this key.
fn is_field(event: &[Field], key: &str) -> bool {
    event.iter().any(|field| input_key(field) == Some(key))
}

/// The key in the input; `None` for a field that is made of others.
fn input_key(field: &Field) -> Option<&str> {
    let mut key = Some(field.name.as_str());
    for transform in &field.transforms {
        match transform {
            Transform::Rename { from } => key = Some(from),
            Transform::Copy { .. } | Transform::Concat { .. } | Transform::Split { .. } => key = None,
            Transform::Mask(_) => {}
        }
    }
    key
}

/// A text of which one piece is the value; the others are words.
fn pieces(value: &Program, separator: &str, index: usize) -> Program {
    let mut escaped = Vec::new();
    write_string(&mut escaped, separator);
    let separator = &escaped[1..escaped.len() - 1];
    let mut text = Program::default();
    text.text("\"");
    for _ in 0..index {
        text.append(Program::known("${word}"));
        text.text(separator);
    }
    text.append(unquoted(value));
    text.text(separator);
    text.append(Program::known("${word}"));
    text.text("\"");
    text
}

/// A JSON value without the quotes around it.
pub(super) fn unquoted(value: &Program) -> Program {
    let mut steps = value.0.clone();
    if let Some(Step::Time { bare, .. }) = steps.first_mut() {
        *bare = true;
    }
    if let Some(Step::Text(text)) = steps.first_mut()
        && text.first() == Some(&b'"')
    {
        *text = text[1..].into();
    }
    if let Some(Step::Text(text)) = steps.last_mut()
        && text.last() == Some(&b'"')
    {
        *text = text[..text.len() - 1].into();
    }
    Program(steps)
}

fn decimal(rules: &[Rule]) -> Program {
    let (least, most) = fields::bounds(rules);
    let low = (least as i64).max(0);
    // The digits behind the point come on top.
    let high = (most as i64 - 1).clamp(low, low + 9);
    Program(vec![Step::Decimal(low, high.abs_diff(low) + 1)])
}

/// How many elements an array has.
fn elements(rules: &[Rule]) -> (u64, u64) {
    let (least, most) = fields::bounds(rules);
    let least = (least as i64).clamp(1, MANY_ELEMENTS.cast_signed()).unsigned_abs();
    let most = (most as i64).clamp(1, MOST_ELEMENTS.cast_signed()).unsigned_abs();
    (least, most.max(least))
}

/// A time in the first of its formats. Older types print some formats in another layout than they read: here it is the
/// one that they read.
pub(super) fn time(timestamp: &Timestamp, bare: bool) -> Result<Program, String> {
    let layout = |text: &str| TimeFormat::Layout(text.to_owned());
    let format = match timestamp.formats.first() {
        None => return Err("a time has no format".to_owned()),
        Some(TimeFormat::AnsiC) => layout("Mon Jan 2 15:04:05 2006 MST"),
        Some(TimeFormat::Suricata) => layout("2006-01-02T15:04:05.000000-0700"),
        Some(TimeFormat::Fluentd) => layout("2006-01-02 15:04:05 -0700"),
        Some(TimeFormat::UnixFloat) => TimeFormat::Unix,
        Some(other) => other.clone(),
    };
    Ok(Program(vec![Step::Time { codec: Box::new(Codec::new(&format)?), later: 0, bare }]))
}
