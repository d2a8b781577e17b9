//! The event while it is written, and what every event has beside its own fields.

use super::indicators::Collector;
use super::json::escape::{write_raw, write_string};
use super::layout::{Encoding, Layout};
use super::row_id::RowIds;
use super::time::{Instant, write_data_lake, write_rfc3339};

/// What all events of a run have in common.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The id of the source, if it is known.
    pub source_id: String,
    /// The label of the source, if it is known.
    pub source_label: String,
}

/// What every event of a run shares.
#[derive(Clone, Copy, Debug)]
pub struct Run<'r> {
    /// Source id and label.
    pub origin: &'r Origin,
    /// Row ids.
    pub row_ids: &'r RowIds,
}

/// What events get beside what the log says.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'r> {
    /// Source and row ids.
    pub run: Run<'r>,
    /// When they are parsed.
    pub now: Instant,
    /// The same, as it is written.
    pub parsed: &'r ParseTime,
}

/// A parse time as it is written, with its quotes: it is the same for many events.
#[derive(Clone, Debug)]
pub struct ParseTime {
    /// As events of the plain encoding have it.
    pub plain: Vec<u8>,
    /// As the data lake has it.
    pub table: Vec<u8>,
}

impl ParseTime {
    /// Writes a time in both ways.
    #[must_use]
    pub fn new(now: &Instant) -> Self {
        let (mut plain, mut table) = (Vec::new(), Vec::new());
        write_rfc3339(now, &mut plain);
        write_data_lake(now, &mut table);
        Self { plain, table }
    }
}

/// Where the event under construction stands, and what was learnt of it on the way.
#[derive(Debug)]
pub struct Draft<'o> {
    /// The output; the event is what was written last.
    pub out: &'o mut Vec<u8>,
    /// What its values said about hosts, users, hashes.
    pub indicators: &'o mut Collector,
    /// The event's time, once a field gave it.
    pub time: Option<EventTime>,
}

/// A time that a field gave.
#[derive(Clone, Copy, Debug)]
pub struct EventTime {
    /// The rank of the field.
    pub rank: u8,
    /// The time.
    pub at: Instant,
    /// Where it was written as the envelope will have it, with its quotes.
    pub written: Option<(usize, usize)>,
}

impl Draft<'_> {
    /// A field's time, which is the event's if the field has a rank, and none before it had as low a one. `written`: where
    /// its text begins, if the envelope would write it just so.
    #[inline]
    pub fn learn_time(&mut self, rank: Option<u8>, at: Instant, written: Option<usize>) {
        if let Some(rank) = rank
            && self.time.is_none_or(|known| rank < known.rank)
        {
            let written = written.map(|start| (start, self.out.len()));
            self.time = Some(EventTime { rank, at, written });
        }
    }
}

/// The end of an event: its envelope.
#[derive(Debug)]
pub struct Envelope<'e> {
    /// The log type, and how its events are written.
    pub layout: &'e Layout,
    /// When it was parsed, and by whom.
    pub stamp: Stamp<'e>,
    /// The number of its row id.
    pub row_number: u64,
    /// JSON of the envelope that the log came in, for `p_header`.
    pub header: Option<&'e str>,
}

impl Envelope<'_> {
    /// Writes the envelope behind the event's own fields and closes the object; answers the event's time.
    pub fn write(&self, draft: &mut Draft<'_>) -> Instant {
        let time = draft.time.map_or(self.stamp.now, |time| time.at);
        let written = draft.time.and_then(|time| time.written);
        let out = &mut *draft.out;
        let head = usize::from(out.last() == Some(&b'{'));
        out.extend_from_slice(&self.layout.envelope[head..]);
        self.stamp.run.row_ids.write(self.row_number, out);
        out.extend_from_slice(b"\",\"p_event_time\":");
        match written {
            Some((start, end)) => out.extend_from_within(start..end),
            None => self.time(&time, out),
        }
        out.extend_from_slice(b",\"p_parse_time\":");
        out.extend_from_slice(if self.for_table() { &self.stamp.parsed.table } else { &self.stamp.parsed.plain });
        for (key, value) in [
            (",\"p_source_id\":", &self.stamp.run.origin.source_id),
            (",\"p_source_label\":", &self.stamp.run.origin.source_label),
        ] {
            if !value.is_empty() {
                out.extend_from_slice(key.as_bytes());
                write_string(out, value);
            }
        }
        if let Some(header) = self.header {
            out.extend_from_slice(b",\"p_header\":");
            write_raw(out, header);
        }
        if self.layout.strict {
            draft.indicators.write_older(out);
        } else {
            draft.indicators.write(out);
        }
        out.extend_from_slice(b"}\n");
        time
    }

    fn for_table(&self) -> bool {
        self.layout.strict || self.layout.encoding == Encoding::DataLake
    }

    fn time(&self, time: &Instant, out: &mut Vec<u8>) {
        if self.for_table() {
            write_data_lake(time, out);
        } else {
            write_rfc3339(time, out);
        }
    }
}
