//! `parser.csv`: which value of a record belongs to which name.
//!
//! A header says how wide its records are, and one of another width is refused. Columns that the schema lists promise no
//! width: what a record lacks is empty, what it has beyond them is dropped. The original fixed the width then by the
//! first record it happened to see, and refused the rest.

use std::borrow::Cow;

use super::csv::{Quotes, Values, Wrong};
use super::row::{Names, Row, Slot, Slots};
use super::steps::Steps;
use crate::schema::Csv;

/// Why a record is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is malformed.
    Malformed(Wrong),
    /// It has another number of values than the header has names.
    Width {
        /// Its values.
        found: usize,
        /// The names.
        wanted: usize,
    },
}

impl From<Wrong> for Unread {
    fn from(wrong: Wrong) -> Self {
        Self::Malformed(wrong)
    }
}

/// The columns of a stream of records.
#[derive(Clone, Debug)]
pub(super) struct Table {
    delimiter: char,
    has_header: bool,
    /// The columns are given; otherwise the header of each stream names them.
    fixed: bool,
    header_seen: bool,
    columns: Vec<Option<Slot>>,
}

impl Table {
    /// Checks the declaration and fixes the columns if it gives them.
    ///
    /// # Errors
    /// Neither header nor columns, or a delimiter that cannot be one.
    pub fn new(csv: &Csv, names: &mut Names) -> Result<Self, String> {
        if matches!(csv.delimiter, '"' | '\r' | '\n' | '\u{fffd}') {
            return Err("`delimiter` must not be a quote or a line break".to_owned());
        }
        let fixed = !csv.columns.is_empty();
        if !fixed && !csv.has_header {
            return Err("`csv` needs `columns`, or `hasHeader: true` if the first line names them".to_owned());
        }
        let columns = columns(csv.columns.iter().map(String::as_str), names);
        Ok(Self { delimiter: csv.delimiter, has_header: csv.has_header, fixed, header_seen: false, columns })
    }

    /// The line is the header, which `columns` make superfluous; it counts as seen now.
    pub fn skips_header(&mut self) -> bool {
        let skipped = self.fixed && self.has_header && !self.header_seen;
        self.header_seen |= skipped;
        skipped
    }

    /// The next line names the columns.
    pub fn wants_header(&self) -> bool {
        !self.fixed && !self.header_seen
    }

    /// A new stream begins.
    pub fn reset(&mut self) {
        self.header_seen = false;
    }

    /// Takes the names of the columns from the first line, treated as values are.
    pub fn read_header(&mut self, line: &str, steps: &Steps, names: &mut Names) -> Result<(), Wrong> {
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        let mut values = Vec::new();
        super::csv::split(line, self.delimiter, Quotes::Lazy, &mut values)?;
        let values: Vec<_> = values.into_iter().map(|value| steps.trimmed(value)).collect();
        self.columns = columns(values.iter().map(AsRef::as_ref), names);
        self.header_seen = true;
        Ok(())
    }

    /// Reads one record.
    ///
    /// # Errors
    /// Its width is not that of the header.
    pub fn read<'l>(&self, line: &'l str, steps: &Steps, row: &mut Row<'l>) -> Result<(), Unread> {
        let mut values = Values::new(line, self.delimiter, Quotes::Lazy);
        for (count, slot) in self.columns.iter().enumerate() {
            let value = match values.next(|| row.blank()).transpose()? {
                Some(value) => value,
                // Blanks and tabs at the end of a line are gone before it comes here.
                None if self.fixed || self.delimiter.is_whitespace() => Cow::Borrowed(""),
                None => return Err(Unread::Width { found: count, wanted: self.columns.len() }),
            };
            if let Some(slot) = slot {
                steps.put(row, *slot, value);
            }
        }
        if self.fixed {
            return Ok(());
        }
        let mut surplus = 0;
        while values.next(String::new).transpose()?.is_some() {
            surplus += 1;
        }
        match (surplus, self.columns.len()) {
            (0, _) => Ok(()),
            (_, wanted) => Err(Unread::Width { found: wanted + surplus, wanted }),
        }
    }
}

fn columns<'n>(list: impl Iterator<Item = &'n str>, names: &mut Names) -> Vec<Option<Slot>> {
    let mut slots = Slots::new(names);
    list.map(|name| slots.next(name)).collect()
}
