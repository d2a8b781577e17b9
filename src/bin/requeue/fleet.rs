//! The work on queues: one crew for each pair, one after the other, and what is left at the end.

use std::sync::atomic::{AtomicU32, AtomicU64};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::SignedDuration;
use opstools::app::Done;
use opstools::aws::sqs::MOST_IN_BATCH;
use opstools::error::Failure;
use opstools::run::{Counter, Run};
use tokio::task::JoinSet;

use crate::args::RequeueArgs;
use crate::budget::Budget;
use crate::crew::{Crew, Manner};
use crate::errand::Errand;
use crate::filter::Filter;
use crate::ledger::Ledger;
use crate::look::{Form, Peek};
use crate::mode::Mode;
use crate::mover::Mover;
use crate::pairs::{End, Pair};
use crate::quiet::Quiet;
use crate::save::Saver;
use crate::summary::Tally;
use opstools::aws::sqs::held::Held;

/// The service's `Date` has whole seconds: what was sent within the second of the start was there before.
const CLOCK_GRAIN: SignedDuration = SignedDuration::from_secs(1);

/// What is to be done with which queues.
pub struct Fleet {
    /// The mode.
    pub mode: Mode,
    /// The flags.
    pub args: RequeueArgs,
    /// The queues.
    pub pairs: Vec<Pair>,
    /// Which messages.
    pub filter: Filter,
    /// What an unfinished run left to know.
    pub ledger: Ledger,
    /// An unfinished run is continued.
    pub continues: bool,
    /// How rows are shown.
    pub form: Form,
}

/// What serves all queues of a run.
struct Shared {
    save: Option<Arc<Saver>>,
    peek: Option<Arc<Peek>>,
    tally: Option<Arc<Tally>>,
    budget: Arc<Budget>,
    ledger: Arc<Ledger>,
    fatal: Arc<OnceLock<Failure>>,
    run: Run,
}

impl Fleet {
    /// Works through all pairs.
    pub async fn execute(mut self, run: Run) -> Result<Done, Failure> {
        let shared = self.shared(&run)?;
        for pair in std::mem::take(&mut self.pairs) {
            let Some(from) = pair.from else { continue };
            if run.cancel.requested() {
                run.stats.add(Counter::Left, from.attributes.total());
                continue;
            }
            let errand = self.errand(&shared, pair.to);
            if let Err(failure) = self.work(from, errand, &shared).await {
                let _ = shared.fatal.set(failure);
                run.cancel.stop(opstools::run::Stop::Fatal);
            }
        }
        shared.finish()?;
        match shared.fatal.get() {
            Some(failure) => Err(failure.clone()),
            None => Ok(self.done(&run)),
        }
    }

    fn shared(&mut self, run: &Run) -> Result<Shared, Failure> {
        let limit = match self.mode {
            Mode::Peek(count) => Some(count as u64),
            _ => run.limits.limit,
        };
        let ledger = std::mem::take(&mut self.ledger);
        ledger.write_to(run.journal.clone());
        let save = match &self.mode {
            Mode::Save { file, discard } => {
                Some(Arc::new(Saver::open(file, *discard, self.continues, run.rows.clone())?))
            }
            _ => None,
        };
        Ok(Shared {
            save,
            peek: matches!(self.mode, Mode::Peek(_)).then(|| Arc::new(Peek::new(self.form, run.clone()))),
            tally: (self.mode == Mode::Summary).then(|| Arc::new(Tally::new(self.form, run.clone()))),
            budget: Arc::new(Budget::new(limit)),
            ledger: Arc::new(ledger),
            fatal: Arc::default(),
            run: run.clone(),
        })
    }

    fn errand(&self, shared: &Shared, to: Option<End>) -> Errand {
        if let Some(saver) = &shared.save {
            return Errand::Save(saver.clone());
        }
        if let Some(peek) = &shared.peek {
            return Errand::Peek(peek.clone());
        }
        if let Some(tally) = &shared.tally {
            return Errand::Summary(tally.clone());
        }
        match to {
            Some(to) => Errand::Move(Box::new(self.mover(to))),
            None => Errand::Discard,
        }
    }

    fn mover(&self, to: End) -> Mover {
        Mover {
            ordered: to.queue.is_fifo(),
            to,
            copies: self.mode == Mode::Copy,
            delay_seconds: self.args.delay_seconds,
            new_dedup_id: self.args.new_dedup_id,
            hopeless: AtomicU32::new(0),
        }
    }

    async fn work(&self, from: End, errand: Errand, shared: &Shared) -> Result<(), Failure> {
        // Asked anew: minutes may have passed at the prompt, and the answer carries the service's time.
        let now = from.sqs.attributes(&from.queue).await?;
        let until = from.sqs.session().clock.now().checked_add(CLOCK_GRAIN).ok();
        let expected = now.total();
        let (workers, batch) = self.strength(&shared.run);
        let busy = usize::try_from(expected / MOST_IN_BATCH as u64 + 1).unwrap_or(workers).min(workers);
        let patience = self.args.visibility.max(Duration::from_secs(now.visibility_timeout));
        let manner = Manner {
            wait: self.args.wait,
            visibility: self.args.visibility,
            until: until.filter(|_| !self.args.follow && !matches!(self.mode, Mode::Peek(_) | Mode::Summary)),
            patience: if self.mode.looks() { Duration::ZERO } else { patience },
            follow: self.args.follow,
            batch,
        };
        let crew = Arc::new(Crew {
            from,
            errand,
            filter: self.filter.clone(),
            manner,
            ledger: shared.ledger.clone(),
            held: Held::default(),
            budget: shared.budget.clone(),
            quiet: Quiet::new(busy),
            run: shared.run.clone(),
            met: AtomicU64::new(0),
            expected,
            done_before: shared.run.stats.get(Counter::Done),
            fatal: shared.fatal.clone(),
            left: OnceLock::new(),
        });
        run_workers(&crew, workers, busy).await;
        self.wind_up(&crew).await;
        Ok(())
    }

    /// How many workers, and how many messages each takes at once: no more than the rate can use, so that none wait long.
    fn strength(&self, run: &Run) -> (usize, usize) {
        let Some(rate) = self.args.pace.items_per_second() else {
            return (run.limits.concurrency, MOST_IN_BATCH);
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to small positive numbers"
        )]
        let batch = rate.clamp(1.0, 10.0) as usize;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to small positive numbers"
        )]
        let workers = (rate / 10.0).ceil().clamp(1.0, 1_000_000.0) as usize;
        (workers.min(run.limits.concurrency), batch)
    }

    /// Gives back what was held, and finds out what is left.
    async fn wind_up(&self, crew: &Crew) {
        crew.report_undeleted();
        let stays =
            crew.held.count() as u64 + crew.ledger.all_refused().iter().filter(|id| !crew.held.has(id)).count() as u64;
        let stuck = crew.held.release(&crew.from.sqs, &crew.from.queue).await;
        if stuck > 0 {
            crew.run.notices.warning(format!(
                "{stuck} messages of `{}` could not be given back; they come back by themselves within {}",
                crew.from.queue.name,
                opstools::time::human(self.args.visibility)
            ));
        }
        let left = match crew.left.get() {
            Some(left) => *left,
            None => match crew.from.sqs.attributes(&crew.from.queue).await {
                Ok(now) => now.total().saturating_sub(stays),
                Err(_) => (crew.expected + crew.done_before).saturating_sub(crew.run.stats.get(Counter::Done)),
            },
        };
        if matches!(self.mode, Mode::Peek(_) | Mode::Summary) {
            crew.run.stats.add_own("not_seen", left);
        } else {
            crew.run.stats.add(Counter::Left, left);
        }
    }

    /// The next step.
    fn done(&self, run: &Run) -> Done {
        let number = |name: &str| run.stats.own(name);
        let (bounced, left, failed) = (number("bounced"), run.stats.get(Counter::Left), run.stats.get(Counter::Failed));
        let next = if run.cancel.requested() && left > 0 {
            Some("start the same command again to go on".to_owned())
        } else if failed > 0 {
            Some("what failed is still in its queue: look with `--peek`, `--errors FILE` names each".to_owned())
        } else if left > 0 {
            Some("others have messages in flight: start the same command again when they have let go".to_owned())
        } else if bounced > 0 {
            Some(format!(
                "{bounced} messages came back while this ran: the consumer still fails, mend it first (`--follow` takes them too)"
            ))
        } else {
            None
        };
        Done { next, findings: false }
    }
}

impl Shared {
    fn finish(&self) -> Result<(), Failure> {
        if let Some(peek) = &self.peek {
            peek.finish();
        }
        if let Some(tally) = &self.tally {
            tally.finish();
        }
        self.save.as_ref().map_or(Ok(()), |save| save.finish())
    }
}

async fn run_workers(crew: &Arc<Crew>, workers: usize, busy: usize) {
    let mut tasks = JoinSet::new();
    for number in 0..workers {
        tasks.spawn(crew.clone().worker(number >= busy));
    }
    let all = async {
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended
                && error.is_panic()
            {
                std::panic::resume_unwind(error.into_panic());
            }
        }
    };
    tokio::select! {
        () = all => {}
        () = crew.held.keep(&crew.from.sqs, &crew.from.queue, crew.manner.visibility) => {}
    }
}
