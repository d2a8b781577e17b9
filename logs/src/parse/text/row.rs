//! The named texts of one line, and how they are collected without allocating for every line.
//!
//! A matcher fills a row with slices of the line; only values that differ from what stands in the line (escapes
//! resolved, templates expanded) own their text, and that text comes from a stock which outlives the line.

use std::borrow::Cow;

/// The values of one line: index into the matcher's names, text. An index occurs at most once.
#[derive(Debug, Default)]
pub struct Row<'l> {
    values: Vec<(usize, Cow<'l, str>)>,
    stock: Vec<String>,
}

impl<'l> Row<'l> {
    /// An empty row.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was found, in the order in which it was found.
    #[must_use]
    pub fn values(&self) -> &[(usize, Cow<'l, str>)] {
        &self.values
    }

    /// The value of one name, if the line has it.
    #[must_use]
    pub fn get(&self, name: usize) -> Option<&str> {
        self.values.iter().find(|(index, _)| *index == name).map(|(_, value)| value.as_ref())
    }

    /// Forgets all values; their memory serves the next line.
    pub fn clear(&mut self) {
        for (_, value) in self.values.drain(..) {
            if let Cow::Owned(text) = value {
                self.stock.push(text);
            }
        }
    }

    /// An empty row for lines of another buffer, made of this one's memory.
    #[must_use]
    pub fn renew<'n>(mut self) -> Row<'n> {
        self.clear();
        // Nothing is left to convert; collecting keeps the allocation because both sides have the same layout.
        let values = self.values.into_iter().map(|(index, _)| (index, Cow::Borrowed(""))).collect();
        Row { values, stock: self.stock }
    }

    /// An empty text with capacity from earlier lines.
    pub(super) fn blank(&mut self) -> String {
        let mut text = self.stock.pop().unwrap_or_default();
        text.clear();
        text
    }

    pub(super) fn put(&mut self, slot: Slot, value: Cow<'l, str>) {
        if slot.again
            && let Some(found) = self.values.iter_mut().find(|(index, _)| *index == slot.name)
        {
            found.1 = value;
        } else {
            self.values.push((slot.name, value));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Of values with the same name the last one stays.
    pub(super) fn keep_last(&mut self) {
        let mut at = 0;
        while at < self.values.len() {
            let name = self.values[at].0;
            if self.values[at + 1..].iter().any(|(index, _)| *index == name) {
                self.values.remove(at);
            } else {
                at += 1;
            }
        }
    }
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Index into the names.
    pub name: usize,
    /// The name was there before in the same line, so that a value may have to be replaced.
    pub again: bool,
}

/// The names a matcher can give, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub fn list(&self) -> &[String] {
        &self.0
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known == name)
    }

    /// The index of a name, which is added if it is new.
    pub fn index(&mut self, name: &str) -> usize {
        self.find(name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        })
    }
}

/// Gives out slots for the values of one line, in their order.
#[derive(Debug)]
pub(super) struct Slots<'n> {
    names: &'n mut Names,
    given: Vec<usize>,
}

impl<'n> Slots<'n> {
    pub fn new(names: &'n mut Names) -> Self {
        Self { names, given: Vec::new() }
    }

    /// Where the next value goes; nowhere without a name.
    pub fn next(&mut self, name: &str) -> Option<Slot> {
        if name.is_empty() {
            return None;
        }
        let index = self.names.index(name);
        let again = self.given.contains(&index);
        self.given.push(index);
        Some(Slot { name: index, again })
    }
}
