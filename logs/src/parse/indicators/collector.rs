//! The indicators of one event.

use crate::parse::json::escape::{write_string, write_string_html};

use super::Column;
use super::aws::Level;

/// Collects the indicators of an event; cleared and reused for the next one.
#[derive(Debug, Default)]
pub struct Collector {
    /// All values, one after the other.
    pub(super) arena: String,
    entries: Vec<Entry>,
    /// Texts on their way: unescaped, decoded.
    pub(super) scratch: String,
    /// Where a walk through raw JSON stands.
    pub(super) levels: Vec<Level>,
}

/// How much was collected at some point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    entries: usize,
    arena: usize,
}

/// A value in the arena.
#[derive(Clone, Copy, Debug)]
struct Entry {
    column: Column,
    start: usize,
    end: usize,
    /// It is written without a search for what needs an escape.
    plain: bool,
}

impl Collector {
    /// An empty collector.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets all values; keeps the memory for the next event.
    pub fn clear(&mut self) {
        self.arena.clear();
        self.entries.clear();
    }

    /// Whether nothing was collected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds a value as it is; an empty one is none.
    pub fn push(&mut self, column: Column, value: &str) {
        let start = self.arena.len();
        self.arena.push_str(value);
        self.push_from(column, start);
    }

    /// Adds what was found to be an address: JSON has it as it is.
    pub(in crate::parse) fn push_address(&mut self, address: &str) {
        let start = self.arena.len();
        self.arena.push_str(address);
        self.entries.push(Entry { column: Column::IpAddresses, start, end: self.arena.len(), plain: true });
    }

    /// Adds what was appended to the arena from `start` on.
    pub(super) fn push_from(&mut self, column: Column, start: usize) {
        let end = self.arena.len();
        if end > start {
            self.entries.push(Entry { column, start, end, plain: false });
        }
    }

    /// Forgets the values of a column.
    pub fn forget(&mut self, column: Column) {
        self.entries.retain(|entry| entry.column != column);
    }

    /// How much has been collected.
    pub(super) fn mark(&self) -> Mark {
        Mark { entries: self.entries.len(), arena: self.arena.len() }
    }

    /// Forgets what was added after a mark.
    pub(super) fn forget_after(&mut self, mark: Mark) {
        self.entries.truncate(mark.entries);
        self.arena.truncate(mark.arena);
    }

    /// The distinct values of a column, in the order of their bytes.
    pub fn values(&mut self, column: Column) -> impl Iterator<Item = &str> {
        self.sort();
        let arena = &self.arena;
        self.entries.iter().filter(move |entry| entry.column == column).map(|entry| entry.text(arena))
    }

    /// Appends `,"p_any_...":["...",...]` for each column that has values.
    pub fn write(&mut self, out: &mut Vec<u8>) {
        self.sort();
        let columns = self.entries.chunk_by(|one, next| one.column == next.column);
        columns.for_each(|column| self.write_column(column, write_string, out));
    }

    /// [`Collector::write`] for older built-in types: their columns alone, in their order, and safe inside HTML.
    pub fn write_older(&mut self, out: &mut Vec<u8>) {
        self.sort();
        let there = self.entries.iter().fold(0_u32, |bits, entry| bits | 1 << entry.column as u32);
        for column in Column::OLDER.into_iter().filter(|column| there & 1 << *column as u32 != 0) {
            let start = self.entries.partition_point(|entry| entry.column < column);
            let end = self.entries.partition_point(|entry| entry.column <= column);
            if start < end {
                self.write_column(&self.entries[start..end], write_string_html, out);
            }
        }
    }

    fn write_column(&self, entries: &[Entry], write: fn(&mut Vec<u8>, &str), out: &mut Vec<u8>) {
        for (index, entry) in entries.iter().enumerate() {
            if index == 0 {
                out.extend_from_slice(b",\"");
                out.extend_from_slice(entry.column.name().as_bytes());
                out.extend_from_slice(b"\":[");
            } else {
                out.push(b',');
            }
            let text = entry.text(&self.arena);
            if entry.plain {
                out.push(b'"');
                out.extend_from_slice(text.as_bytes());
                out.push(b'"');
            } else {
                write(out, text);
            }
        }
        out.push(b']');
    }

    /// Sorts by column and value, and drops what is there twice.
    fn sort(&mut self) {
        let Self { arena, entries, .. } = self;
        let key = |entry: &Entry| (entry.column, &arena.as_bytes()[entry.start..entry.end]);
        if !entries.is_sorted_by(|one, next| key(one) < key(next)) {
            entries.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
            entries.dedup_by(|one, other| key(one) == key(other));
        }
    }
}

impl Entry {
    fn text<'a>(&self, arena: &'a str) -> &'a str {
        &arena[self.start..self.end]
    }
}
