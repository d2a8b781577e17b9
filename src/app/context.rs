//! What a plan may know of its surroundings: the shared flags, the clock, and a person to ask.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::args::GlobalArgs;
use crate::error::{Failure, Kind};
use crate::report::Identity;
use crate::run::{Cancel, JournalRequest};
use crate::time::Clock;
use crate::ui::{self, Printer};

/// The surroundings of a plan.
pub struct Context {
    /// The tool's name.
    pub tool: &'static str,
    /// The shared flags.
    pub global: GlobalArgs,
    /// The wall clock.
    pub clock: Clock,
    pub(super) printer: Printer,
    pub(super) cancel: Cancel,
    identity: Mutex<Option<Identity>>,
    asked: AtomicBool,
}

impl Context {
    pub(super) fn new(tool: &'static str, global: GlobalArgs, clock: Clock, printer: Printer, cancel: Cancel) -> Self {
        Self { tool, global, clock, printer, cancel, identity: Mutex::new(None), asked: AtomicBool::new(false) }
    }

    /// Remembers under which identity the tool works, for plan, errors and report.
    pub fn remember_identity(&self, identity: Identity) {
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(identity);
    }

    /// The identity, once known.
    #[must_use]
    pub fn identity(&self) -> Option<Identity> {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for a value that the command line lacks.
    ///
    /// # Errors
    /// A usage error naming the flag when nobody can be asked or nothing is answered.
    pub async fn ask(&self, question: &str, flag: &str) -> Result<String, Failure> {
        let missing = || Failure::usage(format!("`{flag}` is missing")).hint("`--help` shows examples");
        if self.global.no_input || !ui::can_ask(false) {
            return Err(missing());
        }
        let answer = self.answer(question, false).await?.filter(|answer| !answer.is_empty());
        answer.ok_or_else(missing)
    }

    /// Whether a person was asked something: then it may be that person who takes time.
    pub(super) fn has_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    pub(super) async fn answer(&self, question: &str, stdin_is_data: bool) -> Result<Option<String>, Failure> {
        self.asked.store(true, Ordering::Relaxed);
        match self.cancel.unless_stopped(ui::ask_line(question, stdin_is_data)).await {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(error)) => Err(Failure::new(Kind::Refused, "cannot read the terminal").because(error)),
            None => Err(Failure::new(Kind::Interrupted, "interrupted, nothing was changed")),
        }
    }

    /// What the command line says about the journal.
    #[must_use]
    pub fn journal_request(&self) -> JournalRequest {
        JournalRequest {
            file: self.global.journal.clone(),
            none: self.global.no_journal,
            fresh: self.global.fresh,
            dry_run: self.global.dry_run,
            keep_all: false,
        }
    }
}
