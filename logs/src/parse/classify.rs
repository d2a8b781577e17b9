//! Which log type a log is of.
//!
//! Logs of one kind come together, so the type that accepted the last two logs is asked first. Otherwise types that cannot accept a
//! log are told from its ends and its keys, so that asking all of them costs little more than knowing.
//!
//! The order is deterministic: the latest winner first, and by name in the beginning. Of several types that accept
//! a log, the one that won last has it. A type that takes a log without making an event of it (a header, a line of an entry
//! that went before) only has it if no other makes one: what follows in a mixed stream is not swallowed.

use std::cmp::Reverse;
use std::sync::Arc;

use super::candidates::{Index, Search};
use super::event::Stamp;
use super::json::{Malformed, NodeKind, Tape};
use super::log_parser::{Log, LogParser};
use super::rejection::{Reason, Rejection};
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
    /// Logs that looked like the type and were then rejected.
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
    /// Why no type could accept it, if it was meant as JSON and is none, or no object.
    pub reason: Option<Reason>,
}

/// So many types were probably named by somebody who expects one of them.
const FEW: usize = 8;

/// The likeness of a log of which a type knows no key.
const UNKNOWN: usize = 1;

/// A type does not accept a log; why is of interest only when no type does.
#[derive(Clone, Copy)]
struct Refused;

/// Parsers of several log types, and which of them to ask first.
#[derive(Debug)]
pub struct Classifier {
    parsers: Vec<LogParser>,
    index: Arc<Index>,
    /// For each parser the place of its name among all.
    names: Arc<[usize]>,
    order: Order,
    tallies: Vec<Tally>,
    search: Search,
    tape: Tape,
}

/// Who won when.
#[derive(Clone, Debug, Default)]
struct Order {
    /// For each parser the number of its last win, from 1.
    wins: Vec<u64>,
    won: u64,
    /// The winner of the last log.
    last: Option<usize>,
    /// It had the log before, too: it probably has the next one.
    steady: bool,
}

impl Classifier {
    /// A classifier over parsers of different log types; they keep the numbers that they have here.
    #[must_use]
    pub fn new(parsers: Vec<LogParser>) -> Self {
        let mut sorted: Vec<usize> = (0..parsers.len()).collect();
        sorted.sort_by(|one, other| parsers[*one].log_type().cmp(parsers[*other].log_type()));
        let mut names = vec![0; parsers.len()];
        sorted.iter().enumerate().for_each(|(place, number)| names[*number] = place);
        let order = Order::of(parsers.len());
        Self::with(Arc::new(Index::new(&parsers)), names.into(), parsers, order)
    }

    fn with(index: Arc<Index>, names: Arc<[usize]>, parsers: Vec<LogParser>, order: Order) -> Self {
        let tallies = vec![Tally::default(); parsers.len()];
        Self { parsers, index, names, order, tallies, search: Search::default(), tape: Tape::default() }
    }

    /// The same parsers in the same state, with nothing counted: for another thread that goes on in the same stream.
    #[must_use]
    pub fn continued(&self) -> Self {
        let parsers = self.parsers.iter().map(LogParser::continued).collect();
        Self::with(Arc::clone(&self.index), Arc::clone(&self.names), parsers, self.order.clone())
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
        self.order = Order::of(self.parsers.len());
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
        // In a stream of one kind the winner is asked again without any first test.
        let again = self.order.expected().map(|number| (number, self.parse_as(number, &log, sink, stamp)));
        if let Some((number, Ok(events @ 1..))) = again {
            return Ok(self.won(number, events));
        }
        let mut search = std::mem::take(&mut self.search);
        self.index.find(text, log.json.ok(), &mut search);
        search.found.sort_unstable_by_key(|number| (Reverse(self.order.wins[*number]), self.names[*number]));
        let winner = self.first_of(&search.found, again, &log, sink, stamp);
        self.search = search;
        match winner {
            Some((number, events)) => Ok(self.won(number, events)),
            None => Err(Unclassified {
                nearest: self.nearest(&log, sink, stamp),
                reason: log.was_meant_as_json().then(|| no_object(&log)).flatten(),
            }),
        }
    }

    /// The first of these types that accepts the log, and how many events it made: one that makes events before one that
    /// makes none. `again`: what a type has said already.
    fn first_of(
        &mut self,
        candidates: &[usize],
        again: Option<(usize, Result<usize, Refused>)>,
        log: &Log<'_>,
        sink: &mut Sink,
        stamp: Stamp<'_>,
    ) -> Option<(usize, usize)> {
        let mut silent = None;
        for number in candidates.iter().copied() {
            if !self.parsers[number].may_accept(log) {
                continue;
            }
            let parsed = match again {
                Some((asked, parsed)) if asked == number => parsed,
                _ => self.parse_as(number, log, sink, stamp),
            };
            match parsed {
                Ok(0) => silent = silent.or(Some((number, 0))),
                Ok(events) => return Some((number, events)),
                Err(Refused) => self.tallies[number].misses += 1,
            }
        }
        silent
    }

    /// Asks a parser; answers how many events it made.
    fn parse_as(&mut self, number: usize, log: &Log<'_>, sink: &mut Sink, stamp: Stamp<'_>) -> Result<usize, Refused> {
        self.parsers[number].parse(log, number, sink, stamp).map_err(|_| Refused)
    }

    /// The parser has the log; the next log is for it first. Answers its number.
    fn won(&mut self, number: usize, events: usize) -> usize {
        let tally = &mut self.tallies[number];
        tally.logs += 1;
        tally.events += events as u64;
        self.order.won(number);
        number
    }

    /// The type that shares most with the log, and what it finds wrong; of several alike the one that had logs of this stream
    /// last. None of many of which nothing is known: a name taken at random would mislead. Only for logs that nobody accepts.
    fn nearest(&mut self, log: &Log<'_>, sink: &mut Sink, stamp: Stamp<'_>) -> Option<(usize, Rejection)> {
        let (parsers, order) = (&self.parsers, &self.order);
        let closeness = |number: usize| (parsers[number].likeness(log), order.wins[number], Reverse(number));
        let nearest = (0..parsers.len()).max_by_key(|number| closeness(*number))?;
        let (likeness, wins, _) = closeness(nearest);
        if parsers.len() > FEW && likeness <= UNKNOWN && wins == 0 {
            return None;
        }
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

/// Why a log that was meant as JSON is no JSON object.
fn no_object(log: &Log<'_>) -> Option<Reason> {
    match log.json {
        Err(malformed) => Some(Reason::Malformed(malformed)),
        Ok(document) => (document.node(0).kind != NodeKind::Object).then_some(Reason::NoObject),
    }
}

impl Order {
    fn of(parsers: usize) -> Self {
        Self { wins: vec![0; parsers], ..Self::default() }
    }

    /// The parser that probably has the next log.
    fn expected(&self) -> Option<usize> {
        self.last.filter(|_| self.steady)
    }

    fn won(&mut self, number: usize) {
        self.won += 1;
        self.wins[number] = self.won;
        self.steady = self.last == Some(number);
        self.last = Some(number);
    }
}
