//! Framing: from the bytes of a file to single logs, each with the place where it stands.
//!
//! For the log parser and every tool that reads logs. One thread reads, unpacks and cuts; the logs leave it in [`Batch`]es, which
//! other threads parse without locking anything and without copying a log. Cutting never looks into a log further than its
//! borders demand, so that the thread that cuts keeps many that parse busy.
//!
//! | file | what it does |
//! |---|---|
//! | [`log_stream`](LogStream) | the whole: batches out of a reader |
//! | `input`, `gzip`, `zstandard`, `raw` | compression, detected from content |
//! | `unpacked` | the same alone, for those who measure it apart from cutting |
//! | `text` | the first bytes: byte-order mark, binary input, which framing `auto` takes |
//! | `lines`, `documents`, `seek` | where logs begin and end: lines, JSON values, elements of an array |
//! | `scanner`, `slices` | borders of JSON values, in buffers and in whole texts |
//! | `cloudwatch`, `xml` | envelopes and elements, which are rewritten into logs |
//! | `records` | what a caller asks about one line or one name |
//!
//! Two kinds of trouble: a [`Rejection`] concerns one log, which is delivered in its place with the reason, and the stream
//! goes on; a [`Fault`] ends the stream, after all logs before it were delivered.
//!
//! Memory: the longest single log, plus a batch, plus buffers of 64 KiB; whatever the size of the input, and even when it is one line.

mod batch;
mod cloudwatch;
mod documents;
mod fault;
mod found;
mod gzip;
mod input;
mod kind;
mod lines;
mod log_stream;
mod raw;
mod records;
mod rejection;
mod scanner;
mod seek;
mod slicer;
mod slices;
mod text;
mod unpacked;
mod window;
mod xml;
mod xml_log;
mod xml_reader;
mod zstandard;

#[cfg(test)]
mod tests;

pub use batch::{Batch, Log, Rejected};
pub use cloudwatch::{Envelope, is_cloudwatch_envelope};
pub use fault::{Fault, Problem, Torn};
pub use kind::{Kind, Options};
pub use log_stream::LogStream;
pub use records::{Records, is_cloudtrail_name, split_records};
pub use rejection::Rejection;
pub use scanner::Misfit;
pub use unpacked::Unpacked;
