//! Packets that the kernel's firewall has logged, as words `KEY=value` and bare flags.

use super::super::clock::Now;
use super::super::columns::port;
use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::super::{Ends, TextFormat};
use super::{BEGINNING, header};

const FIELDS: [&str; 20] = [
    "timestamp",
    "hostname",
    "event",
    "DST",
    "DPT",
    "SRC",
    "SPT",
    "TTL",
    "ID",
    "MAC",
    "LEN",
    "TOS",
    "PREC",
    "RST",
    "SYN",
    "DF",
    "IN",
    "OUT",
    "PROTO",
    "WINDOW",
];
const EVENT: usize = 2;

/// One packet per line.
#[derive(Clone, Debug)]
pub(in super::super) struct Firewall(pub(in super::super) Now);

impl TextFormat for Firewall {
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
        let event = event(&mut cursor).ok_or(Mismatch("the message does not begin with `kernel: IPTABLES EVENT: `"))?;
        row.set(EVENT, Cell::Text(event));
        for word in cursor.rest().split_ascii_whitespace() {
            let (key, value) = word.split_once('=').map_or((word, None), |(key, value)| (key, Some(value)));
            let Some(field) = FIELDS.iter().skip(EVENT + 1).position(|name| *name == key) else { continue };
            set(row, field + EVENT + 1, value)?;
        }
        Ok(Outcome::Event)
    }
}

fn event<'l>(cursor: &mut Cursor<'l>) -> Option<&'l str> {
    cursor.eat_text("kernel: IPTABLES ")?;
    let (event, words) = cursor.rest().split_once(':')?;
    *cursor = Cursor::new(words);
    Some(event)
}

/// A known word: a flag that has no value, or a key that has one.
fn set<'l>(row: &mut NativeRow<'l>, field: usize, value: Option<&'l str>) -> Result<(), Mismatch> {
    match (FIELDS[field], value) {
        ("RST" | "SYN" | "DF", None) => row.set(field, Cell::Boolean(true)),
        ("RST" | "SYN" | "DF", Some(_)) | (_, None) => {}
        ("TTL" | "ID", Some(value)) => {
            row.set(field, Cell::Integer(value.parse().map_err(|_| Mismatch("`TTL` or `ID` is not a number"))?));
        }
        ("DPT" | "SPT" | "LEN" | "WINDOW", Some(value)) => {
            let number = port(value).ok_or(Mismatch("a port, length or window is no number below 65536"))?;
            row.set(field, Cell::Integer(number));
        }
        (_, Some(value)) => row.set(field, Cell::Text(value)),
    }
    Ok(())
}
