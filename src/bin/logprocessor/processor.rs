//! From items to objects: one item after the other is read, parsed and grouped, on threads that may block.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use opstools::args::Framing;
use opstools::lake::Limits;
use opstools::parse::classify::Classifier;
use opstools::parse::event::{self, Origin};
use opstools::parse::log_parser::LogParser;
use opstools::parse::pipeline::{Ended, Pipeline, Totals};
use opstools::parse::row_id::{RowIds, random_prefix};
use opstools::parse::stream::{Options, Unpacked};
use opstools::run::{Cancel, Stage, watched};
use tokio::sync::mpsc::Receiver;

use crate::grouping::{Grouping, Outlet};
use crate::item::Ready;
use crate::ledger::Ledger;
use crate::meter::Meter;

/// Smaller files are parsed on one thread: starting others takes as long as parsing them.
const SEVERAL_THREADS: u64 = 4 << 20;

/// What processing needs.
pub struct Processor {
    /// The log types.
    pub parsers: Vec<LogParser>,
    /// Threads that parse.
    pub threads: usize,
    /// How files are cut.
    pub framing: Framing,
    /// Source id and label of the events.
    pub origin: Origin,
    /// When buffers become objects.
    pub limits: Limits,
    /// Who measures.
    pub meter: Arc<Meter>,
    /// What became of inputs.
    pub ledger: Arc<Ledger>,
}

/// What came of all items.
#[derive(Clone, Debug, Default)]
pub struct Processed {
    /// Logs and events.
    pub totals: Totals,
    /// Bytes as they were stored.
    pub stored_bytes: u64,
    /// Bytes of events.
    pub event_bytes: u64,
    /// The most bytes that waited to be stored.
    pub peak_memory: usize,
    /// The most buffers at once.
    pub peak_buffers: usize,
}

impl Processor {
    /// Processes items until there are no more or the run is to stop; everything taken is handed to the outlet.
    pub fn process(self, mut items: Receiver<Ready>, outlet: Outlet) -> Processed {
        let Self { parsers, threads, framing, origin, limits, meter, ledger } = self;
        let run = ledger.run();
        let row_ids = RowIds::new(random_prefix(), run.clock.now().as_microsecond());
        let events = event::Run { origin: &origin, row_ids: &row_ids };
        let classifier = Classifier::new(parsers);
        let mut pipeline = Pipeline { classifier, threads, run: events, clock: run.clock };
        let mut grouping = Grouping::new(limits, outlet, run.clone(), Arc::clone(&meter));
        let mut processed = Processed::default();
        while let Some(item) = items.blocking_recv() {
            if run.cancel.requested() {
                ledger.left();
                continue;
            }
            pipeline.threads = if item.size.is_some_and(|size| size < SEVERAL_THREADS) { 1 } else { threads };
            let one = One { framing: &framing, meter: &meter, ledger: &ledger };
            one.process(item, &mut pipeline, &mut grouping, &mut processed);
        }
        grouping.finish(&mut processed);
        processed
    }
}

/// One item.
struct One<'o> {
    framing: &'o Framing,
    meter: &'o Arc<Meter>,
    ledger: &'o Ledger,
}

impl One<'_> {
    fn process(&self, item: Ready, pipeline: &mut Pipeline<'_>, grouping: &mut Grouping, processed: &mut Processed) {
        let (name, kind) = (item.name.clone(), self.framing.of(item.base_name()));
        let inner = match item.open() {
            Ok(inner) => inner,
            Err(failure) => return self.ledger.failed(&failure, &name),
        };
        let read = Arc::new(AtomicU64::new(0));
        let source = Source { inner, cancel: self.cancel().clone(), read: Arc::clone(&read) };
        let reader = Measured { inner: Unpacked::new(source), meter: Arc::clone(self.meter) };
        let options = Options::of(kind);
        let records = self.framing.records;
        let (totals, ended) = pipeline.parse_watched(&name, reader, options, records, grouping, self.meter.as_ref());
        processed.totals.add(&totals);
        processed.stored_bytes += read.load(Relaxed);
        match ended {
            Ok(()) => self.ledger.read(name),
            // What was read before the stop is complete and counted; the rest of the item is left.
            Err(Ended::Fault(_)) if self.cancel().requested() => self.ledger.half_read(name),
            Err(Ended::Fault(fault)) => self.ledger.damaged(*fault),
            Err(Ended::Stopped(())) => self.ledger.half_read(name),
        }
    }

    fn cancel(&self) -> &Cancel {
        &self.ledger.run().cancel
    }
}

/// The stored bytes of an item, counted; they end with an error when the run is to stop.
struct Source {
    inner: Box<dyn Read + Send>,
    cancel: Cancel,
    read: Arc<AtomicU64>,
}

impl Read for Source {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.cancel.requested() {
            return Err(io::Error::other("the run was asked to stop"));
        }
        let count = self.inner.read(out)?;
        self.read.fetch_add(count as u64, Relaxed);
        Ok(count)
    }
}

/// The text of an item, measured.
struct Measured {
    inner: Unpacked<Source>,
    meter: Arc<Meter>,
}

impl Read for Measured {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        watched(self.meter.as_ref(), Stage::Read, || self.inner.read(out))
    }
}
