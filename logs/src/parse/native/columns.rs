//! Separated columns, and what formats made of them share: a dash for nothing, numbers that may be missing.

use std::borrow::Cow;

use super::row::{Cell, Mismatch, NativeRow, emptied};
use crate::parse::text::csv::{self, Quotes};

/// Splits lines into columns and keeps the memory for the next line.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    spare: Vec<Cow<'static, str>>,
}

impl Columns {
    /// The columns of a line; [`Self::keep`] takes their memory back.
    pub(super) fn split<'l>(
        &mut self,
        line: &'l str,
        delimiter: char,
        quotes: Quotes,
    ) -> Result<Vec<Cow<'l, str>>, Mismatch> {
        let mut columns = emptied(std::mem::take(&mut self.spare));
        let split = csv::split(line, delimiter, quotes, &mut columns);
        split.map(|()| columns).map_err(|_| Mismatch("a quote stands where none may"))
    }

    /// Takes the memory of used columns.
    pub(super) fn keep(&mut self, columns: Vec<Cow<'_, str>>) {
        self.spare = emptied(columns);
    }
}

/// How many separators a line has: at least one less than it has columns.
pub(super) fn separators(line: &str, separator: u8) -> usize {
    memchr::memchr_iter(separator, line.as_bytes()).count()
}

/// Sets a field to a column of text; a dash is nothing.
pub(super) fn text<'l>(row: &mut NativeRow<'l>, field: usize, column: &Cow<'l, str>) {
    if column != "-" {
        row.set_text(field, column);
    }
}

/// A whole number; anything else is nothing.
pub(super) fn integer<'l>(column: &str) -> Cell<'l> {
    number(column).map_or(Cell::Absent, Cell::Integer)
}

/// Digits that never overflow.
const SAFE_DIGITS: usize = 18;

/// A whole number with an optional sign; nearly all are a few digits.
pub(super) fn number(column: &str) -> Option<i64> {
    let digits = column.as_bytes();
    let add = |number, byte: &u8| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'));
    let short = (1..=SAFE_DIGITS).contains(&digits.len());
    let number = if short { digits.iter().try_fold(0, add) } else { None };
    number.or_else(|| column.parse().ok())
}

/// A whole number without a sign.
pub(super) fn unsigned(column: &str) -> Option<i64> {
    number(column).filter(|_| column.starts_with(|first: char| first.is_ascii_digit()))
}

/// A port, or another number of 16 bits.
pub(super) fn port(column: &str) -> Option<i64> {
    unsigned(column).filter(|number| *number <= u16::MAX.into())
}

/// A finite number; anything else is nothing.
pub(super) fn float<'l>(column: &str) -> Cell<'l> {
    column.parse().ok().filter(|number: &f64| number.is_finite()).map_or(Cell::Absent, Cell::Float)
}

/// Sets a field to a list, separated by commas; an empty text is nothing.
pub(super) fn list<'l>(row: &mut NativeRow<'l>, field: usize, column: &Cow<'l, str>) {
    match column {
        Cow::Borrowed("") => {}
        Cow::Borrowed(text) => row.set_texts(field, text.split(',').map(Cow::Borrowed)),
        Cow::Owned(text) if text.is_empty() => {}
        Cow::Owned(text) => row.set_texts(field, text.split(',').map(|part| Cow::Owned(part.to_owned()))),
    }
}

/// A piece of a column, borrowed if the column is.
pub(super) fn piece<'l>(column: &Cow<'l, str>, range: std::ops::Range<usize>) -> Cow<'l, str> {
    match column {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
    }
}
