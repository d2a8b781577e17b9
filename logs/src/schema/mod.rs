//! The log-schema language: what the events of a log type look like.
//!
//! A schema is read from YAML (`reader`), held as a [`Schema`], and compiled by [`crate::parse`] into a decoder. Custom
//! schemas and the built-in log types share this one model: what a person writes and what we ship differ only in a few
//! keys that the public language lacks (integer widths, strict decoding, free maps, rules of single fields).

mod diff;
pub mod indicator;
mod infer;
pub mod json_schema;
mod keys;
mod located;
mod merge;
pub mod model;
pub mod native;
mod printer;
mod problem;
mod public;
mod reader;
mod test_file;
mod yaml;

pub use diff::{Change, ChangeKind, diff};
pub use indicator::Indicator;
pub use infer::{InferError, Inference};
pub use keys::Mode;
pub use located::{Located, Opened, Part};
pub use merge::{Conflict, merge};
pub use model::{
    AddressFamily, Csv, Embedded, FastMatch, Field, Generation, Integer, Kind, Mask, Regex, Rule, Schema, Script,
    TextParser, TextRules, TimeFormat, Timestamp, Transform, Validate, Value,
};
pub use printer::{Form, print};
pub use problem::{Problem, Severity};
pub use public::to_public;
pub use reader::{Compile, Reading, SchemaDocument, log_type_of_file, read, read_bytes, time_format_text};
pub use test_file::{Difference, TestCase, TestFile, compare, is_test_file, read_test_bytes, read_tests};
