//! Messages of the services, but for those that have types of their own.

use super::super::clock::Now;
use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::super::{Ends, TextFormat};
use super::{BEGINNING, header, level};

const FIELDS: [&str; 6] = ["timestamp", "hostname", "log_level", "service_name", "service_component", "log_message"];

/// Services whose lines are of other types.
const OTHERS: [&str; 3] = ["mws-access", "mws-security-alert", "mws-audit"];

/// One message per line.
#[derive(Clone, Debug)]
pub(in super::super) struct Mws(pub(in super::super) Now);

impl TextFormat for Mws {
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
        let mut cursor = header(line, self.0, FIELDS.len(), row)?;
        let (level, service) = service(&mut cursor).ok_or(Mismatch("the message names no service in brackets"))?;
        if OTHERS.contains(&service) {
            return Err(Mismatch("the lines of this service are of another type"));
        }
        row.set(2, Cell::maybe(level));
        row.set(3, Cell::Text(service));
        row.set(4, Cell::maybe(cursor.bracketed()));
        let _colon = cursor.eat(b':');
        cursor.blanks();
        row.set(5, Cell::Text(cursor.rest()));
        Ok(Outcome::Event)
    }
}

/// `[LEVEL][service]` or `[service]`; where only one bracket stands, it is the service, even if it reads like a level.
fn service<'l>(cursor: &mut Cursor<'l>) -> Option<(Option<&'l str>, &'l str)> {
    let start = *cursor;
    if let Some(level) = level(cursor)
        && let Some(service) = cursor.bracketed()
    {
        return Some((Some(level), service));
    }
    *cursor = start;
    Some((None, cursor.bracketed()?))
}
