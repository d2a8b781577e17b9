//! `parse --explain`: what each log type says of each log.

use std::fmt::Write as _;

use opstools::app::Done;
use opstools::error::Failure;
use opstools::parse::event::{Origin, ParseTime, Run as Shared, Stamp};
use opstools::parse::json::Tape;
use opstools::parse::log_parser::{Log, LogParser};
use opstools::parse::row_id::RowIds;
use opstools::parse::sink::Sink;
use opstools::parse::stream::{Batch, LogStream, Options, Rejected, split_records};
use opstools::parse::time::Instant;
use opstools::run::{Counter, Run};
use tokio::runtime::Handle;

use crate::delivery::{Delivery, End};
use crate::inputs::Opened;
use crate::parsing::Parsing;

/// Explains all inputs, on a thread that may block.
///
/// # Errors
/// None: an input that cannot be read is counted.
pub async fn execute(parsing: Parsing, run: Run) -> Result<Done, Failure> {
    let runtime = Handle::current();
    match tokio::task::spawn_blocking(move || work(parsing, &run, &runtime)).await {
        Ok(()) => Ok(Done::default()),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

fn work(parsing: Parsing, run: &Run, runtime: &Handle) {
    let mut delivery = Delivery::new(run, None);
    let records = parsing.framing.records;
    let mut explainer = Explainer { parsers: parsing.parsers, records, tape: Tape::default(), sink: Sink::default() };
    for opened in parsing.inputs.streams(run, runtime) {
        let ended = match opened {
            Ok(opened) => {
                let options = Options { live: opened.live, ..Options::of(parsing.framing.of(&opened.name)) };
                explainer.stream(opened, options, &mut delivery)
            }
            Err(failure) => delivery.unreadable(&failure),
        };
        if ended.is_err() {
            return;
        }
    }
}

struct Explainer {
    parsers: Vec<LogParser>,
    /// A document with `Records` that no log type accepts as it is holds logs.
    records: bool,
    tape: Tape,
    sink: Sink,
}

impl Explainer {
    fn stream(&mut self, opened: Opened, options: Options, delivery: &mut Delivery<'_>) -> Result<(), End> {
        self.parsers.iter_mut().for_each(LogParser::reset);
        let mut stream = LogStream::new(opened.name.as_str(), opened.reader, options);
        let mut batch = Batch::default();
        loop {
            match stream.next_batch(&mut batch) {
                Ok(true) => self.batch(&batch, delivery)?,
                Ok(false) => return Ok(()),
                Err(_) if delivery.run.cancel.requested() => return Err(End::Stopped),
                Err(fault) => return delivery.damaged(&fault),
            }
        }
    }

    fn batch(&mut self, batch: &Batch, delivery: &mut Delivery<'_>) -> Result<(), End> {
        for log in batch.logs() {
            let place = format!("{}:{}", batch.file(), log.line);
            match log.text {
                Ok(text) if text.trim().is_empty() => continue,
                Ok(text) => self.text(&place, text.trim(), log.header, delivery),
                Err(Rejected { reason, .. }) => {
                    tell(&place, &(format!("  unreadable: {reason}\n"), false), delivery);
                }
            }
            if delivery.run.cancel.requested() {
                return Err(End::Stopped);
            }
        }
        Ok(())
    }

    /// A log, or the records of a document that is none.
    fn text(&mut self, place: &str, text: &str, header: Option<&str>, delivery: &Delivery<'_>) {
        let whole = self.log(text, header);
        match (!whole.1 && self.records).then(|| split_records(text)).flatten() {
            Some(records) => {
                for (number, record) in (1..).zip(records) {
                    tell(&format!("{place}, record {number}"), &self.log(record, header), delivery);
                }
            }
            None => tell(place, &whole, delivery),
        }
    }

    /// What all types say of a log, those that accept it first, then those that are nearest; and whether one accepts it.
    fn log(&mut self, text: &str, header: Option<&str>) -> (String, bool) {
        let json = self.tape.read(text);
        let log = Log { text, json: json.map(|()| self.tape.document(text)), header };
        let (origin, row_ids) = (Origin::default(), RowIds::new([0; 6], 0));
        let now = Instant::utc(0, 0);
        let run = Shared { origin: &origin, row_ids: &row_ids };
        let stamp = Stamp { run, now, parsed: &ParseTime::new(&now) };
        let mut said = Vec::new();
        for (number, parser) in self.parsers.iter_mut().enumerate() {
            self.sink.clear();
            let verdict = match parser.parse(&log, number, &mut self.sink, stamp) {
                Ok(1) => Ok("1 event".to_owned()),
                Ok(events) => Ok(format!("{events} events")),
                Err(rejection) => Err(rejection.describe(parser.layout())),
            };
            said.push((
                verdict.is_err(),
                std::cmp::Reverse(parser.likeness(&log)),
                parser.log_type().to_owned(),
                verdict,
            ));
        }
        said.sort_by(|one, other| (one.0, one.1, &one.2).cmp(&(other.0, other.1, &other.2)));
        let width = said.iter().map(|(_, _, name, _)| name.len()).max().unwrap_or_default();
        let mut text = String::new();
        for (_, _, name, verdict) in &said {
            let (word, why) = match verdict {
                Ok(events) => ("accepted", events),
                Err(why) => ("refused ", why),
            };
            // Writing to a string does not fail.
            let _ = writeln!(text, "  {word}  {name:<width$}  {why}");
        }
        (text, said.iter().any(|(refused, ..)| !refused))
    }
}

/// Says what was found of a log, and counts it.
fn tell(place: &str, (text, accepted): &(String, bool), delivery: &Delivery<'_>) {
    let stats = &delivery.run.stats;
    stats.add(Counter::Found, 1);
    stats.add(if *accepted { Counter::Done } else { Counter::Skipped }, 1);
    (delivery.run.rows)(&format!("{place}\n{text}"));
}
