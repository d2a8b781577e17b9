//! Values of a script as JSON text, bounded in size and depth: a value may hold itself many times over, or itself.

use std::fmt::Write as _;

use starlark::values::Value;
use starlark::values::dict::DictRef;
use starlark::values::float::UnpackFloat;
use starlark::values::list::ListRef;
use starlark::values::tuple::TupleRef;

use super::failure;

/// The longest text.
const SIZE: usize = 1 << 24;

/// The deepest nesting.
const NESTING: usize = 64;

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
