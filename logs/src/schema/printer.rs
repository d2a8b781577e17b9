//! Schemas as YAML that reads back as the same schema.
//!
//! Keys stand in the order in which people write them; references are not printed, since a schema has none: what they
//! meant stands in their place.

use super::reader::time_format_text;
use super::yaml::Writer;
use super::{
    AddressFamily, Csv, Embedded, Field, Generation, Integer, Kind, Mask, Rule, Schema, TextParser, TextRules,
    Timestamp, Transform, Validate, Value,
};

/// Whose language is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What people write: keys of built-in types only are mapped to the nearest public ones.
    Public,
    /// Everything.
    BuiltIn,
}

/// The schema as a YAML document.
#[must_use]
pub fn print(schema: &Schema, form: Form) -> String {
    let mut printer = Printer { out: Writer::default(), form };
    match form {
        Form::Public => printer.schema(&super::to_public(schema)),
        Form::BuiltIn => printer.schema(schema),
    }
    printer.out.finish()
}

struct Printer {
    out: Writer,
    form: Form,
}

impl Printer {
    fn schema(&mut self, schema: &Schema) {
        self.text_unless_empty(0, "schema", &schema.name);
        self.text_unless_empty(0, "description", &schema.description);
        self.text_unless_empty(0, "referenceURL", &schema.reference_url);
        self.flag(0, "fieldDiscoveryEnabled", schema.field_discovery);
        self.out.word(0, "version", 0);
        if schema.generation == Generation::Strict {
            self.out.word(0, "generation", "strict");
        }
        if let Some(parser) = &schema.parser {
            self.out.open(0, "parser");
            self.parser(parser);
        }
        self.fields(&schema.fields, 0);
    }

    fn flag(&mut self, indent: usize, key: &str, flag: bool) {
        if flag {
            self.out.word(indent, key, true);
        }
    }

    fn text_unless_empty(&mut self, indent: usize, key: &str, text: &str) {
        if !text.is_empty() {
            self.out.text(indent, key, text);
        }
    }

    fn texts_unless_empty(&mut self, indent: usize, key: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.out.texts(indent, key, texts);
        }
    }

    fn parser(&mut self, parser: &TextParser) {
        match parser {
            TextParser::Csv(csv) => self.csv(csv),
            TextParser::FastMatch(fastmatch) => {
                self.out.open(2, "fastmatch");
                self.out.texts(4, "match", &fastmatch.patterns);
                self.text_rules(&fastmatch.rules);
            }
            TextParser::Regex(regex) => {
                self.out.open(2, "regex");
                self.out.texts(4, "match", &regex.parts);
                self.named_texts("patternDefinitions", &regex.definitions);
                self.text_rules(&regex.rules);
            }
            TextParser::Native(name) => {
                self.out.open(2, "native");
                self.out.text(4, "name", name);
            }
            TextParser::Script(script) => {
                self.out.open(2, "script");
                self.out.text(4, "function", &script.function);
            }
        }
    }

    fn csv(&mut self, csv: &Csv) {
        self.out.open(2, "csv");
        self.out.text(4, "delimiter", csv.delimiter.encode_utf8(&mut [0; 4]));
        self.flag(4, "hasHeader", csv.has_header);
        self.texts_unless_empty(4, "columns", &csv.columns);
        self.text_rules(&csv.rules);
    }

    fn text_rules(&mut self, rules: &TextRules) {
        if let Some(prefix) = &rules.skip_prefix {
            self.out.text(4, "skipPrefix", prefix);
        }
        self.flag(4, "trimSpace", rules.trim_space);
        self.texts_unless_empty(4, "emptyValues", &rules.empty_values);
        self.named_texts("expandFields", &rules.expand_fields);
    }

    fn named_texts(&mut self, key: &str, named: &[(String, String)]) {
        if named.is_empty() {
            return;
        }
        self.out.open(4, key);
        for (name, text) in named {
            self.out.text(6, name, text);
        }
    }

    fn fields(&mut self, fields: &[Field], indent: usize) {
        self.out.open(indent, "fields");
        for field in fields {
            self.out.element();
            self.field(field, indent + 2);
        }
    }

    fn field(&mut self, field: &Field, indent: usize) {
        self.out.text(indent, "name", &field.name);
        self.flag(indent, "required", field.required || field.rules.first() == Some(&Rule::Required));
        self.text_unless_empty(indent, "description", &field.description);
        self.value(&field.value, indent);
        self.flag(indent, "plain", field.plain);
        for transform in &field.transforms {
            self.transform(transform, indent);
        }
        self.rules(&field.rules, indent);
    }

    fn value(&mut self, value: &Value, indent: usize) {
        self.out.word(indent, "type", type_name(&value.kind));
        match &value.kind {
            Kind::Object(fields) => self.fields(fields, indent),
            Kind::Array { element, .. } | Kind::Map(element) => {
                self.out.open(indent, "element");
                self.value(element, indent + 2);
            }
            Kind::Timestamp(timestamp) => self.timestamp(timestamp, indent),
            Kind::Integer(integer) => self.flag(indent, "orText", integer.or_text),
            Kind::Boolean { quoted } => self.flag(indent, "quoted", *quoted),
            Kind::String | Kind::Float { .. } | Kind::Json => {}
        }
        if let Kind::Array { checked, .. } = value.kind {
            self.flag(indent, "validateElements", checked && self.form == Form::BuiltIn);
        }
        let indicators: Vec<&str> = value.indicators.iter().map(|indicator| indicator.name()).collect();
        if !indicators.is_empty() {
            self.out.texts(indent, "indicators", &indicators);
        }
        self.validate(&value.validate, indent);
        self.flag(indent, "isEmbeddedJSON", value.embedded == Embedded::Json);
        if let Some(exact) = value.exact {
            self.out.word(indent, "exact", if exact { "true" } else { "false" });
        }
    }

    fn timestamp(&mut self, timestamp: &Timestamp, indent: usize) {
        let texts: Vec<String> = timestamp.formats.iter().map(time_format_text).collect();
        match &texts[..] {
            [one] => self.out.text(indent, "timeFormat", one),
            several => self.out.texts(indent, "timeFormats", several),
        }
        self.flag(indent, "isEventTime", timestamp.event_time);
        self.flag(indent, "isExpiration", timestamp.expiration);
    }

    fn validate(&mut self, validate: &Validate, indent: usize) {
        if *validate == Validate::default() {
            return;
        }
        self.out.open(indent, "validate");
        let inner = indent + 2;
        self.texts_unless_empty(inner, "allow", &validate.allow);
        self.texts_unless_empty(inner, "deny", &validate.deny);
        for (key, family) in [("ip", validate.ip), ("cidr", validate.cidr)] {
            if let Some(family) = family {
                self.out.word(inner, key, family_name(family));
            }
        }
    }

    fn transform(&mut self, transform: &Transform, indent: usize) {
        let inner = indent + 2;
        match transform {
            Transform::Rename { from } => {
                self.out.open(indent, "rename");
                self.out.text(inner, "from", from);
            }
            Transform::Copy { from } => {
                self.out.open(indent, "copy");
                self.out.text(inner, "from", from);
            }
            Transform::Concat { paths, separator } => {
                self.out.open(indent, "concat");
                self.out.texts(inner, "paths", paths);
                self.text_unless_empty(inner, "separator", separator);
            }
            Transform::Split { from, separator, index } => {
                self.out.open(indent, "split");
                self.out.text(inner, "from", from);
                self.out.text(inner, "separator", separator);
                self.out.word(inner, "index", index);
            }
            Transform::Mask(mask) => self.mask(mask, indent),
        }
    }

    fn mask(&mut self, mask: &Mask, indent: usize) {
        self.out.open(indent, "mask");
        let (name, key, text) = match mask {
            Mask::Redact { to } => ("redact", "to", to),
            Mask::Obfuscate { salt } => ("obfuscate", "salt", salt),
        };
        self.out.word(indent + 2, "type", name);
        self.out.text(indent + 2, key, text);
    }

    /// `required` is a key of the field, and so is printed with it.
    fn rules(&mut self, rules: &[Rule], indent: usize) {
        if rules.is_empty() {
            return;
        }
        let inner = indent + 2;
        let rest: Vec<&Rule> = rules.iter().filter(|rule| **rule != Rule::Required).collect();
        if rest.is_empty() {
            self.out.word(indent, "rules", "{}");
            return;
        }
        self.out.open(indent, "rules");
        for rule in rest {
            match rule {
                Rule::Required => {}
                Rule::OmitEmpty => self.out.word(inner, "omitEmpty", true),
                Rule::OneOf(texts) => self.out.texts(inner, "oneOf", texts),
                Rule::NoneOf(texts) => self.out.texts(inner, "noneOf", texts),
                Rule::Length(length) => self.out.word(inner, "length", length),
                Rule::Minimum(least) => self.out.word(inner, "minimum", least),
                Rule::Maximum(most) => self.out.word(inner, "maximum", most),
                Rule::Numeric => self.out.word(inner, "numeric", true),
                Rule::Alphanumeric => self.out.word(inner, "alphanumeric", true),
                Rule::Uuid => self.out.word(inner, "uuid", true),
            }
        }
    }
}

/// The word of `type`.
pub(super) fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::String => "string",
        Kind::Integer(Integer { bits, signed, .. }) => {
            let same = |(_, its_bits, its_sign): &&(&str, u8, bool)| its_bits == bits && its_sign == signed;
            super::keys::INTEGERS.iter().find(same).map_or("bigint", |(name, ..)| name)
        }
        Kind::Float { bits: 32 } => "float32",
        Kind::Float { .. } => "float",
        Kind::Boolean { .. } => "boolean",
        Kind::Timestamp(_) => "timestamp",
        Kind::Object(_) => "object",
        Kind::Array { .. } => "array",
        Kind::Json => "json",
        Kind::Map(_) => "map",
    }
}

fn family_name(family: AddressFamily) -> &'static str {
    match family {
        AddressFamily::V4 => "ipv4",
        AddressFamily::V6 => "ipv6",
        AddressFamily::Any => "any",
    }
}

#[cfg(test)]
mod tests;
