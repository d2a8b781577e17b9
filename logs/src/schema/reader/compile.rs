//! What the reader asks of the parser: names of columns, and whether patterns can be compiled.
//!
//! The parser is built on schemas, so it hands these in; the reader itself knows the language only.

use std::borrow::Cow;

use super::super::{TextParser, TimeFormat};

/// The parser's judgement on parts of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Compile {
    /// The column that a field is stored in.
    pub column_name: fn(&str) -> Cow<'_, str>,
    /// Whether times can be read so; else what is wrong with the pattern.
    pub time_format: fn(&TimeFormat) -> Result<(), String>,
    /// Whether lines can be read so; else what is wrong with the pattern.
    pub text_parser: fn(&TextParser) -> Result<(), String>,
}
