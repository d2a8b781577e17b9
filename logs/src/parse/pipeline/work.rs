//! One batch: each log classified and decoded, and what it gave.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Rejected, Totals};
use crate::parse::classify::{Classifier, Unclassified};
use crate::parse::event::{ParseTime, Run, Stamp};
use crate::parse::sink::Sink;
use crate::parse::stream::{Batch, Log, split_records};
use crate::parse::time::Instant;
use crate::stage::{Stage, Watch, watched};
use crate::time::Clock;

/// What a batch gave: its events, its rejected logs, its counts.
#[derive(Debug, Default)]
pub(super) struct Yield {
    pub sink: Sink,
    pub rejected: Vec<Rejected>,
    pub totals: Totals,
}

/// What all batches of a stream have in common.
#[derive(Clone, Copy)]
pub(super) struct Task<'t> {
    pub run: Run<'t>,
    pub clock: Clock,
    /// Documents with `Records` that no type accepts whole are split.
    pub records: bool,
    /// Who measures.
    pub watch: &'t dyn Watch,
}

impl Task<'_> {
    /// Parses the logs of a batch, measured.
    pub fn watched_work(&self, classifier: &mut Classifier, batch: &Batch, into: &mut Yield) {
        watched(self.watch, Stage::Parse, || self.work(classifier, batch, into));
    }

    /// Parses the logs of a batch into a yield, which is emptied first.
    fn work(&self, classifier: &mut Classifier, batch: &Batch, into: &mut Yield) {
        into.sink.clear();
        into.rejected.clear();
        into.totals = Totals { bytes: batch.bytes() as u64, ..Totals::default() };
        // Nearly every log is one event.
        into.sink.take_numbers(self.run.row_ids, batch.len());
        classifier.forget_tallies();
        let now = self.clock.now();
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
        let now = Instant::utc(now.as_second(), nanos);
        let parsed = ParseTime::new(&now);
        let stamp = Stamp { run: self.run, now, parsed: &parsed };
        for log in batch.logs() {
            match log.text.clone() {
                Ok(text) => self.log(classifier, batch, &log, text, stamp, into),
                Err(rejected) => {
                    into.totals.logs += 1;
                    let why = rejected.reason.to_string();
                    into.rejected.push(reject(batch, &log, rejected.bytes, None, why));
                }
            }
        }
        into.totals.events = into.sink.marks.len() as u64;
        into.totals.rejected = into.rejected.len() as u64;
        into.totals.tallies = classifier.tallies().to_vec();
    }

    fn log(
        &self,
        classifier: &mut Classifier,
        batch: &Batch,
        log: &Log<'_>,
        text: &str,
        stamp: Stamp<'_>,
        into: &mut Yield,
    ) {
        let failed = match self.one(classifier, log, text, stamp, into) {
            Ok(()) => return,
            Err(failed) => failed,
        };
        if let Some(records) = self.records.then(|| split_records(text)).flatten() {
            for record in records {
                if let Err(failed) = self.one(classifier, log, record, stamp, into) {
                    into.totals.logs += 1;
                    into.rejected.push(failed.told(classifier, batch, log, record));
                }
            }
            return;
        }
        into.totals.logs += 1;
        into.rejected.push(failed.told(classifier, batch, log, text));
    }

    /// A panic costs one log: it is rejected, and counted as a bug.
    fn one(
        &self,
        classifier: &mut Classifier,
        log: &Log<'_>,
        text: &str,
        stamp: Stamp<'_>,
        into: &mut Yield,
    ) -> Result<(), Failed> {
        let place = into.sink.place();
        let parse = || classifier.parse(text, log.header, &mut into.sink, stamp);
        match catch_unwind(AssertUnwindSafe(parse)) {
            Ok(Ok(accepted)) => {
                into.totals.logs += u64::from(accepted.is_some());
                Ok(())
            }
            Ok(Err(unclassified)) => Err(Failed::Unclassified(unclassified)),
            Err(_) => {
                into.sink.back_to(place);
                Err(Failed::Bug)
            }
        }
    }
}

/// Why a log became no event.
enum Failed {
    Unclassified(Unclassified),
    Bug,
}

impl Failed {
    fn told(self, classifier: &Classifier, batch: &Batch, log: &Log<'_>, text: &str) -> Rejected {
        match self {
            Self::Bug => {
                let why = "parsing it failed in a way that is a bug of this program".to_owned();
                Rejected { bug: true, ..reject(batch, log, text.as_bytes(), None, why) }
            }
            Self::Unclassified(Unclassified { nearest: None, reason }) => {
                let because = reason.map_or_else(String::new, |reason| format!(": {reason}"));
                let why = format!("no log type accepts it{because}");
                reject(batch, log, text.as_bytes(), None, why)
            }
            Self::Unclassified(Unclassified { nearest: Some((number, rejection)), .. }) => {
                let parser = &classifier.parsers()[number];
                let why = rejection.describe(parser.layout());
                reject(batch, log, text.as_bytes(), Some(parser.log_type().to_owned()), why)
            }
        }
    }
}

fn reject(batch: &Batch, log: &Log<'_>, bytes: &[u8], nearest: Option<String>, why: String) -> Rejected {
    let (line, offset) = (log.line, log.offset);
    Rejected { file: batch.file().to_owned(), line, offset, bytes: bytes.to_vec(), nearest, why, bug: false }
}
