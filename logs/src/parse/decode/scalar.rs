//! Texts, numbers, truth values, times.
//!
//! Custom schemas and newer built-in types take a number for a text and the reverse; older ones insist on the type.

use super::{Found, Scope, Work, kind_of};
use crate::parse::event::Draft;
use crate::parse::json::NodeKind;
use crate::parse::json::escape::unescaped;
use crate::parse::layout::{Decode, Encoding, Layout, Times, ValuePlan};
use crate::parse::number::{
    NotANumber, read_float, read_float32, read_signed, read_unsigned, write_float, write_float32, write_signed,
    write_unsigned,
};
use crate::parse::rejection::{Reason, shown};
use crate::parse::time::{Codec, Input};
use crate::schema::Integer;

/// The words for true.
const TRUE: [&str; 6] = ["1", "t", "T", "TRUE", "true", "True"];

/// The words for false.
const FALSE: [&str; 6] = ["0", "f", "F", "FALSE", "false", "False"];

/// A scalar of either kind of input: a JSON value, or a text that a text parser cut out.
#[derive(Clone, Copy)]
pub(super) struct Scalar<'a> {
    /// Its text, without escapes.
    pub text: &'a str,
    /// How it stood in JSON; texts of text parsers are strings.
    pub kind: NodeKind,
    /// It can be written between quotes as it is.
    pub verbatim: bool,
}

impl Work {
    /// A scalar of a JSON log.
    pub(super) fn scalar(
        &mut self,
        layout: &Layout,
        plan: &ValuePlan,
        plain: bool,
        scope: Scope<'_>,
        index: u32,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Reason> {
        let node = scope.document.node(index);
        if matches!(node.kind, NodeKind::Object | NodeKind::Array) {
            return Err(Reason::Type(wanted(&plan.decode), kind_of(scope, index)));
        }
        let body = scope.document.body(node);
        if plan.exact && !fits_exactly(&plan.decode, node.kind, body) {
            return Err(Reason::Type(wanted(&plan.decode), kind_of(scope, index)));
        }
        if node.kind == NodeKind::Escaped {
            let text = unescaped(body);
            let scalar = Scalar { text: &text, kind: NodeKind::Escaped, verbatim: false };
            return self.write_scalar(layout, plan, plain, scalar, draft);
        }
        let verbatim = !layout.strict;
        self.write_scalar(layout, plan, plain, Scalar { text: body, kind: node.kind, verbatim }, draft)
    }

    /// Checks, scans and writes a scalar.
    pub(super) fn write_scalar(
        &mut self,
        layout: &Layout,
        plan: &ValuePlan,
        plain: bool,
        scalar: Scalar<'_>,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Reason> {
        match &plan.decode {
            Decode::String => self.string(layout, plan, plain, scalar, draft),
            Decode::Integer(whole) => integer(scalar, *whole, plain, draft),
            Decode::Float(single) => float(scalar, *single, plain, draft),
            Decode::Boolean(quoted) => boolean(scalar, *quoted, plain, draft),
            Decode::Time(times) => time(layout, times, scalar, draft),
            Decode::Json => {
                self.write_text(layout.strict, scalar.text, draft);
                Ok(Found::Written)
            }
            Decode::Object(_) | Decode::Array(..) | Decode::Map(_) => {
                Err(Reason::Type(wanted(&plan.decode), shown(scalar.text)))
            }
        }
    }

    fn string(
        &mut self,
        layout: &Layout,
        plan: &ValuePlan,
        plain: bool,
        scalar: Scalar<'_>,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Reason> {
        let text = scalar.text;
        if plain && text.is_empty() {
            return Ok(Found::Omitted);
        }
        if let Some(validate) = &plan.validate {
            super::rules::validate(validate, text)?;
        }
        for indicator in &plan.indicators {
            draft.indicators.scan(*indicator, text);
        }
        if scalar.verbatim {
            draft.out.push(b'"');
            draft.out.extend_from_slice(text.as_bytes());
            draft.out.push(b'"');
        } else {
            self.write_text(layout.strict, text, draft);
        }
        Ok(Found::Written)
    }
}

const fn is_text(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Plain | NodeKind::Escaped)
}

/// What a value should be, for an error.
const fn wanted(decode: &Decode) -> &'static str {
    match decode {
        Decode::String => "text",
        Decode::Integer(..) => "a whole number",
        Decode::Float(_) => "a number",
        Decode::Boolean(_) => "true or false",
        Decode::Time(_) => "a time",
        Decode::Object(_) | Decode::Map(_) => "an object",
        Decode::Array(..) => "an array",
        Decode::Json => "JSON",
    }
}

/// Does a JSON value stand for a declared type where nothing is coerced? Then an empty text is no number either.
fn fits_exactly(decode: &Decode, kind: NodeKind, body: &str) -> bool {
    match decode {
        Decode::String => is_text(kind),
        Decode::Boolean(true) => is_text(kind) && matches!(body, "true" | "false"),
        Decode::Integer(whole) => {
            matches!(kind, NodeKind::Integer) || whole.or_text && is_text(kind) && !body.is_empty()
        }
        Decode::Float(_) => matches!(kind, NodeKind::Integer | NodeKind::Real),
        Decode::Boolean(false) => matches!(kind, NodeKind::True | NodeKind::False),
        Decode::Time(times) => !is_text(kind) || !times.codecs.iter().all(Codec::counts),
        Decode::Json | Decode::Object(_) | Decode::Array(..) | Decode::Map(_) => true,
    }
}

fn integer(scalar: Scalar<'_>, integer: Integer, plain: bool, draft: &mut Draft<'_>) -> Result<Found, Reason> {
    if scalar.text.is_empty() {
        return Ok(Found::Absent);
    }
    if matches!(scalar.kind, NodeKind::True | NodeKind::False | NodeKind::Real) {
        return Err(Reason::Type("a whole number", shown(scalar.text)));
    }
    let wrong = |wrong| match wrong {
        NotANumber::Range => Reason::Value(range_of(integer), shown(scalar.text)),
        _ => Reason::Type("a whole number", shown(scalar.text)),
    };
    if integer.signed {
        let number = read_signed(scalar.text, integer.bits).map_err(wrong)?;
        if plain && number == 0 {
            return Ok(Found::Omitted);
        }
        write_signed(number, draft.out);
    } else {
        let number = read_unsigned(scalar.text, integer.bits).map_err(wrong)?;
        if plain && number == 0 {
            return Ok(Found::Omitted);
        }
        write_unsigned(number, draft.out);
    }
    Ok(Found::Written)
}

/// The numbers of a type, for an error.
pub(super) const fn range_of(integer: Integer) -> &'static str {
    match (integer.signed, integer.bits) {
        (true, 8) => "a whole number from -128 to 127",
        (true, 16) => "a whole number from -32768 to 32767, as `smallint` has them (`int` and `bigint` reach further)",
        (true, 32) => "a whole number from -2147483648 to 2147483647, as `int` has them (`bigint` reaches further)",
        (true, _) => "a whole number of 64 bits, as `bigint` has them (`string` and `json` keep any number)",
        (false, 8) => "a whole number from 0 to 255",
        (false, 16) => "a whole number from 0 to 65535",
        (false, 32) => "a whole number from 0 to 4294967295",
        (false, _) => "a whole number of 64 bits without a sign",
    }
}

fn float(scalar: Scalar<'_>, single: bool, plain: bool, draft: &mut Draft<'_>) -> Result<Found, Reason> {
    if scalar.text.is_empty() {
        return Ok(Found::Absent);
    }
    if matches!(scalar.kind, NodeKind::True | NodeKind::False) {
        return Err(Reason::Type("a number", shown(scalar.text)));
    }
    let wrong = |wrong| match wrong {
        NotANumber::Range => Reason::Value("a number that its type can hold", shown(scalar.text)),
        _ => Reason::Type("a finite number", shown(scalar.text)),
    };
    if single {
        let number = read_float32(scalar.text).map_err(wrong)?;
        if plain && number == 0.0 {
            return Ok(Found::Omitted);
        }
        write_float32(number, draft.out);
    } else {
        let number = read_float(scalar.text).map_err(wrong)?;
        if plain && number == 0.0 {
            return Ok(Found::Omitted);
        }
        write_float(number, draft.out);
    }
    Ok(Found::Written)
}

fn boolean(scalar: Scalar<'_>, quoted: bool, plain: bool, draft: &mut Draft<'_>) -> Result<Found, Reason> {
    let value = match scalar.kind {
        NodeKind::True => true,
        NodeKind::False => false,
        _ if scalar.text.is_empty() => return Ok(Found::Absent),
        _ if TRUE.contains(&scalar.text) => true,
        _ if FALSE.contains(&scalar.text) => false,
        _ => return Err(Reason::Type("true or false", shown(scalar.text))),
    };
    if plain && !value {
        return Ok(Found::Omitted);
    }
    let word: &[u8] = match (value, quoted) {
        (true, false) => b"true",
        (false, false) => b"false",
        (true, true) => b"\"true\"",
        (false, true) => b"\"false\"",
    };
    draft.out.extend_from_slice(word);
    Ok(Found::Written)
}

fn time(layout: &Layout, times: &Times, scalar: Scalar<'_>, draft: &mut Draft<'_>) -> Result<Found, Reason> {
    let input = match scalar.kind {
        NodeKind::True | NodeKind::False => return Err(Reason::Type("a time", shown(scalar.text))),
        NodeKind::Integer | NodeKind::Real => Input::Number(scalar.text),
        _ => Input::Text(scalar.text),
    };
    for codec in &times.codecs {
        match codec.read(input) {
            Ok(None) => return Ok(Found::Absent),
            Ok(Some(instant)) => {
                let start = draft.out.len();
                let table = layout.strict || layout.encoding == Encoding::DataLake;
                if table {
                    codec.write_for_table(&instant, draft.out);
                } else {
                    codec.write(&instant, draft.out);
                }
                let as_envelope = (table && !times.own_format).then_some(start);
                draft.learn_time(times.event_time, instant, as_envelope);
                return Ok(Found::Written);
            }
            Err(_) => {}
        }
    }
    let wrong = |codec: &Codec| Some(codec.explain(input, codec.read(input).err()?));
    let why: Vec<String> = times.codecs.iter().filter_map(wrong).collect();
    Err(Reason::Rule(format!("no time of its format {}", why.join("; nor of ")).into(), shown(scalar.text)))
}
