//! What became of inputs, beside what became of their logs.
//!
//! The report counts logs. What failed before it gave any (an input, a message, a notice) counts as one log that was met and failed:
//! nobody knows how many it would have given, and totals must add up.

use std::sync::{Mutex, MutexGuard, PoisonError};

use opstools::error::{Failure, Kind};
use opstools::parse::stream::Fault;
use opstools::run::{Counter, ItemError, Run, Stop};
use opstools::ui::count;

/// The inputs of a run.
pub struct Ledger {
    run: Run,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The first thing that the caller may not do.
    denied: Option<Failure>,
    /// The last input that was read to its end; inputs are read one after the other.
    last_read: Option<String>,
    /// The one that a stop came upon.
    half_read: Option<String>,
    /// There are inputs that were not even found before the stop.
    unlisted: bool,
}

impl Ledger {
    /// Nothing yet.
    pub fn new(run: Run) -> Self {
        Self { run, known: Mutex::default() }
    }

    /// The run.
    pub const fn run(&self) -> &Run {
        &self.run
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An input was read to its end.
    pub fn read(&self, name: String) {
        self.known().last_read = Some(name);
        self.run.stats.add_own("inputs", 1);
    }

    /// What was found is no input.
    pub fn passed_over(&self) {
        self.run.stats.add_own("inputs_passed_over", 1);
    }

    /// An input was left where it is.
    pub fn left(&self) {
        self.run.stats.add(Counter::Found, 1);
        self.run.stats.add(Counter::Left, 1);
        self.run.stats.add_own("inputs_left", 1);
    }

    /// An input was left before its end; its events up to there are stored.
    pub fn half_read(&self, name: String) {
        self.known().half_read = Some(name);
        self.left();
    }

    /// Inputs were left before anybody knew how many.
    pub fn unlisted(&self) {
        self.known().unlisted = true;
    }

    /// An input could not be looked at or opened. Others may be read all the same, unless the credentials are no good any more.
    pub fn failed(&self, failure: &Failure, object: &str) {
        self.run.stats.add_own("inputs_failed", 1);
        self.refused(failure, object, "CannotRead");
    }

    /// An input could not be read to its end; what came before was taken.
    pub fn damaged(&self, fault: Fault) {
        let fault = fault.unwrapped();
        self.run.stats.add_own("inputs_failed", 1);
        self.run.notices.warning(format!("{fault}: {}", fault.hint()));
        let object = fault.file.to_string();
        self.troubled(ItemError { code: "DamagedInput".to_owned(), message: fault.problem.to_string(), object });
    }

    /// Something beside the logs was refused; the code is for where no service gave one.
    pub fn refused(&self, failure: &Failure, object: &str, code: &str) {
        let code = failure.code().unwrap_or(code).to_owned();
        if code.contains("ExpiredToken") {
            self.run.cancel.stop(Stop::NotAllowed);
        } else if failure.kind == Kind::NotAllowed {
            self.known().denied.get_or_insert_with(|| failure.clone());
        }
        self.troubled(ItemError { code, message: failure.summary(), object: object.to_owned() });
    }

    /// Something beside the logs went wrong.
    pub fn troubled(&self, error: ItemError) {
        self.run.stats.add(Counter::Found, 1);
        self.run.failed(error);
    }

    /// What was left by a stop, and how to go on without storing events twice.
    pub fn next_step(&self) -> Option<String> {
        let why = match self.run.cancel.reason()? {
            Stop::Duration => "`--timeout` was reached",
            Stop::MaxErrors => "`--max-errors` was reached",
            _ => "the run was stopped",
        };
        let (left, known) = (self.run.stats.own("inputs_left"), self.known());
        let how_many = match (left, known.unlisted) {
            (0, false) => return None,
            (0, true) => "inputs that were not found yet are left".to_owned(),
            (left, false) => format!("inputs left: {}", count(left)),
            (left, true) => format!("inputs left: {} and those that were not found yet", count(left)),
        };
        let half = known
            .half_read
            .as_ref()
            .map(|name| format!("`{name}` was read in part, and its events up to there are stored"));
        let last = known.last_read.as_ref().map(|name| format!("the last one read to its end is `{name}`"));
        let twice = "the same command would store what is stored again, so name only what is left".to_owned();
        let parts = [Some(format!("{why}: {how_many}")), last, half, Some(twice)];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
    }

    /// How the run ends: where something was not allowed, with that, however much else was done.
    ///
    /// # Errors
    /// The first thing that was not allowed.
    pub fn end(&self) -> Result<(), Failure> {
        self.known().denied.take().map_or(Ok(()), Err)
    }
}
