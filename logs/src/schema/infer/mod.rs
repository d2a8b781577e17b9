//! A schema from examples.
//!
//! Lines are read one by one and merged into what is known so far, so memory is that of the schema, whatever the size
//! of the input. The schema found accepts every line that it was found from. For that it departs from older tools in
//! four places: texts such as `NaN` and numbers beyond range are strings, because no number can hold them; objects with
//! more than 200 keys, and values nested deeper than a schema may, are `json`; a time at the beginning of time does not
//! make its field required; and fields that would share a column are told apart by `rename`.

mod json;
mod names;
mod text;

use super::Schema;
use super::merge::{Merger, SeenField, into_fields};
use super::reader::Compile;

/// An object with more fields than this has data for keys: it becomes `json`.
const MOST_FIELDS: usize = 200;
/// The event itself cannot become `json`; beyond this its keys are data, too, and no schema helps.
const MOST_TOP_FIELDS: usize = 10_000;

/// Why a line, or all lines, gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InferError {
    /// The line is no JSON object; what it is instead.
    #[error("line {line}: {what}")]
    Line {
        /// From 1, blank lines counted.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// Nothing usable was seen.
    #[error("nothing can be inferred: {0}")]
    Nothing(&'static str),
}

/// A schema in the making.
#[derive(Clone, Debug)]
pub struct Inference {
    fields: Option<Vec<SeenField>>,
    lines: u64,
    merger: Merger,
}

impl Default for Inference {
    fn default() -> Self {
        Self { fields: None, lines: 0, merger: Merger { most_fields: MOST_FIELDS } }
    }
}

impl Inference {
    /// Takes in one line; blank ones count, but say nothing.
    ///
    /// # Errors
    /// The line is no JSON object. What was known before stays known.
    pub fn observe(&mut self, line: &str) -> Result<(), InferError> {
        self.lines += 1;
        if line.trim().is_empty() {
            return Ok(());
        }
        let wrong = |what| InferError::Line { line: self.lines, what };
        let seen = json::event(line, self.merger).map_err(wrong)?;
        let fields = match self.fields.take() {
            Some(known) => self.merger.fields(known, seen),
            None => seen,
        };
        let count = fields.len();
        self.fields = Some(fields);
        if count > MOST_TOP_FIELDS {
            let what = format!("the events have more than {MOST_TOP_FIELDS} different keys: their keys are data");
            return Err(InferError::Line { line: self.lines, what });
        }
        Ok(())
    }

    /// The schema of all lines; it has no name.
    ///
    /// # Errors
    /// No line gave a field.
    pub fn finish(self, compile: &Compile) -> Result<Schema, InferError> {
        let Some(fields) = self.fields else { return Err(InferError::Nothing("the input has no events")) };
        let mut fields = into_fields(fields);
        if fields.is_empty() {
            return Err(InferError::Nothing("the events hold nothing but empty values"));
        }
        names::tell_apart(&mut fields, true, compile);
        Ok(Schema { fields, ..Schema::default() })
    }
}

#[cfg(test)]
mod tests;
