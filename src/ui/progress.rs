//! Progress of a run, read from its counters: a display on a terminal, a line now and then elsewhere.

use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::{Printer, count, size};
use crate::run::{Counter, Stats};
use crate::time::{human, monotonic};

/// Short runs show nothing: a flash of a bar is noise.
const FIRST_SHOWN_AFTER: Duration = Duration::from_millis(300);

/// How often the display is redrawn.
const REDRAW_EVERY: Duration = Duration::from_millis(200);

/// Off a terminal, one line this often: enough for a log, not a flood.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// Shows a run's counters until stopped.
pub struct Progress {
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Progress {
    /// Starts showing; `shown` false shows nothing.
    #[must_use]
    pub fn start(printer: &Printer, stats: Arc<Stats>, shown: bool) -> Self {
        if !shown || printer.is_quiet() {
            return Self { task: None };
        }
        let printer = printer.clone();
        let task = if printer.talk_terminal {
            tokio::spawn(async move { draw(&printer, &stats).await })
        } else {
            tokio::spawn(async move { lines(&printer, &stats).await })
        };
        Self { task: Some(task) }
    }

    /// Stops showing and clears the display.
    pub async fn stop(self) {
        if let Some(task) = self.task {
            task.abort();
            // The task ends by this abort; its bar clears itself when dropped.
            let _ = task.await;
        }
    }
}

struct Cleared(ProgressBar);

impl Drop for Cleared {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

async fn draw(printer: &Printer, stats: &Stats) {
    let start = monotonic();
    tokio::time::sleep(FIRST_SHOWN_AFTER).await;
    let bar = Cleared(printer.bars.add(ProgressBar::new_spinner()));
    let style = ProgressStyle::with_template("{spinner} {wide_msg}");
    bar.0.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    loop {
        bar.0.set_message(status_line(stats, start.elapsed()));
        bar.0.tick();
        tokio::time::sleep(REDRAW_EVERY).await;
    }
}

async fn lines(printer: &Printer, stats: &Stats) {
    let start = monotonic();
    loop {
        tokio::time::sleep(LINE_EVERY).await;
        printer.say(&status_line(stats, start.elapsed()));
    }
}

/// The state of a run in one line: finding and working are two counters. Totals are never known for sure, so there is no
/// percentage.
#[must_use]
pub fn status_line(stats: &Stats, elapsed: Duration) -> String {
    let done = stats.get(Counter::Done);
    let mut parts = vec![format!("{} found, {} done", count(stats.get(Counter::Found)), count(done))];
    for (counter, name) in [(Counter::Failed, "failed"), (Counter::Skipped, "skipped")] {
        parts.extend((stats.get(counter) > 0).then(|| format!("{} {name}", count(stats.get(counter)))));
    }
    parts.extend((stats.get(Counter::Bytes) > 0).then(|| size(stats.get(Counter::Bytes))));
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = done.max(stats.get(Counter::Found)) as f64 / elapsed.as_secs_f64().max(0.001);
    parts.push(format!("{rate:.0}/s"));
    parts.push(human(elapsed));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_a_rate_and_no_made_up_percentage() {
        let stats = Stats::default();
        stats.add(Counter::Found, 2_000);
        stats.add(Counter::Done, 1_500);
        let line = status_line(&stats, Duration::from_secs(10));
        assert_eq!(line, "2,000 found, 1,500 done, 200/s, 10.0 s");
        stats.add(Counter::Failed, 1);
        let line = status_line(&stats, Duration::from_secs(10));
        assert_eq!(line, "2,000 found, 1,500 done, 1 failed, 200/s, 10.0 s");
    }
}
