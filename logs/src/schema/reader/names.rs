//! Names of fields: once each, one column each, none that the envelope needs.

use std::collections::HashMap;

use super::super::keys::Mode;
use super::super::problem::Place;
use super::build::Builder;

/// What the envelope of an event adds; indicators beside it begin with [`INDICATORS`].
const ENVELOPE: [&str; 10] = [
    "p_log_type",
    "p_row_id",
    "p_event_time",
    "p_parse_time",
    "p_source_id",
    "p_source_label",
    "p_schema_version",
    "p_source_file",
    "p_header",
    "p_udm",
];

/// What columns of indicators begin with.
const INDICATORS: &str = "p_any_";

/// Whether a top-level name belongs to the envelope.
pub(in crate::schema) fn is_envelope(name: &str) -> bool {
    ENVELOPE.contains(&name) || name.starts_with(INDICATORS)
}

/// A field's name and where it stands.
pub(super) struct Named<'a> {
    pub name: &'a str,
    pub place: Place,
    /// In its list.
    pub index: usize,
}

impl Builder<'_> {
    /// All names of one object.
    pub fn check_names(&mut self, names: &[Named<'_>], top: bool) {
        let mut seen: HashMap<&str, &Named<'_>> = HashMap::new();
        let mut columns: HashMap<String, &Named<'_>> = HashMap::new();
        for named in names {
            if let Some(first) = seen.get(named.name) {
                let hint = format!("it stands first in line {}", first.place.line);
                self.name_error(named, format!("duplicate field name `{}`", named.name), hint);
                continue;
            }
            seen.insert(named.name, named);
            let column = (self.compile.column_name)(named.name).to_lowercase();
            if top && is_envelope(&column) {
                let what = format!("`{}` is a field that every event gets from Panther", named.name);
                self.name_error(named, what, "give the field another name, and `rename: {from: ..}`".to_owned());
            } else if let Some(first) = columns.get(column.as_str()) {
                self.collision(named, first, &column);
            } else {
                self.doubtful(named, top, &column);
                columns.insert(column, named);
            }
        }
    }

    fn collision(&mut self, named: &Named<'_>, first: &Named<'_>, column: &str) {
        let what = format!(
            "`{}` and `{}` of line {} are stored in the same column `{column}`",
            named.name, first.name, first.place.line
        );
        self.name_error(named, what, "give one of them another name, and `rename: {from: ..}`".to_owned());
    }

    fn name_error(&mut self, named: &Named<'_>, what: String, hint: String) {
        let path = format!("{}[{}].name", self.path, named.index);
        self.findings.error(named.place, path, what).hint(hint);
    }

    /// Names that are taken here, and perhaps not by Panther.
    fn doubtful(&mut self, named: &Named<'_>, top: bool, column: &str) {
        if self.mode == Mode::BuiltIn {
            return;
        }
        let first = named.name.chars().next().unwrap_or_default();
        let what = if top && column.starts_with("p_") {
            format!("`{}` begins with `p_`, as Panther's own fields do", named.name)
        } else if !first.is_alphabetic() && !"_!#%&',/=@$*+\\`~".contains(first) {
            format!("`{}` does not begin with a letter: Panther may refuse it", named.name)
        } else {
            return;
        };
        let path = format!("{}[{}].name", self.path, named.index);
        self.findings.warning(named.place, path, what).hint("give the field another name, and `rename: {from: ..}`");
    }
}
