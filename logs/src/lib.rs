//! Log schemas and the parser: from bytes to Panther events, and from schemas to synthetic logs.
//!
//! A crate of its own because it is compiled for speed, while the tools around it wait for the network and are compiled for size; and
//! because it needs none of their clients, so that fuzzing and its tests build in a minute. The toolkit's library shows each of these
//! modules under its own name.
//!
//! | module | what it is | may use |
//! |---|---|---|
//! | [`generate`] | synthetic logs of any log type | `parse`, `schema` |
//! | [`parse`] | from bytes to events: framing, classification, decoding, indicators | `schema`, `stage`, `time`, `error` |
//! | [`schema`] | the log-schema language: model, reader, inference, built-in types | `time`, `error` |
//! | [`stage`] | which stage of the work is done, so that a tool can measure each | |
//! | [`error`] | the one failure that people read, and the table of hints | `exit` |
//! | [`exit`] | exit codes and their precedence | |
//! | [`time`] | instants, ranges, durations; the only clock | |

pub mod error;
pub mod exit;
pub mod generate;
pub mod parse;
pub mod schema;
pub mod stage;
pub mod time;
