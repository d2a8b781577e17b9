//! Making files: many at once, each on a thread of its own while it is drawn.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use opstools::app::Done;
use opstools::error::Failure;
use opstools::generate::{FilePlan, FileRows};
use opstools::run::{Cancel, Counter, Executor, Pace, Run};

use crate::book::{Book, Made};
use crate::hours::Hours;
use crate::manifest::Entry;
use crate::pack::Packer;
use crate::quota::Quota;
use crate::work::{Logs, Make, Target};
use crate::{bucket, folder, queue, stdout};

/// Text is made in portions of so many bytes: as many as the caches of a core hold.
const PORTION: usize = 256 << 10;

/// A file in the making is finished after a stop, if so many more bytes are enough.
const FINISHED_ANYWAY: u64 = 64 << 20;

/// More files in the making than this for each core make a folder no faster.
const FILES_PER_CORE: usize = 2;

/// Files that go up in parts take the memory of three parts each: at most a quarter of a gigabyte altogether.
const LARGE_FILES: usize = 10;

/// Makes the logs.
///
/// # Errors
/// What ended the run.
pub async fn make(work: Make, run: Run) -> Result<Done, Failure> {
    match work.target.clone() {
        Target::Stdout => stdout::write(work, run).await,
        Target::Queue(line) => queue::send(work, line, run).await,
        Target::Folder(_) | Target::Bucket(_) => files(work, run).await,
    }
}

/// What all files of a run share.
pub struct Maker {
    pub logs: Arc<Logs>,
    pub target: Target,
    pub book: Arc<Book>,
    pub run: Run,
    /// Bytes per second.
    pub bytes: Option<Arc<Pace>>,
    /// `--max-errors` says when failures end the run.
    pub counts_errors: bool,
    known: HashMap<String, Entry>,
}

async fn files(mut work: Make, run: Run) -> Result<Done, Failure> {
    let quota = Quota::new(&run, Some(work.schedule.count()));
    let next = next(&work);
    let bucket = match &work.target {
        Target::Bucket(uploads) => uploads.bucket().to_owned(),
        _ => String::new(),
    };
    let places = match &work.target {
        Target::Bucket(_) if work.has_large_files() => run.limits.concurrency.min(LARGE_FILES),
        Target::Bucket(_) => run.limits.concurrency,
        _ => run.limits.concurrency.min(cores() * FILES_PER_CORE),
    };
    if let (Target::Bucket(uploads), Some(manifest)) = (&work.target, &mut work.manifest) {
        let begun = std::mem::take(&mut manifest.known.begun);
        manifest.known.begun = bucket::give_up(uploads, begun, &run).await;
    }
    let (book, teller) = Book::open(&run, work.manifest.as_ref(), work.notify.map(|notify| (notify, bucket)))?;
    let maker = Arc::new(Maker {
        logs: work.logs,
        target: work.target,
        book: book.clone(),
        run: run.clone(),
        bytes: pace_of_bytes(work.bytes_per_second),
        counts_errors: work.counts_errors,
        known: work.manifest.map(|manifest| by_key(manifest.known.entries)).unwrap_or_default(),
    });
    let mut executor = Executor::new(places);
    for file in work.schedule.files().take(most_files(&run)) {
        let Some(place) = run.cancel.unless_stopped(executor.place()).await else { break };
        if run.cancel.unless_stopped(run.pace.take(1.0)).await.is_none() {
            break;
        }
        let maker = maker.clone();
        executor.run(place, async move { maker.one(file).await });
    }
    executor.drain().await;
    let failure = book.failure();
    drop((maker, book));
    if let Some(teller) = teller {
        // It ends when nobody can send to it any more; a panic of its own is a bug that must not look like success.
        teller.await.map_err(|error| Failure::failed("the log processor was not told of everything").because(error))?;
    }
    failure.map_or_else(|| Ok(quota.done(&next)), Err)
}

/// The files by their keys; of several versions the last, which is the one that the key shows.
fn by_key(entries: Vec<Entry>) -> HashMap<String, Entry> {
    entries.into_iter().map(|entry| (entry.key.clone(), entry)).collect()
}

/// How the rest of a run is made.
fn next(work: &Make) -> String {
    let seed = work.logs.contents.seed;
    let hours = Hours { first: work.schedule.first, count: work.schedule.hours };
    match &work.manifest {
        Some(_) => format!(
            "the same command with `--seed {seed} {}` and without the bound makes what is missing",
            hours.flags()
        ),
        None => "without `--manifest` nobody remembers which: the same command makes all of them again".to_owned(),
    }
}

/// So many bytes a second, shared by all files.
pub fn pace_of_bytes(rate: Option<f64>) -> Option<Arc<Pace>> {
    rate.map(|rate| Arc::new(Pace::new(Some(rate))))
}

/// How many files `--limit` allows.
pub fn most_files(run: &Run) -> usize {
    run.limits.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Maker {
    async fn one(&self, file: FilePlan) {
        let key = self.logs.key(&file);
        self.run.stats.add(Counter::Found, 1);
        self.run.stats.begin(1);
        if self.is_there(&key).await {
            self.run.stats.add(Counter::Skipped, 1);
        } else {
            match &self.target {
                Target::Bucket(uploads) => bucket::write(self, uploads, file, key).await,
                Target::Folder(root) => folder::write(self, root, file, key).await,
                Target::Stdout | Target::Queue(_) => {}
            }
        }
        self.run.stats.end(1);
    }

    /// Whether the manifest lists the file, and its target still has it as it was.
    async fn is_there(&self, key: &str) -> bool {
        let Some(entry) = self.known.get(key) else { return false };
        match &self.target {
            Target::Bucket(uploads) => uploads.find(key, None).await.is_ok_and(|stored| {
                stored.is_some_and(|stored| stored.etag == entry.etag && stored.size == entry.size)
            }),
            Target::Folder(root) => std::fs::metadata(root.join(key)).is_ok_and(|file| file.len() == entry.size),
            Target::Stdout | Target::Queue(_) => false,
        }
    }

    /// What a thread needs that draws a file.
    pub fn drawing(&self, file: FilePlan) -> Drawing {
        Drawing { logs: self.logs.clone(), file, cancel: self.run.cancel.clone(), bytes: self.bytes.clone() }
    }
}

/// A file that is drawn.
pub struct Drawing {
    pub logs: Arc<Logs>,
    pub file: FilePlan,
    pub cancel: Cancel,
    pub bytes: Option<Arc<Pace>>,
}

impl Drawing {
    /// Draws and compresses the file, and hands on what came of it whenever that is at least `chunk` bytes, and at the end.
    /// The taker may keep the bytes.
    ///
    /// # Errors
    /// The taker refuses, or the run was stopped and the file is too long to be finished.
    pub fn draw(&self, chunk: usize, mut take: impl FnMut(&mut Vec<u8>) -> io::Result<()>) -> io::Result<Made> {
        let logs = &self.logs;
        let mut rows = FileRows::new(&self.file, &logs.recipes[self.file.recipe], &logs.pools, logs.contents);
        let mut packer = Packer::new(logs.compression)?;
        let (mut text, mut packed, mut made) = (Vec::with_capacity(PORTION * 2), Vec::new(), Made::default());
        let mut stopped_at = None;
        loop {
            let more = rows.fill(PORTION, &mut text);
            self.wait(text.len());
            packer.pack(&mut text, &mut packed)?;
            if packed.len() >= chunk {
                made.size += packed.len() as u64;
                take(&mut packed)?;
                packed.clear();
            }
            if !more {
                break;
            }
            self.check_stop(rows.bytes, &mut stopped_at)?;
        }
        packer.finish(&mut packed)?;
        made.size += packed.len() as u64;
        take(&mut packed)?;
        Ok(Made { rows: rows.rows, malformed: rows.malformed, text_bytes: rows.bytes, ..made })
    }

    /// Waits for the turn of these bytes; this is no thread of the runtime's own.
    fn wait(&self, bytes: usize) {
        if let Some(pace) = &self.bytes {
            let turn = self.cancel.unless_stopped(pace.take(bytes as f64));
            tokio::runtime::Handle::current().block_on(turn);
        }
    }

    fn check_stop(&self, bytes: u64, stopped_at: &mut Option<u64>) -> io::Result<()> {
        if !self.cancel.requested() {
            return Ok(());
        }
        if bytes - *stopped_at.get_or_insert(bytes) < FINISHED_ANYWAY {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::Interrupted, "the run was stopped before the file was finished"))
    }
}
