//! Built-in schemas in the language that people write.
//!
//! A built-in type may say more than the public language can. What is lost is told here, once: widths of numbers grow
//! to the next public one, free maps become `json`, formats of times the pattern that comes nearest, and rules what
//! `required` and `validate` can say of them.

use super::{Field, Generation, Integer, Kind, Rule, Schema, TimeFormat, Timestamp, Validate, Value};

/// The schema that says the same as far as the public language can.
#[must_use]
pub fn to_public(schema: &Schema) -> Schema {
    Schema {
        fields: schema.fields.iter().map(field).collect(),
        generation: Generation::Lenient,
        parser: schema.parser.clone(),
        name: schema.name.clone(),
        description: schema.description.clone(),
        reference_url: schema.reference_url.clone(),
        field_discovery: schema.field_discovery,
    }
}

fn field(field: &Field) -> Field {
    let mut value = value(&field.value);
    if value.kind == Kind::String && value.validate == Validate::default() {
        value.validate = validate(&field.rules);
    }
    // A rule fails an absent value unless it stands after `omitEmpty`.
    let needed = field.rules.first().is_some_and(|rule| *rule != Rule::OmitEmpty);
    Field {
        name: field.name.clone(),
        required: field.required || needed,
        description: field.description.clone(),
        value,
        transforms: field.transforms.clone(),
        rules: Vec::new(),
        plain: false,
    }
}

fn validate(rules: &[Rule]) -> Validate {
    let mut found = Validate::default();
    for rule in rules {
        match rule {
            Rule::OneOf(texts) if texts.iter().all(|text| !text.is_empty()) => found.allow.clone_from(texts),
            // An empty text cannot be listed; it is refused only by what else the schema says.
            Rule::NoneOf(texts) => found.deny = texts.iter().filter(|text| !text.is_empty()).cloned().collect(),
            _ => {}
        }
    }
    if !found.allow.is_empty() {
        found.deny.clear();
    }
    found
}

fn value(value: &Value) -> Value {
    Value {
        kind: kind(&value.kind),
        indicators: value.indicators.clone(),
        validate: value.validate.clone(),
        embedded: value.embedded,
        exact: None,
    }
}

fn kind(kind: &Kind) -> Kind {
    match kind {
        Kind::String => Kind::String,
        Kind::Integer(integer) => Kind::Integer(integer_of(*integer)),
        Kind::Float { .. } => Kind::Float { bits: 64 },
        Kind::Boolean { .. } => Kind::Boolean { quoted: false },
        Kind::Timestamp(timestamp) => Kind::Timestamp(timestamp_of(timestamp)),
        Kind::Object(fields) => Kind::Object(fields.iter().map(field).collect()),
        Kind::Array { element, .. } => Kind::Array { element: Box::new(value(element)), checked: true },
        Kind::Json | Kind::Map(_) => Kind::Json,
    }
}

/// The narrowest public integer that holds every value; 64 bits without sign have none, and lose their upper half.
fn integer_of(integer: Integer) -> Integer {
    let bits = match (integer.bits, integer.signed) {
        (8, _) | (16, true) => 16,
        (16, false) | (32, true) => 32,
        _ => 64,
    };
    Integer { bits, signed: true, or_text: false }
}

fn timestamp_of(timestamp: &Timestamp) -> Timestamp {
    let mut formats: Vec<TimeFormat> = timestamp.formats.iter().map(format).collect();
    let mut seen = Vec::new();
    formats.retain(|format| {
        let new = !seen.contains(format);
        seen.push(format.clone());
        new
    });
    Timestamp { formats, ..*timestamp }
}

fn format(format: &TimeFormat) -> TimeFormat {
    let pattern = match format {
        TimeFormat::AnsiC => "%a %b %d %H:%M:%S %Y %Z",
        TimeFormat::Suricata => "%Y-%m-%dT%H:%M:%S.%f%z",
        TimeFormat::Fluentd => "%Y-%m-%d %H:%M:%S %z",
        TimeFormat::Lacework => "%d %b %Y %H:%M %Z",
        TimeFormat::UnixFloat => return TimeFormat::Unix,
        other => return other.clone(),
    };
    TimeFormat::Strftime(pattern.to_owned())
}
