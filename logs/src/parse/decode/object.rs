//! Objects: which member is which field, and the fields in their order.

use std::collections::HashSet;

use super::rules::{self, Subject};
use super::{Found, NONE, Scope, Work};
use crate::parse::event::Draft;
use crate::parse::json::escape::write_raw;
use crate::parse::json::{Document, Node, NodeKind};
use crate::parse::layout::{Layout, Object, Slot, written_key};
use crate::parse::rejection::{Reason, Rejection};

/// A member that no field wants.
const UNKNOWN: u16 = u16::MAX;

impl Work {
    /// Writes an object; without a value, one of which no field is there.
    pub(super) fn object(
        &mut self,
        layout: &Layout,
        object: usize,
        scope: Scope<'_>,
        value: Option<u32>,
        draft: &mut Draft<'_>,
    ) -> Result<(), Rejection> {
        let base = self.slots.len();
        let plan = &layout.objects[object];
        let aliases = if object == layout.root() { layout.aliases.as_slice() } else { &[] };
        self.slots.resize(base + plan.fields.len() + aliases.len(), NONE);
        if let Some(value) = value {
            self.assign(layout, object, scope.document, value, base);
        }
        for (number, field) in aliases.iter().enumerate() {
            let alias = self.slots[base + plan.fields.len() + number];
            if alias != NONE {
                self.slots[base + field] = alias;
            }
        }
        let start = draft.out.len();
        for (index, slot) in plan.fields.iter().enumerate() {
            self.member(layout, (object, index), slot, scope, base, draft)?;
        }
        if layout.discovery && object == layout.root() {
            self.discovered(layout, scope.document, draft);
        }
        open_at(start, draft.out);
        draft.out.push(b'}');
        self.slots.truncate(base);
        Ok(())
    }

    /// Notes for each field where its value stands; of several members alike the last counts.
    fn assign(&mut self, layout: &Layout, object: usize, document: Document<'_>, value: u32, base: usize) {
        let plan = &layout.objects[object];
        let discovery = layout.discovery && object == layout.root();
        let mut hints = std::mem::take(&mut self.hints[object]);
        for (place, (key, value)) in document.members(value).enumerate() {
            let field = self.field(plan, document, key, place, &mut hints);
            match field {
                Some(field) => self.slots[base + field] = value,
                None if discovery => self.unknown.push((value - 1, value)),
                None => {}
            }
        }
        self.hints[object] = hints;
        for (index, slot) in plan.fields.iter().enumerate() {
            if let Some(owner) = slot.shared_with {
                self.slots[base + index] = self.slots[base + owner];
            }
        }
    }

    /// The field of a key: the one that stood here last time, else by the table.
    #[inline]
    fn field(
        &mut self,
        plan: &Object,
        document: Document<'_>,
        key: Node,
        place: usize,
        hints: &mut Vec<u16>,
    ) -> Option<usize> {
        let unescaped;
        let bytes = if key.kind == NodeKind::Escaped {
            unescaped = crate::parse::json::escape::unescaped(document.body(key));
            unescaped.as_bytes()
        } else {
            document.bytes(key)
        };
        if let Some(hint) = hints.get(place)
            && let Some(slot) = plan.fields.get(*hint as usize)
            && slot.input.as_bytes() == bytes
        {
            return Some(*hint as usize);
        }
        let field = plan.keys.find(bytes);
        if hints.len() <= place {
            hints.resize(place + 1, UNKNOWN);
        }
        hints[place] = field.map_or(UNKNOWN, |field| field as u16);
        field
    }

    fn member(
        &mut self,
        layout: &Layout,
        field: (usize, usize),
        slot: &Slot,
        scope: Scope<'_>,
        base: usize,
        draft: &mut Draft<'_>,
    ) -> Result<(), Rejection> {
        let value = self.slots[base + field.1];
        if value == NONE && !slot.speaks_without_value() {
            return Ok(());
        }
        // The first key's comma takes the place of the brace, which is put back when the object ends.
        let before = draft.out.len();
        slot.key.write(draft.out);
        let found = self
            .slot(layout, slot, scope, value, draft)
            .and_then(|found| rules::check(slot, scope.checked, found, || Subject::json(scope, value)).map(|()| found));
        match found {
            Ok(Found::Written) => Ok(()),
            Ok(_) => {
                draft.out.truncate(before);
                Ok(())
            }
            Err(Fault::Here(reason)) => Err(Rejection { field: Some(field), reason }),
            Err(Fault::Below(rejection)) => Err(rejection),
        }
    }

    /// Top-level members that the schema does not know, as they stand, under names fit for columns. Of several with one
    /// name the last counts; a field of the schema has its name for itself.
    fn discovered(&self, layout: &Layout, document: Document<'_>, draft: &mut Draft<'_>) {
        let fields = &layout.objects[layout.root()].fields;
        let mut taken = HashSet::new();
        let mut members = Vec::new();
        for (key, value) in self.unknown.iter().rev() {
            let name = crate::parse::json::escape::unescaped(document.body(document.node(*key)));
            let written = written_key(&name, layout.encoding);
            if is_envelope(&written)
                || fields.iter().any(|slot| slot.key.is(&written))
                || !taken.insert(written.clone())
            {
                continue;
            }
            members.push((written, document.node(*value)));
        }
        for (key, node) in members.iter().rev().filter(|(_, node)| node.kind != NodeKind::Null) {
            draft.out.push(b',');
            draft.out.extend_from_slice(key);
            write_raw(draft.out, document.raw(*node));
        }
    }
}

/// Whether a written key is one of those that every event has.
fn is_envelope(key: &[u8]) -> bool {
    key.starts_with(b"\"p_")
}

/// Makes an object of members that each begin with a comma: the first comma becomes its brace.
pub(super) fn open_at(start: usize, out: &mut Vec<u8>) {
    match out.get_mut(start) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
}

/// A fault of this value, or of one inside it, which knows its own field.
#[derive(Debug)]
pub(super) enum Fault {
    /// This one.
    Here(Reason),
    /// One inside.
    Below(Rejection),
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self::Here(reason)
    }
}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        Self::Below(rejection)
    }
}
