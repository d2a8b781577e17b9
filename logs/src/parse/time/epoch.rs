//! Times as numbers since 1970.
//!
//! Text is read digit by digit and not by way of binary fractions, so that what a source wrote is what the table says;
//! the one exception is the format of an older built-in type whose tables hold the binary fraction.

use crate::parse::number::{self, write_signed, write_unsigned};

use super::rfc3339::read_fraction_digits;
use super::{Instant, Wrong};

const NOT_SECONDS: Wrong = Wrong("no number of seconds since 1970");
const NOT_WHOLE: Wrong = Wrong("no whole number since 1970");

/// Digits of a fraction of a second that the format of seconds keeps: microseconds.
pub(super) const MICROS_DIGITS: usize = 6;

/// Digits of a fraction of a second that an instant has.
pub(super) const NANOS_DIGITS: usize = 9;

/// From this on, a Cloudflare time counts nanoseconds: as seconds it would lie in the year 3871, as nanoseconds in the
/// first minute of 1970.
const CLOUDFLARE_NANOS: i64 = 60_000_000_000;

/// From this on, a number of unknown unit counts milliseconds: as seconds it would lie in the year 5138, as milliseconds
/// it lies in 1973. Each next unit begins a thousand times higher, in the same years.
const AUTO_MILLIS: u64 = 100_000_000_000;

/// From this on, a number of unknown unit counts microseconds.
const AUTO_MICROS: u64 = 1_000 * AUTO_MILLIS;

/// From this on, a number of unknown unit counts nanoseconds.
const AUTO_NANOS: u64 = 1_000 * AUTO_MICROS;

/// What a whole number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
}

impl Unit {
    const fn nanos(self) -> i64 {
        match self {
            Self::Seconds => 1_000_000_000,
            Self::Millis => 1_000_000,
            Self::Micros => 1_000,
            Self::Nanos => 1,
        }
    }

    const fn per_second(self) -> i64 {
        1_000_000_000 / self.nanos()
    }

    /// The instant after so many of them; without 128 bits, whose division is slow.
    fn instant(self, count: i64) -> Result<Instant, Wrong> {
        let (seconds, rest) = (count.div_euclid(self.per_second()), count.rem_euclid(self.per_second()));
        Instant::utc(seconds, (rest * self.nanos()) as u32).within_years()
    }

    /// The unit that the size of a number suggests.
    const fn by_size(magnitude: u64) -> Self {
        match magnitude {
            ..AUTO_MILLIS => Self::Seconds,
            AUTO_MILLIS..AUTO_MICROS => Self::Millis,
            AUTO_MICROS..AUTO_NANOS => Self::Micros,
            _ => Self::Nanos,
        }
    }
}

/// A decimal number: its sign, what stands before the point, and nine digits after it.
struct Decimal {
    negative: bool,
    whole: u64,
    fraction: u32,
}

impl Decimal {
    /// Reads a number without an exponent; everything else is `None`.
    fn plain(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            all => (false, all),
        };
        // Eighteen digits cannot overflow, and are far beyond the year 9999.
        let length = digits.iter().take(18).take_while(|byte| byte.is_ascii_digit()).count();
        let whole = digits[..length].iter().fold(0, |whole, digit| whole * 10 + u64::from(digit - b'0'));
        let fraction = match &digits[length..] {
            [] if length > 0 => 0,
            [b'.', rest @ ..] if length + rest.len() > 0 => match read_fraction_digits(rest) {
                (fraction, []) => fraction,
                _ => return None,
            },
            _ => return None,
        };
        Some(Self { negative, whole, fraction })
    }

    /// The instant after so many seconds.
    fn seconds(&self) -> Result<Instant, Wrong> {
        // Eighteen digits fit into 63 bits.
        let whole = self.whole.cast_signed();
        match (self.negative, self.fraction) {
            (false, fraction) => Instant::utc(whole, fraction),
            (true, 0) => Instant::utc(-whole, 0),
            (true, fraction) => Instant::utc(-whole - 1, 1_000_000_000 - fraction),
        }
        .within_years()
    }

    /// The instant after so many of a unit.
    fn instant(&self, unit: Unit) -> Result<Instant, Wrong> {
        let nanos = i128::from(unit.nanos());
        let scaled = i128::from(self.whole) * nanos + i128::from(self.fraction) * nanos / 1_000_000_000;
        Instant::from_nanos(if self.negative { -scaled } else { scaled })
    }
}

/// Seconds with a fraction, truncated toward zero to whole microseconds. Numbers with an exponent, and the odd forms of
/// numbers in text, go through binary floating point.
pub(super) fn read_seconds(text: &str) -> Result<Instant, Wrong> {
    match Decimal::plain(text) {
        Some(decimal) => Decimal { fraction: decimal.fraction / 1_000 * 1_000, ..decimal }.seconds(),
        None => Instant::from_nanos(whole_micros(read_odd(text)?) * 1_000),
    }
}

fn read_odd(text: &str) -> Result<f64, Wrong> {
    number::read_float(text).map_err(|_| NOT_SECONDS)
}

/// Beyond 128 bits the cast stays at their border, which is no time either.
#[expect(clippy::cast_possible_truncation, reason = "truncation toward zero is the rule of the format")]
fn whole_micros(seconds: f64) -> i128 {
    ((seconds * 1e6) as i128).clamp(-i128::from(u64::MAX), i128::from(u64::MAX))
}

/// A whole number of a unit.
pub(super) fn read_whole(text: &str, unit: Unit) -> Result<Instant, Wrong> {
    let count = number::read_signed(text, 64).map_err(|_| NOT_WHOLE)?;
    unit.instant(count)
}

/// A whole number of seconds, or of nanoseconds from sixty thousand million on.
pub(super) fn read_cloudflare(text: &str) -> Result<Instant, Wrong> {
    let count = number::read_signed(text, 64).map_err(|_| NOT_WHOLE)?;
    let unit = if count < CLOUDFLARE_NANOS { Unit::Seconds } else { Unit::Nanos };
    unit.instant(count)
}

/// A number whose size tells its unit; a fraction is one of that unit.
pub(super) fn read_auto(text: &str) -> Result<Instant, Wrong> {
    if let Some(decimal) = Decimal::plain(text) {
        return decimal.instant(Unit::by_size(decimal.whole));
    }
    if let Ok(count) = number::read_signed(text, 64) {
        return Unit::by_size(count.unsigned_abs()).instant(count);
    }
    let odd = read_odd(text)?;
    // A number too large for 64 bits becomes the largest of them, which is one of nanoseconds as well.
    let unit = Unit::by_size(odd.abs() as u64);
    Instant::from_nanos((odd * unit.nanos() as f64) as i128)
}

/// Seconds by way of binary floating point, the fraction cut at nanoseconds without rounding: `…00.580204` becomes
/// `…00.580204010`.
pub(super) fn read_binary_float(text: &str) -> Result<Instant, Wrong> {
    let seconds = read_odd(text)?;
    #[expect(clippy::cast_possible_truncation, reason = "truncation toward zero is the rule of the format")]
    let (whole, fraction) = (seconds.trunc() as i64, (seconds.fract() * 1e9) as i64);
    Instant::from_nanos(i128::from(whole) * 1_000_000_000 + i128::from(fraction))
}

/// Appends seconds as a number with up to `digits` digits of fraction, without zeros at the end.
pub(super) fn write_seconds(at: &Instant, digits: usize, out: &mut Vec<u8>) {
    let (mut seconds, mut nanos) = (at.seconds.unsigned_abs(), at.nanos);
    if at.seconds < 0 {
        out.push(b'-');
        // The fraction counts forward from the second before.
        seconds -= u64::from(nanos > 0);
        nanos = if nanos > 0 { 1_000_000_000 - nanos } else { 0 };
    }
    write_unsigned(seconds, out);
    super::write::write_fraction(nanos, b'.', digits, true, out);
}

/// Appends a whole number of a unit.
pub(super) fn write_whole(at: &Instant, unit: Unit, out: &mut Vec<u8>) {
    // Only nanoseconds of years beyond 1677 and 2262 exceed 64 bits; they are never read, and written as the last that fit. The
    // second in which the first of them lie begins before.
    let count = i128::from(at.seconds) * i128::from(unit.per_second()) + i128::from(i64::from(at.nanos) / unit.nanos());
    write_signed(i64::try_from(count).unwrap_or(if count < 0 { i64::MIN } else { i64::MAX }), out);
}
