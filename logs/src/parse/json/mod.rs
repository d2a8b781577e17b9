//! JSON as the decoder needs it: one pass over a line, and nothing is copied.
//!
//! A general JSON value would allocate for each key and each text, most of which go straight out again. The tape
//! only remembers where everything stands. That also keeps what a value-building parser forgets: the digits of a
//! number as they were written, and the blanks inside a value that is kept as raw JSON.

pub mod escape;
mod reader;
mod tape;

pub use reader::{Malformed, NESTING_LIMIT};
pub use tape::{Document, Members, Node, NodeKind, Tape};

#[cfg(test)]
mod tests;
