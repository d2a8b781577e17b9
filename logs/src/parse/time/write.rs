//! The two layouts in which events say times: the table's, and RFC 3339.

use crate::parse::number::PAIRS;

use super::Instant;
use super::civil::Civil;

/// Appends `"YYYY-MM-DD HH:MM:SS.fffffffff"` in UTC, with its quotes: always nine digits of fraction, no zone.
pub fn write_data_lake(at: &Instant, out: &mut Vec<u8>) {
    let mut text = *b"\"0000-00-00 00:00:00.000000000\"";
    put_civil(&mut text, &Civil::utc(at.seconds));
    put_nanos(&mut text[21..30], at.nanos);
    out.extend_from_slice(&text);
}

/// Appends RFC 3339 in UTC, with its quotes: up to nine digits of fraction without zeros at the end.
pub fn write_rfc3339(at: &Instant, out: &mut Vec<u8>) {
    write_rfc3339_local(&Instant::utc(at.seconds, at.nanos), out);
}

/// Appends RFC 3339 by the clock of the input, with its quotes: as [`write_rfc3339`], but with the offset that was read.
pub fn write_rfc3339_local(at: &Instant, out: &mut Vec<u8>) {
    let (civil, offset) = Civil::local(at);
    let mut text = *b"\"0000-00-00T00:00:00";
    put_civil(&mut text, &civil);
    out.extend_from_slice(&text);
    write_fraction(at.nanos, b'.', 9, true, out);
    if offset == 0 {
        out.push(b'Z');
    } else {
        super::zone::write_offset(offset, true, out);
    }
    out.push(b'"');
}

/// Appends the first `digits` digits of the fraction of a second after `point`; with `cut`, without zeros at the end,
/// and nothing at all where none are left.
pub(super) fn write_fraction(nanos: u32, point: u8, digits: usize, cut: bool, out: &mut Vec<u8>) {
    let mut text = [b'0'; 10];
    text[0] = point;
    put_nanos(&mut text[1..], nanos);
    let mut end = 1 + digits;
    while cut && end > 1 && text[end - 1] == b'0' {
        end -= 1;
    }
    if end > 1 || !cut {
        out.extend_from_slice(&text[..end]);
    }
}

/// Puts date and time into a quoted text that holds their separators.
fn put_civil<const LENGTH: usize>(text: &mut [u8; LENGTH], civil: &Civil) {
    const { assert!(LENGTH >= 20, "a quote, a date of ten, a separator and a time of eight") };
    put_pair(text, 1, civil.year / 100);
    put_pair(text, 3, civil.year % 100);
    put_pair(text, 6, civil.month);
    put_pair(text, 9, civil.day);
    put_pair(text, 12, civil.hour);
    put_pair(text, 15, civil.minute);
    put_pair(text, 18, civil.second);
}

fn put_nanos(text: &mut [u8], nanos: u32) {
    let (high, low) = (nanos / 10_000, nanos % 10_000);
    text[0] = b'0' + (high / 10_000) as u8;
    put_pair(text, 1, high / 100 % 100);
    put_pair(text, 3, high % 100);
    put_pair(text, 5, low / 100);
    put_pair(text, 7, low % 100);
}

fn put_pair(text: &mut [u8], at: usize, number: u32) {
    text[at..at + 2].copy_from_slice(&PAIRS[number as usize]);
}
