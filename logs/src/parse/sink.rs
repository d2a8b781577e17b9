//! Where events go: one buffer of written events, and where each of them ends.

use std::ops::Range;

use super::event::{Draft, Envelope, EventTime, Stamp};
use super::indicators::Collector;
use super::layout::Layout;
use super::row_id::RowIds;
use super::time::Instant;

/// One event in the buffer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// One past its line break.
    pub end: usize,
    /// Its log type, by the number of the parser that wrote it.
    pub log_type: usize,
    /// Its time.
    pub time: Instant,
}

/// Written events, one after the other.
#[derive(Debug, Default)]
pub struct Sink {
    /// The events, each a line.
    pub bytes: Vec<u8>,
    /// Where each ends, and what it is.
    pub marks: Vec<Mark>,
    indicators: Collector,
    /// Numbers of row ids that were taken ahead.
    numbers: Range<u64>,
}

impl Sink {
    /// Forgets all events; keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.marks.clear();
    }

    /// Takes numbers for so many events ahead, instead of one by one: threads that count together would wait for each
    /// other. Numbers that are left from before are given to nobody.
    pub fn take_numbers(&mut self, row_ids: &RowIds, events: usize) {
        let first = row_ids.take(events as u64);
        self.numbers = first..first + events as u64;
    }

    /// Where it stands, to come back to.
    pub(super) const fn place(&self) -> (usize, usize) {
        (self.bytes.len(), self.marks.len())
    }

    /// Cuts off everything after a place.
    pub(super) fn back_to(&mut self, place: (usize, usize)) {
        self.bytes.truncate(place.0);
        self.marks.truncate(place.1);
    }

    /// Begins an event.
    pub(super) fn draft(&mut self) -> Draft<'_> {
        self.indicators.clear();
        Draft { out: &mut self.bytes, indicators: &mut self.indicators, time: None }
    }

    /// Ends the event whose fields were written, whose indicators were collected.
    pub(super) fn finish(
        &mut self,
        layout: &Layout,
        log_type: usize,
        time: Option<EventTime>,
        header: Option<&str>,
        stamp: Stamp<'_>,
    ) {
        let row_number = self.numbers.next().unwrap_or_else(|| stamp.run.row_ids.take(1));
        let envelope = Envelope { layout, stamp, row_number, header };
        let mut draft = Draft { out: &mut self.bytes, indicators: &mut self.indicators, time };
        let time = envelope.write(&mut draft);
        self.marks.push(Mark { end: self.bytes.len(), log_type, time });
    }
}
