//! Rows as messages, one each: what a source that reads a queue gets.

use opstools::app::Done;
use opstools::aws::Outgoing;
use opstools::aws::sqs::MOST_IN_BATCH;
use opstools::error::Failure;
use opstools::generate::FileRows;
use opstools::replay::{Line, QueueLine};
use opstools::run::{Counter, Executor, Pace, Run, Stop};
use std::sync::{Arc, Mutex, PoisonError};

use crate::book::{Book, Made};
use crate::make::pace_of_bytes;
use crate::quota::Quota;
use crate::work::Make;

/// What batches on their way share.
struct Sending {
    line: QueueLine,
    run: Run,
    failure: Mutex<Option<Failure>>,
    bytes: Option<Arc<Pace>>,
}

/// Sends the logs.
///
/// # Errors
/// The queue may not be written, or is gone.
pub async fn send(work: Make, line: QueueLine, run: Run) -> Result<Done, Failure> {
    let quota = Quota::new(&run, work.schedule.rows());
    let (book, _) = Book::open(&run, None, None)?;
    let bytes = pace_of_bytes(work.bytes_per_second);
    let sending = Arc::new(Sending { line, run: run.clone(), failure: Mutex::new(None), bytes });
    let mut executor = Executor::new(run.limits.concurrency);
    let mut left = run.limits.limit.unwrap_or(u64::MAX);
    for file in work.schedule.files() {
        let recipe = &work.logs.recipes[file.recipe];
        let mut rows = FileRows::new(&file, recipe, &work.logs.pools, work.logs.contents);
        loop {
            let batch = batch(&mut rows, left);
            if batch.is_empty() || run.cancel.requested() {
                break;
            }
            left -= batch.len() as u64;
            let place = executor.place().await;
            let sending = sending.clone();
            executor.run(place, async move { sending.send(batch).await });
        }
        book.rows(Made { rows: rows.rows, malformed: rows.malformed, text_bytes: rows.bytes, size: 0 });
        if left == 0 || run.cancel.requested() {
            break;
        }
    }
    executor.drain().await;
    let failure = sending.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
    failure.map_or_else(|| Ok(quota.done("the same command begins with the first row again")), Err)
}

/// The next messages of a file.
fn batch(rows: &mut FileRows<'_>, left: u64) -> Vec<Outgoing> {
    let mut batch = Vec::with_capacity(MOST_IN_BATCH);
    while batch.len() < MOST_IN_BATCH && (batch.len() as u64) < left {
        let mut log = Vec::new();
        if rows.next_log(&mut log).is_none() {
            break;
        }
        let body = String::from_utf8_lossy(&log).into_owned();
        batch.push(Outgoing { body, ..Outgoing::default() });
    }
    batch
}

impl Sending {
    async fn send(&self, batch: Vec<Outgoing>) {
        let count = batch.len() as u64;
        self.run.stats.add(Counter::Found, count);
        self.run.stats.begin(count);
        let size: usize = batch.iter().map(|outgoing| outgoing.body.len()).sum();
        if let Some(bytes) = &self.bytes {
            bytes.take(size as f64).await;
        }
        self.run.pace.take(count as f64).await;
        let (outcome, _) = self.line.send(batch, |outgoing| outgoing, &self.run).await;
        self.run.stats.add(Counter::Done, outcome.confirmed.len() as u64);
        let sent: usize = outcome.confirmed.iter().map(|(outgoing, _)| outgoing.body.len()).sum();
        self.run.stats.add(Counter::Bytes, sent as u64);
        for (_, failure) in &outcome.refused {
            if failure.is_not_allowed() {
                let whole = self.line.failure(failure);
                self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(whole);
                self.run.cancel.stop(Stop::NotAllowed);
            }
            self.run.failed(failure.of("a row"));
        }
        self.run.stats.end(count);
    }
}
