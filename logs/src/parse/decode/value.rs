//! One value by its type.

use std::borrow::Cow;

use super::object::Fault;
use super::{Found, NONE, Scope, Work, kind_of};
use crate::parse::event::Draft;
use crate::parse::json::escape::{unescaped, write_raw, write_string, write_string_html};
use crate::parse::json::{Document, Node, NodeKind, Tape};
use crate::parse::layout::{Decode, Layout, Slot, Special, ValuePlan};
use crate::parse::native::rules::protocol_number;
use crate::parse::rejection::{Reason, shown};

impl Work {
    /// A field's value, wherever it comes from.
    pub(super) fn slot(
        &mut self,
        layout: &Layout,
        slot: &Slot,
        scope: Scope<'_>,
        value: u32,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        if let Some(transforms) = &slot.transform {
            return self.transformed(layout, slot, transforms, scope, value, draft);
        }
        match slot.special {
            Special::None => {}
            Special::WholeLine => {
                write_raw(draft.out, scope.event.raw(scope.event.node(0)));
                return Ok(Found::Written);
            }
            Special::Protocol => {
                if let Some(number) = named_protocol(scope, value) {
                    draft.out.extend_from_slice(number.to_string().as_bytes());
                    return Ok(Found::Written);
                }
            }
        }
        let absent = value == NONE || scope.document.node(value).kind == NodeKind::Null;
        match &slot.value.decode {
            Decode::Object(object) if absent && slot.plain => {
                self.object(layout, *object, scope, None, draft)?;
                Ok(Found::Written)
            }
            _ if value == NONE => Ok(Found::Absent),
            _ => self.value(layout, &slot.value, slot.plain, scope, value, draft),
        }
    }

    /// A value that is there.
    pub(super) fn value(
        &mut self,
        layout: &Layout,
        plan: &ValuePlan,
        plain: bool,
        scope: Scope<'_>,
        index: u32,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        let node = scope.document.node(index);
        if node.kind == NodeKind::Null {
            return Ok(if matches!(plan.decode, Decode::Json) { Found::Omitted } else { Found::Absent });
        }
        if plan.embedded && node.is_text() {
            let text = unescaped(scope.document.body(node));
            return self.embedded(layout, plan, scope, &text, draft);
        }
        self.typed(layout, plan, plain, scope, index, draft)
    }

    /// A value that stands as it is meant.
    fn typed(
        &mut self,
        layout: &Layout,
        plan: &ValuePlan,
        plain: bool,
        scope: Scope<'_>,
        index: u32,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        let node = scope.document.node(index);
        match (&plan.decode, node.kind) {
            (Decode::Json, _) => {
                write_raw(draft.out, scope.document.raw(node));
                Ok(Found::Written)
            }
            (Decode::Object(object), NodeKind::Object) => {
                self.object(layout, *object, scope, Some(index), draft)?;
                Ok(Found::Written)
            }
            (Decode::Object(_), _) => Err(Reason::Type("an object", kind_of(scope, index)).into()),
            (Decode::Array(element, checked), NodeKind::Array) => {
                let scope = Scope { checked: scope.checked && *checked, ..scope };
                self.array(layout, element, scope, index, draft)
            }
            (Decode::Array(..), _) => Err(Reason::Type("an array", kind_of(scope, index)).into()),
            (Decode::Map(element), NodeKind::Object) => self.map(layout, element, scope, index, draft),
            (Decode::Map(_), _) => Err(Reason::Type("an object", kind_of(scope, index)).into()),
            _ => Ok(self.scalar(layout, plan, plain, scope, index, draft)?),
        }
    }

    /// A string that holds JSON.
    fn embedded(
        &mut self,
        layout: &Layout,
        plan: &ValuePlan,
        scope: Scope<'_>,
        text: &str,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        if text.trim().is_empty() {
            return Ok(Found::Absent);
        }
        let mut tape: Tape = self.tapes.pop().unwrap_or_default();
        let found = match tape.read(text) {
            Err(_) => Err(Reason::Value("text that holds JSON", shown(text)).into()),
            Ok(()) if text.trim() == "null" => Ok(Found::Absent),
            Ok(()) if !tape.is_whole(text) => Err(Reason::Value("text that holds JSON alone", shown(text)).into()),
            Ok(()) => self.typed(layout, plan, false, Scope { document: tape.document(text), ..scope }, 0, draft),
        };
        self.tapes.push(tape);
        found
    }

    fn array(
        &mut self,
        layout: &Layout,
        element: &ValuePlan,
        scope: Scope<'_>,
        index: u32,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        let start = draft.out.len();
        draft.out.push(b'[');
        for value in scope.document.elements(index) {
            if draft.out.len() > start + 1 {
                draft.out.push(b',');
            }
            let found = self.value(layout, element, false, scope, value, draft)?;
            draft.out.extend_from_slice(instead_of_element(element, found));
        }
        if draft.out.len() == start + 1 {
            draft.out.truncate(start);
            return Ok(Found::Omitted);
        }
        draft.out.push(b']');
        Ok(Found::Written)
    }

    /// An object whose keys are data: sorted by key, of several alike the last.
    fn map(
        &mut self,
        layout: &Layout,
        element: &ValuePlan,
        scope: Scope<'_>,
        index: u32,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        let document = scope.document;
        let mut members: Vec<(Cow<'_, str>, u32)> =
            document.members(index).map(|(key, value)| (text_of(document, key), value)).collect();
        if members.is_empty() {
            return Ok(Found::Omitted);
        }
        // Stable, so that of several alike the last is the last here, too.
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        let start = draft.out.len();
        for (place, (key, value)) in members.iter().enumerate() {
            if members.get(place + 1).is_some_and(|(next, _)| next == key) {
                continue;
            }
            draft.out.push(if draft.out.len() == start { b'{' } else { b',' });
            self.write_text(layout.strict, key, draft);
            draft.out.push(b':');
            let found = self.value(layout, element, false, scope, *value, draft)?;
            draft.out.extend_from_slice(instead_of_element(element, found));
        }
        draft.out.push(b'}');
        Ok(Found::Written)
    }

    /// A string with its quotes.
    #[expect(clippy::unused_self, reason = "one family of calls")]
    pub(super) fn write_text(&self, strict: bool, text: &str, draft: &mut Draft<'_>) {
        if strict {
            write_string_html(draft.out, text);
        } else {
            write_string(draft.out, text);
        }
    }
}

/// What a string means.
fn text_of(document: Document<'_>, node: Node) -> Cow<'_, str> {
    let body = document.body(node);
    if node.kind == NodeKind::Escaped { unescaped(body) } else { Cow::Borrowed(body) }
}

/// The number of a protocol that is given by its name.
fn named_protocol(scope: Scope<'_>, value: u32) -> Option<u8> {
    let node = scope.document.node(value);
    let named = value != NONE && node.is_text();
    named.then(|| protocol_number(&unescaped(scope.document.body(node))))?
}

/// What stands for an element of which nothing was written: an empty list or map stands as it is, anything else is null.
/// A text that must be one holds no null, so it is empty.
const fn instead_of_element(element: &ValuePlan, found: Found) -> &'static [u8] {
    match (found, &element.decode) {
        (Found::Written, _) => b"",
        (Found::Absent, Decode::String) if element.exact => b"\"\"",
        (Found::Omitted, Decode::Array(..)) => b"[]",
        (Found::Omitted, Decode::Map(_)) => b"{}",
        (Found::Absent | Found::Omitted, _) => b"null",
    }
}
