//! Logs of Juniper Web App Secure: six types of line behind one syslog-like header whose time has no year.

mod access;
mod audit;
mod firewall;
mod mws;
mod postgres;
mod security;

pub(super) use access::Access;
pub(super) use audit::Audit;
pub(super) use firewall::Firewall;
pub(super) use mws::Mws;
pub(super) use postgres::Postgres;
pub(super) use security::Security;

use super::clock::{self, Now};
use super::cursor::Cursor;
use super::row::{Cell, Mismatch, NativeRow};
use super::{Bytes, Ends};

const JANUARY: u8 = 1;

/// Levels that a message may have.
const LEVELS: [&str; 5] = ["INFO", "TRACE", "DEBUG", "WARN", "ERROR"];

/// A line begins with the name of a month.
const BEGINNING: Ends = Ends::first(Bytes::of(b"ADFJMNOSadfjmnos"));

/// Reads `Mon d HH:MM:SS host ` into the first two cells of a row of this width; the cursor then stands at the message.
fn header<'l>(line: &'l str, now: Now, width: usize, row: &mut NativeRow<'l>) -> Result<Cursor<'l>, Mismatch> {
    let mut cursor = Cursor::new(line);
    let (time, host) = time_and_host(&mut cursor, now).ok_or(Mismatch("the line does not begin with time and host"))?;
    row.begin(width);
    row.set(0, time);
    row.set(1, Cell::Text(host));
    Ok(cursor)
}

fn time_and_host<'l>(cursor: &mut Cursor<'l>, now: Now) -> Option<(Cell<'l>, &'l str)> {
    let mut civil = clock::month_day_time(cursor)?;
    // In January, what the log of the last months says is of the last year.
    civil.year = now.year - i32::from(now.month == JANUARY && civil.month > JANUARY);
    cursor.eat(b' ')?;
    cursor.blanks();
    let host = cursor.word()?;
    cursor.eat(b' ')?;
    cursor.blanks();
    Some((civil.rolled()?, host))
}

/// A level in brackets.
fn level<'l>(cursor: &mut Cursor<'l>) -> Option<&'l str> {
    let mut ahead = *cursor;
    let level = ahead.bracketed().filter(|level| LEVELS.contains(level))?;
    *cursor = ahead;
    Some(level)
}
