//! What comes of a stream on several threads, to its end and not to its end.

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use super::{Ended, Output, Pipeline, Rejected, Totals};
use crate::parse::catalogue;
use crate::parse::classify::Classifier;
use crate::parse::event::{Origin, Run};
use crate::parse::judgement::JUDGEMENT;
use crate::parse::layout::Encoding;
use crate::parse::native::Now;
use crate::parse::row_id::RowIds;
use crate::parse::sink::Sink;
use crate::parse::stream::Options;
use crate::schema::{Mode, read};
use crate::time::Clock;

/// Logs enough for many small batches.
const LOGS: usize = 2_000;
const BATCH: usize = 512;

/// Far longer than any of these runs takes: what has not ended then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes events until it has had enough.
struct Until {
    enough: usize,
    events: Vec<u8>,
}

impl Output for Until {
    type Stop = ();

    fn events(&mut self, events: &Sink) -> Result<(), ()> {
        self.events.extend_from_slice(&events.bytes);
        if self.events.len() < self.enough { Ok(()) } else { Err(()) }
    }

    fn rejected(&mut self, _: Rejected) -> Result<(), ()> {
        Ok(())
    }
}

/// Parses numbered logs until the output has so many bytes; answers the numbers that came.
fn run(threads: usize, enough: usize) -> (Vec<usize>, bool, Totals) {
    let text = "schema: Custom.Number\nfields: [{name: n, type: int}]\n";
    let document = read("f.yml", text, Mode::Public, &JUDGEMENT).documents.remove(0);
    let now = Now { year: 2026, month: 11 };
    let parsers = catalogue::parsers(&[document.schema], Encoding::Plain, now).expect("ready");
    let (origin, row_ids) = (Origin::default(), RowIds::new([1; 6], 0));
    let run = Run { origin: &origin, row_ids: &row_ids };
    let mut pipeline = Pipeline { classifier: Classifier::new(parsers), threads, run, clock: Clock::System };
    let logs: String = (0..LOGS).map(|number| format!("{{\"n\":{number}}}\n")).collect();
    let mut output = Until { enough, events: Vec::new() };
    let options = Options { batch: BATCH, ..Options::default() };
    let (totals, ended) = pipeline.parse("f", logs.as_bytes(), options, false, &mut output);
    let number = |line: &[u8]| serde_json::from_slice::<serde_json::Value>(line).expect("JSON")["n"].as_u64();
    let lines = output.events.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let numbers = lines.map(|line| number(line).expect("a number") as usize).collect();
    (numbers, matches!(ended, Err(Ended::Stopped(()))), totals)
}

#[test]
fn events_come_in_the_order_of_the_stream_on_any_number_of_threads() {
    for threads in [1, 2, 5] {
        let (numbers, stopped, totals) = run(threads, usize::MAX);
        assert_eq!(numbers, (0..LOGS).collect::<Vec<_>>());
        assert!(!stopped);
        assert_eq!((totals.logs, totals.events, totals.rejected), (LOGS as u64, LOGS as u64, 0));
    }
}

#[test]
fn an_output_that_has_enough_ends_the_run_wherever_the_threads_are() {
    let (ended, all) = channel();
    thread::spawn(move || {
        for round in 0..400 {
            let threads = [2, 3, 4][round % 3];
            let (numbers, stopped, _) = run(threads, 1 + round * 500);
            assert!(numbers.iter().copied().eq(0..numbers.len()), "what came is the beginning");
            assert!(stopped || numbers.len() == LOGS);
            ended.send(()).expect("somebody waits");
        }
    });
    for round in 0..400 {
        all.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("run {round} does not end"));
    }
}
