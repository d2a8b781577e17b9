//! A schema, compiled: what the decoder walks.
//!
//! Everything that does not depend on the event is done here, once: the written form of each key, the table from an
//! input key to its field, the codecs of times, the ranges of numbers.

use std::ops::RangeInclusive;

use super::columns::column_name;
use super::keys::Keys;
use super::native::rules::Rules;
use super::time::Codec;
use crate::schema::{
    Embedded, Field, Generation, Indicator, Integer, Kind, Mask, Rule, Schema, TimeFormat, Timestamp, Transform,
    Validate, Value,
};

/// How events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Names and times as the input has them; what tests compare with.
    #[default]
    Plain,
    /// Column names, and times in the layout of the data lake; what the processed-data bucket holds.
    DataLake,
}

/// A compiled schema.
#[derive(Debug)]
pub struct Layout {
    /// The name of the log type.
    pub log_type: String,
    /// How events are written.
    pub encoding: Encoding,
    /// Older built-in type: no coercions, times in the layout of the data lake, strings HTML-safe.
    pub strict: bool,
    /// Unknown top-level fields are written, too.
    pub discovery: bool,
    /// What stands before the row id in each event.
    pub envelope: Box<[u8]>,
    /// All objects of the schema; the event is the last.
    pub objects: Vec<Object>,
    /// For further input keys of the event's fields, the field of each; their numbers follow those of the fields.
    pub aliases: Vec<usize>,
}

/// One object of a schema.
#[derive(Debug)]
pub struct Object {
    /// Where it stands, as `userIdentity.sessionContext`; empty for the event itself.
    pub path: String,
    /// Its fields, in the order of the output.
    pub fields: Vec<Slot>,
    /// From input keys to fields.
    pub keys: Keys,
}

impl Object {
    fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// One field of an object.
#[derive(Debug)]
pub struct Slot {
    /// The field's name.
    pub name: String,
    /// The key in the input.
    pub input: String,
    /// The key as it is written.
    pub key: WrittenKey,
    /// Must be there.
    pub required: bool,
    /// Zero counts as absent.
    pub plain: bool,
    /// Rules of a built-in type.
    pub rules: Box<[Rule]>,
    /// Nothing is asked of a value but its type: no rules, no indicators, no accepted texts, no omission of zeros.
    pub simple: bool,
    /// Whole numbers that fulfil all that is asked; empty where that is not a matter of their size.
    pub sizes: RangeInclusive<i64>,
    /// Where the value comes from, when it is not the member of the field's name.
    pub transform: Option<Box<Transforms>>,
    /// A value that a schema cannot describe.
    pub special: Special,
    /// Another field reads the same input key: its index.
    pub shared_with: Option<usize>,
    /// How the value is decoded.
    pub value: ValuePlan,
}

impl Slot {
    /// Is there something to do although the object has no such member?
    #[must_use]
    #[inline]
    pub fn speaks_without_value(&self) -> bool {
        self.required
            || self.plain
            || self.transform.is_some()
            || self.special != Special::None
            || !self.rules.is_empty()
    }
}

/// Values of built-in types that a schema cannot describe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Special {
    /// It can.
    #[default]
    None,
    /// An integer that may be the name of an IP protocol.
    Protocol,
    /// The whole log, as it was written.
    WholeLine,
}

/// What happens to a value before it is decoded.
#[derive(Debug, Default)]
pub struct Transforms {
    /// Takes the value from elsewhere.
    pub source: Option<Origin>,
    /// Hides it.
    pub mask: Option<Mask>,
}

/// Where a value comes from.
#[derive(Debug)]
pub enum Origin {
    /// The value at a path.
    Copy(Path),
    /// Texts, joined.
    Concat(Vec<Path>, String),
    /// One piece of a text.
    Split(Path, String, usize),
}

/// A dotted path from the event: keys and array positions.
pub type Path = Box<[String]>;

/// How a value is decoded.
#[derive(Debug)]
pub struct ValuePlan {
    /// By its type.
    pub decode: Decode,
    /// Scanners.
    pub indicators: Box<[Indicator]>,
    /// Which texts are accepted; `None`: all.
    pub validate: Option<Box<Validate>>,
    /// The value may be a string that holds JSON.
    pub embedded: bool,
    /// The JSON type must be the declared one: a number is no text.
    pub exact: bool,
}

/// The decoders.
#[derive(Debug)]
pub enum Decode {
    /// Text.
    String,
    /// A whole number.
    Integer(Integer),
    /// A number; with single precision.
    Float(bool),
    /// A truth value; inside quotes.
    Boolean(bool),
    /// A time.
    Time(Box<Times>),
    /// An object: its index in the layout.
    Object(usize),
    /// An array: its elements, and whether they are validated.
    Array(Box<ValuePlan>, bool),
    /// Anything, as it was written.
    Json,
    /// An object whose keys are data.
    Map(Box<ValuePlan>),
}

/// A time's formats.
#[derive(Debug)]
pub struct Times {
    /// Tried in order.
    pub codecs: Vec<Codec>,
    /// Gives the event's time, unless a field with a lower number does, or one before it with the same.
    pub event_time: Option<u8>,
    /// Written in its own format in the data lake, too.
    pub own_format: bool,
}

/// A schema that cannot be compiled; the reader of schemas finds all of these first, with their places.
#[derive(Debug, thiserror::Error)]
#[error("`{field}`: {what}")]
pub struct Uncompilable {
    /// The path of the field.
    pub field: String,
    /// What is wrong with it.
    pub what: String,
}

impl Layout {
    /// Compiles a schema, with the rules of its log type.
    ///
    /// # Errors
    /// A time format cannot be used.
    pub fn new(schema: &Schema, rules: &Rules, encoding: Encoding) -> Result<Self, Uncompilable> {
        let strict = schema.generation == Generation::Strict;
        let mut objects = Vec::new();
        let ignore_case = strict || rules.fold_keys;
        Compiler { encoding, ignore_case, strict, objects: &mut objects }.object(&schema.fields, "")?;
        let log_type = schema.name.clone();
        let mut layout = Self {
            envelope: envelope(&log_type),
            log_type,
            encoding,
            strict,
            discovery: schema.field_discovery,
            objects,
            aliases: Vec::new(),
        };
        layout.apply(rules);
        Ok(layout)
    }

    /// What the schema of a built-in type cannot say.
    fn apply(&mut self, rules: &Rules) {
        let Some(event) = self.objects.last_mut() else { return };
        let fields = event.fields.len();
        for alias in rules.aliases {
            if let Some(field) = event.field(alias.field) {
                event.keys.insert(alias.key, fields + self.aliases.len());
                self.aliases.push(field);
            }
        }
        for (rank, name) in rules.event_time.iter().enumerate() {
            if let Some(field) = event.field(name)
                && let Decode::Time(times) = &mut event.fields[field].value.decode
            {
                times.event_time = Some(rank as u8);
            }
        }
        if let Some(field) = rules.protocol.and_then(|name| event.field(name)) {
            event.fields[field].special = Special::Protocol;
        }
        if let Some(field) = rules.whole_line.and_then(|name| event.field(name)) {
            event.fields[field].special = Special::WholeLine;
        }
    }

    /// The event itself.
    #[must_use]
    pub const fn root(&self) -> usize {
        self.objects.len() - 1
    }

    /// The path of a field, for people, in backticks; with the key in the input, if that is another.
    #[must_use]
    pub fn named(&self, object: usize, field: usize) -> String {
        let object = &self.objects[object];
        let Slot { name, input, .. } = &object.fields[field];
        let path = join(&object.path, name);
        if name == input { format!("`{path}`") } else { format!("`{path}` (read from `{input}`)") }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

struct Compiler<'a> {
    encoding: Encoding,
    ignore_case: bool,
    strict: bool,
    objects: &'a mut Vec<Object>,
}

impl Compiler<'_> {
    fn object(&mut self, fields: &[Field], path: &str) -> Result<usize, Uncompilable> {
        let mut slots = fields.iter().map(|field| self.slot(field, path)).collect::<Result<Vec<_>, _>>()?;
        let mut keys = Keys::new(self.ignore_case);
        for (index, field) in fields.iter().enumerate() {
            if slots[index].transform.as_ref().is_some_and(|transform| transform.source.is_some()) {
                continue;
            }
            slots[index].shared_with = keys.insert(input_key(field), index);
        }
        self.objects.push(Object { path: path.to_owned(), fields: slots, keys });
        Ok(self.objects.len() - 1)
    }

    fn slot(&mut self, field: &Field, path: &str) -> Result<Slot, Uncompilable> {
        let path = join(path, &field.name);
        let required = field.required || field.rules.contains(&Rule::Required);
        let rules: Box<[Rule]> = field.rules.iter().filter(|rule| **rule != Rule::Required).cloned().collect();
        let value = self.value(&field.value, &path)?;
        let sizes = if field.plain { NO_SIZES } else { sizes(&value.decode, &rules) };
        let unasked = rules.is_empty() && value.indicators.is_empty() && value.validate.is_none();
        Ok(Slot {
            name: field.name.clone(),
            input: input_key(field).to_owned(),
            key: WrittenKey::new(&written_key(&field.name, self.encoding)),
            required,
            plain: field.plain,
            rules,
            simple: unasked && !field.plain,
            sizes,
            transform: transforms(&field.transforms),
            special: Special::None,
            shared_with: None,
            value,
        })
    }

    fn value(&mut self, value: &Value, path: &str) -> Result<ValuePlan, Uncompilable> {
        let decode = match &value.kind {
            Kind::String => Decode::String,
            Kind::Integer(integer) => Decode::Integer(*integer),
            Kind::Float { bits } => Decode::Float(*bits == 32),
            Kind::Boolean { quoted } => Decode::Boolean(*quoted),
            Kind::Timestamp(timestamp) => Decode::Time(Box::new(times(timestamp, path)?)),
            Kind::Object(fields) => Decode::Object(self.object(fields, path)?),
            Kind::Array { element, checked } => {
                Decode::Array(Box::new(self.value(element, &format!("{path}[]"))?), *checked)
            }
            Kind::Json => Decode::Json,
            Kind::Map(element) => Decode::Map(Box::new(self.value(element, &format!("{path}{{}}"))?)),
        };
        // Indicators of an array of texts are found in its elements.
        let indicators = value.indicators.clone().into_boxed_slice();
        let decode = match decode {
            Decode::Array(mut element, checked) if element.indicators.is_empty() && !indicators.is_empty() => {
                element.indicators.clone_from(&indicators);
                Decode::Array(element, checked)
            }
            other => other,
        };
        let validate = (value.validate != Validate::default()).then(|| Box::new(value.validate.clone()));
        let exact = value.exact.unwrap_or(self.strict);
        Ok(ValuePlan { decode, indicators, validate, embedded: value.embedded == Embedded::Json, exact })
    }
}

/// The key in the input.
fn input_key(field: &Field) -> &str {
    let renamed = field.transforms.iter().find_map(|transform| match transform {
        Transform::Rename { from } => Some(from.as_str()),
        _ => None,
    });
    renamed.unwrap_or(&field.name)
}

/// Bytes of a key that are copied in one step.
const KEY_STEP: usize = 32;

/// A key with the comma before it and the colon after it.
///
/// Copies of unknown length cost more than the key is worth, so a short one is kept in a block of fixed length that is copied
/// whole, and the rest cut off again.
#[derive(Debug)]
pub struct WrittenKey {
    block: [u8; KEY_STEP],
    long: Option<Box<[u8]>>,
    length: usize,
}

impl WrittenKey {
    fn new(key: &[u8]) -> Self {
        let bytes: Vec<u8> = std::iter::once(b',').chain(key.iter().copied()).collect();
        let mut block = [0; KEY_STEP];
        let length = bytes.len();
        let long = if length > KEY_STEP {
            Some(bytes.into_boxed_slice())
        } else {
            block[..length].copy_from_slice(&bytes);
            None
        };
        Self { block, long, length }
    }

    /// Is it this key, without a comma?
    #[must_use]
    pub fn is(&self, key: &[u8]) -> bool {
        let written = self.long.as_deref().unwrap_or(&self.block[..self.length.min(KEY_STEP)]);
        written.get(1..) == Some(key)
    }

    /// Appends the key; the first of an object without its comma.
    #[inline]
    pub fn write(&self, out: &mut Vec<u8>) {
        match &self.long {
            None => {
                let end = out.len() + self.length;
                out.extend_from_slice(&self.block);
                out.truncate(end);
            }
            Some(bytes) => out.extend_from_slice(bytes),
        }
    }
}

/// `"name":` as the encoding has it.
pub(super) fn written_key(name: &str, encoding: Encoding) -> Box<[u8]> {
    let mut key = Vec::with_capacity(name.len() + 3);
    match encoding {
        Encoding::Plain => super::json::escape::write_string(&mut key, name),
        Encoding::DataLake => super::json::escape::write_string(&mut key, &column_name(name)),
    }
    key.push(b':');
    key.into_boxed_slice()
}

/// No whole number at all.
#[expect(clippy::reversed_empty_ranges, reason = "it is meant to be empty")]
const NO_SIZES: RangeInclusive<i64> = 1..=0;

/// The whole numbers that a type and its rules let through; none where a rule asks for something else than a size.
fn sizes(decode: &Decode, rules: &[Rule]) -> RangeInclusive<i64> {
    let Decode::Integer(whole) = decode else { return NO_SIZES };
    let of_type = whole.range();
    #[expect(clippy::cast_possible_truncation, reason = "a limit beyond 64 bits is none")]
    rules.iter().fold(of_type, |sizes, rule| match rule {
        Rule::OmitEmpty => sizes,
        Rule::Minimum(minimum) => *sizes.start().max(&(minimum.ceil() as i64))..=*sizes.end(),
        Rule::Maximum(maximum) => *sizes.start()..=*sizes.end().min(&(maximum.floor() as i64)),
        _ => NO_SIZES,
    })
}

fn envelope(log_type: &str) -> Box<[u8]> {
    let mut bytes = b",\"p_log_type\":".to_vec();
    super::json::escape::write_string(&mut bytes, log_type);
    bytes.extend_from_slice(b",\"p_row_id\":\"");
    bytes.into_boxed_slice()
}

fn transforms(list: &[Transform]) -> Option<Box<Transforms>> {
    let mut found = Transforms::default();
    for transform in list {
        match transform {
            Transform::Rename { .. } => {}
            Transform::Copy { from } => found.source = Some(Origin::Copy(path(from))),
            Transform::Concat { paths, separator } => {
                found.source = Some(Origin::Concat(paths.iter().map(|text| path(text)).collect(), separator.clone()));
            }
            Transform::Split { from, separator, index } => {
                found.source = Some(Origin::Split(path(from), separator.clone(), *index));
            }
            Transform::Mask(mask) => found.mask = Some(mask.clone()),
        }
    }
    (found.source.is_some() || found.mask.is_some()).then(|| Box::new(found))
}

fn path(text: &str) -> Path {
    text.split('.').map(str::to_owned).collect()
}

fn times(timestamp: &Timestamp, field: &str) -> Result<Times, Uncompilable> {
    let codec = |format| Codec::new(format).map_err(|what| Uncompilable { field: field.to_owned(), what });
    Ok(Times {
        codecs: timestamp.formats.iter().map(codec).collect::<Result<_, _>>()?,
        event_time: timestamp.event_time.then_some(u8::MAX),
        own_format: timestamp.formats.contains(&TimeFormat::Lacework),
    })
}
