//! Audit logs of Aurora MySQL: columns parted by commas, the last but one of which is SQL with commas of its own.
//!
//! The SQL is not quoted as CSV, so the columns around it are counted from both ends and it stands as it was written.

use super::super::clock;
use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::super::{Bytes, Ends, TextFormat};

const FIELDS: [&str; 10] = [
    "timestamp",
    "serverHost",
    "username",
    "host",
    "connectionId",
    "queryId",
    "operation",
    "database",
    "object",
    "retCode",
];

/// Columns before the object.
const LEADING: usize = 8;
const TIMESTAMP: usize = 0;
const CONNECTION_ID: usize = 4;
const QUERY_ID: usize = 5;
const OBJECT: usize = 8;
const RETURN_CODE: usize = 9;
const MICROS: i64 = 1_000_000;
const NO_TIME: Mismatch = Mismatch("the first column is no number of microseconds");

/// One audited action per line.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct AuroraMySqlAudit;

impl TextFormat for AuroraMySqlAudit {
    fn ends(&self) -> Ends {
        // The first column is a number, maybe in quotes.
        Ends::first(Bytes::DIGITS.or(Bytes::of(b"\"+-")))
    }

    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn fields(&self) -> &'static [&'static str] {
        &FIELDS
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        let few = Mismatch("an audited action has at least nine columns");
        row.begin(FIELDS.len());
        let mut cursor = Cursor::new(line);
        for field in 0..LEADING {
            let column = cursor.until(b',').ok_or(few)?;
            row.set(field, leading(field, bare(column))?);
        }
        let rest = cursor.rest();
        let code = match rest.rsplit_once(',') {
            Some((object, code)) => {
                row.set(OBJECT, text(bare(object)));
                code
            }
            None => rest,
        };
        row.set(RETURN_CODE, super::super::columns::integer(bare(code)));
        Ok(Outcome::Event)
    }
}

fn leading(field: usize, column: &str) -> Result<Cell<'_>, Mismatch> {
    Ok(match field {
        TIMESTAMP => {
            let micros = number(column).ok_or(NO_TIME)?;
            let nanos = u32::try_from(micros.rem_euclid(MICROS) * 1000).map_err(|_| NO_TIME)?;
            clock::since_1970(micros.div_euclid(MICROS), nanos).ok_or(NO_TIME)?
        }
        CONNECTION_ID | QUERY_ID => super::super::columns::integer(column),
        _ => text(column),
    })
}

fn text(column: &str) -> Cell<'_> {
    if column == "-" { Cell::Absent } else { Cell::Text(column) }
}

/// The column without quotes around it, should it have any.
fn bare(column: &str) -> &str {
    column.strip_prefix('"').and_then(|column| column.strip_suffix('"')).unwrap_or(column)
}

/// A whole number: decimal, hexadecimal by `0x`, octal by `0` or `0o`, binary by `0b`.
fn number(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    let value =
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| i64::from_str_radix(digits, radix))?.ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_may_be_written_in_other_bases() {
        assert_eq!(
            [number("12"), number("0x1F"), number("010"), number("0o17"), number("0b11"), number("-0"), number("+7")],
            [12, 31, 8, 15, 3, 0, 7].map(Some)
        );
        assert_eq!([number(""), number("0x"), number("--1"), number("12a")], [None; 4]);
    }
}
