//! `<13>Dec  2 16:31:03 host app[12]: message`, or the same with an RFC 3339 time.
//!
//! Lines of the newer form begin with a version where this form has its time; they are refused here.

use super::super::clock::{self, Now};
use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::super::{Ends, TextFormat};
use super::{BEGINNING, NO_PRIORITY, is_strict, priority};

const FIELDS: [&str; 9] =
    ["priority", "facility", "severity", "timestamp", "hostname", "appname", "procid", "msgid", "message"];

/// A tag is the name of a program, which the RFC keeps short.
const LONGEST_TAG: usize = 32;
/// An RFC 3339 time has at least so many characters; a version has three at most.
const SHORTEST_RFC3339: usize = 20;

/// One message per line.
#[derive(Clone, Debug)]
pub(in super::super) struct Rfc3164(pub(in super::super) Now);

impl TextFormat for Rfc3164 {
    fn ends(&self) -> Ends {
        BEGINNING
    }

    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn fields(&self) -> &'static [&'static str] {
        &FIELDS
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        row.begin(FIELDS.len());
        let mut cursor = Cursor::new(line);
        priority(&mut cursor, row).ok_or(NO_PRIORITY)?;
        row.set(3, time(&mut cursor, self.0).ok_or(Mismatch("the priority is not followed by a time"))?);
        let host = cursor.eat(b' ').and_then(|()| cursor.until(b' ')).filter(|host| !host.is_empty());
        row.set(4, Cell::Text(host.ok_or(Mismatch("the time is not followed by a host and a message"))?));
        message(cursor, row)?;
        Ok(Outcome::Event)
    }
}

/// The time; one of RFC 3339 is left to the field's time format.
fn time<'l>(cursor: &mut Cursor<'l>, now: Now) -> Option<Cell<'l>> {
    if cursor.peek()?.is_ascii_digit() {
        let text = cursor.while_byte(|byte| byte != b' ');
        return (text.len() >= SHORTEST_RFC3339 && is_strict(text)).then_some(Cell::Text(text));
    }
    let (_, day) = cursor.rest().split_at_checked(4)?;
    let two_places = matches!(day.as_bytes(), [b' ' | b'0'..=b'3', b'0'..=b'9', b' ', ..]);
    let mut civil = clock::month_day_time(cursor).filter(|_| two_places)?;
    civil.year = now.year;
    civil.rolled()
}

/// `app[12]: message`, `app: message`, or a message alone.
fn message<'l>(cursor: Cursor<'l>, row: &mut NativeRow<'l>) -> Result<(), Mismatch> {
    let message = match tagged(cursor) {
        Some((tag, process, message)) => {
            row.set(5, Cell::Text(tag));
            row.set(6, Cell::maybe(process));
            message
        }
        None => cursor.rest(),
    };
    if message.is_empty() {
        return Err(Mismatch("the host is not followed by a message"));
    }
    row.set(8, Cell::Text(message));
    Ok(())
}

fn tagged(mut cursor: Cursor<'_>) -> Option<(&str, Option<&str>, &str)> {
    let tag = cursor.while_byte(|byte| !matches!(byte, b' ' | b':' | b'['));
    let process = cursor.bracketed();
    cursor.eat_text(": ")?;
    let fits = !tag.is_empty() && tag.len() <= LONGEST_TAG && !cursor.rest().is_empty();
    fits.then_some((tag, process.filter(|process| !process.is_empty()), cursor.rest()))
}
