//! Messages of the database.

use super::super::clock::Now;
use super::super::columns::unsigned;
use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::super::{Ends, TextFormat};
use super::{BEGINNING, header};

const FIELDS: [&str; 9] = [
    "timestamp",
    "hostname",
    "pid",
    "group_id_major",
    "group_id_minor",
    "sql_error_code",
    "session_id",
    "message_type",
    "message",
];

/// One message per line.
#[derive(Clone, Debug)]
pub(in super::super) struct Postgres(pub(in super::super) Now);

impl TextFormat for Postgres {
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
        message(&mut cursor, row).ok_or(Mismatch("the message is none of the database"))?;
        Ok(Outcome::Event)
    }
}

/// `postgres[PID]: [MAJOR-MINOR] SQLSTATE SESSION TYPE: message`
fn message<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<()> {
    cursor.eat_text("postgres")?;
    row.set(2, number(cursor.bracketed()?)?);
    cursor.eat(b':')?;
    cursor.gap()?;
    let (major, minor) = cursor.bracketed()?.split_once('-')?;
    row.set(3, number(major)?);
    row.set(4, number(minor)?);
    for field in [5, 6] {
        cursor.gap()?;
        row.set(field, Cell::Text(cursor.word()?));
    }
    cursor.gap()?;
    row.set(7, Cell::Text(cursor.until(b':')?));
    cursor.blanks();
    row.set(8, Cell::Text(cursor.rest()));
    Some(())
}

fn number<'l>(text: &str) -> Option<Cell<'l>> {
    unsigned(text).map(Cell::Integer)
}
