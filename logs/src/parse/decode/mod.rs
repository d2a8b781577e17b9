//! From a tape to a written event, by a compiled schema.
//!
//! The decoder walks the schema, not the input: fields come out in the schema's order, unknown ones cost nothing, and a
//! value is checked, scanned for indicators and written in one go. What it wrote before it found a fault is
//! cut off by its caller.

mod cell;
mod object;
mod origin;
mod rules;
mod scalar;
#[cfg(test)]
mod tests;
mod value;

use super::event::Draft;
use super::json::{Document, NodeKind, Tape};
use super::layout::Layout;
use super::rejection::{Reason, Rejection, shown};

pub use cell::{Cell, Cells};

/// Decodes the logs of one log type, one after the other, always by the same layout.
#[derive(Debug)]
pub struct Decoder {
    work: Work,
}

/// What the decoder keeps from value to value, so that it need not allocate.
#[derive(Debug, Default)]
struct Work {
    /// For each field of the objects under way: the index of its value, or none.
    slots: Vec<u32>,
    /// For each object of the layout: the field that each member stood for, last time.
    hints: Vec<Vec<u16>>,
    /// Tapes of embedded JSON.
    tapes: Vec<Tape>,
    /// Top-level members that no field wants.
    unknown: Vec<(u32, u32)>,
}

/// What became of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// It was written.
    Written,
    /// It is there, and there is nothing to write: an empty array, a null of type `json`, a plain zero.
    Omitted,
    /// It is not there.
    Absent,
}

/// One value under way: the event's text, its outermost value, and whether rules hold here.
#[derive(Clone, Copy)]
struct Scope<'a> {
    document: Document<'a>,
    /// The event that paths of transforms begin at.
    event: Document<'a>,
    /// `required` and rules are looked at.
    checked: bool,
}

/// No value: tapes begin at 0 with the event itself, which is no field of anything.
const NONE: u32 = 0;

impl Decoder {
    /// A decoder for a layout.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        let hints = layout.objects.iter().map(|_| Vec::new()).collect();
        Self { work: Work { hints, ..Work::default() } }
    }

    /// Writes the fields of a value of a JSON log (the log itself is 0), beginning with `{` and not closed: the envelope
    /// follows.
    ///
    /// # Errors
    /// The value is no event of this type; what was written so far is to be cut off.
    pub fn json(
        &mut self,
        layout: &Layout,
        document: Document<'_>,
        index: u32,
        draft: &mut Draft<'_>,
    ) -> Result<(), Rejection> {
        self.work.slots.clear();
        self.work.unknown.clear();
        let scope = Scope { document, event: document, checked: true };
        match document.node(index).kind {
            NodeKind::Object => self.work.object(layout, layout.root(), scope, Some(index), draft)?,
            NodeKind::Null => self.work.object(layout, layout.root(), scope, None, draft)?,
            _ => return Err(Rejection::whole(Reason::NoObject)),
        }
        draft.out.pop();
        Ok(())
    }
}

/// How a value of a wrong type is named.
fn kind_of(scope: Scope<'_>, index: u32) -> Box<str> {
    let node = scope.document.node(index);
    match node.kind {
        NodeKind::Null => "null".into(),
        NodeKind::Object => "an object".into(),
        NodeKind::Array => "an array".into(),
        _ => shown(scope.document.raw(node)),
    }
}
