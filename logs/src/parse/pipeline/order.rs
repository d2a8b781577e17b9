//! The threads of a stream, and their results in its order.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::work::{Task, Yield};
use super::{Ended, Output, Pipeline, Totals};
use crate::parse::classify::Classifier;
use crate::parse::stream::{Batch, Fault, LogStream};
use crate::stage::{Stage, Watch, watched};

/// Batches that wait for a worker, for each worker: enough that none waits for the thread that cuts.
const WAITING: usize = 2;

/// A batch with its number in the stream.
struct Numbered<T> {
    number: u64,
    item: T,
}

/// What goes from the thread that cuts to the workers.
type Cut = Numbered<Batch>;

/// What goes from the workers to the writer: what a batch gave, and its memory.
type Parsed = Numbered<(Yield, Batch)>;

pub(super) fn parse<R: Read + Send, O: Output>(
    pipeline: &mut Pipeline<'_>,
    mut stream: LogStream<R>,
    records: bool,
    output: &mut O,
    totals: &mut Totals,
    watch: &dyn Watch,
) -> Result<(), Ended<O::Stop>> {
    let task = Task { run: pipeline.run, clock: pipeline.clock, records, watch };
    let mut first = Batch::default();
    let mut given = Yield::default();
    if !next(&mut stream, &mut first, watch)? {
        return Ok(());
    }
    task.watched_work(&mut pipeline.classifier, &first, &mut given);
    deliver(&mut given, output, totals).map_err(Ended::Stopped)?;
    if pipeline.threads > 1 {
        return on_threads(pipeline, task, stream, output, totals);
    }
    let pilot = pipeline.classifier.continued();
    while next(&mut stream, &mut first, watch)? {
        pipeline.classifier.rewind(&pilot);
        task.watched_work(&mut pipeline.classifier, &first, &mut given);
        deliver(&mut given, output, totals).map_err(Ended::Stopped)?;
    }
    Ok(())
}

fn next<R: Read, S>(stream: &mut LogStream<R>, batch: &mut Batch, watch: &dyn Watch) -> Result<bool, Ended<S>> {
    watched(watch, Stage::Cut, || stream.next_batch(batch)).map_err(|fault| Ended::Fault(Box::new(fault)))
}

/// Gives a batch's events and rejected logs to the output.
fn deliver<O: Output>(given: &mut Yield, output: &mut O, totals: &mut Totals) -> Result<(), O::Stop> {
    totals.add(&given.totals);
    if !given.sink.bytes.is_empty() {
        output.events(&given.sink)?;
    }
    given.rejected.drain(..).try_for_each(|rejected| output.rejected(rejected))
}

fn on_threads<R: Read + Send, O: Output>(
    pipeline: &Pipeline<'_>,
    task: Task<'_>,
    stream: LogStream<R>,
    output: &mut O,
    totals: &mut Totals,
) -> Result<(), Ended<O::Stop>> {
    let threads = pipeline.threads;
    let pilot = &pipeline.classifier;
    let (cut, cut_end) = sync_channel::<Cut>(threads * WAITING);
    let (parsed, parsed_end) = sync_channel::<Parsed>(threads * WAITING);
    // Used batches and yields go back to where they are filled, so that nothing is allocated once the stream runs.
    let (used, used_end) = sync_channel::<Batch>(threads * WAITING * 2);
    let stock = Mutex::new(Vec::<Yield>::new());
    // Of the workers alone: with the last of them it is gone, and the cutter is not left with batches that nobody takes.
    let cut_end = Arc::new(Mutex::new(cut_end));
    thread::scope(|scope| {
        let cutter = scope.spawn(move || cut_all(stream, &cut, &used_end, task.watch));
        for _ in 0..threads {
            let (parsed, cut_end, stock) = (parsed.clone(), Arc::clone(&cut_end), &stock);
            scope.spawn(move || parse_all(pilot, task, &cut_end, stock, &parsed));
        }
        drop((parsed, cut_end));
        let written = write_all(&parsed_end, &used, &stock, output, totals);
        // Without a receiver the workers stop, and then the cutter does.
        drop((parsed_end, used));
        let faults = cutter.join();
        written.map_err(Ended::Stopped)?;
        match faults {
            Ok(Ok(())) => Ok(()),
            Ok(Err(fault)) => Err(Ended::Fault(Box::new(fault))),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Cuts the stream; ends early when nobody wants more.
fn cut_all<R: Read>(
    mut stream: LogStream<R>,
    cut: &SyncSender<Cut>,
    used: &Receiver<Batch>,
    watch: &dyn Watch,
) -> Result<(), Fault> {
    for number in 0.. {
        let mut item = used.try_recv().unwrap_or_default();
        let more = watched(watch, Stage::Cut, || stream.next_batch(&mut item))?;
        if !more || cut.send(Numbered { number, item }).is_err() {
            break;
        }
    }
    Ok(())
}

/// A worker: parses batches until there are none, or nobody wants more.
fn parse_all(
    pilot: &Classifier,
    task: Task<'_>,
    cut: &Mutex<Receiver<Cut>>,
    stock: &Mutex<Vec<Yield>>,
    parsed: &SyncSender<Parsed>,
) {
    let mut classifier = pilot.continued();
    loop {
        let received = cut.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Numbered { number, item }) = received else { return };
        let mut given = stock.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        classifier.rewind(pilot);
        task.watched_work(&mut classifier, &item, &mut given);
        if parsed.send(Numbered { number, item: (given, item) }).is_err() {
            return;
        }
    }
}

/// Writes what the workers give, in the order of the stream.
fn write_all<O: Output>(
    parsed: &Receiver<Parsed>,
    used: &SyncSender<Batch>,
    stock: &Mutex<Vec<Yield>>,
    output: &mut O,
    totals: &mut Totals,
) -> Result<(), O::Stop> {
    let mut early = BTreeMap::new();
    let mut wanted = 0;
    for Numbered { number, item } in parsed {
        early.insert(number, item);
        while let Some((mut given, batch)) = early.remove(&wanted) {
            wanted += 1;
            deliver(&mut given, output, totals)?;
            let _ = used.try_send(batch);
            stock.lock().unwrap_or_else(PoisonError::into_inner).push(given);
        }
    }
    Ok(())
}
