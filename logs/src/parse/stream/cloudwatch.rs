//! The envelopes in which a subscription of CloudWatch Logs delivers messages (through Firehose, Kinesis or Lambda).
//!
//! An envelope is `{"messageType":"DATA_MESSAGE","owner":..,"logGroup":..,"logStream":..,"subscriptionFilters":[..],
//! "logEvents":[{"id":..,"timestamp":..,"message":".."},..]}`, at most a few megabytes; they follow one another without any separator.
//! The unit that is held in memory is the envelope, since its fields may stand behind its messages.

use std::io::Read;
use std::sync::Arc;

use serde::de::{Deserializer as _, Error, IgnoredAny, Visitor};

use super::batch::Batch;
use super::fault::Fault;
use super::found::Spot;
use super::kind::Options;
use super::rejection::Rejection;
use super::slicer::Slicer;
use super::slices::{Elements, Wrong, elements, members};
use crate::parse::json::escape::write_raw;

/// The type of an envelope that only tells that the destination can be reached.
const CONTROL: &str = "\"CONTROL_MESSAGE\"";
const DATA: &str = "\"DATA_MESSAGE\"";

/// One envelope, as slices of its text.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'t> {
    events: &'t str,
    is_control: bool,
    owner: Option<&'t str>,
    log_group: Option<&'t str>,
    filters: Option<&'t str>,
}

/// Whether a text is an envelope of CloudWatch Logs: an object with `messageType` of one of the two known values, and an array `logEvents`.
pub fn is_cloudwatch_envelope(text: &str) -> bool {
    Envelope::read(text).is_ok()
}

impl<'t> Envelope<'t> {
    /// Reads the outermost members.
    ///
    /// # Errors
    /// It is not an envelope.
    pub fn read(text: &'t str) -> Result<Self, Rejection> {
        let not = |cause: &str| Rejection::Envelope { cause: cause.to_owned() };
        // Most lines are something else; this says so at once.
        let events = memchr::memmem::find(text.as_bytes(), b"\"logEvents\"");
        events.ok_or_else(|| not("there is no `logEvents`"))?;
        let mut members = members(text).ok_or_else(|| not("it is not an object"))?;
        let mut envelope = Self { events: "", is_control: false, owner: None, log_group: None, filters: None };
        let mut kind = None;
        while let Some((key, value)) = members.step().map_err(misfit)? {
            match key {
                "\"messageType\"" => kind = Some(value),
                "\"owner\"" => envelope.owner = Some(value),
                "\"logGroup\"" => envelope.log_group = Some(value),
                "\"subscriptionFilters\"" => envelope.filters = Some(value),
                "\"logEvents\"" => envelope.events = value,
                _ => {}
            }
        }
        if !matches!(kind, Some(CONTROL | DATA)) {
            return Err(not("`messageType` is neither DATA_MESSAGE nor CONTROL_MESSAGE"));
        }
        envelope.is_control = kind == Some(CONTROL);
        if !envelope.events.starts_with('[') {
            return Err(not("`logEvents` is not an array"));
        }
        if !members.is_all() {
            return Err(not("something stands behind it"));
        }
        Ok(envelope)
    }

    /// Whether it holds no logs, but news of the subscription itself.
    pub fn is_control(&self) -> bool {
        self.is_control
    }

    /// JSON for the column `p_header`, on one line: an object of `accountId`, `logGroup`, `subscriptionFilters`, those that
    /// are there.
    ///
    /// # Errors
    /// One of them is not JSON: up to here only their borders were looked at.
    pub fn header(&self) -> Result<String, Rejection> {
        let fields = [("accountId", self.owner), ("logGroup", self.log_group), ("subscriptionFilters", self.filters)];
        let mut header = b"{".to_vec();
        for (name, value) in fields {
            let Some(value) = value else { continue };
            serde_json::from_str::<IgnoredAny>(value)
                .map_err(|_| Rejection::Envelope { cause: format!("what stands there for `{name}` is not JSON") })?;
            header.extend_from_slice(if header.len() > 1 { b",\"" } else { b"\"" });
            header.extend_from_slice(name.as_bytes());
            header.extend_from_slice(b"\":");
            write_raw(&mut header, value);
        }
        header.push(b'}');
        Ok(String::from_utf8(header).unwrap_or_default())
    }

    /// Calls `take` for each message, with the text decoded. A message that is not a string is taken as its JSON.
    ///
    /// # Errors
    /// An event is not an object with a `message`; those before it were taken.
    pub fn messages(&self, mut take: impl FnMut(&str)) -> Result<(), Rejection> {
        if self.is_control {
            return Ok(());
        }
        let mut events = self.events();
        while let Some(event) = events.step().map_err(misfit)? {
            message(event, &mut take)?;
        }
        Ok(())
    }

    fn events(&self) -> Elements<'t> {
        // Read only with an array here.
        elements(self.events).unwrap_or_else(|| Elements::from_place("]", (0, true)))
    }
}

fn misfit(wrong: Wrong) -> Rejection {
    match wrong {
        Wrong::Unfinished => Rejection::Unfinished,
        Wrong::Misfit(misfit) => Rejection::Envelope { cause: misfit.to_string() },
    }
}

/// The message of one event.
fn message(event: &str, mut take: impl FnMut(&str)) -> Result<(), Rejection> {
    let not = |cause: &str| Rejection::Envelope { cause: cause.to_owned() };
    let mut members = members(event).ok_or_else(|| not("an event in `logEvents` is not an object"))?;
    while let Some((key, value)) = members.step().map_err(misfit)? {
        if key != "\"message\"" {
            continue;
        }
        if !value.starts_with('"') {
            take(value);
            return Ok(());
        }
        let mut reader = serde_json::Deserializer::from_str(value);
        let cannot = |error| not(&format!("the `message` of an event cannot be read: {error}"));
        return reader.deserialize_str(Taking(take)).map_err(cannot);
    }
    Err(not("an event in `logEvents` has no `message`"))
}

/// Takes a string from its decoder's buffer, without a copy of its own.
struct Taking<F>(F);

impl<F: FnMut(&str)> Visitor<'_> for Taking<F> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "a string")
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        (self.0)(text);
        Ok(())
    }
}

/// An envelope that was opened, but whose messages did not all fit into a batch.
struct Opened {
    /// Where its events lie in its text, and how far they were taken.
    events: std::ops::Range<usize>,
    place: (usize, bool),
    header: Option<String>,
}

/// A stream of envelopes, rewritten into one of messages.
pub(super) struct CloudWatch<R> {
    slicer: Slicer<R>,
    file: Arc<str>,
    retain: bool,
    batch: usize,
    /// Envelopes, and how far they were opened: the place among them, and the place among the events of that one.
    envelopes: Batch,
    next: usize,
    within: Option<Opened>,
    more: bool,
    fault: Option<Fault>,
}

impl<R: Read> CloudWatch<R> {
    pub(super) fn new(file: Arc<str>, slicer: Slicer<R>, retain: bool, options: &Options) -> Self {
        let envelopes = Batch::default();
        Self { slicer, file, retain, batch: options.batch, envelopes, next: 0, within: None, more: true, fault: None }
    }

    /// Fills a batch; false at the end.
    pub(super) fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, Fault> {
        batch.begin(&self.file, self.batch, 0, &[]);
        loop {
            while self.next < self.envelopes.len() {
                if batch.found().is_full() || batch.bytes() >= self.batch {
                    return Ok(true);
                }
                self.open(batch);
            }
            // What is at hand goes out before the next read, which may take its time.
            if !batch.is_empty() || !self.more {
                break;
            }
            self.next = 0;
            match self.slicer.next_batch(&mut self.envelopes) {
                Ok(more) => self.more = more,
                Err(fault) => (self.more, self.fault) = (false, Some(fault)),
            }
        }
        match self.fault.take_if(|_| batch.is_empty()) {
            Some(fault) => Err(fault),
            None => Ok(!batch.is_empty()),
        }
    }

    /// Takes messages out of the next envelope, until it is empty or the batch is full.
    fn open(&mut self, batch: &mut Batch) {
        let Some(log) = self.envelopes.log_at(self.next) else { return };
        let spot = |start, end| Spot { start, end, line: log.line, offset: log.offset };
        let within = self.within.take();
        let opened = log.text.map_err(|rejected| rejected.reason.into_owned()).and_then(|text| {
            let mut opened = within.map_or_else(|| Opened::new(text, self.retain), Ok)?;
            Ok(opened.fill(text, batch, self.batch, spot)?.then_some(opened))
        });
        match opened {
            Ok(Some(opened)) => self.within = Some(opened),
            Ok(None) => self.next += 1,
            Err(reason) => {
                let bytes = match self.envelopes.log_at(self.next).map(|log| log.text) {
                    Some(Ok(text)) => text.as_bytes(),
                    Some(Err(rejected)) => rejected.bytes,
                    None => &[],
                };
                let start = batch.append(bytes);
                batch.found().reject(spot(start, start + bytes.len()), reason);
                self.next += 1;
            }
        }
    }

    /// Bytes of memory that it holds, without the batch that it fills.
    pub(super) fn memory(&self) -> usize {
        self.slicer.memory() + self.envelopes.memory()
    }
}

impl Opened {
    fn new(text: &str, retain: bool) -> Result<Self, Rejection> {
        let envelope = Envelope::read(text)?;
        // A slice of the text lies in it.
        let begin = envelope.events.as_ptr() as usize - text.as_ptr() as usize;
        let events = begin..begin + envelope.events.len();
        let place = if envelope.is_control { (envelope.events.len() - 1, true) } else { (1, true) };
        let header = (retain && !envelope.is_control).then(|| envelope.header()).transpose()?;
        Ok(Self { events, place, header })
    }

    /// Puts messages into a batch; whether it was full before the last one.
    fn fill(
        &mut self,
        text: &str,
        batch: &mut Batch,
        enough: usize,
        spot: impl Fn(usize, usize) -> Spot,
    ) -> Result<bool, Rejection> {
        let header = self.header.clone().map(|header| batch.found().add_header(header));
        let mut events = Elements::from_place(&text[self.events.clone()], self.place);
        while let Some(event) = events.step().map_err(misfit)? {
            message(event, |text| {
                let start = batch.append(text.as_bytes());
                batch.found().put_with_header(spot(start, start + text.len()), header);
            })?;
            if batch.found().is_full() || batch.bytes() >= enough {
                self.place = events.place();
                return Ok(true);
            }
        }
        Ok(false)
    }
}
