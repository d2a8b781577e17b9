//! What a built-in text format makes of a line: one cell per top-level field of its schema, in the order of the schema.
//!
//! Cells borrow from the line wherever the text stands there as one piece; other texts are kept by the row. A cell itself
//! owns nothing, so that emptying a row costs nothing; the row is reused from line to line.
//! Types, ranges and rules of the schema are held against the cells by whoever asked for them, not by the formats.

use std::borrow::Cow;
use std::fmt;

/// The value of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Cell<'l> {
    /// The line has none.
    #[default]
    Absent,
    /// Text; for a field of a time, still to be read by the field's time format.
    Text(&'l str),
    /// The same, where it does not stand in the line like this: [`NativeRow::made`] has it.
    Made(Kept),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction; always finite.
    Float(f64),
    /// An instant: seconds since 1970 (UTC), nanoseconds of that second, and the offset of the input in seconds.
    Time(i64, u32, i32),
    /// A list of texts, never empty: [`NativeRow::texts`] has them.
    Texts(Kept),
    /// A truth value.
    Boolean(bool),
    /// JSON, ready to be written: [`NativeRow::made`] has it.
    Json(Kept),
}

/// A place in what a row keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    start: usize,
    end: usize,
}

impl<'l> Cell<'l> {
    /// A borrowed text, or nothing where the line has none.
    #[must_use]
    pub fn maybe(text: Option<&'l str>) -> Self {
        text.map_or(Self::Absent, Self::Text)
    }
}

/// The cells of one line.
#[derive(Debug, Default)]
pub struct NativeRow<'l> {
    cells: Vec<Cell<'l>>,
    /// Texts that stand nowhere in the line, one after the other.
    made: String,
    /// The elements of lists.
    texts: Vec<Cow<'l, str>>,
}

impl<'l> NativeRow<'l> {
    /// A row without cells; reading a line makes them.
    #[must_use]
    pub const fn new() -> Self {
        Self { cells: Vec::new(), made: String::new(), texts: Vec::new() }
    }

    /// The same memory for the cells of another line, which may live elsewhere.
    #[must_use]
    pub fn renew<'n>(mut self) -> NativeRow<'n> {
        self.made.clear();
        NativeRow { cells: emptied(self.cells), made: self.made, texts: emptied(self.texts) }
    }

    /// The cells, in the order of the schema's top-level fields.
    #[must_use]
    pub fn cells(&self) -> &[Cell<'l>] {
        &self.cells
    }

    /// A text of this row.
    #[must_use]
    pub fn made(&self, kept: Kept) -> &str {
        &self.made[kept.start..kept.end]
    }

    /// The elements of a list of this row.
    #[must_use]
    pub fn texts(&self, kept: Kept) -> &[Cow<'l, str>] {
        &self.texts[kept.start..kept.end]
    }

    /// Makes so many absent cells.
    pub(super) fn begin(&mut self, width: usize) {
        self.cells.clear();
        self.cells.resize(width, Cell::Absent);
        self.made.clear();
        self.texts.clear();
    }

    /// Keeps a text that is made piece by piece.
    pub(super) fn keep(&mut self, make: impl FnOnce(&mut String)) -> Kept {
        let start = self.made.len();
        make(&mut self.made);
        Kept { start, end: self.made.len() }
    }

    /// Sets a cell to a text: borrowed if that is.
    pub(super) fn set_text(&mut self, field: usize, text: &Cow<'l, str>) {
        let cell = match text {
            Cow::Borrowed(text) => Cell::Text(text),
            Cow::Owned(text) => Cell::Made(self.keep(|made| made.push_str(text))),
        };
        self.set(field, cell);
    }

    /// Sets a cell to a list, unless that has no elements.
    pub(super) fn set_texts(&mut self, field: usize, texts: impl Iterator<Item = Cow<'l, str>>) {
        let start = self.texts.len();
        self.texts.extend(texts);
        let end = self.texts.len();
        if start < end {
            self.set(field, Cell::Texts(Kept { start, end }));
        }
    }

    /// Sets one cell, counted from 0.
    #[inline]
    pub(super) fn set(&mut self, field: usize, cell: Cell<'l>) {
        self.cells[field] = cell;
    }
}

/// The memory of a list for elements of another lifetime. The standard library collects in place, so nothing is
/// allocated.
pub(super) fn emptied<A, B>(mut list: Vec<A>) -> Vec<B> {
    list.clear();
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
