//! What streams do, by rule: each table names the rule, the bytes, and what comes out.

use std::io::Read;

use super::{Batch, Fault, Kind, LogStream, Options};

mod compression;
mod envelopes;
mod framing;
mod memory;
mod properties;
mod questions;
mod xml;

/// A log as it came out: line, offset, and the text or the reason of the rejection.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    line: u64,
    offset: u64,
    text: Result<String, String>,
    header: Option<String>,
    /// Bytes that a rejected log kept.
    rejected: Vec<u8>,
}

/// All logs of a stream, and what ended it.
fn read(reader: impl Read, options: Options) -> (Vec<Seen>, Option<Fault>) {
    let mut stream = LogStream::new("logs/a.json", reader, options);
    let mut batch = Batch::default();
    let mut seen = Vec::new();
    loop {
        match stream.next_batch(&mut batch) {
            Ok(true) => seen.extend(batch.logs().map(|log| Seen {
                line: log.line,
                offset: log.offset,
                rejected: log.text.as_ref().err().map(|rejected| rejected.bytes.to_vec()).unwrap_or_default(),
                text: log.text.map(str::to_owned).map_err(|rejected| rejected.reason.to_string()),
                header: log.header.map(str::to_owned),
            })),
            Ok(false) => {
                assert!(batch.is_empty(), "the last batch is empty");
                return (seen, None);
            }
            Err(fault) => {
                assert!(!stream.next_batch(&mut batch).expect("a fault is told once"), "nothing comes behind a fault");
                return (seen, Some(fault));
            }
        }
    }
}

/// `line:text`, or `line!reason`, of each log, and the fault as the last.
fn told(bytes: impl AsRef<[u8]>, options: Options) -> Vec<String> {
    let (seen, fault) = read(bytes.as_ref(), options);
    let log = |seen: &Seen| match &seen.text {
        Ok(text) => format!("{}:{text}", seen.line),
        Err(reason) => format!("{}!{reason}", seen.line),
    };
    seen.iter().map(log).chain(fault.map(|fault| fault.to_string())).collect()
}

/// The same, by kind.
fn told_as(kind: Kind, bytes: impl AsRef<[u8]>) -> Vec<String> {
    told(bytes, Options::of(kind))
}

/// Holds a table of rules against a kind.
fn holds(kind: &Kind, rules: &[(&str, &str, &[&str])]) {
    for (rule, input, expected) in rules {
        assert_eq!(told_as(kind.clone(), input), *expected, "{rule}");
    }
}

/// A reader that brings at most so many bytes at once, in turn.
struct Short<'a> {
    bytes: &'a [u8],
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Short<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].min(out.len()).min(self.bytes.len());
        self.turn += 1;
        out[..size].copy_from_slice(&self.bytes[..size]);
        self.bytes = &self.bytes[size..];
        Ok(size)
    }
}
