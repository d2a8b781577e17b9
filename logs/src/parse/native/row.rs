//! What a built-in text format makes of a line: one cell per top-level field of its schema, in the order of the schema.
//!
//! Cells borrow from the line wherever the text stands there as one piece; the row itself is reused from line to line.
//! Types, ranges and rules of the schema are held against the cells by whoever asked for them, not by the formats.

use std::borrow::Cow;
use std::fmt;

/// The value of one field.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell<'l> {
    /// The line has none.
    #[default]
    Absent,
    /// Text; for a field of a time, still to be read by the field's time format.
    Text(Cow<'l, str>),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction; always finite.
    Float(f64),
    /// An instant: seconds since 1970 (UTC), nanoseconds of that second, and the offset of the input in seconds.
    Time(i64, u32, i32),
    /// A list of texts; never empty.
    Texts(Vec<Cow<'l, str>>),
    /// A truth value.
    Boolean(bool),
    /// JSON, ready to be written.
    Json(String),
}

impl<'l> Cell<'l> {
    /// A borrowed text.
    #[must_use]
    pub const fn text(text: &'l str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A borrowed text, or nothing where the line has none.
    #[must_use]
    pub fn maybe(text: Option<&'l str>) -> Self {
        text.map_or(Self::Absent, Self::text)
    }
}

/// The cells of one line.
#[derive(Debug, Default)]
pub struct NativeRow<'l> {
    cells: Vec<Cell<'l>>,
}

impl<'l> NativeRow<'l> {
    /// A row without cells; reading a line makes them.
    #[must_use]
    pub const fn new() -> Self {
        Self { cells: Vec::new() }
    }

    /// The same memory for the cells of another line, which may live elsewhere.
    #[must_use]
    pub fn renew<'n>(self) -> NativeRow<'n> {
        NativeRow { cells: emptied(self.cells) }
    }

    /// The cells, in the order of the schema's top-level fields.
    #[must_use]
    pub fn cells(&self) -> &[Cell<'l>] {
        &self.cells
    }

    /// Makes so many absent cells.
    pub(super) fn begin(&mut self, width: usize) {
        self.cells.clear();
        self.cells.resize_with(width, Cell::default);
    }

    /// Sets one cell, counted from 0.
    pub(super) fn set(&mut self, field: usize, cell: Cell<'l>) {
        self.cells[field] = cell;
    }
}

/// The memory of a list for elements of another lifetime. The standard library collects in place, so nothing is
/// allocated.
pub(super) fn emptied<A, B>(list: Vec<A>) -> Vec<B> {
    list.into_iter().filter_map(|_| None).collect()
}

/// What a line was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An event; its cells are in the row.
    Event,
    /// Part of the format, but no event: a header, a line of an entry that went before.
    Nothing,
}

/// Why a line is not of the format, for people. Costs nothing to make, since most types refuse most lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch(pub &'static str);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Mismatch {}
