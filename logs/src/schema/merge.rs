//! What two observations of a value have in common: the heart of inference, and of making one schema of several.
//!
//! The result accepts whatever either side accepts. Kinds form a lattice with `json` on top, so the order of
//! observations does not change what is found, only the order of fields.

use std::collections::HashMap;

use super::{
    Embedded, Field, Indicator, Integer, Kind, Part, Rule, Schema, TimeFormat, Timestamp, Transform, Validate, Value,
};

/// What is known of a value: a schema value whose arrays may not know their element yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Seen {
    Object {
        fields: Vec<SeenField>,
        embedded: Embedded,
    },
    Array {
        element: Option<Box<Self>>,
        embedded: Embedded,
    },
    /// Neither object nor array.
    Leaf(Value),
}

/// What is known of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SeenField {
    pub name: String,
    pub required: bool,
    pub seen: Seen,
    /// What only schemas know; nothing for observed fields.
    pub kept: Option<Box<Kept>>,
}

/// What a schema says of a field beside its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Kept {
    description: String,
    transforms: Vec<Transform>,
    rules: Vec<Rule>,
    plain: bool,
}

impl Seen {
    /// A value of one kind, about which nothing more is known.
    pub fn leaf(kind: Kind) -> Self {
        Self::text(kind, Vec::new())
    }

    /// The same with indicators.
    pub fn text(kind: Kind, indicators: Vec<Indicator>) -> Self {
        Self::Leaf(Value { kind, indicators, validate: Validate::default(), embedded: Embedded::No, exact: None })
    }

    /// What a schema says.
    pub fn of(value: Value) -> Self {
        match value.kind {
            Kind::Object(fields) => Self::Object { fields: seen_fields(fields), embedded: value.embedded },
            Kind::Array { element, .. } => {
                Self::Array { element: Some(Box::new(Self::of(*element))), embedded: value.embedded }
            }
            _ => Self::Leaf(value),
        }
    }

    /// The value, or nothing where nothing is known: objects without fields, arrays of nothing.
    pub fn into_value(self) -> Option<Value> {
        let (kind, embedded) = match self {
            Self::Leaf(value) => return Some(value),
            Self::Object { fields, embedded } => (Kind::Object(into_fields(fields)), embedded),
            Self::Array { element, embedded } => {
                (Kind::Array { element: Box::new(element?.into_value()?), checked: true }, embedded)
            }
        };
        if kind == Kind::Object(Vec::new()) {
            return None;
        }
        Some(Value { kind, indicators: Vec::new(), validate: Validate::default(), embedded, exact: None })
    }
}

fn seen_fields(fields: Vec<Field>) -> Vec<SeenField> {
    let one = |field: Field| {
        let Field { name, required, description, value, transforms, rules, plain } = field;
        let kept = Some(Box::new(Kept { description, transforms, rules, plain }));
        SeenField { name, required, seen: Seen::of(value), kept }
    };
    fields.into_iter().map(one).collect()
}

/// The fields of which something is known.
pub(super) fn into_fields(fields: Vec<SeenField>) -> Vec<Field> {
    let one = |field: SeenField| {
        let Kept { description, transforms, rules, plain } = field.kept.map(|kept| *kept).unwrap_or_default();
        let (name, required, value) = (field.name, field.required, field.seen.into_value()?);
        Some(Field { name, required, description, value, transforms, rules, plain })
    };
    fields.into_iter().filter_map(one).collect()
}

/// Schemas that say things of one field that exclude each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the schemas cannot be merged: {what}")]
pub struct Conflict {
    /// What it is, in words.
    pub what: String,
    /// The key or field of which they say it.
    pub part: Part,
}

/// One schema that accepts what any of several accepts, as far as types can say it. Its name is theirs if they share one.
///
/// # Errors
/// The schemas read lines in different ways, or transform one field in different ways.
pub fn merge(schemas: impl IntoIterator<Item = Schema>) -> Result<Schema, Conflict> {
    let mut all = schemas.into_iter();
    let Some(first) = all.next() else {
        return Err(Conflict { what: "there is none".to_owned(), part: Part::Key("schema") });
    };
    let mut merged = first;
    for next in all {
        merged = two(merged, next)?;
    }
    Ok(merged)
}

fn two(one: Schema, other: Schema) -> Result<Schema, Conflict> {
    if one.parser != other.parser || one.generation != other.generation {
        let what = "they read lines in different ways".to_owned();
        return Err(Conflict { what, part: Part::Key("parser") });
    }
    let common = |one: String, other: &str| if one == other { one } else { String::new() };
    let merger = Merger { most_fields: usize::MAX };
    if let Some(name) = clash(&one.fields, &other.fields, "") {
        let what = format!("they transform the field `{name}` in different ways");
        return Err(Conflict { what, part: Part::Field(name) });
    }
    let fields = merger.fields(seen_fields(one.fields), seen_fields(other.fields));
    Ok(Schema {
        name: common(one.name, &other.name),
        description: common(one.description, &other.description),
        reference_url: common(one.reference_url, &other.reference_url),
        parser: one.parser,
        fields: into_fields(fields),
        field_discovery: one.field_discovery || other.field_discovery,
        generation: one.generation,
    })
}

/// Merges under a bound of fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merger {
    /// An object with more fields becomes `json`: its keys are data.
    pub most_fields: usize,
}

impl Merger {
    /// What accepts both.
    pub fn merge(self, one: Seen, other: Seen) -> Seen {
        match (one, other) {
            (Seen::Object { fields: a, embedded: x }, Seen::Object { fields: b, embedded: y }) => {
                let fields = self.fields(a, b);
                if fields.len() > self.most_fields {
                    return Seen::leaf(Kind::Json);
                }
                Seen::Object { fields, embedded: either(x, y) }
            }
            (Seen::Array { element: a, embedded: x }, Seen::Array { element: b, embedded: y }) => {
                let element = match (a, b) {
                    (Some(a), Some(b)) => Some(Box::new(self.merge(*a, *b))),
                    (a, b) => a.or(b),
                };
                Seen::Array { element, embedded: either(x, y) }
            }
            (Seen::Leaf(a), Seen::Leaf(b)) => Seen::Leaf(leaves(a, b)),
            _ => Seen::leaf(Kind::Json),
        }
    }

    /// Fields of one side only come first and are optional; common ones follow.
    pub fn fields(self, one: Vec<SeenField>, other: Vec<SeenField>) -> Vec<SeenField> {
        if one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| a.name == b.name) {
            return one.into_iter().zip(other).map(|(a, b)| self.field(a, b)).collect();
        }
        let order: Vec<String> = other.iter().map(|field| field.name.clone()).collect();
        let mut others: HashMap<String, SeenField> =
            other.into_iter().map(|field| (field.name.clone(), field)).collect();
        let mut fields = Vec::new();
        let mut common = Vec::new();
        for field in one {
            match others.remove(&field.name) {
                Some(same) => common.push(self.field(field, same)),
                None => fields.push(SeenField { required: false, ..field }),
            }
        }
        let alone = order.iter().filter_map(|name| others.remove(name));
        fields.extend(alone.map(|field| SeenField { required: false, ..field }));
        fields.extend(common);
        fields
    }

    fn field(self, one: SeenField, other: SeenField) -> SeenField {
        SeenField {
            name: one.name,
            required: one.required && other.required,
            seen: self.merge(one.seen, other.seen),
            kept: kept(one.kept, other.kept),
        }
    }
}

fn either(one: Embedded, other: Embedded) -> Embedded {
    if one == Embedded::Json { one } else { other }
}

/// The first description, and rules that both have.
fn kept(one: Option<Box<Kept>>, other: Option<Box<Kept>>) -> Option<Box<Kept>> {
    let (Some(mut one), Some(other)) = (one.clone(), &other) else { return one.or(other) };
    if one.description.is_empty() {
        one.description.clone_from(&other.description);
    }
    if one.rules != other.rules {
        one.rules.clear();
    }
    one.plain &= other.plain;
    Some(one)
}

/// A field that both sides transform, each in its way.
fn clash(one: &[Field], other: &[Field], path: &str) -> Option<String> {
    let named: HashMap<&str, &Field> = other.iter().map(|field| (field.name.as_str(), field)).collect();
    one.iter().find_map(|field| {
        let same = named.get(field.name.as_str())?;
        let path = if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
        if field.transforms != same.transforms {
            return Some(path);
        }
        match (inner(&field.value), inner(&same.value)) {
            (Some(one), Some(other)) => clash(one, other, &path),
            _ => None,
        }
    })
}

/// The fields of an object, or of the objects of an array.
fn inner(value: &Value) -> Option<&[Field]> {
    match &value.kind {
        Kind::Object(fields) => Some(fields),
        Kind::Array { element, .. } | Kind::Map(element) => inner(element),
        _ => None,
    }
}

fn leaves(one: Value, other: Value) -> Value {
    let (kind, alike) = match (one.kind, other.kind) {
        (Kind::String, Kind::String) => (Kind::String, true),
        (one, other) => (kinds(one, other), false),
    };
    // Strings of both kinds feed a column only if both do.
    let indicators = if alike && same_set(&one.indicators, &other.indicators) { one.indicators } else { Vec::new() };
    let validate = if alike && one.validate == other.validate { one.validate } else { Validate::default() };
    let exact = if one.exact == other.exact { one.exact } else { None };
    Value { kind, indicators, validate, embedded: either(one.embedded, other.embedded), exact }
}

fn same_set(one: &[Indicator], other: &[Indicator]) -> bool {
    one.len() == other.len() && one.iter().all(|indicator| other.contains(indicator))
}

fn kinds(one: Kind, other: Kind) -> Kind {
    match (one, other) {
        (one, other) if one == other => one,
        (Kind::Json | Kind::Map(_), _) | (_, Kind::Json | Kind::Map(_)) => Kind::Json,
        (Kind::Timestamp(a), Kind::Timestamp(b)) => times(a, b),
        (Kind::Timestamp(time), other) | (other, Kind::Timestamp(time)) => time_and_other(time, &other),
        (Kind::Integer(a), Kind::Integer(b)) => integers(a, b),
        (Kind::Float { bits: a }, Kind::Float { bits: b }) => Kind::Float { bits: a.max(b) },
        (Kind::Float { .. }, Kind::Integer(_)) | (Kind::Integer(_), Kind::Float { .. }) => Kind::Float { bits: 64 },
        (Kind::Boolean { quoted: a }, Kind::Boolean { quoted: b }) => Kind::Boolean { quoted: a && b },
        _ => Kind::String,
    }
}

/// The narrowest integer that holds both; a number with a fraction where there is none.
fn integers(one: Integer, other: Integer) -> Kind {
    let signed = one.signed || other.signed;
    let needed = |integer: Integer| if signed && !integer.signed { integer.bits * 2 } else { integer.bits };
    let bits = needed(one).max(needed(other));
    if bits > 64 {
        return Kind::Float { bits: 64 };
    }
    Kind::Integer(Integer { bits, signed, or_text: one.or_text || other.or_text })
}

fn times(one: Timestamp, other: Timestamp) -> Kind {
    if one.formats != other.formats {
        return Kind::String;
    }
    Kind::Timestamp(Timestamp {
        formats: one.formats,
        event_time: one.event_time || other.event_time,
        expiration: one.expiration || other.expiration,
    })
}

/// Times that are written as numbers stay times beside plain numbers.
fn time_and_other(time: Timestamp, other: &Kind) -> Kind {
    match (&time.formats[..], other) {
        (
            [TimeFormat::Unix | TimeFormat::UnixMillis | TimeFormat::UnixMicros | TimeFormat::UnixNanos],
            Kind::Integer(_),
        )
        | ([TimeFormat::Unix], Kind::Float { .. }) => Kind::Timestamp(time),
        ([TimeFormat::UnixMillis | TimeFormat::UnixMicros | TimeFormat::UnixNanos], Kind::Float { .. }) => {
            Kind::Float { bits: 64 }
        }
        _ => Kind::String,
    }
}

#[cfg(test)]
mod tests;
