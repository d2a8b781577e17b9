//! Which log type a log is of.
//!
//! Logs of one kind come together, so the type that accepted the last log is asked first. Types that cannot accept a log are told from its
//! first byte and its keys, so that asking all of them costs little more than knowing.
//!
//! The order is deterministic: by name in the beginning, and each winner moves to the front. Of several types that accept
//! a log, the one that won last has it. A type that takes a log without making an event of it (a header, a line of an entry
//! that went before) only has it if no other makes one: what follows in a mixed stream is not swallowed.

use super::event::Stamp;
use super::json::{Document, Malformed, NodeKind, Tape};
use super::keys::key_bit;
use super::log_parser::{Gate, Log, LogParser};
use super::rejection::Rejection;
use super::sink::Sink;

/// What classification has seen of one log type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Logs that the type accepted, with those that are no event (a header).
    pub logs: u64,
    /// Events that came of them.
    pub events: u64,
    /// Bytes of those logs.
    pub bytes: u64,
    /// Logs that passed the first test and were then rejected.
    pub misses: u64,
}

impl Tally {
    /// Adds what was seen elsewhere.
    pub const fn add(&mut self, other: &Self) {
        self.logs += other.logs;
        self.events += other.events;
        self.bytes += other.bytes;
        self.misses += other.misses;
    }
}

/// A log that no type accepts.
#[derive(Debug)]
pub struct Unclassified {
    /// The type that came nearest, by its number, and what it found wrong.
    pub nearest: Option<(usize, Rejection)>,
}

/// Parsers of several log types, and which of them to ask first.
#[derive(Debug)]
pub struct Classifier {
    parsers: Vec<LogParser>,
    gates: Vec<Gate>,
    order: Vec<usize>,
    tallies: Vec<Tally>,
    tape: Tape,
}

impl Classifier {
    /// A classifier over parsers of different log types; they keep the numbers that they have here.
    #[must_use]
    pub fn new(parsers: Vec<LogParser>) -> Self {
        let mut order: Vec<usize> = (0..parsers.len()).collect();
        order.sort_by(|one, other| parsers[*one].log_type().cmp(parsers[*other].log_type()));
        let tallies = vec![Tally::default(); parsers.len()];
        let gates = parsers.iter().map(LogParser::gate).collect();
        Self { parsers, gates, order, tallies, tape: Tape::default() }
    }

    /// The same parsers in the same state, with nothing counted: for another thread that goes on in the same stream.
    #[must_use]
    pub fn continued(&self) -> Self {
        Self {
            parsers: self.parsers.iter().map(LogParser::continued).collect(),
            gates: self.gates.clone(),
            order: self.order.clone(),
            tallies: vec![Tally::default(); self.parsers.len()],
            tape: Tape::default(),
        }
    }

    /// Takes over what another classifier of the same parsers knows of its stream; what was counted stays.
    pub fn rewind(&mut self, pilot: &Self) {
        self.order.clone_from(&pilot.order);
        for (parser, from) in self.parsers.iter_mut().zip(&pilot.parsers) {
            parser.take_over(from);
        }
    }

    /// Counts from zero.
    pub fn forget_tallies(&mut self) {
        self.tallies.fill(Tally::default());
    }

    /// A new stream begins: headers are forgotten, and the order is that of names again, so that what becomes of a file
    /// does not depend on the files before it.
    pub fn reset(&mut self) {
        self.parsers.iter_mut().for_each(LogParser::reset);
        let parsers = &self.parsers;
        self.order.sort_by(|one, other| parsers[*one].log_type().cmp(parsers[*other].log_type()));
    }

    /// The parsers.
    #[must_use]
    pub fn parsers(&self) -> &[LogParser] {
        &self.parsers
    }

    /// What was seen of each type.
    #[must_use]
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// Writes the events of a log into the sink; answers the type that accepted it, `None` for a blank log.
    ///
    /// # Errors
    /// No type accepts it; the sink is as it was.
    pub fn parse(
        &mut self,
        text: &str,
        header: Option<&str>,
        sink: &mut Sink,
        stamp: Stamp<'_>,
    ) -> Result<Option<usize>, Unclassified> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(None);
        }
        let mut tape = std::mem::take(&mut self.tape);
        let json = tape.read(trimmed);
        let answer = self.ask(trimmed, json, &tape, header, sink, stamp);
        self.tape = tape;
        if let Ok(winner) = answer {
            self.tallies[winner].bytes += text.len() as u64;
        }
        answer.map(Some)
    }

    fn ask(
        &mut self,
        text: &str,
        json: Result<(), Malformed>,
        tape: &Tape,
        header: Option<&str>,
        sink: &mut Sink,
        stamp: Stamp<'_>,
    ) -> Result<usize, Unclassified> {
        let log = Log { text, json: json.map(|()| tape.document(text)), header };
        let keys = log.json.ok().map(keys_of);
        let first = text.as_bytes().first().copied().unwrap_or_default();
        let mut silent = None;
        for place in 0..self.order.len() {
            let number = self.order[place];
            if !self.gates[number].opens(first, keys) {
                continue;
            }
            let parser = &mut self.parsers[number];
            if !parser.may_accept(&log, place == 0) {
                continue;
            }
            match parser.parse(&log, number, sink, stamp) {
                Ok(0) => silent = silent.or(Some(place)),
                Ok(events) => return Ok(self.won(place, events)),
                Err(_) => self.tallies[number].misses += 1,
            }
        }
        match silent {
            Some(place) => Ok(self.won(place, 0)),
            None => Err(Unclassified { nearest: self.nearest(&log, sink, stamp) }),
        }
    }

    /// The parser in this place of the order has the log; the next log is for it first. Answers its number.
    fn won(&mut self, place: usize, events: usize) -> usize {
        let number = self.order[place];
        let tally = &mut self.tallies[number];
        tally.logs += 1;
        tally.events += events as u64;
        self.order[..=place].rotate_right(1);
        number
    }

    /// The type that shares most with the log, and what it finds wrong. Only for logs that nobody accepts.
    fn nearest(&mut self, log: &Log<'_>, sink: &mut Sink, stamp: Stamp<'_>) -> Option<(usize, Rejection)> {
        let parsers = &self.parsers;
        let nearest = self
            .order
            .iter()
            .copied()
            .max_by_key(|number| (parsers[*number].likeness(log), std::cmp::Reverse(*number)))?;
        let place = sink.place();
        let parsed = self.parsers[nearest].parse(log, nearest, sink, stamp);
        sink.back_to(place);
        Some((nearest, parsed.err()?))
    }

    /// What the types have to say of the stream so far, each with the name of the type.
    pub fn remarks(&self) -> impl Iterator<Item = (&str, String)> {
        self.parsers.iter().filter_map(|parser| Some((parser.log_type(), parser.remark()?)))
    }
}

/// A bit for each top-level key, whatever its case; the same key always has the same bit, so a type whose required keys
/// have bits that are not there cannot accept the log.
fn keys_of(document: Document<'_>) -> u128 {
    if document.node(0).kind != NodeKind::Object {
        return 0;
    }
    document.members(0).fold(0, |bits, (key, _)| match key.kind {
        NodeKind::Escaped => u128::MAX,
        _ => bits | key_bit(document.bytes(key)),
    })
}
