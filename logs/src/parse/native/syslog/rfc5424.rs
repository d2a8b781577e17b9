//! `<165>1 2003-10-11T22:14:15.003Z host app 8710 ID47 [id key="value"] message`, a dash for each thing not known.

use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::super::{Ends, TextFormat};
use super::{BEGINNING, NO_PRIORITY, is_strict, priority, structured};

const FIELDS: [&str; 11] = [
    "priority",
    "facility",
    "severity",
    "version",
    "timestamp",
    "hostname",
    "appname",
    "procid",
    "msgid",
    "structured_data",
    "message",
];

/// The names of the header with their fields and the longest each may be.
const NAMES: [(usize, usize); 4] = [(5, 255), (6, 48), (7, 128), (8, 32)];

/// One message per line.
#[derive(Clone, Debug)]
pub(in super::super) struct Rfc5424;

impl TextFormat for Rfc5424 {
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
        header(&mut cursor, row).ok_or(Mismatch("version, time, host, program, process and kind do not all follow"))?;
        data(&mut cursor, row).ok_or(Mismatch("the structured data is broken"))?;
        Ok(Outcome::Event)
    }
}

/// Structured data or a dash; then nothing, or a blank and the message.
fn data<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<()> {
    if cursor.eat(b'-').is_none() {
        let elements = structured::read(cursor)?;
        let kept = row.keep(|made| elements.write(made));
        row.set(9, Cell::Json(kept));
    }
    if cursor.end().is_some() {
        return Some(());
    }
    cursor.eat(b' ')?;
    row.set(10, Cell::maybe(Some(cursor.rest()).filter(|message| !message.is_empty())));
    Some(())
}

fn header<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<()> {
    if cursor.peek() == Some(b'0') {
        return None;
    }
    let version = cursor.number(1, 3).filter(|_| cursor.peek() == Some(b' '))?;
    row.set(3, Cell::Integer(version.into()));
    cursor.eat(b' ')?;
    row.set(4, time(cursor.until(b' ')?)?);
    for (field, longest) in NAMES {
        row.set(field, known(cursor.until(b' ')?, longest)?);
    }
    Some(())
}

/// The time, left to the field's time format; a dash is none.
fn time(text: &str) -> Option<Cell<'_>> {
    if text == "-" { Some(Cell::Absent) } else { is_strict(text).then_some(Cell::Text(text)) }
}

/// A name of printable ASCII; a dash is none.
fn known(text: &str, longest: usize) -> Option<Cell<'_>> {
    let name = !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_graphic());
    name.then(|| if text == "-" { Cell::Absent } else { Cell::Text(text) })
}
