//! Writes times by a pattern, as JSON strings.

use crate::parse::number::write_unsigned;

use super::Instant;
use super::civil::Civil;
use super::pattern::{Half, MONTHS, Number, Of, Offset, Pattern, Piece, WEEKDAYS};
use super::write::write_fraction;
use super::zone;

impl Pattern {
    /// Appends a time by the clock of the input, with its quotes.
    pub(super) fn write(&self, at: &Instant, out: &mut Vec<u8>) {
        let (civil, offset_seconds) = Civil::local(at);
        out.push(b'"');
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) | Piece::Spaced(literal) => write_literal(literal, out),
                Piece::Gap(white) => write_literal(white.encode_utf8(&mut [0; 4]), out),
                Piece::Number(number) => write_number(number, at, &civil, out),
                Piece::Month(length) => {
                    let name = MONTHS[civil.month as usize - 1];
                    out.extend_from_slice(length.of(name).as_bytes());
                }
                Piece::Weekday(length) => {
                    let name = WEEKDAYS[civil.weekday() as usize];
                    out.extend_from_slice(length.of(name).as_bytes());
                }
                Piece::HalfDay(half) => out.extend_from_slice(half_of_day(*half, civil.hour)),
                Piece::Fraction(fraction) => match fraction.point {
                    Some(point) => write_fraction(at.nanos, point, fraction.width, fraction.cut, out),
                    None => write_digits(u64::from(at.nanos), 9, Some(fraction.width), b'0', out),
                },
                Piece::SilentFraction => {}
                Piece::Offset(offset) => write_offset(offset, offset_seconds, out),
                Piece::Zone { .. } => zone::write_name(at.zone, offset_seconds, out),
            }
        }
        out.push(b'"');
    }
}

/// Literal text inside a JSON string that is open already.
fn write_literal(text: &str, out: &mut Vec<u8>) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        return out.extend_from_slice(text.as_bytes());
    }
    let opened = out.len();
    crate::parse::json::escape::write_string(out, text);
    out.remove(opened);
    out.pop();
}

fn write_number(number: &Number, at: &Instant, civil: &Civil, out: &mut Vec<u8>) {
    let value = match number.of {
        Of::Year => civil.year,
        Of::WeekYear => civil.iso_week().0,
        Of::ShortYear => civil.year % 100,
        Of::ShortWeekYear => civil.iso_week().0 % 100,
        Of::Century => civil.year / 100,
        Of::Month => civil.month,
        Of::Day => civil.day,
        Of::YearDay => civil.year_day(),
        Of::Hour => civil.hour,
        Of::HalfHour { .. } => (civil.hour + 11) % 12 + 1,
        Of::Minute => civil.minute,
        Of::Second => civil.second,
        Of::EpochSeconds => return crate::parse::number::write_signed(at.seconds, out),
        Of::WeekdayFromSunday => civil.weekday(),
        Of::WeekdayFromMonday => (civil.weekday() + 6) % 7 + 1,
        Of::WeekFromSunday => civil.week(0),
        Of::WeekFromMonday => civil.week(1),
        Of::IsoWeek => civil.iso_week().1,
    };
    let (width, padding) = if number.blank { (2, b' ') } else { (number.width, b'0') };
    write_digits(u64::from(value), width, None, padding, out);
}

/// Digits of a number, padded to `width`, and of these the first `kept` only.
fn write_digits(value: u64, width: usize, kept: Option<usize>, padding: u8, out: &mut Vec<u8>) {
    if width == 2 && padding == b'0' && value < 100 {
        return out.extend_from_slice(&crate::parse::number::PAIRS[value as usize]);
    }
    let start = out.len();
    let mut limit = 10;
    for _ in 1..width {
        if value < limit {
            out.push(padding);
        }
        limit *= 10;
    }
    write_unsigned(value, out);
    if let Some(kept) = kept {
        out.truncate(start + kept);
    }
}

fn half_of_day(half: Half, hour: u32) -> &'static [u8] {
    match (half.capitals, hour < 12) {
        (true, true) => b"AM",
        (true, false) => b"PM",
        (false, true) => b"am",
        (false, false) => b"pm",
    }
}

fn write_offset(form: &Offset, offset_seconds: i32, out: &mut Vec<u8>) {
    if form.z && offset_seconds == 0 {
        return out.push(b'Z');
    }
    let seconds = offset_seconds.unsigned_abs();
    out.push(if offset_seconds < 0 { b'-' } else { b'+' });
    for (index, part) in [seconds / 3_600, seconds / 60 % 60, seconds % 60].into_iter().take(form.parts).enumerate() {
        if form.colon && index > 0 {
            out.push(b':');
        }
        out.extend_from_slice(&crate::parse::number::PAIRS[(part % 100) as usize]);
    }
}
