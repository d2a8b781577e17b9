//! The mapping of a test file.

use super::{Key, Needed, Shape, Table};

const fn key(name: &'static str, shape: Shape, needed: Needed, doc: &'static str) -> Key {
    Key { name, doc, shape, needed, types: &[], built_in: false }
}

/// A document of a test file.
pub(in crate::schema) static TEST: Table = Table {
    name: "test",
    noun: "a test",
    doc: "One input and the events that it becomes.",
    keys: &[
        key("name", Shape::Text, Needed::No, "What is tested."),
        key("logType", Shape::Filled, Needed::Yes, "The log type that reads the input."),
        key("input", Shape::Text, Needed::Yes, "The log; all of it goes to one call of the parser."),
        key("result", Shape::Text, Needed::No, "The event expected, as JSON text; `{{ .LogType }}` is the log type."),
        key("results", Shape::List(&Shape::Text, 0), Needed::No, "The events expected, where there are several."),
    ],
    also: None,
    one_of: false,
    strict: true,
};
