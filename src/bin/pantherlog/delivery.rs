//! Where events and rejected logs go: to the output, to stderr, to the file of rejected logs, and into the counts.

use opstools::error::{Failure, Kind};
use opstools::parse::pipeline::{Output, Rejected};
use opstools::parse::sink::Sink;
use opstools::parse::stream::Fault;
use opstools::run::{Counter, ItemError, Run};

use crate::rejects::Rejects;

/// Rejected logs that are told as they come; the report counts all.
const TOLD: usize = 10;

/// What scripts look for.
const PARSE_ERROR: &str = "parse error";

/// Why no more is delivered.
#[derive(Debug)]
pub enum End {
    /// The run is to stop: ^C, `--max-errors`, an output that takes nothing more.
    Stopped,
    /// A file cannot be written.
    Failed(Box<Failure>),
}

/// Takes what a stream gives.
pub struct Delivery<'r> {
    /// The run.
    pub run: &'r Run,
    rejects: Option<Rejects>,
    told: usize,
    /// An input that may not be read: the others are parsed, but the run ends with it.
    denied: Option<Failure>,
}

impl<'r> Delivery<'r> {
    /// To the outputs of this run.
    pub const fn new(run: &'r Run, rejects: Option<Rejects>) -> Self {
        Self { run, rejects, told: 0, denied: None }
    }

    /// An input that cannot be opened; the others are parsed all the same.
    ///
    /// # Errors
    /// That was one too many.
    pub fn unreadable(&mut self, failure: &Failure) -> Result<(), End> {
        let hint = failure.hints.first().map(|hint| format!("; {hint}")).unwrap_or_default();
        self.tell(&format!("{}{hint}", failure.summary()));
        if failure.kind == Kind::NotAllowed {
            self.denied.get_or_insert_with(|| failure.clone());
        }
        let message = failure.cause.clone().or_else(|| failure.service.as_ref().map(ToString::to_string));
        self.failed("unreadable input", message.unwrap_or_default(), failure.doing.clone())
    }

    /// An input that is damaged; what came before was delivered.
    ///
    /// # Errors
    /// That was one too many.
    pub fn damaged(&mut self, fault: &Fault) -> Result<(), End> {
        self.tell(&format!("{fault}; {}", fault.hint()));
        self.failed("damaged input", fault.problem.to_string(), fault.file.to_string())
    }

    /// Something about an input that is no error.
    pub fn remark(&self, file: &str, log_type: &str, remark: &str) {
        self.tell(&format!("`{file}`: {log_type}: {remark}"));
    }

    /// Ends it.
    ///
    /// # Errors
    /// The file of rejected logs cannot be written; or an input could not be read because that is not allowed.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.rejects.as_mut().map_or(Ok(()), Rejects::finish)?;
        self.denied.map_or(Ok(()), Err)
    }

    fn failed(&self, code: &str, message: String, object: String) -> Result<(), End> {
        self.run.failed(ItemError { code: code.to_owned(), message, object });
        self.go_on()
    }

    fn tell(&self, text: &str) {
        self.run.notices.warning(text);
    }

    fn go_on(&self) -> Result<(), End> {
        if self.run.cancel.requested() { Err(End::Stopped) } else { Ok(()) }
    }
}

impl Output for Delivery<'_> {
    type Stop = End;

    fn events(&mut self, events: &Sink) -> Result<(), End> {
        (self.run.data)(&events.bytes);
        // What is parsed when ^C comes is written, but what an output did not take is not counted.
        if self.run.cancel.reason().is_none_or(|reason| !is_of_output(reason)) {
            let count = events.marks.len() as u64;
            self.run.stats.add_own("events", count);
            self.run.stats.add(Counter::Done, count);
        }
        self.go_on()
    }

    fn rejected(&mut self, rejected: Rejected) -> Result<(), End> {
        if let Some(rejects) = &mut self.rejects {
            rejects.add(&rejected.bytes).map_err(|failure| End::Failed(Box::new(failure)))?;
        }
        let place = format!("{}:{}", rejected.file, rejected.line);
        let why = match rejected.nearest {
            Some(nearest) => format!("{nearest}: {}", rejected.why),
            None => rejected.why,
        };
        let code = if rejected.bug { "bug" } else { PARSE_ERROR };
        if self.told < TOLD {
            self.tell(&format!("{place}: {code}: {why}"));
            self.told += 1;
        } else if self.told == TOLD {
            self.run.notices.info("further parse errors are counted only; `--errors FILE` writes each");
            self.told += 1;
        }
        self.failed(code, why, place)
    }
}

/// Whether a run stops because its output takes nothing more.
fn is_of_output(reason: opstools::run::Stop) -> bool {
    use opstools::run::Stop;
    matches!(reason, Stop::Fatal | Stop::Limit)
}
