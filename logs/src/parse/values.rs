//! An event's values by their paths, for rules that look at several fields at once.

use std::borrow::Cow;

use super::decode::{Cell, Cells};
use super::json::escape::unescaped;
use super::json::{Document, NodeKind};
use super::layout::Object;
use super::native::rules::Values;

/// A value of a JSON log, and those inside it.
#[derive(Clone, Copy, Debug)]
pub struct JsonValues<'d> {
    /// The log.
    pub document: Document<'d>,
    /// The value.
    pub index: u32,
    /// Keys match whatever their case.
    pub ignore_case: bool,
}

impl<'d> JsonValues<'d> {
    fn at(&self, path: &[impl AsRef<str>]) -> Option<u32> {
        path.iter().try_fold(self.index, |index, key| self.member(index, key.as_ref()))
    }

    /// As [`Values::text`].
    #[must_use]
    pub fn text_at(&self, path: &[impl AsRef<str>]) -> Option<Cow<'d, str>> {
        let node = self.document.node(self.at(path)?);
        match node.kind {
            NodeKind::Null | NodeKind::Object | NodeKind::Array => None,
            NodeKind::Escaped => Some(unescaped(self.document.body(node))),
            _ => Some(Cow::Borrowed(self.document.body(node))),
        }
    }

    /// Of several members alike the last.
    fn member(&self, object: u32, name: &str) -> Option<u32> {
        if self.document.node(object).kind != NodeKind::Object {
            return None;
        }
        let mut found = None;
        for (key, value) in self.document.members(object) {
            // Most names are told apart by their lengths.
            if key.kind != NodeKind::Escaped && (key.end - key.start) as usize != name.len() {
                continue;
            }
            let key = match key.kind {
                NodeKind::Escaped => unescaped(self.document.body(key)),
                _ => Cow::Borrowed(self.document.body(key)),
            };
            if *key == *name || self.ignore_case && key.eq_ignore_ascii_case(name) {
                found = Some(value);
            }
        }
        found
    }
}

impl Values for JsonValues<'_> {
    fn text(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        self.text_at(path)
    }

    fn raw(&self, path: &[&str]) -> Option<&str> {
        Some(self.document.raw(self.document.node(self.at(path)?)))
    }

    fn each(&self, path: &[&str], visit: &mut dyn FnMut(&dyn Values)) {
        let Some(array) = self.at(path) else { return };
        if self.document.node(array).kind == NodeKind::Array {
            for index in self.document.elements(array) {
                visit(&JsonValues { index, ..*self });
            }
        }
    }
}

/// The cells of a row, by the names of their fields.
#[derive(Debug)]
pub struct RowValues<'r, C> {
    /// The event's fields.
    pub event: &'r Object,
    /// Their values.
    pub cells: &'r C,
}

impl<C: Cells> RowValues<'_, C> {
    fn cell(&self, path: &[&str]) -> Option<Cell<'_>> {
        let [name] = path else { return None };
        // Numbers beyond the fields are further keys of JSON logs.
        let field = self.event.keys.find(name.as_bytes()).filter(|field| *field < self.event.fields.len())?;
        Some(self.cells.cell(field))
    }
}

impl<C: Cells> Values for RowValues<'_, C> {
    fn text(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        match self.cell(path)? {
            Cell::Text(text) | Cell::Clean(text) => Some(Cow::Borrowed(text)),
            Cell::Integer(number) => Some(Cow::Owned(number.to_string())),
            Cell::Float(number) => Some(Cow::Owned(number.to_string())),
            Cell::Boolean(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
            Cell::Absent | Cell::Time(_) | Cell::Texts(_) | Cell::Json(_) => None,
        }
    }

    fn raw(&self, path: &[&str]) -> Option<&str> {
        match self.cell(path)? {
            Cell::Json(text) => Some(text),
            _ => None,
        }
    }

    fn each(&self, path: &[&str], visit: &mut dyn FnMut(&dyn Values)) {
        if let Some(Cell::Texts(texts)) = self.cell(path) {
            for text in texts {
                visit(&OneText(text));
            }
        }
    }
}

/// A single text.
struct OneText<'t>(&'t str);

impl Values for OneText<'_> {
    fn text(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        path.is_empty().then_some(Cow::Borrowed(self.0))
    }

    fn raw(&self, _path: &[&str]) -> Option<&str> {
        None
    }

    fn each(&self, _path: &[&str], _visit: &mut dyn FnMut(&dyn Values)) {}
}
