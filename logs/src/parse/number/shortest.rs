//! Floating-point numbers in the fewest digits that read back as the same number.
//!
//! Plain notation from 1e-6 up to, but not with, 1e21; else an exponent with a sign where it is negative or positive and
//! at least two digits (`1e+21`, `1e-07`): the form in which Panther's tables hold them.

use super::write_unsigned;

/// Below this, a number is written with an exponent.
const SMALLEST_PLAIN: f64 = 1e-6;

/// From this on, a number is written with an exponent.
const LARGEST_PLAIN: f64 = 1e21;

/// Whole numbers below this are exact in 64 bits, and their digits are those of the integer.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// The most significant digits that a number of 64 bits needs.
const MOST_DIGITS: usize = 17;

/// Appends a finite number; anything else, which no decoder lets through, as `null`.
pub fn write_float(number: f64, out: &mut Vec<u8>) {
    if !number.is_finite() {
        out.extend_from_slice(b"null");
    } else if number.abs() < EXACT_INTEGERS && number.trunc() == number {
        write_whole(number, out);
    } else {
        let plain = (SMALLEST_PLAIN..LARGEST_PLAIN).contains(&number.abs());
        write_reshaped(zmij::Buffer::new().format_finite(number), plain, out);
    }
}

/// [`write_float`] for a number of 32 bits: as many digits as 32 bits need.
pub fn write_float32(number: f32, out: &mut Vec<u8>) {
    if !number.is_finite() {
        out.extend_from_slice(b"null");
    } else if number == 0.0 {
        write_whole(f64::from(number), out);
    } else {
        #[expect(clippy::cast_possible_truncation, reason = "the borders, too, are compared in 32 bits")]
        let plain = (SMALLEST_PLAIN as f32..LARGEST_PLAIN as f32).contains(&number.abs());
        write_reshaped(zmij::Buffer::new().format_finite(number), plain, out);
    }
}

fn write_whole(number: f64, out: &mut Vec<u8>) {
    if number.is_sign_negative() {
        out.push(b'-');
    }
    write_unsigned(number.abs() as u64, out);
}

/// The significant digits of a number without zeros at either end, and where its decimal point stands: after so many of
/// them.
struct Digits {
    digits: [u8; MOST_DIGITS],
    length: usize,
    point: i32,
}

/// Writes the shortest digits, found in any notation, in ours.
fn write_reshaped(text: &str, plain: bool, out: &mut Vec<u8>) {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if unsigned.len() < text.len() {
        out.push(b'-');
    }
    let number = Digits::of(unsigned.as_bytes());
    if plain { number.write_plain(out) } else { number.write_with_exponent(out) }
}

impl Digits {
    fn of(text: &[u8]) -> Self {
        let (mantissa, exponent) = match text.iter().position(|byte| *byte == b'e') {
            Some(at) => (&text[..at], read_exponent(&text[at + 1..])),
            None => (text, 0),
        };
        let mut number = Self { digits: [b'0'; MOST_DIGITS], length: 0, point: exponent };
        let mut after_point = false;
        for byte in mantissa {
            match byte {
                b'.' => after_point = true,
                b'0' if number.length == 0 => number.point -= i32::from(after_point),
                digit => {
                    number.push(*digit);
                    number.point += i32::from(!after_point);
                }
            }
        }
        while number.length > 1 && number.digits[number.length - 1] == b'0' {
            number.length -= 1;
        }
        number
    }

    /// Digits beyond the most that a number needs are zeros that hold a place.
    fn push(&mut self, digit: u8) {
        if self.length < MOST_DIGITS {
            self.digits[self.length] = digit;
            self.length += 1;
        }
    }

    fn write_plain(&self, out: &mut Vec<u8>) {
        let digits = &self.digits[..self.length];
        let Ok(whole) = usize::try_from(self.point) else {
            out.extend_from_slice(b"0.");
            out.resize(out.len() + self.point.unsigned_abs() as usize, b'0');
            return out.extend_from_slice(digits);
        };
        if whole == 0 {
            out.extend_from_slice(b"0.");
            out.extend_from_slice(digits);
        } else if whole >= self.length {
            out.extend_from_slice(digits);
            out.resize(out.len() + whole - self.length, b'0');
        } else {
            out.extend_from_slice(&digits[..whole]);
            out.push(b'.');
            out.extend_from_slice(&digits[whole..]);
        }
    }

    fn write_with_exponent(&self, out: &mut Vec<u8>) {
        out.push(self.digits[0]);
        if self.length > 1 {
            out.push(b'.');
            out.extend_from_slice(&self.digits[1..self.length]);
        }
        let exponent = self.point - 1;
        out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
        if exponent.unsigned_abs() < 10 {
            out.push(b'0');
        }
        write_unsigned(u64::from(exponent.unsigned_abs()), out);
    }
}

fn read_exponent(text: &[u8]) -> i32 {
    let (negative, digits) = super::split_sign(text);
    let magnitude = digits.iter().fold(0, |sum, byte| sum * 10 + i32::from(byte - b'0'));
    if negative { -magnitude } else { magnitude }
}
