//! Takes the events of the pipeline to the thread that makes objects of them, and tells of rejected logs.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use opstools::lake::{Limits, Object};
use opstools::parse::pipeline::{Output, Rejected};
use opstools::parse::sink::Sink;
use opstools::run::{Counter, ItemError, Run, Stage, watched};
use tokio::sync::mpsc::Sender;

use crate::meter::Meter;
use crate::processor::Processed;
use crate::sorter::{Sorted, Sorter};

/// Rejected logs that are named one by one.
const NAMED: u64 = 10;

/// The code of a rejected log; pantherlog has the same.
const PARSE_ERROR: &str = "parse error";

/// The code of a log on which parsing itself failed.
const BUG: &str = "bug";

/// Batches of events that wait to be sorted: parsing goes on while a few are packed, and memory stays bounded.
const WAITING: usize = 4;

/// Where objects go to be written; its other side writes them.
pub type Outlet = Sender<Object>;

/// Events on their way into objects.
pub struct Grouping {
    sinks: SyncSender<Sink>,
    /// Sinks that were sorted, to be filled again.
    used: Receiver<Sink>,
    sorter: JoinHandle<Sorted>,
    run: Run,
    meter: Arc<Meter>,
    rejected: u64,
    event_bytes: u64,
}

impl Grouping {
    /// Starts the thread that sorts and packs: packing is the largest stage, and files that are parsed on one thread would wait for
    /// it.
    pub fn new(limits: Limits, outlet: Outlet, run: Run, meter: Arc<Meter>) -> Self {
        let (sinks, waiting) = sync_channel(WAITING);
        let (done, used) = sync_channel(WAITING);
        let sorter = Sorter::new(limits, outlet, Arc::clone(&meter));
        let sorter = std::thread::spawn(move || sorter.sort_all(&waiting, &done));
        Self { sinks, used, sorter, run, meter, rejected: 0, event_bytes: 0 }
    }

    /// Waits until everything is handed out, and tells of the buffers.
    pub fn finish(self, processed: &mut Processed) {
        drop(self.sinks);
        let sorted = self.sorter.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        processed.event_bytes = self.event_bytes;
        processed.peak_memory = sorted.peak_memory;
        processed.peak_buffers = sorted.peak_buffers;
    }
}

impl Output for Grouping {
    type Stop = ();

    /// It blocks while all writers are busy: that is what bounds memory.
    fn events(&mut self, events: &Sink) -> Result<(), ()> {
        self.run.stats.add(Counter::Found, events.marks.len() as u64);
        self.event_bytes += events.bytes.len() as u64;
        let mut sink = self.used.try_recv().unwrap_or_default();
        watched(self.meter.as_ref(), Stage::Group, || {
            sink.clear();
            sink.bytes.extend_from_slice(&events.bytes);
            sink.marks.extend_from_slice(&events.marks);
        });
        self.sinks.send(sink).map_err(drop)
    }

    fn rejected(&mut self, rejected: Rejected) -> Result<(), ()> {
        let place = format!("{}:{}", rejected.file, rejected.line);
        let why = match rejected.nearest {
            Some(nearest) => format!("{nearest}: {}", rejected.why),
            None => rejected.why,
        };
        let code = if rejected.bug { BUG } else { PARSE_ERROR };
        self.rejected += 1;
        if self.rejected <= NAMED {
            self.run.notices.warning(format!("{place}: {code}: {why}"));
        } else if self.rejected == NAMED + 1 {
            self.run.notices.info("further parse errors are counted only; `--errors FILE` writes each");
        }
        self.run.stats.add(Counter::Found, 1);
        self.run.stats.add_own("rejected_logs", 1);
        self.run.failed(ItemError { code: code.to_owned(), message: why, object: place });
        Ok(())
    }
}
