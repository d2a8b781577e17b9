//! The event while it is written, and what every event has beside its own fields.

use super::indicators::Collector;
use super::json::escape::write_string;
use super::layout::Encoding;
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
}

/// Where the event under construction stands, and what was learnt of it on the way.
#[derive(Debug)]
pub struct Draft<'o> {
    /// The output; the event is what was written last.
    pub out: &'o mut Vec<u8>,
    /// What its values said about hosts, users, hashes.
    pub indicators: &'o mut Collector,
    /// The event's time, once a field gave it, and the rank of that field.
    pub time: Option<(u8, Instant)>,
}

impl Draft<'_> {
    /// A field's time, which is the event's if the field has a rank, and none before it had as low a one.
    #[inline]
    pub fn learn_time(&mut self, rank: Option<u8>, time: Instant) {
        if let Some(rank) = rank
            && self.time.is_none_or(|(known, _)| rank < known)
        {
            self.time = Some((rank, time));
        }
    }
}

/// The end of an event: its envelope.
#[derive(Debug)]
pub struct Envelope<'e> {
    /// The log type.
    pub log_type: &'e str,
    /// How times are written.
    pub encoding: Encoding,
    /// Older types write times in the layout of the data lake in both encodings.
    pub strict: bool,
    /// When the event was parsed.
    pub parsed: Instant,
    /// Its row id.
    pub row_id: &'e [u8],
    /// Its source.
    pub origin: &'e Origin,
    /// JSON of the envelope that the log came in, for `p_header`.
    pub header: Option<&'e str>,
}

impl Envelope<'_> {
    /// Writes the envelope behind the event's own fields and closes the object; answers the event's time.
    pub fn write(&self, draft: &mut Draft<'_>) -> Instant {
        let time = draft.time.map_or(self.parsed, |(_, time)| time);
        let out = &mut *draft.out;
        if out.last() != Some(&b'{') {
            out.push(b',');
        }
        out.extend_from_slice(b"\"p_log_type\":");
        write_string(out, self.log_type);
        out.extend_from_slice(b",\"p_row_id\":\"");
        out.extend_from_slice(self.row_id);
        out.extend_from_slice(b"\",\"p_event_time\":");
        self.time(&time, out);
        out.extend_from_slice(b",\"p_parse_time\":");
        self.time(&self.parsed, out);
        for (key, value) in
            [(",\"p_source_id\":", &self.origin.source_id), (",\"p_source_label\":", &self.origin.source_label)]
        {
            if !value.is_empty() {
                out.extend_from_slice(key.as_bytes());
                write_string(out, value);
            }
        }
        if let Some(header) = self.header {
            out.extend_from_slice(b",\"p_header\":");
            out.extend_from_slice(header.as_bytes());
        }
        if self.strict {
            draft.indicators.write_older(out);
        } else {
            draft.indicators.write(out);
        }
        out.extend_from_slice(b"}\n");
        time
    }

    fn time(&self, time: &Instant, out: &mut Vec<u8>) {
        if self.strict || self.encoding == Encoding::DataLake {
            write_data_lake(time, out);
        } else {
            write_rfc3339(time, out);
        }
    }
}
