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
