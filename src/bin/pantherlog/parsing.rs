//! The run of `parse`: streams one after the other, each on all threads.

use opstools::app::Done;
use opstools::args::Framing;
use opstools::error::Failure;
use opstools::parse::classify::Classifier;
use opstools::parse::event::{Origin, Run as Shared};
use opstools::parse::log_parser::LogParser;
use opstools::parse::pipeline::{Ended, Pipeline, Totals};
use opstools::parse::row_id::{RowIds, random_prefix};
use opstools::parse::stream::Options;
use opstools::run::{Counter, Run};
use opstools::time::Clock;
use serde_json::{Value, json};
use tokio::runtime::Handle;

use crate::delivery::{Delivery, End};
use crate::inputs::{Inputs, Opened};
use crate::rejects::Rejects;

/// Everything that parsing needs.
pub struct Parsing {
    pub parsers: Vec<LogParser>,
    pub inputs: Inputs,
    pub framing: Framing,
    pub threads: usize,
    pub origin: Origin,
    pub rejects: Option<Rejects>,
    /// The report is to have a table of the log types.
    pub stats: bool,
}

impl Parsing {
    /// Parses all inputs, on threads that may block.
    ///
    /// # Errors
    /// The file of rejected logs cannot be written.
    pub async fn execute(self, run: Run) -> Result<Done, Failure> {
        let runtime = Handle::current();
        match tokio::task::spawn_blocking(move || self.work(&run, &runtime)).await {
            Ok(ended) => ended.map(|()| Done::default()),
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }

    fn work(self, run: &Run, runtime: &Handle) -> Result<(), Failure> {
        let row_ids = RowIds::new(prefix(run.clock), run.clock.now().as_microsecond());
        let shared = Shared { origin: &self.origin, row_ids: &row_ids };
        let classifier = Classifier::new(self.parsers);
        let mut pipeline = Pipeline { classifier, threads: self.threads, run: shared, clock: run.clock };
        let mut delivery = Delivery::new(run, self.rejects);
        let mut totals = Totals::default();
        for opened in self.inputs.streams(run, runtime) {
            let ended = match opened {
                Ok(opened) => one(&mut pipeline, opened, &self.framing, &mut delivery, &mut totals),
                Err(failure) => delivery.unreadable(&failure),
            };
            match ended {
                Ok(()) => {}
                Err(End::Stopped) => break,
                Err(End::Failed(failure)) => return Err(*failure),
            }
        }
        if self.stats {
            run.stats.tell("log_types", tallies(&pipeline.classifier, &totals));
        }
        delivery.finish()
    }
}

/// Parses one stream, and counts what came of it.
fn one(
    pipeline: &mut Pipeline<'_>,
    opened: Opened,
    framing: &Framing,
    delivery: &mut Delivery<'_>,
    totals: &mut Totals,
) -> Result<(), End> {
    let Opened { name, reader, live } = opened;
    let options = Options { live, ..Options::of(framing.of(&name)) };
    let (of_stream, ended) = pipeline.parse(&name, reader, options, framing.records, delivery);
    for (log_type, remark) in pipeline.classifier.remarks() {
        delivery.remark(&name, log_type, &remark);
    }
    totals.add(&of_stream);
    let stats = &delivery.run.stats;
    stats.set(Counter::Found, totals.logs);
    stats.set(Counter::Bytes, totals.bytes);
    match ended {
        Ok(()) => stats.set(Counter::Done, totals.logs - totals.rejected),
        Err(Ended::Stopped(end)) => return Err(end),
        Err(Ended::Fault(_)) if delivery.run.cancel.requested() => return Err(End::Stopped),
        Err(Ended::Fault(fault)) => {
            stats.set(Counter::Done, totals.logs - totals.rejected);
            delivery.damaged(&fault)?;
        }
    }
    Ok(())
}

/// Ids of a run under test are always the same.
fn prefix(clock: Clock) -> [u8; 6] {
    match clock {
        Clock::System => random_prefix(),
        Clock::Fixed(_) => [0; 6],
    }
}

/// A line for each log type that took a log or was asked in vain.
fn tallies(classifier: &Classifier, totals: &Totals) -> Value {
    let lines = classifier.parsers().iter().zip(&totals.tallies).filter(|(_, tally)| tally.logs + tally.misses > 0);
    lines
        .map(|(parser, tally)| {
            json!({
                "log_type": parser.log_type(), "logs": tally.logs, "events": tally.events, "bytes": tally.bytes,
                "misses": tally.misses,
            })
        })
        .collect()
}
