//! Values that come from elsewhere in the event, and values that are hidden.

use sha2::{Digest, Sha256};

use super::object::Fault;
use super::scalar::Scalar;
use super::{Found, NONE, Scope, Work};
use crate::parse::event::Draft;
use crate::parse::json::escape::unescaped;
use crate::parse::json::{Document, NodeKind};
use crate::parse::layout::{Layout, Origin, Path, Slot, Transforms};
use crate::schema::Mask;

impl Work {
    /// The value of a field with transforms.
    pub(super) fn transformed(
        &mut self,
        layout: &Layout,
        slot: &Slot,
        transforms: &Transforms,
        scope: Scope<'_>,
        value: u32,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        let text = match &transforms.source {
            None => None,
            Some(Origin::Copy(path)) => return self.copied(layout, slot, transforms, scope, path, draft),
            Some(Origin::Concat(paths, separator)) => joined(scope.event, paths, separator),
            Some(Origin::Split(path, separator, index)) => piece(scope.event, path, separator, *index),
        };
        if transforms.source.is_some() {
            let Some(text) = text else { return Ok(Found::Absent) };
            return self.text_value(layout, slot, transforms.mask.as_ref(), &text, draft);
        }
        self.masked(layout, slot, transforms.mask.as_ref(), scope, value, draft)
    }

    fn copied(
        &mut self,
        layout: &Layout,
        slot: &Slot,
        transforms: &Transforms,
        scope: Scope<'_>,
        path: &Path,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        let Some(value) = resolve(scope.event, path) else { return Ok(Found::Absent) };
        let scope = Scope { document: scope.event, ..scope };
        self.masked(layout, slot, transforms.mask.as_ref(), scope, value, draft)
    }

    fn masked(
        &mut self,
        layout: &Layout,
        slot: &Slot,
        mask: Option<&Mask>,
        scope: Scope<'_>,
        value: u32,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        if value == NONE {
            return Ok(Found::Absent);
        }
        match (mask, text(scope.document, value)) {
            (Some(_), Some(text)) => self.text_value(layout, slot, mask, &text, draft),
            (Some(_), None) if scope.document.node(value).kind == NodeKind::Null => Ok(Found::Absent),
            // Objects and arrays are hidden as a whole.
            (Some(_), None) => {
                self.text_value(layout, slot, mask, scope.document.raw(scope.document.node(value)), draft)
            }
            (None, _) => self.value(layout, &slot.value, slot.plain, scope, value, draft),
        }
    }

    fn text_value(
        &mut self,
        layout: &Layout,
        slot: &Slot,
        mask: Option<&Mask>,
        text: &str,
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        let hidden = mask.map(|mask| hide(mask, text));
        let text = hidden.as_deref().unwrap_or(text);
        let scalar = Scalar { text, kind: NodeKind::Escaped, verbatim: false };
        Ok(self.write_scalar(layout, &slot.value, slot.plain, scalar, draft)?)
    }
}

/// What stands instead of a value.
fn hide(mask: &Mask, text: &str) -> String {
    match mask {
        Mask::Redact { to } => to.clone(),
        Mask::Obfuscate { salt } => {
            let digest = Sha256::new().chain_update(salt).chain_update(text).finalize();
            digest.iter().map(|byte| format!("{byte:02x}")).collect()
        }
    }
}

/// The value at a dotted path. A key may hold dots itself, so the rest of the path as one key is tried first.
fn resolve(event: Document<'_>, path: &[String]) -> Option<u32> {
    let mut at = 0;
    let mut rest = path;
    while let Some((first, more)) = rest.split_first() {
        if let Some(value) = event.member(at, &rest.join(".")) {
            return Some(value);
        }
        at = match event.node(at).kind {
            NodeKind::Object => event.member(at, first)?,
            NodeKind::Array => event.elements(at).nth(first.parse().ok()?)?,
            _ => return None,
        };
        rest = more;
    }
    Some(at)
}

/// The text of a scalar.
fn text(document: Document<'_>, value: u32) -> Option<String> {
    let node = document.node(value);
    match node.kind {
        NodeKind::Null | NodeKind::Object | NodeKind::Array => None,
        NodeKind::Escaped => Some(unescaped(document.body(node)).into_owned()),
        _ => Some(document.body(node).to_owned()),
    }
}

fn text_at(event: Document<'_>, path: &[String]) -> Option<String> {
    text(event, resolve(event, path)?)
}

/// Those of the texts that are there; none of them: no value.
fn joined(event: Document<'_>, paths: &[Path], separator: &str) -> Option<String> {
    let texts: Vec<String> = paths.iter().filter_map(|path| text_at(event, path)).collect();
    (!texts.is_empty()).then(|| texts.join(separator))
}

fn piece(event: Document<'_>, path: &[String], separator: &str, index: usize) -> Option<String> {
    text_at(event, path)?.split(separator).nth(index).map(str::to_owned)
}
