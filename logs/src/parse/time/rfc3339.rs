//! RFC 3339, by the rules of Go, in which most sources speak: capitals `T` and `Z`, an hour that may have one digit, a
//! fraction of any length after a point, of which nine digits count.

use super::civil::{days_in_month, days_of};
use super::zone::ZoneName;
use super::{Instant, Wrong};

const SHAPE: Wrong = Wrong("not of the form 2006-01-02T15:04:05Z or with an offset such as +01:00");
const DATE: Wrong = Wrong("the date does not exist");
const CLOCK: Wrong = Wrong("the time of day does not exist");
const OFFSET: Wrong = Wrong("the offset from UTC does not exist");

/// The usual form: 19 bytes of date and time with all their digits.
const USUAL: usize = 19;

/// Reads a time.
pub(super) fn read(text: &str) -> Result<Instant, Wrong> {
    let bytes = text.as_bytes();
    let (parts, rest) = bytes
        .split_first_chunk::<USUAL>()
        .and_then(|(head, rest)| Some((read_usual(head)?, rest)))
        .or_else(|| read_one_digit_hour(bytes))
        .ok_or(SHAPE)?;
    let (nanos, rest) = read_fraction(rest, b'.');
    let offset_seconds = read_offset(rest)?;
    let seconds = parts.seconds()? - i64::from(offset_seconds);
    Instant { seconds, nanos, offset_seconds, zone: ZoneName::NONE }.within_years()
}

struct Parts {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

impl Parts {
    fn seconds(&self) -> Result<i64, Wrong> {
        if !(1..=12).contains(&self.month) || self.day < 1 || self.day > days_in_month(self.year, self.month) {
            return Err(DATE);
        }
        if self.hour > 23 || self.minute > 59 || self.second > 59 {
            return Err(CLOCK);
        }
        let in_day = self.hour * 3_600 + self.minute * 60 + self.second;
        Ok(days_of(self.year, self.month, self.day) * 86_400 + i64::from(in_day))
    }
}

fn read_usual(head: &[u8; USUAL]) -> Option<Parts> {
    let separators = [head[4], head[7], head[10], head[13], head[16]];
    if separators != *b"--T::" {
        return None;
    }
    let parts = Parts {
        year: pair(head, 0)? * 100 + pair(head, 2)?,
        month: pair(head, 5)?,
        day: pair(head, 8)?,
        hour: pair(head, 11)?,
        minute: pair(head, 14)?,
        second: pair(head, 17)?,
    };
    Some(parts)
}

fn pair(head: &[u8; USUAL], at: usize) -> Option<u32> {
    let (tens, ones) = (head[at].wrapping_sub(b'0'), head[at + 1].wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// `2006-01-02T3:04:05`, which is rare: read as if its hour had two digits.
fn read_one_digit_hour(bytes: &[u8]) -> Option<(Parts, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<18>()?;
    let mut usual = [b'0'; USUAL];
    usual[..11].copy_from_slice(&head[..11]);
    usual[12..].copy_from_slice(&head[11..]);
    Some((read_usual(&usual)?, rest))
}

/// Reads a fraction of a second after `point`, if one stands there: nanoseconds, and what follows.
pub(super) fn read_fraction(bytes: &[u8], point: u8) -> (u32, &[u8]) {
    match bytes {
        [first, rest @ ..] if *first == point && rest.first().is_some_and(u8::is_ascii_digit) => {
            read_fraction_digits(rest)
        }
        _ => (0, bytes),
    }
}

/// Reads all digits that stand here as those of a fraction; nine count.
pub(super) fn read_fraction_digits(bytes: &[u8]) -> (u32, &[u8]) {
    let length = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at(length);
    let counted = &digits[..length.min(9)];
    let value = counted.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    (value * POWERS_OF_TEN[9 - counted.len()], rest)
}

/// 10 to the power of the index.
const POWERS_OF_TEN: [u32; 10] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// `Z`, or `±hh:mm`, and nothing after it: seconds ahead of UTC.
fn read_offset(bytes: &[u8]) -> Result<i32, Wrong> {
    match *bytes {
        [b'Z'] => Ok(0),
        [sign @ (b'+' | b'-'), a, b, b':', c, d] => offset_of(sign, [a, b], [c, d], *b"00"),
        _ => Err(SHAPE),
    }
}

/// An offset from its digits. 24 hours and 60 minutes pass, because people do write them.
pub(super) fn offset_of(sign: u8, hours: [u8; 2], minutes: [u8; 2], seconds: [u8; 2]) -> Result<i32, Wrong> {
    let mut parts = [0; 3];
    for (part, [tens, ones]) in parts.iter_mut().zip([hours, minutes, seconds]) {
        if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
            return Err(SHAPE);
        }
        *part = i32::from(tens - b'0') * 10 + i32::from(ones - b'0');
    }
    let [hours, minutes, seconds] = parts;
    if hours > 24 || minutes > 60 || seconds > 60 {
        return Err(OFFSET);
    }
    let offset = hours * 3_600 + minutes * 60 + seconds;
    Ok(if sign == b'-' { -offset } else { offset })
}
