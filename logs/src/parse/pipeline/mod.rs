//! A stream of logs, parsed on several threads, with its events in the order of the input.
//!
//! One thread reads, unpacks and cuts; workers classify and decode; the caller's thread puts the results in order and writes. The
//! first batch of a stream is parsed before any other, and each later one begins with what classification knew after it (which
//! types come here, which header the file has): so the result does not depend on how fast the threads are.
//!
//! Memory is bounded by the batches under way, whatever the size of the input.

mod order;
mod work;

use std::io::Read;

use super::classify::{Classifier, Tally};
use super::event::Run;
use super::sink::Sink;
use super::stream::{Fault, LogStream, Options};
use crate::stage::Watch;
use crate::time::Clock;

/// A log that became no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file.
    pub file: String,
    /// The line of its first byte, from 1.
    pub line: u64,
    /// Where it begins in the text, in bytes.
    pub offset: u64,
    /// The log as it stood.
    pub bytes: Vec<u8>,
    /// The log type that came nearest, if one did.
    pub nearest: Option<String>,
    /// What is wrong.
    pub why: String,
    /// Parsing it panicked: a bug of ours.
    pub bug: bool,
}

/// Takes what a stream gives, in the order of the input.
pub trait Output {
    /// What ends the run: a full disk, a closed pipe.
    type Stop;

    /// Events of the next logs.
    ///
    /// # Errors
    /// They cannot be taken; the run ends.
    fn events(&mut self, events: &Sink) -> Result<(), Self::Stop>;

    /// A log that was rejected, after the events of the logs before it in its batch.
    ///
    /// # Errors
    /// The run is to end.
    fn rejected(&mut self, rejected: Rejected) -> Result<(), Self::Stop>;
}

/// What came of a stream.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Logs that were looked at: blank ones not.
    pub logs: u64,
    /// Events that were written.
    pub events: u64,
    /// Logs that were rejected.
    pub rejected: u64,
    /// Bytes of the text.
    pub bytes: u64,
    /// For each log type, by the number of its parser.
    pub tallies: Vec<Tally>,
}

impl Totals {
    /// Adds those of another stream.
    pub fn add(&mut self, other: &Self) {
        self.logs += other.logs;
        self.events += other.events;
        self.rejected += other.rejected;
        self.bytes += other.bytes;
        self.tallies.resize(self.tallies.len().max(other.tallies.len()), Tally::default());
        for (mine, other) in self.tallies.iter_mut().zip(&other.tallies) {
            mine.add(other);
        }
    }
}

/// How a stream ended before its end.
#[derive(Debug)]
pub enum Ended<S> {
    /// The input is damaged; what came before was delivered.
    Fault(Box<Fault>),
    /// The output stopped it.
    Stopped(S),
}

/// Parses streams, one after the other.
#[derive(Debug)]
pub struct Pipeline<'p> {
    /// The log types.
    pub classifier: Classifier,
    /// Threads that classify and decode.
    pub threads: usize,
    /// Source and row ids.
    pub run: Run<'p>,
    /// Tells when events are parsed.
    pub clock: Clock,
}

impl Pipeline<'_> {
    /// Parses one stream to its end. `records`: a document with an array `Records` that no type accepts as it is
    /// holds logs.
    ///
    /// The totals are told even when the stream ends early.
    pub fn parse<R: Read + Send, O: Output>(
        &mut self,
        file: &str,
        reader: R,
        options: Options,
        records: bool,
        output: &mut O,
    ) -> (Totals, Result<(), Ended<O::Stop>>) {
        self.parse_watched(file, reader, options, records, output, &())
    }

    /// As [`Pipeline::parse`], with somebody who measures what cutting and parsing cost.
    pub fn parse_watched<R: Read + Send, O: Output>(
        &mut self,
        file: &str,
        reader: R,
        options: Options,
        records: bool,
        output: &mut O,
        watch: &dyn Watch,
    ) -> (Totals, Result<(), Ended<O::Stop>>) {
        self.classifier.reset();
        let stream = LogStream::new(file, reader, options);
        let mut totals = Totals::default();
        let ended = order::parse(self, stream, records, output, &mut totals, watch);
        (totals, ended)
    }
}

#[cfg(test)]
mod tests;
