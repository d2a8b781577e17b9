//! A schema as data: references resolved, names checked, ready to be compiled, compared, merged or printed.

use std::ops::RangeInclusive;

use super::Indicator;

/// What the events of one log type look like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// `schema:`, the log type's name; empty when the file gives none.
    pub name: String,
    /// What the log type is, one sentence.
    pub description: String,
    /// Where the vendor documents it.
    pub reference_url: String,
    /// How a line becomes fields; `None` is JSON.
    pub parser: Option<TextParser>,
    /// The top-level fields, in the order of the file, which is the order of the output.
    pub fields: Vec<Field>,
    /// Unknown top-level fields are wanted, too.
    pub field_discovery: bool,
    /// How values are decoded.
    pub generation: Generation,
}

impl Schema {
    /// The built-in parser that reads its logs: that of the log type whose name it has. A schema that names the parser of
    /// another log type describes JSON.
    #[must_use]
    pub fn built_in_parser(&self) -> Option<&str> {
        match &self.parser {
            Some(TextParser::Native(name)) if *name == self.name => Some(name),
            _ => None,
        }
    }
}

/// The two generations of decoders: custom schemas and newer built-in types, and older built-in types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Generation {
    /// Numbers may come as text and the reverse; keys match exactly.
    #[default]
    Lenient,
    /// A value must have its declared JSON type; keys match whatever their case; strings are written HTML-safe;
    /// times always in the layout of the data lake.
    Strict,
}

/// How a line of text becomes named values.
#[derive(Clone, Debug, PartialEq)]
pub enum TextParser {
    /// Separated values.
    Csv(Csv),
    /// Literal text with placeholders.
    FastMatch(FastMatch),
    /// Regular expressions with named groups and grok references.
    Regex(Regex),
    /// The built-in parser of this log type.
    Native(String),
    /// A Starlark function from the line to a dictionary.
    Script(Script),
}

/// What the text parsers have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextRules {
    /// A line that starts so is no event.
    pub skip_prefix: Option<String>,
    /// Values are trimmed.
    pub trim_space: bool,
    /// Values that mean nothing, such as `-`.
    pub empty_values: Vec<String>,
    /// Further values made of matched ones: name, template with `%{field}`; in the order of the file.
    pub expand_fields: Vec<(String, String)>,
}

/// `parser.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Csv {
    /// One character: comma, tab, blank, or what the file says.
    pub delimiter: char,
    /// The first line is a header.
    pub has_header: bool,
    /// Names of the columns; an empty name skips its column. Empty: the header names them.
    pub columns: Vec<String>,
    /// Common rules.
    pub rules: TextRules,
}

/// `parser.fastmatch`.
#[derive(Clone, Debug, PartialEq)]
pub struct FastMatch {
    /// Patterns, tried in order.
    pub patterns: Vec<String>,
    /// Common rules.
    pub rules: TextRules,
}

/// `parser.regex`.
#[derive(Clone, Debug, PartialEq)]
pub struct Regex {
    /// Parts, joined without a separator.
    pub parts: Vec<String>,
    /// Grok names of the file's own: name, expression; they win over built-in ones.
    pub definitions: Vec<(String, String)>,
    /// Common rules.
    pub rules: TextRules,
}

/// `parser.script`.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Starlark source with one function.
    pub function: String,
}

/// A named value of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name in the event.
    pub name: String,
    /// Must be present and not null.
    pub required: bool,
    /// What it is.
    pub description: String,
    /// What it holds.
    pub value: Value,
    /// What is done to the value before it is decoded, in this order.
    pub transforms: Vec<Transform>,
    /// Rules of built-in types; the public language has [`Validate`] instead.
    pub rules: Vec<Rule>,
    /// A plain value of an older type: zero, false, empty count as absent and are not written; an object held so is
    /// always written, `{}` if empty.
    pub plain: bool,
}

/// What a value holds, wherever it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Its type.
    pub kind: Kind,
    /// Search columns it feeds (strings, and arrays of strings by their element).
    pub indicators: Vec<Indicator>,
    /// Which texts are accepted.
    pub validate: Validate,
    /// The value may be a string that holds JSON.
    pub embedded: Embedded,
    /// Only a JSON string is accepted, or a number or boolean as well (`exact`, texts of built-in types); `None`: as the
    /// generation of the type has it.
    pub exact: Option<bool>,
}

/// `isEmbeddedJSON`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Embedded {
    /// The value stands as it is.
    #[default]
    No,
    /// A string is parsed as JSON; anything else stands as it is.
    Json,
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `string`
    String,
    /// `smallint`, `int`, `bigint`, and the widths of built-in types.
    Integer(Integer),
    /// `float`: 64 bits; 32 in built-in types only.
    Float {
        /// 32 or 64.
        bits: u8,
    },
    /// `boolean`
    Boolean {
        /// The value stands inside quotes, in the input and again in the output (one built-in type).
        quoted: bool,
    },
    /// `timestamp`
    Timestamp(Timestamp),
    /// `object`
    Object(Vec<Field>),
    /// `array`
    Array {
        /// What each element holds.
        element: Box<Value>,
        /// `required` and rules hold inside its elements, too: always in custom schemas, by `validateElements` in
        /// built-in ones.
        checked: bool,
    },
    /// `json`: any value, kept as it was written.
    Json,
    /// An object whose keys are data (built-in types only); written sorted by key.
    Map(Box<Value>),
}

/// A whole number's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integer {
    /// 8, 16, 32 or 64.
    pub bits: u8,
    /// Below zero as well.
    pub signed: bool,
    /// In a strict type: also accepted inside quotes.
    pub or_text: bool,
}

impl Integer {
    /// Is a number within the range?
    #[must_use]
    pub fn holds(self, number: i64) -> bool {
        self.range().contains(&number)
    }

    /// The range, as far as signed numbers of 64 bits reach.
    #[must_use]
    pub const fn range(self) -> RangeInclusive<i64> {
        let unused = 64 - self.bits as u32;
        let highest = i64::MAX >> unused;
        match (self.signed, unused) {
            (true, _) => !highest..=highest,
            (false, 0) => 0..=i64::MAX,
            (false, _) => 0..=i64::MAX >> (unused - 1),
        }
    }
}

/// A time.
#[derive(Clone, Debug, PartialEq)]
pub struct Timestamp {
    /// Formats, tried in order; never empty. The first also writes the plain encoding unless another one matched.
    pub formats: Vec<TimeFormat>,
    /// Gives `p_event_time`.
    pub event_time: bool,
    /// `isExpiration`, for lookup tables.
    pub expiration: bool,
}

/// How a time is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeFormat {
    /// RFC 3339.
    Rfc3339,
    /// Seconds since 1970, with a fraction.
    Unix,
    /// Milliseconds since 1970.
    UnixMillis,
    /// Microseconds since 1970.
    UnixMicros,
    /// Nanoseconds since 1970.
    UnixNanos,
    /// A number since 1970 whose unit its size tells.
    UnixAuto,
    /// RFC 3339 text, or a number of seconds or nanoseconds.
    Cloudflare,
    /// A strftime pattern.
    Strftime(String),
    /// A reference-time layout (`layout=`), as `2006-01-02 15:04:05`.
    Layout(String),
    /// `Mon Jan 2 15:04:05 2006 MST`, older built-in types.
    AnsiC,
    /// `2006-01-02T15:04:05.999999999Z0700`, older built-in types.
    Suricata,
    /// `2006-01-02 15:04:05 -0700`, older built-in types.
    Fluentd,
    /// `02 Jan 2006 15:04 MST`, older built-in types; also written so, always.
    Lacework,
    /// Float seconds by binary floating point, older built-in types.
    UnixFloat,
}

/// `validate:`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validate {
    /// Only these, if any are given.
    pub allow: Vec<String>,
    /// None of these.
    pub deny: Vec<String>,
    /// Must be an address.
    pub ip: Option<AddressFamily>,
    /// Must be a network.
    pub cidr: Option<AddressFamily>,
}

/// Which addresses pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFamily {
    /// `ipv4`
    V4,
    /// `ipv6`
    V6,
    /// `any`
    Any,
}

/// What is done to a value before it is decoded. Paths are dotted: `a.b.0.c`.
#[derive(Clone, Debug, PartialEq)]
pub enum Transform {
    /// Read this input key instead of the field's name.
    Rename {
        /// The key in the input.
        from: String,
    },
    /// Take the value at a path of the event.
    Copy {
        /// Where it stands.
        from: String,
    },
    /// Join texts.
    Concat {
        /// Where they stand.
        paths: Vec<String>,
        /// What stands between them.
        separator: String,
    },
    /// Take one piece of a text.
    Split {
        /// Where the text stands.
        from: String,
        /// What stands between its pieces.
        separator: String,
        /// Which piece, from 0.
        index: usize,
    },
    /// Hide it.
    Mask(Mask),
}

/// `mask:`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mask {
    /// This text stands instead.
    Redact {
        /// The text.
        to: String,
    },
    /// A salted hash stands instead: lower-case hexadecimal SHA-256 of salt and value.
    Obfuscate {
        /// The salt.
        salt: String,
    },
}

/// A rule for one field of a built-in type. Except for `Required` and after `OmitEmpty`, a rule fails an absent value.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Present; plain values also not zero.
    Required,
    /// Rules after this one pass an absent (or zero plain) value.
    OmitEmpty,
    /// One of these texts.
    OneOf(Vec<String>),
    /// None of these texts.
    NoneOf(Vec<String>),
    /// This many characters.
    Length(usize),
    /// At least: a number, or characters, or elements.
    Minimum(f64),
    /// At most: a number, or characters, or elements.
    Maximum(f64),
    /// A number in text.
    Numeric,
    /// ASCII letters and digits.
    Alphanumeric,
    /// A UUID.
    Uuid,
}
