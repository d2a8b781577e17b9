//! Zones: what text calls them, and how offsets from UTC are written.
//!
//! A zone's name tells no offset that can be trusted (`CST` is three of them), so every name but `GMT+1` and `+01`
//! stands for UTC, as the original has it; the name is kept so that a time is written as it was read.

use crate::parse::number::PAIRS;

/// The longest name: `GMT+11`.
const LONGEST: usize = 6;

/// Hours that a name may add to UTC.
const LARGEST_HOURS: i32 = 23;

/// What the input called its zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ZoneName([u8; LONGEST]);

impl ZoneName {
    /// No name was given, or `UTC`.
    pub const NONE: Self = Self([0; LONGEST]);

    /// The name; empty if there is none.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(LONGEST);
        &self.0[..length]
    }

    fn new(text: &[u8]) -> Option<Self> {
        let mut name = [0; LONGEST];
        name.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self(name))
    }
}

/// Reads a zone's name at the beginning of a text: the name, seconds ahead of UTC, and how long it is.
pub(super) fn read_name(text: &[u8]) -> Option<(ZoneName, i32, usize)> {
    if text.starts_with(b"UTC") {
        return Some((ZoneName::NONE, 0, 3));
    }
    let (length, hours) = match text {
        [b'C', b'h', b'S', b'T', ..] | [b'M', b'e', b'S', b'T', ..] => (4, 0),
        [b'G', b'M', b'T', rest @ ..] => signed_hours(rest).map_or((3, 0), |(length, hours)| (3 + length, hours)),
        [b'+' | b'-', ..] => signed_hours(text)?,
        _ => (capitals(text)?, 0),
    };
    Some((ZoneName::new(&text[..length])?, hours * 3_600, length))
}

/// Reads a zone's name of capitals alone, as [`read_name`] does.
pub(super) fn read_capitals(text: &[u8]) -> Option<(ZoneName, i32, usize)> {
    if text.starts_with(b"UTC") {
        return Some((ZoneName::NONE, 0, 3));
    }
    let length = capitals(text)?;
    Some((ZoneName::new(&text[..length])?, 0, length))
}

/// Three capitals; four or five that end in `T`, as abbreviations of zones do; or `WITA`.
fn capitals(text: &[u8]) -> Option<usize> {
    let count = text.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let plausible = match count {
        3 => true,
        4 => text[3] == b'T' || text.starts_with(b"WITA"),
        5 => text[4] == b'T',
        _ => false,
    };
    plausible.then_some(count)
}

/// A sign and one or two digits.
fn signed_hours(text: &[u8]) -> Option<(usize, i32)> {
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = text[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    let hours = text[1..=digits].iter().fold(0, |hours, digit| hours * 10 + i32::from(digit - b'0'));
    (hours <= LARGEST_HOURS).then_some((1 + digits, sign * hours))
}

/// Appends the name of a zone, `UTC`, or the offset where there is no name.
pub(super) fn write_name(name: ZoneName, offset_seconds: i32, out: &mut Vec<u8>) {
    match name.as_bytes() {
        [] if offset_seconds == 0 => out.extend_from_slice(b"UTC"),
        [] => write_offset(offset_seconds, false, out),
        name => out.extend_from_slice(name),
    }
}

/// Appends `+hh:mm` or `+hhmm`.
pub(super) fn write_offset(offset_seconds: i32, colon: bool, out: &mut Vec<u8>) {
    let minutes = offset_seconds.unsigned_abs() / 60;
    out.push(if offset_seconds < 0 { b'-' } else { b'+' });
    out.extend_from_slice(&PAIRS[(minutes / 60 % 100) as usize]);
    if colon {
        out.push(b':');
    }
    out.extend_from_slice(&PAIRS[(minutes % 60) as usize]);
}
