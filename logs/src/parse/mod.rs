//! From bytes to events: framing, classification, decoding by schema, indicators, the written event.
//!
//! One line is read once into a tape ([`json`]) or a row of texts, whichever its log type wants; a compiled schema
//! walks it and writes the event straight into the output. Nothing is built in between, which is where the speed
//! comes from.

pub mod candidates;
pub mod catalogue;
pub mod classify;
pub mod columns;
pub mod decode;
pub mod demands;
pub mod event;
pub mod indicators;
pub mod json;
pub mod judgement;
pub mod keys;
pub mod layout;
pub mod log_parser;
pub mod log_types;
#[cfg(test)]
mod measurements;
pub mod native;
pub mod number;
pub mod pipeline;
pub mod rejection;
pub mod row_id;
pub mod schema_files;
pub mod sink;
pub mod stream;
#[cfg(test)]
mod tests;
pub mod text;
pub mod time;
pub mod values;
