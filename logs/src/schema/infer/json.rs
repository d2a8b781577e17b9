//! One line of JSON as an observation.
//!
//! Values are read as their source text first, because what a number is depends on how it is written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::merge::{Merger, Seen, SeenField};
use super::super::{Embedded, Integer, Kind};
use super::MOST_FIELDS;
use super::text;

/// Objects and arrays inside one another: what is deeper becomes `json`.
const DEEPEST: usize = 64;

/// A 64-bit integer.
pub(super) const BIGINT: Kind = Kind::Integer(Integer { bits: 64, signed: true, or_text: false });
/// A 64-bit number with a fraction.
pub(super) const FLOAT: Kind = Kind::Float { bits: 64 };

/// The fields of an event, sorted by name.
pub(super) fn event(line: &str, merger: Merger) -> Result<Vec<SeenField>, String> {
    let mut input = serde_json::Deserializer::from_str(line);
    let raw = <&RawValue>::deserialize(&mut input).map_err(|error| not_json(&error))?;
    if !raw.get().starts_with('{') {
        return Err(format!("expected a JSON object, found {}", noun(raw.get())));
    }
    fields(raw.get(), merger, DEEPEST).map_err(|error| format!("this is not JSON: {error}"))
}

/// A line of a file has no line of its own: only the column says something.
fn not_json(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    format!("this is not JSON: {what} at column {}", error.column())
}

fn noun(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b'n') => "`null`",
        Some(b't' | b'f') => "a boolean",
        _ => "a number",
    }
}

fn fields(raw: &str, merger: Merger, depth: usize) -> Result<Vec<SeenField>, serde_json::Error> {
    let Members(members) = serde_json::from_str(raw)?;
    let mut found = Vec::with_capacity(members.len());
    for (name, raw) in members {
        if let Some(seen) = value(raw.get(), merger, depth)? {
            let required = !is_beginning_of_time(raw.get());
            found.push(SeenField { name, required, seen, kept: None });
        }
    }
    Ok(found)
}

/// A time in the first years counts as no time at all, so its field may be absent.
fn is_beginning_of_time(raw: &str) -> bool {
    raw.starts_with("\"000")
}

/// What a value is; nothing for `null`.
fn value(raw: &str, merger: Merger, depth: usize) -> Result<Option<Seen>, serde_json::Error> {
    Ok(Some(match raw.as_bytes().first() {
        Some(b'n') => return Ok(None),
        Some(b't' | b'f') => Seen::leaf(Kind::Boolean { quoted: false }),
        // A text with half a character is a text, if not one that can be looked into.
        Some(b'"') => serde_json::from_str::<String>(raw).map_or(Seen::leaf(Kind::String), |text| text::seen(&text)),
        Some(b'{' | b'[') if depth == 0 => Seen::leaf(Kind::Json),
        Some(b'{') => {
            let fields = fields(raw, merger, depth - 1)?;
            if fields.len() > MOST_FIELDS {
                Seen::leaf(Kind::Json)
            } else {
                Seen::Object { fields, embedded: Embedded::No }
            }
        }
        Some(b'[') => array(raw, merger, depth - 1)?,
        _ => number(raw),
    }))
}

fn array(raw: &str, merger: Merger, depth: usize) -> Result<Seen, serde_json::Error> {
    let elements: Vec<&RawValue> = serde_json::from_str(raw)?;
    let mut known: Option<Seen> = None;
    for element in elements {
        let Some(seen) = value(element.get(), merger, depth)? else { continue };
        known = Some(match known {
            Some(known) => merger.merge(known, seen),
            None => seen,
        });
    }
    Ok(Seen::Array { element: known.map(Box::new), embedded: Embedded::No })
}

/// A number that no type of numbers holds is kept as text.
fn number(raw: &str) -> Seen {
    if raw.parse::<i64>().is_ok() {
        return Seen::leaf(BIGINT);
    }
    match raw.parse::<f64>() {
        Ok(number) if number.is_finite() => Seen::leaf(FLOAT),
        _ => Seen::leaf(Kind::String),
    }
}

/// The members of an object, sorted by name; of members with one name the last.
struct Members<'l>(Vec<(String, &'l RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        let mut members = deserializer.deserialize_map(Object)?;
        members.reverse();
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        members.dedup_by(|(one, _), (other, _)| one == other);
        Ok(Self(members))
    }
}
