//! The thread that sorts events into buffers, packs them, and hands objects out, while others parse.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use opstools::lake::{Buffers, Limits, Object};
use opstools::parse::sink::Sink;
use opstools::run::{Stage, watched};
use opstools::time::monotonic;
use tokio::time::Instant;

use crate::grouping::Outlet;
use crate::meter::Meter;

/// How often buffers are looked through for old ones.
const LOOK: Duration = Duration::from_secs(60);

/// Events in buffers.
pub struct Sorter {
    buffers: Buffers,
    outlet: Outlet,
    meter: Arc<Meter>,
    looked: Instant,
}

/// What is known of the buffers in the end.
pub struct Sorted {
    /// The most bytes that waited to be stored.
    pub peak_memory: usize,
    /// The most buffers at once.
    pub peak_buffers: usize,
}

/// Nobody takes objects any more.
struct Closed;

impl Sorter {
    /// Nothing yet.
    pub fn new(limits: Limits, outlet: Outlet, meter: Arc<Meter>) -> Self {
        Self { buffers: Buffers::new(limits), outlet, meter, looked: monotonic() }
    }

    /// Sorts what comes until there is no more, and hands out everything. The writers only go away before the end when one of them
    /// panicked; that is raised where they are waited for, and this ends, so that nobody feeds it in vain.
    pub fn sort_all(mut self, sinks: &Receiver<Sink>, used: &SyncSender<Sink>) -> Sorted {
        let sorted = self.sort(sinks, used).and_then(|()| self.flush_all());
        drop(sorted);
        Sorted { peak_memory: self.buffers.peak_memory(), peak_buffers: self.buffers.peak_buffers() }
    }

    fn sort(&mut self, sinks: &Receiver<Sink>, used: &SyncSender<Sink>) -> Result<(), Closed> {
        loop {
            // Buffers grow old while no events come, too.
            match sinks.recv_timeout(LOOK) {
                Ok(sink) => {
                    let now = monotonic();
                    self.with_buffers(|buffers, meter, out| buffers.add(&sink, now, meter, out))?;
                    // One sink too many is not kept.
                    let _ = used.try_send(sink);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            self.flush_old()?;
        }
    }

    /// Hands out what has waited long enough; looks once a minute.
    fn flush_old(&mut self) -> Result<(), Closed> {
        let now = monotonic();
        if now.saturating_duration_since(self.looked) < LOOK {
            return Ok(());
        }
        self.looked = now;
        self.with_buffers(|buffers, meter, out| buffers.flush_old(now, meter, out))
    }

    fn flush_all(&mut self) -> Result<(), Closed> {
        self.with_buffers(|buffers, meter, out| buffers.flush_all(meter, out))
    }

    /// Works on the buffers, measured, and hands out what became an object by that. It blocks while all writers are busy.
    fn with_buffers(&mut self, work: impl FnOnce(&mut Buffers, &Meter, &mut dyn FnMut(Object))) -> Result<(), Closed> {
        let (mut ended, buffers, meter, outlet) = (Ok(()), &mut self.buffers, self.meter.as_ref(), &self.outlet);
        watched(meter, Stage::Group, || {
            work(buffers, meter, &mut |object| {
                if outlet.blocking_send(object).is_err() {
                    ended = Err(Closed);
                }
            });
        });
        ended
    }
}
