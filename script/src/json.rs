//! Values of a script as JSON text, and the reverse. What is written is bounded in size and depth: a value may hold itself many
//! times over, or itself. What is read keeps its whole numbers to the last digit; the interpreter's own reader does not, and
//! panics on numbers beyond its range.

use std::fmt::Write as _;

use num_bigint::BigInt;
use serde_json::{Number, Value as Json};
use starlark::values::dict::{AllocDict, DictRef};
use starlark::values::float::UnpackFloat;
use starlark::values::list::{AllocList, ListRef};
use starlark::values::tuple::TupleRef;
use starlark::values::{Heap, Value};

use super::failure;

/// The longest text.
const SIZE: usize = 1 << 24;

/// The deepest nesting.
const NESTING: usize = 64;

/// Digits of the longest whole number that is read: those of the largest number that a fraction can have. The time that reading
/// takes grows with their square.
const DIGITS: usize = 309;

/// The value of a JSON text.
pub(super) fn read<'v>(text: &str, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
    let value = serde_json::from_str(text).map_err(|error| failure(format!("json.decode: {error}")))?;
    made(value, heap)
}

fn made<'v>(value: Json, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
    Ok(match value {
        Json::Null => Value::new_none(),
        Json::Bool(truth) => Value::new_bool(truth),
        Json::Number(number) => number_of(&number, heap)?,
        Json::String(text) => heap.alloc(text),
        Json::Array(elements) => {
            let elements: Vec<_> = elements.into_iter().map(|value| made(value, heap)).collect::<Result<_, _>>()?;
            heap.alloc(AllocList(elements))
        }
        Json::Object(members) => {
            let member = |(key, value)| made(value, heap).map(|value| (key, value));
            let members: Vec<(String, Value<'v>)> = members.into_iter().map(member).collect::<Result<_, _>>()?;
            heap.alloc(AllocDict(members))
        }
    })
}

fn number_of<'v>(number: &Number, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
    let text = number.to_string();
    if text.contains(['.', 'e', 'E']) {
        let finite = text.parse().ok().filter(|number: &f64| number.is_finite());
        return finite.map(|number| heap.alloc(number)).ok_or_else(|| beyond(&text));
    }
    match text.parse::<i64>() {
        Ok(number) => Ok(heap.alloc(number)),
        Err(_) if text.len() > DIGITS => Err(beyond(&text)),
        Err(_) => text.parse::<BigInt>().map(|number| heap.alloc(number)).map_err(|_| beyond(&text)),
    }
}

fn beyond(number: &str) -> starlark::Error {
    let shown: String = number.chars().take(20).collect();
    failure(format!("json.decode: the number `{shown}` is beyond the range of numbers"))
}

/// Writes the result of a script, which must be a dictionary that is not empty.
pub(super) fn write_event(value: Value<'_>, out: &mut String) -> starlark::Result<()> {
    let dictionary = DictRef::from_value(value).ok_or_else(|| {
        failure(format!("the function must return a dictionary, but returned `{}`", value.get_type()))
    })?;
    if dictionary.iter().next().is_none() {
        return Err(failure("the function returned an empty dictionary".to_owned()));
    }
    write(value, out)
}

/// Appends a value as JSON.
pub(super) fn write(value: Value<'_>, out: &mut String) -> starlark::Result<()> {
    let mut writer = Writer { limit: out.len() + SIZE, out };
    writer.value(value, 0)
}

struct Writer<'o> {
    out: &'o mut String,
    limit: usize,
}

impl Writer<'_> {
    fn value(&mut self, value: Value<'_>, depth: usize) -> starlark::Result<()> {
        if depth > NESTING {
            return Err(failure(format!("a value is nested more than {NESTING} deep")));
        }
        if let Some(text) = value.unpack_str() {
            self.text(text)
        } else if let Some(truth) = value.unpack_bool() {
            self.raw(if truth { "true" } else { "false" })
        } else if value.is_none() {
            self.raw("null")
        } else if value.get_type() == "int" {
            let digits = value.to_str();
            self.raw(&digits)
        } else if let Some(list) = ListRef::from_value(value) {
            self.elements(list.iter(), depth)
        } else if let Some(tuple) = TupleRef::from_value(value) {
            self.elements(tuple.iter(), depth)
        } else if let Some(dictionary) = DictRef::from_value(value) {
            self.members(&dictionary, depth)
        } else {
            self.float(value)
        }
    }

    fn elements<'v>(&mut self, elements: impl Iterator<Item = Value<'v>>, depth: usize) -> starlark::Result<()> {
        self.raw("[")?;
        for (index, element) in elements.enumerate() {
            if index > 0 {
                self.raw(",")?;
            }
            self.value(element, depth + 1)?;
        }
        self.raw("]")
    }

    fn members(&mut self, dictionary: &DictRef<'_>, depth: usize) -> starlark::Result<()> {
        self.raw("{")?;
        for (index, (key, value)) in dictionary.iter().enumerate() {
            if index > 0 {
                self.raw(",")?;
            }
            let key = key.unpack_str().ok_or_else(|| {
                failure(format!("the keys of a dictionary must be strings, but one is `{}`", key.get_type()))
            })?;
            self.text(key)?;
            self.raw(":")?;
            self.value(value, depth + 1)?;
        }
        self.raw("}")
    }

    fn float(&mut self, value: Value<'_>) -> starlark::Result<()> {
        use starlark::values::UnpackValue as _;
        match UnpackFloat::unpack_value(value)? {
            Some(UnpackFloat(number)) if number.is_finite() => {
                let text = number.to_string();
                self.raw(&text)
            }
            Some(_) => Err(failure("infinite numbers and NaN cannot be written".to_owned())),
            None => Err(failure(format!("a value of type `{}` cannot be written as JSON", value.get_type()))),
        }
    }

    fn text(&mut self, text: &str) -> starlark::Result<()> {
        self.raw("\"")?;
        for character in text.chars() {
            match character {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                control if control < ' ' => {
                    // Writing to a string cannot fail.
                    let _ = write!(self.out, "\\u{:04x}", u32::from(control));
                }
                plain => self.out.push(plain),
            }
        }
        self.raw("\"")
    }

    fn raw(&mut self, text: &str) -> starlark::Result<()> {
        self.out.push_str(text);
        if self.out.len() > self.limit {
            return Err(failure(format!("a value takes more than {SIZE} bytes as JSON")));
        }
        Ok(())
    }
}
