//! Signals: the first ^C drains, the second ends at once, SIGUSR1 prints where the run stands.

use std::sync::Arc;

use crate::exit::Exit;
use crate::run::{Cancel, Stats, Stop};
use crate::time::monotonic;
use crate::ui::{Printer, count, status_line};

/// Starts listening.
pub(super) fn listen(cancel: &Cancel, printer: &Printer, stats: Arc<Stats>) {
    let (cancel, printer) = (cancel.clone(), printer.clone());
    #[cfg(unix)]
    status_on_signal(printer.clone(), stats.clone());
    tokio::spawn(async move {
        let mut signals = Signals::new();
        let stop = signals.next().await;
        cancel.stop(stop);
        let in_flight = stats.in_flight();
        if in_flight > 0 {
            printer.say(&format!("stopping: {} in flight are being finished; again to stop at once", count(in_flight)));
        } else {
            printer.say("stopping");
        }
        signals.next().await;
        leave(stop.exit());
    });
}

#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "the second ^C ends the process at once; nothing may hold it up"
)]
fn leave(exit: Exit) -> ! {
    std::process::exit(i32::from(exit.code()))
}

#[cfg(unix)]
struct Signals {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
            hangup: signal(SignalKind::hangup()).ok(),
        }
    }

    async fn next(&mut self) -> Stop {
        tokio::select! {
            () = arrives(&mut self.interrupt) => Stop::Interrupt,
            () = arrives(&mut self.terminate) => Stop::Terminate,
            () = arrives(&mut self.hangup) => Stop::Terminate,
        }
    }
}

#[cfg(unix)]
async fn arrives(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

#[cfg(unix)]
fn status_on_signal(printer: Printer, stats: Arc<Stats>) {
    use tokio::signal::unix::{SignalKind, signal};
    let started = monotonic();
    if let Ok(mut signals) = signal(SignalKind::user_defined1()) {
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                printer.say(&status_line(&stats, started.elapsed()));
            }
        });
    }
}

#[cfg(windows)]
struct Signals;

#[cfg(windows)]
impl Signals {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) -> Stop {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Stop::Interrupt
    }
}
