//! Takes the events of the pipeline, sorts them into buffers, and hands objects out.

use std::sync::Arc;
use std::time::Duration;

use opstools::lake::{Buffers, Limits, Object};
use opstools::parse::pipeline::{Output, Rejected};
use opstools::parse::sink::Sink;
use opstools::run::{Counter, ItemError, Run, Stage, watched};
use opstools::time::monotonic;
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

use crate::meter::Meter;
use crate::processor::Processed;

/// Rejected logs that are named one by one.
const NAMED: u64 = 10;

/// The code of a rejected log; pantherlog has the same.
const PARSE_ERROR: &str = "parse error";

/// The code of a log on which parsing itself failed.
const BUG: &str = "bug";

/// How often buffers are looked through for old ones.
const LOOK: Duration = Duration::from_secs(60);

/// Where objects go to be written; its other side writes them.
pub type Outlet = Sender<Object>;

/// Events on their way into objects.
pub struct Grouping {
    buffers: Buffers,
    outlet: Outlet,
    run: Run,
    meter: Arc<Meter>,
    looked: Instant,
    rejected: u64,
    event_bytes: u64,
}

impl Grouping {
    /// Nothing yet.
    pub fn new(limits: Limits, outlet: Outlet, run: Run, meter: Arc<Meter>) -> Self {
        let buffers = Buffers::new(limits);
        Self { buffers, outlet, run, meter, looked: monotonic(), rejected: 0, event_bytes: 0 }
    }

    /// Works on the buffers, measured; then hands out what became an object by that. It blocks while all writers are busy: that is
    /// what bounds memory.
    fn with_buffers(&mut self, work: impl FnOnce(&mut Buffers, &Meter, &mut dyn FnMut(Object))) -> Result<(), ()> {
        let (mut ended, buffers, meter, outlet) = (Ok(()), &mut self.buffers, self.meter.as_ref(), &self.outlet);
        watched(meter, Stage::Group, || {
            work(buffers, meter, &mut |object| ended = outlet.blocking_send(object).map_err(drop).and(ended));
        });
        ended
    }

    /// Hands out what has waited long enough; looks once a minute.
    pub fn flush_old(&mut self) {
        let now = monotonic();
        if now.saturating_duration_since(self.looked) >= LOOK {
            self.looked = now;
            // Without a writer the next events tell.
            let _ = self.with_buffers(|buffers, meter, out| buffers.flush_old(now, meter, out));
        }
    }

    /// Hands out everything, and tells of the buffers.
    pub fn finish(mut self, processed: &mut Processed) {
        // The writers only go away before the end when one of them panicked, and that is raised where they are waited for.
        let _ = self.with_buffers(|buffers, meter, out| buffers.flush_all(meter, out));
        processed.event_bytes = self.event_bytes;
        processed.peak_memory = self.buffers.peak_memory();
        processed.peak_buffers = self.buffers.peak_buffers();
    }
}

impl Output for Grouping {
    type Stop = ();

    fn events(&mut self, events: &Sink) -> Result<(), ()> {
        self.run.stats.add(Counter::Found, events.marks.len() as u64);
        self.event_bytes += events.bytes.len() as u64;
        let now = monotonic();
        self.with_buffers(|buffers, meter, out| buffers.add(events, now, meter, out))?;
        self.flush_old();
        Ok(())
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
