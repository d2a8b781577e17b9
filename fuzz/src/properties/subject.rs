//! A classifier under examination: every log that it is given is also a check of what it writes.

use std::cell::RefCell;
use std::collections::HashMap;

use opstools_logs::parse::catalogue;
use opstools_logs::parse::classify::Classifier;
use opstools_logs::parse::event::{Origin, ParseTime, Run, Stamp};
use opstools_logs::parse::judgement::JUDGEMENT;
use opstools_logs::parse::layout::Encoding;
use opstools_logs::parse::native::Now;
use opstools_logs::parse::row_id::RowIds;
use opstools_logs::parse::sink::Sink;
use opstools_logs::parse::time::Instant;
use opstools_logs::schema::{Mode, Schema, read};

use super::oracle;

/// A machine's clock, for times without a year.
const NOW: Now = Now { year: 2026, month: 11 };

/// When logs are parsed.
const PARSED: Instant = Instant::utc(1_795_000_000, 0);

/// What stands in front of the events of each log: it must still stand there afterwards.
const BEFORE: &[u8] = b"before\n";

/// A classifier, and where it writes.
pub struct Subject {
    classifier: Classifier,
    sink: Sink,
}

impl Subject {
    /// Of these schemas.
    pub fn new(schemas: &[Schema], encoding: Encoding) -> Self {
        opstools_script::install();
        let parsers = catalogue::parsers(schemas, encoding, NOW).expect("a schema without errors can be compiled");
        Self { classifier: Classifier::new(parsers), sink: Sink::default() }
    }

    /// The same in the same state.
    pub fn continued(&self) -> Self {
        Self { classifier: self.classifier.continued(), sink: Sink::default() }
    }

    /// A new stream begins.
    pub fn reset(&mut self) {
        self.classifier.reset();
    }

    /// The events of a log, which are JSON, one a line; `None` if no type accepts it.
    pub fn events(&mut self, log: &str) -> Option<String> {
        let (origin, row_ids) = (Origin::default(), RowIds::new([1; 6], 0));
        let run = Run { origin: &origin, row_ids: &row_ids };
        let stamp = Stamp { run, now: PARSED, parsed: &ParseTime::new(&PARSED) };
        self.sink.clear();
        self.sink.bytes.extend_from_slice(BEFORE);
        let accepted = self.classifier.parse(log, None, &mut self.sink, stamp);
        let written = self.sink.bytes.strip_prefix(BEFORE).expect("what stood before is left alone");
        let text = std::str::from_utf8(written).expect("events are UTF-8");
        match accepted {
            Ok(_) => {
                self.check(text);
                Some(text.to_owned())
            }
            Err(unclassified) => {
                assert!(text.is_empty() && self.sink.marks.is_empty(), "a rejected log leaves nothing behind");
                if let Some((nearest, rejection)) = unclassified.nearest {
                    assert!(!rejection.describe(self.classifier.parsers()[nearest].layout()).is_empty());
                }
                None
            }
        }
    }

    /// Each event is one object on one line, ends where its mark says, and has its envelope.
    fn check(&self, text: &str) {
        let mut begin = BEFORE.len();
        for (event, mark) in text.lines().zip(&self.sink.marks) {
            let keys = oracle::keys_of_object(event);
            for key in ["p_log_type", "p_row_id", "p_event_time", "p_parse_time"] {
                assert!(keys.contains(key), "{key} is missing: {event}");
            }
            begin += event.len() + 1;
            assert_eq!(mark.end, begin, "a mark is where its event ends");
        }
        assert_eq!(text.lines().count(), self.sink.marks.len());
    }
}

thread_local! {
    /// Subjects are made once: 74 schemas take longer than a thousand logs. They are never dropped, since at the end of a
    /// thread scripts cannot be any more.
    static KEPT: RefCell<HashMap<(&'static str, usize, bool), &'static mut Subject>> = RefCell::default();
}

/// Works with the subject of a number and encoding, which is made the first time.
pub fn kept(
    property: &'static str,
    number: usize,
    plain: bool,
    make: fn(usize) -> Vec<Schema>,
    work: impl FnOnce(&mut Subject),
) {
    let encoding = if plain { Encoding::Plain } else { Encoding::DataLake };
    KEPT.with_borrow_mut(|kept| {
        let make = || Box::leak(Box::new(Subject::new(&make(number), encoding)));
        work(kept.entry((property, number, plain)).or_insert_with(make));
    });
}

/// The only schema of a text without errors.
pub fn schema(text: &str) -> Schema {
    opstools_script::install();
    let reading = read("schema.yml", text, Mode::Public, &JUDGEMENT);
    let problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{problems:?}");
    reading.documents.into_iter().next().expect("a text without errors has a schema").schema
}
