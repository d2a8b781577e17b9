//! Syslog: the old BSD form and the IETF form, both as strict as their RFCs where a line could be mistaken.

mod rfc3164;
mod rfc5424;
mod structured;

pub(super) use rfc3164::Rfc3164;
pub(super) use rfc5424::Rfc5424;

use super::cursor::Cursor;
use super::row::{Cell, Mismatch, NativeRow};
use super::{Bytes, Ends};

/// The highest priority: facility 23, severity 7.
const HIGHEST_PRIORITY: u32 = 191;
const SEVERITIES: u32 = 8;

/// A line begins with its priority.
const BEGINNING: Ends = Ends::first(Bytes::of(b"<"));

const NO_PRIORITY: Mismatch = Mismatch("the line does not begin with a priority, as `<13>`");

/// `<13>` into the first three cells: priority, facility, severity.
fn priority<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<()> {
    cursor.eat(b'<')?;
    let padded = cursor.rest().starts_with('0') && !cursor.rest().starts_with("0>");
    let priority = cursor.number(1, 3).filter(|priority| !padded && *priority <= HIGHEST_PRIORITY)?;
    cursor.eat(b'>')?;
    for (field, number) in [priority, priority / SEVERITIES, priority % SEVERITIES].into_iter().enumerate() {
        row.set(field, Cell::Integer(number.into()));
    }
    Some(())
}

/// The most digits that a fraction of a second has in syslog.
const FRACTION: usize = 6;

/// Whether what the RFC asks beyond RFC 3339 holds for a time: a short fraction, and an offset of a day's hours. All else is left
/// to the time format.
fn is_strict(text: &str) -> bool {
    let fraction = text.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count());
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u8>().ok());
    let offset = match text.len().checked_sub("+00:00".len()) {
        Some(sign) if !text.ends_with('Z') => {
            number(sign + 1..sign + 3).is_some_and(|hours| hours < 24)
                && number(sign + 4..sign + 6).is_some_and(|minutes| minutes < 60)
        }
        _ => true,
    };
    fraction <= FRACTION && offset
}

#[cfg(test)]
mod tests {
    use super::is_strict;

    #[test]
    fn fractions_are_short_and_offsets_are_of_a_day() {
        for good in ["2003-10-11T22:14:15Z", "2003-10-11T22:14:15.123456Z", "2003-10-11T22:14:15.003+23:59"] {
            assert!(is_strict(good), "{good}");
        }
        for wrong in ["2003-10-11T22:14:15.1234567Z", "2003-10-11T22:14:15+24:00", "2003-10-11T22:14:15-07:60"] {
            assert!(!is_strict(wrong), "{wrong}");
        }
    }
}
