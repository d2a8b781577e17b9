//! Names of inferred fields: keys of events may clash where names of a schema must not.

use std::collections::HashSet;

use super::super::reader::{Compile, is_envelope};
use super::super::{Field, Kind, Transform, Value};

/// Gives fields that would share a column names of their own, and reads them from the keys of the input.
pub(super) fn tell_apart(fields: &mut [Field], top: bool, compile: &Compile) {
    let column = |name: &str| (compile.column_name)(name).to_lowercase();
    let taken = |name: &str| name.is_empty() || (top && is_envelope(&column(name)));
    let mut columns = HashSet::new();
    let clashing: Vec<usize> =
        (0..fields.len()).filter(|at| taken(&fields[*at].name) || !columns.insert(column(&fields[*at].name))).collect();
    for at in clashing {
        let from = fields[at].name.clone();
        let base = match &from {
            empty if empty.is_empty() => "empty".to_owned(),
            name if taken(name) => format!("_{name}"),
            name => name.clone(),
        };
        let candidates = std::iter::once(base.clone()).chain((2..).map(|number| format!("{base}_{number}")));
        let Some(name) = candidates.filter(|name| !taken(name)).find(|name| columns.insert(column(name))) else {
            continue;
        };
        fields[at].name = name;
        fields[at].transforms.insert(0, Transform::Rename { from });
    }
    for field in fields {
        below(&mut field.value, compile);
    }
}

fn below(value: &mut Value, compile: &Compile) {
    match &mut value.kind {
        Kind::Object(fields) => tell_apart(fields, false, compile),
        Kind::Array { element, .. } | Kind::Map(element) => below(element, compile),
        _ => {}
    }
}
