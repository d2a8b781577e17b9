//! What users and API clients did in the administration.

use super::super::clock::Now;
use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::super::{Ends, TextFormat};
use super::{BEGINNING, header};

const FIELDS: [&str; 7] = ["timestamp", "hostname", "log_level", "message", "api_key", "login_ip", "username"];

/// An API key has so many hexadecimal digits.
const KEY_LENGTH: usize = 32;

/// One action per line.
#[derive(Clone, Debug)]
pub(in super::super) struct Audit(pub(in super::super) Now);

impl TextFormat for Audit {
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
        message(&mut cursor, row).ok_or(Mismatch("the message does not begin with `[mws-audit][LEVEL]`"))?;
        Ok(Outcome::Event)
    }
}

/// `[mws-audit][LEVEL] [who] [login address] message`, where the last two brackets may be missing.
fn message<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<()> {
    cursor.eat_text("[mws-audit]")?;
    cursor.blanks();
    row.set(2, Cell::Text(cursor.bracketed()?));
    let who = group(cursor);
    let login = who.and_then(|_| group(cursor));
    cursor.blanks();
    row.set(3, Cell::Text(cursor.rest()));
    let is_key = login.is_none() && who.is_some_and(api_key);
    row.set(if is_key { 4 } else { 6 }, Cell::maybe(who));
    row.set(5, Cell::maybe(login));
    Some(())
}

fn group<'l>(cursor: &mut Cursor<'l>) -> Option<&'l str> {
    cursor.blanks();
    cursor.bracketed()
}

fn api_key(text: &str) -> bool {
    text.len() == KEY_LENGTH && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}
