//! What an edit of a schema changes, and whether stored data allows it.
//!
//! A table has the columns that its schema had first: fields may be added, and how they are read may change, but a
//! column can neither go away nor change its type.

use std::collections::HashMap;
use std::fmt;

use super::printer::type_name;
use super::{Field, Kind, Schema, Value};

/// What a change touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// A field is new.
    AddField,
    /// A field is gone.
    DeleteField,
    /// Something of a field beside its value.
    UpdateFieldMeta,
    /// The type of a value.
    UpdateValue,
    /// Something of a value beside its type.
    UpdateValueMeta,
    /// How lines are read.
    UpdateParser,
    /// Something of the schema itself.
    UpdateMeta,
}

impl ChangeKind {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AddField => "AddField",
            Self::DeleteField => "DeleteField",
            Self::UpdateFieldMeta => "UpdateFieldMeta",
            Self::UpdateValue => "UpdateValue",
            Self::UpdateValueMeta => "UpdateValueMeta",
            Self::UpdateParser => "UpdateParser",
            Self::UpdateMeta => "UpdateMeta",
        }
    }
}

/// One difference between two versions of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it touches.
    pub kind: ChangeKind,
    /// The field as `a.b[].c`; empty for the schema itself.
    pub path: String,
    /// What it is, in words.
    pub what: String,
    /// The type before and after, where that is what changes.
    pub types: Option<(&'static str, &'static str)>,
    /// Stored data allows it.
    pub allowed: bool,
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.allowed { "allowed: " } else { "forbidden: " })?;
        out.write_str(&self.what)
    }
}

/// All changes from one version to the next, in the order of the old version's fields.
#[must_use]
pub fn diff(old: &Schema, new: &Schema) -> Vec<Change> {
    let mut diff = Diff { changes: Vec::new() };
    diff.meta(old, new);
    diff.fields(&old.fields, &new.fields, "");
    diff.changes
}

struct Diff {
    changes: Vec<Change>,
}

impl Diff {
    fn push(&mut self, kind: ChangeKind, path: &str, what: String, allowed: bool) {
        self.changes.push(Change { kind, path: path.to_owned(), what, types: None, allowed });
    }

    fn meta(&mut self, old: &Schema, new: &Schema) {
        if !old.name.is_empty() && !new.name.is_empty() && old.name != new.name {
            let what = format!("the name changes from `{}` to `{}`: that is another log type", old.name, new.name);
            self.push(ChangeKind::UpdateMeta, "", what, false);
        }
        let plain = [
            ("description", old.description != new.description),
            ("referenceURL", old.reference_url != new.reference_url),
            ("fieldDiscoveryEnabled", old.field_discovery != new.field_discovery),
        ];
        for (key, _) in plain.into_iter().filter(|(_, changed)| *changed) {
            self.push(ChangeKind::UpdateMeta, "", format!("`{key}` changes"), true);
        }
        if old.parser != new.parser {
            self.push(ChangeKind::UpdateParser, "", "the parser changes".to_owned(), true);
        }
    }

    fn fields(&mut self, old: &[Field], new: &[Field], path: &str) {
        let named: HashMap<&str, &Field> = new.iter().map(|field| (field.name.as_str(), field)).collect();
        let known: HashMap<&str, &Field> = old.iter().map(|field| (field.name.as_str(), field)).collect();
        let added: Vec<&Field> = new.iter().filter(|field| !known.contains_key(field.name.as_str())).collect();
        for field in old {
            match named.get(field.name.as_str()) {
                Some(now) => self.field(field, now, &inside(path, &field.name)),
                None => self.deleted(field, &added, path),
            }
        }
        for field in added {
            let what = format!("the field `{}` is added{}", field.name, at(path));
            self.push(ChangeKind::AddField, &inside(path, &field.name), what, true);
        }
    }

    fn deleted(&mut self, field: &Field, added: &[&Field], path: &str) {
        let renamed = added.iter().find(|new| new.value == field.value && added.len() == 1);
        let hint = renamed.map(|new| format!("; to rename it to `{}` is to delete it, too", new.name));
        let what = format!("cannot delete the field `{}`{}{}", field.name, at(path), hint.unwrap_or_default());
        self.push(ChangeKind::DeleteField, &inside(path, &field.name), what, false);
    }

    fn field(&mut self, old: &Field, new: &Field, path: &str) {
        let changed = [
            ("required", old.required != new.required),
            ("description", old.description != new.description),
            ("transformations", old.transforms != new.transforms),
            ("rules", old.rules != new.rules || old.plain != new.plain),
        ];
        for (key, _) in changed.into_iter().filter(|(_, changed)| *changed) {
            self.push(ChangeKind::UpdateFieldMeta, path, format!("`{key}` of the field `{path}` changes"), true);
        }
        self.value(&old.value, &new.value, path, "value");
    }

    fn value(&mut self, old: &Value, new: &Value, path: &str, noun: &str) {
        match (&old.kind, &new.kind) {
            (Kind::Object(old), Kind::Object(new)) => self.fields(old, new, path),
            (Kind::Array { element: old, .. }, Kind::Array { element: new, .. }) => {
                self.value(old, new, &format!("{path}[]"), "element");
            }
            (Kind::Map(old), Kind::Map(new)) => self.value(old, new, &format!("{path}.*"), "element"),
            (old, new) if type_name(old) != type_name(new) => {
                let (old, new) = (type_name(old), type_name(new));
                let what = format!("cannot change the {noun} type from `{old}` to `{new}` on the field `{path}`");
                let (kind, path, types) = (ChangeKind::UpdateValue, path.to_owned(), Some((old, new)));
                self.changes.push(Change { kind, path, what, types, allowed: false });
                return;
            }
            _ => {}
        }
        self.value_meta(old, new, path);
    }

    fn value_meta(&mut self, old: &Value, new: &Value, path: &str) {
        let mut changed = vec![
            ("indicators", old.indicators != new.indicators),
            ("validate", old.validate != new.validate),
            ("isEmbeddedJSON", old.embedded != new.embedded),
        ];
        if let (Kind::Timestamp(old), Kind::Timestamp(new)) = (&old.kind, &new.kind) {
            changed.push(("timeFormat", old.formats != new.formats));
            changed.push(("isEventTime", old.event_time != new.event_time));
            changed.push(("isExpiration", old.expiration != new.expiration));
        }
        for (key, _) in changed.into_iter().filter(|(_, changed)| *changed) {
            self.push(ChangeKind::UpdateValueMeta, path, format!("`{key}` of the field `{path}` changes"), true);
        }
    }
}

fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at `{path}`") }
}

#[cfg(test)]
mod tests {
    use super::super::reader::testing::schema;
    use super::*;

    fn changes(old: &str, new: &str) -> Vec<String> {
        let changes = diff(&schema(old), &schema(new));
        changes.iter().map(|change| format!("{} {change}", change.kind.name())).collect()
    }

    #[test]
    fn nothing_changed_is_no_change() {
        let text = "fields:\n- {name: a, type: array, element: {type: object, fields: [{name: b, type: int}]}}";
        assert_eq!(changes(text, text), [""; 0]);
    }

    #[test]
    fn fields_may_come_but_not_go() {
        let old = "fields:\n- {name: a, type: int}\n- {name: o, type: object, fields: [{name: b, type: int}, {name: c, type: int}]}";
        let new = "fields:\n- {name: o, type: object, fields: [{name: c, type: int}, {name: d, type: int}]}\n- {name: e, type: json}";
        let expected = [
            "DeleteField forbidden: cannot delete the field `a`",
            "DeleteField forbidden: cannot delete the field `b` at `o`; to rename it to `d` is to delete it, too",
            "AddField allowed: the field `d` is added at `o`",
            "AddField allowed: the field `e` is added",
        ];
        assert_eq!(changes(old, new), expected);
    }

    #[test]
    fn types_stay() {
        let old = "fields:\n- {name: a, type: int}\n- {name: b, type: array, element: {type: string}}\n- {name: c, type: string}";
        let new = "fields:\n- {name: a, type: bigint}\n- {name: b, type: array, element: {type: json}}\n- {name: c, type: array, element: {type: string}}";
        let expected = [
            "UpdateValue forbidden: cannot change the value type from `int` to `bigint` on the field `a`",
            "UpdateValue forbidden: cannot change the element type from `string` to `json` on the field `b[]`",
            "UpdateValue forbidden: cannot change the value type from `string` to `array` on the field `c`",
        ];
        assert_eq!(changes(old, new), expected);
    }

    #[test]
    fn how_values_are_read_may_change() {
        let old = "fields:\n- {name: t, type: timestamp, timeFormat: unix}\n- {name: s, type: string}\n- {name: j, type: json}";
        let new = "\
parser: {native: {name: X.Y}}
description: d
referenceURL: https://example.com
fieldDiscoveryEnabled: true
fields:
- {name: t, type: timestamp, timeFormat: unix_ms, isEventTime: true, isExpiration: true, required: true}
- {name: s, type: string, indicators: [ip], validate: {ip: any}, description: e, rename: {from: x}}
- {name: j, type: json, isEmbeddedJSON: true}";
        let expected = [
            "UpdateMeta allowed: `description` changes",
            "UpdateMeta allowed: `referenceURL` changes",
            "UpdateMeta allowed: `fieldDiscoveryEnabled` changes",
            "UpdateParser allowed: the parser changes",
            "UpdateFieldMeta allowed: `required` of the field `t` changes",
            "UpdateValueMeta allowed: `timeFormat` of the field `t` changes",
            "UpdateValueMeta allowed: `isEventTime` of the field `t` changes",
            "UpdateValueMeta allowed: `isExpiration` of the field `t` changes",
            "UpdateFieldMeta allowed: `description` of the field `s` changes",
            "UpdateFieldMeta allowed: `transformations` of the field `s` changes",
            "UpdateValueMeta allowed: `indicators` of the field `s` changes",
            "UpdateValueMeta allowed: `validate` of the field `s` changes",
            "UpdateValueMeta allowed: `isEmbeddedJSON` of the field `j` changes",
        ];
        assert_eq!(changes(old, new), expected);
    }

    #[test]
    fn another_name_is_another_log_type() {
        let fields = "fields: [{name: a, type: int}]";
        let one = |name: &str| format!("schema: {name}\n{fields}");
        let found = changes(&one("Custom.Aa"), &one("Custom.Bb"));
        let expected = "the name changes from `Custom.Aa` to `Custom.Bb`: that is another log type";
        assert_eq!(found, [format!("UpdateMeta forbidden: {expected}")]);
        assert_eq!(changes(&one("Custom.Aa"), fields), [""; 0]);
    }
}
