//! The run: what an earlier run left open, then key after key judged, batched and worked off, within the bounds of the run.

use jiff::Timestamp;
use opstools::app::Done;
use opstools::aws::listing::Interval;
use opstools::aws::versioning::VersionedBucket;
use opstools::error::Failure;
use opstools::run::{Counter, Run, Stop};

use crate::arguments::Verify;
use crate::batches::{Batches, Item};
use crate::crew::Crew;
use crate::judge::{Judge, Verdict, count};
use crate::ledger::Memory;
use crate::lists::{Lists, Totals};
use crate::reports::{ReportFiles, Reports};
use crate::restoration::Restoration;
use crate::source::{Arrival, Source};
use crate::ticket::Share;
use crate::verification::Verifier;

/// What a run that brings back needs.
pub struct Work {
    /// The bucket.
    pub bucket: VersionedBucket,
    /// Its versioning is suspended.
    pub suspended: bool,
    /// Where keys come from.
    pub source: Source,
    /// Which of them.
    pub judge: Judge,
    /// How many are looked at afterwards.
    pub verify: Verify,
    /// More than this many must not come back.
    pub max_restore: Option<u64>,
    /// What earlier runs of this journal did.
    pub memory: Memory,
    /// When the first of them started; `None`: there was none.
    pub goes_on_since: Option<Timestamp>,
    /// Where the keys are looked for, in words.
    pub place: String,
    /// Files of keys that do not come back.
    pub reports: ReportFiles,
    /// Files of keys that did.
    pub lists: Lists,
}

impl Work {
    /// Whether keys that were deleted after `started` were asked for and may be passed over, since an earlier run had looked at
    /// them before.
    pub fn looks_again_late(&self, started: Timestamp) -> bool {
        let listed = !matches!(self.source, Source::Manifest(_));
        listed && !self.memory.done.is_empty() && self.judge.wants_after(started)
    }
}

/// Whether the feeding goes on.
#[derive(PartialEq, Eq)]
enum Go {
    On,
    Stopped,
}

struct Feed<'a> {
    work: &'a Work,
    run: Run,
    crew: Crew,
    batches: Batches,
    reports: Reports,
    taken: u64,
}

/// Brings back.
pub async fn execute(mut work: Work, run: Run) -> Result<Done, Failure> {
    work.lists.make_ready(&run)?;
    let verifier = Verifier::new(work.bucket.clone(), work.verify, run.limits.concurrency);
    // A manifest may be days old, and versioning have been suspended meanwhile.
    let null_may_change = work.suspended || matches!(work.source, Source::Manifest(_));
    let crew = Crew::new(run.clone(), work.bucket.clone(), null_may_change, verifier, work.memory.next);
    let open = std::mem::take(&mut work.memory.open);
    let reports = work.reports.open()?;
    let mut feed = Feed { work: &work, run: run.clone(), crew, batches: Batches::default(), reports, taken: 0 };
    for (id, keys) in open {
        run.stats.add(Counter::Found, keys.len() as u64);
        feed.crew.resend(id, keys).await;
    }
    // Before anything is listed: else their keys would be found once more, and counted twice.
    feed.crew.drain().await;
    let fed = feed.all().await;
    feed.leave().await;
    let failure = feed.crew.failure();
    let totals = work.lists.write(&work.bucket, &run).await;
    fed?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    let totals = totals?;
    Ok(Done { next: next_step(&work, &run, totals.as_ref()), ..Done::default() })
}

impl Feed<'_> {
    async fn all(&mut self) -> Result<(), Failure> {
        let cancel = self.run.cancel.clone();
        let mut stream = self.work.source.start(&self.work.bucket, self.work.memory.done.clone(), cancel.token());
        while let Some(Some(arrival)) = cancel.unless_stopped(stream.next()).await {
            if self.arrival(arrival?).await? == Go::Stopped {
                return Ok(());
            }
            if let Some(batch) = self.batches.overdue() {
                self.crew.send(batch).await;
            }
        }
        Ok(())
    }

    async fn arrival(&mut self, arrival: Arrival) -> Result<Go, Failure> {
        match arrival {
            Arrival::Histories(interval, histories) => {
                let mut chosen = Vec::new();
                for history in histories {
                    let verdict = self.work.judge.judge(history);
                    self.note(&verdict);
                    if let Verdict::Restore(restoration) = verdict {
                        chosen.push(restoration);
                    }
                }
                // On disk before the range can count as finished.
                self.reports.flush()?;
                self.restore(interval, chosen).await
            }
            Arrival::Restorations(interval, chosen) => {
                self.run.stats.add(Counter::Found, chosen.len() as u64);
                let (chosen, filtered): (Vec<_>, Vec<_>) =
                    chosen.into_iter().partition(|restoration| self.work.judge.admits(&restoration.key));
                self.run.stats.add(Counter::Skipped, filtered.len() as u64);
                self.run.stats.add_own("filtered", filtered.len() as u64);
                self.restore(interval, chosen).await
            }
            Arrival::Bad(error) => {
                self.run.stats.add(Counter::Found, 1);
                self.run.failed(error);
                Ok(Go::On)
            }
        }
    }

    fn note(&mut self, verdict: &Verdict) {
        let bucket = self.work.bucket.name();
        if count(&self.run, bucket, verdict) {
            self.reports.note(bucket, verdict);
        }
    }

    /// Batches the chosen keys of a range; without any, the range is finished at once.
    async fn restore(&mut self, interval: Interval, chosen: Vec<Restoration>) -> Result<Go, Failure> {
        let range = Share::of(interval, self.run.journal.clone());
        for restoration in chosen {
            if self.run.limits.limit.is_some_and(|limit| self.taken >= limit) {
                self.run.cancel.stop(Stop::Limit);
                return Ok(Go::Stopped);
            }
            if let Some(most) = self.work.max_restore.filter(|most| self.taken >= *most) {
                return Err(too_many(&self.work.bucket, most, false));
            }
            self.taken += 1;
            let item = Item { restoration, share: Some(range.another()) };
            for batch in self.batches.take(item, &self.run.pace) {
                if self.send(batch).await == Go::Stopped {
                    return Ok(Go::Stopped);
                }
            }
        }
        range.finish();
        Ok(Go::On)
    }

    async fn send(&mut self, batch: Vec<Item>) -> Go {
        let pace = self.run.pace.clone();
        if self.run.cancel.unless_stopped(pace.take(batch.len() as f64)).await.is_none() {
            return Go::Stopped;
        }
        self.crew.send(batch).await;
        Go::On
    }

    /// Works off what waits, unless going on could do harm, and waits for what is in flight.
    async fn leave(&mut self) {
        let harmless = matches!(self.run.cancel.reason(), None | Some(Stop::Limit | Stop::Duration));
        if let Some(batch) = self.batches.flush().filter(|_| harmless) {
            self.crew.send(batch).await;
        }
        self.crew.drain().await;
    }
}

/// More would come back than `--max-restore` allows.
pub fn too_many(bucket: &VersionedBucket, most: u64, before: bool) -> Failure {
    let state = if before { "nothing was changed" } else { "stopped there; the report says what was done" };
    Failure::failed(format!("more than {most} objects of bucket `{}` would come back", bucket.name()))
        .because(format!("`--max-restore {most}`: {state}"))
        .hint("look at the plan with `--dry-run`; narrow it with `--start`, `--end` or `--include`, or allow more")
}

fn next_step(work: &Work, run: &Run, totals: Option<&Totals>) -> Option<String> {
    let goes_on = run.journal.is_some();
    let unfinished = run.cancel.reason().is_some() || run.stats.get(Counter::Failed) > 0;
    if unfinished && goes_on {
        return Some("the same command goes on where this one stopped, and tries again what failed".to_owned());
    }
    let archived = run.stats.own("archived");
    if archived > 0 {
        return Some(format!(
            "{archived} of the objects are archived: they need RestoreObject before anybody can read them"
        ));
    }
    let restored = totals.map_or(run.stats.get(Counter::Done), |totals| totals.objects);
    if restored > 0 {
        return Some(work.lists.next_step(restored));
    }
    if let Some(started) = work.goes_on_since.filter(|started| work.looks_again_late(*started)) {
        return Some(format!(
            "nothing was left of the run of {started}; for what was deleted since, give the same command with `--fresh`"
        ));
    }
    (run.stats.get(Counter::Found) == 0).then(|| nothing_there(work))
}

/// What to look at when there is not one key.
pub fn nothing_there(work: &Work) -> String {
    format!("there is no key, deleted or not, in {}: check how it is spelled", work.place)
}
