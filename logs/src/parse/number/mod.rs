//! Numbers as text: which texts are numbers, and how a number is written.
//!
//! Log sources write numbers with and without quotes, and an event must say them the same way whoever decoded it: whole
//! numbers exactly, others in the fewest digits that read back as the same number. Both directions run for each numeric
//! field of each event, so nothing here allocates except for the rare texts with underscores.

mod hexadecimal;
mod shortest;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

pub use shortest::{write_float, write_float32};

/// Why a text is not the number that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotANumber {
    /// It is no number of this kind.
    Syntax,
    /// It is one, but too large or too small for the type.
    Range,
    /// Infinity, or "not a number": JSON cannot say them.
    NotFinite,
}

impl fmt::Display for NotANumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Syntax => "not a number of this kind",
            Self::Range => "beyond the range of its type",
            Self::NotFinite => "infinite or not a number, which JSON cannot say",
        })
    }
}

impl std::error::Error for NotANumber {}

/// Reads a whole number: an optional sign and decimal digits, nothing else.
///
/// `bits` is 8, 16, 32 or 64.
///
/// # Errors
/// [`NotANumber::Syntax`] for a fraction, an exponent, blanks, other bases; [`NotANumber::Range`] beyond `bits`.
pub fn read_signed(text: &str, bits: u8) -> Result<i64, NotANumber> {
    let (negative, digits) = split_sign(text.as_bytes());
    let magnitude = read_digits(digits)?;
    let limit = 1_u64 << (bits - 1);
    match negative {
        false if magnitude < limit => Ok(magnitude.cast_signed()),
        true if magnitude <= limit => Ok(0_i64.wrapping_sub_unsigned(magnitude)),
        _ => Err(NotANumber::Range),
    }
}

/// Reads a whole number that is not below zero: an optional plus sign and decimal digits, nothing else.
///
/// `bits` is 8, 16, 32 or 64.
///
/// # Errors
/// [`NotANumber::Syntax`] for anything else; [`NotANumber::Range`] below zero or beyond `bits`.
pub fn read_unsigned(text: &str, bits: u8) -> Result<u64, NotANumber> {
    let (negative, digits) = split_sign(text.as_bytes());
    let magnitude = read_digits(digits)?;
    if negative || magnitude > u64::MAX >> (64 - bits) {
        return Err(NotANumber::Range);
    }
    Ok(magnitude)
}

fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// As many digits as never overflow.
const SAFE_DIGITS: usize = 19;

fn read_digits(digits: &[u8]) -> Result<u64, NotANumber> {
    if digits.is_empty() {
        return Err(NotANumber::Syntax);
    }
    let mut value = 0_u64;
    let mut overflow = false;
    for (index, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(NotANumber::Syntax);
        }
        if index < SAFE_DIGITS {
            value = value * 10 + u64::from(digit);
        } else {
            let next = value.checked_mul(10).and_then(|tenfold| tenfold.checked_add(u64::from(digit)));
            overflow |= next.is_none();
            value = next.unwrap_or(value);
        }
    }
    if overflow { Err(NotANumber::Range) } else { Ok(value) }
}

/// Reads a number: decimal with optional fraction and exponent, or hexadecimal with a binary exponent (`0x1p-2`); single
/// underscores may stand between digits.
///
/// # Errors
/// [`NotANumber::NotFinite`] for the words for infinity and "not a number", [`NotANumber::Range`] where the nearest
/// number would be infinite.
pub fn read_float(text: &str) -> Result<f64, NotANumber> {
    read_floating(text, |plain| plain.parse::<f64>().ok(), f64::is_finite, |wide| wide)
}

/// [`read_float`] with 32 bits of precision.
///
/// # Errors
/// As [`read_float`].
pub fn read_float32(text: &str) -> Result<f32, NotANumber> {
    #[expect(clippy::cast_possible_truncation, reason = "rounding to 32 bits is what is asked for")]
    read_floating(text, |plain| plain.parse::<f32>().ok(), f32::is_finite, |wide| wide as f32)
}

fn read_floating<F: Copy>(
    text: &str,
    parse: impl Fn(&str) -> Option<F>,
    is_finite: impl Fn(F) -> bool,
    narrow: impl Fn(f64) -> F,
) -> Result<F, NotANumber> {
    let (negative, magnitude) = split_sign(text.as_bytes());
    if !magnitude.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return Err(if is_word_without_number(magnitude) { NotANumber::NotFinite } else { NotANumber::Syntax });
    }
    let plain = without_underscores(text)?;
    let value = if let [b'0', b'x' | b'X', digits @ ..] = split_sign(plain.as_bytes()).1 {
        let wide = hexadecimal::read(digits)?;
        narrow(if negative { -wide } else { wide })
    } else {
        parse(&plain).ok_or(NotANumber::Syntax)?
    };
    if is_finite(value) { Ok(value) } else { Err(NotANumber::Range) }
}

fn is_word_without_number(text: &[u8]) -> bool {
    ["inf", "infinity", "nan"].iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

/// Takes out underscores, each of which must stand between two digits (or after `0x`).
fn without_underscores(text: &str) -> Result<Cow<'_, str>, NotANumber> {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'_') {
        return Ok(Cow::Borrowed(text));
    }
    let hexadecimal = matches!(split_sign(bytes).1, [b'0', b'x' | b'X', ..]);
    let is_digit = |byte: &u8| byte.is_ascii_digit() || hexadecimal && (byte.is_ascii_hexdigit() || *byte | 32 == b'x');
    let between_digits = |at: usize| {
        at > 0 && is_digit(&bytes[at - 1]) && bytes.get(at + 1).is_some_and(|next| is_digit(next) && *next | 32 != b'x')
    };
    if bytes.iter().enumerate().any(|(at, byte)| *byte == b'_' && !between_digits(at)) {
        return Err(NotANumber::Syntax);
    }
    Ok(Cow::Owned(text.replace('_', "")))
}

/// Appends a whole number.
pub fn write_signed(number: i64, out: &mut Vec<u8>) {
    if number < 0 {
        out.push(b'-');
    }
    write_unsigned(number.unsigned_abs(), out);
}

/// Appends a whole number that is not below zero.
pub fn write_unsigned(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = number;
    while rest >= 100 {
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    if rest >= 10 {
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[rest as usize]);
    } else {
        at -= 1;
        digits[at] = b'0' + rest as u8;
    }
    out.extend_from_slice(&digits[at..]);
}

/// `00` to `99`: two digits by one look-up.
pub(crate) const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0_u8; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};
