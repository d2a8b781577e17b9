//! What became of inputs, beside what became of their logs.
//!
//! The report counts logs. What failed before it gave any (an input, a message, a notice) counts as one log that was met and failed:
//! nobody knows how many it would have given, and totals must add up.

use std::sync::{Mutex, MutexGuard, PoisonError};

use opstools::error::{Failure, Kind};
use opstools::parse::stream::Fault;
use opstools::run::{Counter, ItemError, Run, Stop};

/// The inputs of a run.
pub struct Ledger {
    run: Run,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The first thing that the caller may not do.
    denied: Option<Failure>,
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
    pub fn read(&self) {
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

    /// How the run ends: where something was not allowed, with that, however much else was done.
    ///
    /// # Errors
    /// The first thing that was not allowed.
    pub fn end(&self) -> Result<(), Failure> {
        self.known().denied.take().map_or(Ok(()), Err)
    }
}
