//! From events to rows, counts and the report. An object counts when the output took its row, not before.

use std::sync::Arc;

use opstools::app::Done;
use opstools::error::{Failure, Kind};
use opstools::objects::Found;
use opstools::replay::unknown;
use opstools::run::{Counter, ItemError, Run, Stop};
use tokio::task::JoinHandle;

use crate::book::{Book, Owners};
use crate::lister::{Event, Trouble, slots};
use crate::summary::{Endings, Tallies, by_class, by_source};
use crate::work::{Fate, Selects, What, Work};
use crate::writer::{Unwritable, Writer};

/// Lists, writes and counts everything.
///
/// # Errors
/// The one thing that was named cannot be read, or an input does not say what a filter needs to know.
pub async fn execute(mut work: Work, run: Run) -> Result<Done, Failure> {
    let mut gather = Gather::new(&work, run.clone());
    let (mut arriving, feeding) = work.start(&run);
    let mut ended = Ok(());
    while let Some(event) = arriving.recv().await {
        ended = ended.and(gather.take(event).await);
        if ended.is_err() || gather.full() {
            break;
        }
    }
    drop(arriving);
    joined(feeding).await;
    if ended.is_ok() {
        // A list of nothing still has its header.
        ended = gather.write().await;
    }
    gather.report();
    ended.map(|()| gather.done())
}

/// Waits for a task; its panic goes on here.
pub async fn joined(task: JoinHandle<()>) {
    if let Err(error) = task.await
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}

struct Gather {
    run: Run,
    book: Arc<Book>,
    selects: Arc<Selects>,
    single: bool,
    own: bool,
    writer: Writer,
    /// Rows on the sheet that the output has not taken yet.
    pending: Tallies,
    written: Tallies,
    endings: Endings,
}

impl Gather {
    fn new(work: &Work, run: Run) -> Self {
        let mut endings = Endings::default();
        if let What::Targets(targets) = &work.what {
            targets.iter().flat_map(|target| slots(target, true)).for_each(|slot| endings.begin(slot));
        }
        let writer = Writer::new(work.form, work.selects.versions);
        let (book, selects, single, own) = (work.book.clone(), work.selects.clone(), work.single, work.own);
        let (pending, written) = (Tallies::default(), Tallies::default());
        Self { run, book, selects, single, own, writer, pending, written, endings }
    }

    async fn take(&mut self, event: Event) -> Result<(), Failure> {
        match event {
            Event::Objects { owners, objects } => self.objects(&owners, &objects).await,
            Event::Bad(error) => {
                self.run.failed(error);
                Ok(())
            }
            Event::Failed(trouble) => self.failed(*trouble),
            Event::Ended(slots) => {
                slots.into_iter().for_each(|slot| self.endings.end(slot));
                Ok(())
            }
        }
    }

    async fn objects(&mut self, owners: &Owners, objects: &[Found]) -> Result<(), Failure> {
        self.run.stats.add(Counter::Found, objects.len() as u64);
        // A rate is kept second by second; without one, a portion is one piece.
        let piece = self.run.pace.rate().map_or(objects.len(), |rate| rate.ceil() as usize).min(objects.len()).max(1);
        for piece in objects.chunks(piece) {
            let before = self.pending.total().0;
            for object in piece {
                if self.full() {
                    break;
                }
                self.object(owners, object)?;
            }
            let turn = self.run.pace.take((self.pending.total().0 - before) as f64);
            // Who stops need not wait for the pace; what is on the sheet is still written.
            self.run.cancel.unless_stopped(turn).await;
            self.write().await?;
            if self.run.cancel.requested() {
                break;
            }
        }
        Ok(())
    }

    fn object(&mut self, owners: &Owners, object: &Found) -> Result<(), Failure> {
        let owner = owners.of(&object.key);
        let passed_over = match self.selects.fate(object, owner) {
            Fate::Row => match self.writer.add(object, owner) {
                Ok(()) => {
                    self.pending.add(owner.slot, object);
                    return Ok(());
                }
                Err(Unwritable::LineBreak) => {
                    self.run.stats.add_own(LINE_BREAKS, 1);
                    self.run.failed(line_break(object));
                    return Ok(());
                }
                Err(Unwritable::NoVersion) => return Err(unknown("version_id", object)),
                Err(Unwritable::Marker) => "delete_markers",
            },
            Fate::Unknown(what) => return Err(unknown(what, object)),
            Fate::Filtered => "filtered",
            Fate::Empty => "empty",
            Fate::OtherSource => "of_other_sources",
        };
        self.run.stats.add(Counter::Skipped, 1);
        self.run.stats.add_own(passed_over, 1);
        Ok(())
    }

    /// Gives the sheet to the output, and counts what it took.
    async fn write(&mut self) -> Result<(), Failure> {
        let text = self.writer.take();
        let pending = std::mem::take(&mut self.pending);
        if text.is_empty() {
            return Ok(());
        }
        let stopped_before = self.run.cancel.reason();
        let rows = self.run.rows.clone();
        // A reader that pauses must hold up the rows only, not the whole program.
        joined(tokio::task::spawn_blocking(move || rows(&text))).await;
        let stopped = self.run.cancel.reason();
        if stopped_before.is_none() && matches!(stopped, Some(Stop::Fatal | Stop::Limit)) {
            return Ok(());
        }
        let (objects, bytes) = pending.total();
        self.run.stats.add(Counter::Done, objects);
        self.run.stats.add(Counter::Bytes, bytes);
        self.written.absorb(pending);
        if self.full() {
            self.run.cancel.stop(Stop::Limit);
        }
        Ok(())
    }

    /// `--limit` is reached.
    fn full(&self) -> bool {
        let rows = self.written.total().0 + self.pending.total().0;
        self.run.limits.limit.is_some_and(|limit| rows >= limit)
    }

    fn failed(&mut self, trouble: Trouble) -> Result<(), Failure> {
        let Trouble { what, slots, failure } = trouble;
        if self.single && self.written.total().0 == 0 {
            return Err(failure);
        }
        let labels: Vec<String> = slots
            .iter()
            .filter_map(|slot| self.book.all().get(*slot))
            .map(|source| format!("`{}`", source.label))
            .collect();
        let of = if labels.is_empty() { String::new() } else { format!(" (source {})", labels.join(", ")) };
        let hints: String = failure.hints.iter().map(|hint| format!("; {hint}")).collect();
        self.run.notices.warning(format!("{}{of}{hints}", failure.summary()));
        let (code, message) = match &failure.service {
            Some(error) => (error.code.clone(), error.message.clone()),
            None => ("Failed".to_owned(), failure.cause.clone().unwrap_or_else(|| failure.doing.clone())),
        };
        for slot in &slots {
            self.endings.fail(*slot, &failure.summary());
        }
        self.run.failed(ItemError { code, message, object: format!("{what}{of}") });
        if failure.kind == Kind::NotAllowed && is_expired(&failure) {
            self.run.cancel.stop(Stop::NotAllowed);
        }
        Ok(())
    }

    /// Puts the summary into the report.
    fn report(&self) {
        let stats = &self.run.stats;
        stats.tell("sources", by_source(&self.book, &self.written, &self.endings));
        stats.tell("storage_classes", by_class(&self.book, &self.written));
        if self.endings.failures() > 0 {
            stats.add_own("sources_failed", self.endings.failures() as u64);
        }
    }

    fn done(&self) -> Done {
        let stats = &self.run.stats;
        let empty = self.single && stats.get(Counter::Found) == 0 && self.run.cancel.reason().is_none();
        let next = if self.endings.failures() > 0 {
            Some(if self.own { INSTEAD_OF_LISTING } else { INSTEAD_OF_ROLES })
        } else if stats.own(LINE_BREAKS) > 0 {
            Some("`--format jsonl` or `csv` writes keys with line breaks, too")
        } else {
            empty.then_some("nothing is there: a prefix is taken as it stands, case and all")
        };
        Done { next: next.map(str::to_owned), findings: false }
    }
}

/// What to do where the roles of sources may not list.
const INSTEAD_OF_ROLES: &str = "`sources --validate` says why a source cannot be listed; `--no-assume` lists with your own \
    credentials, and `--from-inventory` needs no listing";

/// What to do where the operator may not list either.
const INSTEAD_OF_LISTING: &str =
    "`--generate iam` prints what your own identity needs; `--from-inventory` needs no listing";

/// The counter of keys that `plain` cannot hold.
const LINE_BREAKS: &str = "line_breaks";

fn line_break(object: &Found) -> ItemError {
    ItemError {
        code: "LineBreakInKey".to_owned(),
        message: "a line of `plain` cannot hold a key with a line break: use `--format jsonl` or `csv`".to_owned(),
        object: object.uri().escape_default().to_string(),
    }
}

/// The operator's own credentials will not do for anything else either.
fn is_expired(failure: &Failure) -> bool {
    failure.code().is_some_and(|code| code.starts_with("ExpiredToken") || code == "TokenRefreshRequired")
}
