//! Whole lines to stdout or stderr, never interleaved with each other or with the progress display.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::MultiProgress;

use super::output::{Encode, Output};
use super::table::clean;
use crate::error::Failure;
use crate::run::{Level, Notice};

/// Whether to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How much to say.
#[derive(Clone, Copy, Debug, Default)]
struct Loudness {
    quiet: bool,
    verbose: u8,
}

/// The writer; clones share it.
#[derive(Clone)]
pub struct Printer {
    data: Arc<Mutex<Output>>,
    /// Data goes to a file, so that stdout is free for the report of a tool that writes rows.
    in_file: bool,
    closed: Arc<AtomicBool>,
    broken: Arc<Mutex<Option<String>>>,
    /// Bars to draw around, on a terminal.
    pub(super) bars: MultiProgress,
    loudness: Loudness,
    color: bool,
    /// stdout (or the file of `-o`) is for a person's eyes.
    pub data_terminal: bool,
    /// stderr is for a person's eyes.
    pub talk_terminal: bool,
}

impl Printer {
    /// A printer to stdout (also as `-`), or to the file `output`, which gets mode 0600.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn new(color: Color, quiet: bool, verbose: u8, output: Option<&Path>) -> Result<Self, Failure> {
        let talk_terminal = io::stderr().is_terminal();
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && talk_terminal;
        let file = output.filter(|path| path.as_os_str() != "-");
        let data = match file {
            Some(path) => Output::file(path)
                .map_err(|error| Failure::failed(format!("cannot write `{}`", path.display())).because(error))?,
            None => Output::stdout(),
        };
        Ok(Self {
            data: Arc::new(Mutex::new(data)),
            in_file: file.is_some(),
            closed: Arc::default(),
            broken: Arc::default(),
            bars: MultiProgress::new(),
            loudness: Loudness { quiet, verbose },
            color: color == Color::Always || (color == Color::Auto && wanted),
            data_terminal: file.is_none() && io::stdout().is_terminal(),
            talk_terminal,
        })
    }

    /// Writes data: a report or rows, as they are.
    pub fn data(&self, text: &str) {
        self.data_bytes(text.as_bytes());
    }

    /// Writes data that is not looked at.
    pub fn data_bytes(&self, bytes: &[u8]) {
        self.with_data(|data| data.write(bytes));
    }

    /// Encodes the data from now on.
    pub fn encode(&self, encode: Encode) {
        self.with_data(|data| data.encode(encode));
    }

    /// Ends the data; nothing can be written afterwards.
    pub fn finish_data(&self) {
        self.with_data(Output::finish);
    }

    fn with_data(&self, action: impl FnOnce(&mut Output) -> io::Result<()>) {
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        if self.closed.load(Relaxed) {
            return;
        }
        if let Err(error) = self.bars.suspend(|| action(&mut data)) {
            self.fail(&error);
        }
    }

    fn fail(&self, error: &io::Error) {
        self.closed.store(true, Relaxed);
        if error.kind() != io::ErrorKind::BrokenPipe {
            *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
        }
    }

    /// The report of a tool whose data are rows: on stderr, or on stdout where a file takes the rows.
    pub fn report(&self, text: &str) {
        if !self.in_file {
            self.line(text);
        } else if let Err(error) = self.bars.suspend(|| writeln!(io::stdout().lock(), "{text}")) {
            self.fail(&error);
        }
    }

    /// Whether that report is for a person's eyes.
    #[must_use]
    pub fn report_terminal(&self) -> bool {
        if self.in_file { io::stdout().is_terminal() } else { self.talk_terminal }
    }

    /// Whether the reader of stdout went away.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed.load(Relaxed)
    }

    /// Why the output could not be written, other than a reader that went away.
    #[must_use]
    pub fn broken(&self) -> Option<String> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn line(&self, text: &str) {
        // Where stderr itself is gone there is nobody left to tell.
        let _ = self.bars.suspend(|| writeln!(io::stderr().lock(), "{text}"));
    }

    /// Conversation; silent with `-q`.
    pub fn say(&self, text: &str) {
        if !self.loudness.quiet {
            self.line(text);
        }
    }

    /// Conversation that is only wanted with `-v`.
    pub fn detail(&self, text: &str) {
        if self.loudness.verbose > 0 {
            self.line(text);
        }
    }

    /// Something to think about; silent with `-q`.
    pub fn warn(&self, text: &str) {
        self.say(&format!("{} {text}", self.paint("33", "warning:")));
    }

    /// What went wrong, never silent.
    pub fn error(&self, text: &str) {
        self.line(&format!("{} {}", self.paint("31", "error:"), clean_lines(text)));
    }

    /// A next step, never silent.
    pub fn hint(&self, text: &str) {
        self.line(&format!("{} {}", self.paint("36", "hint:"), clean_lines(text)));
    }

    /// Prints a notice of a running tool.
    pub fn notice(&self, notice: &Notice) {
        let text = clean(&notice.text);
        match notice.level {
            Level::Detail => self.detail(&text),
            Level::Info => self.say(&text),
            Level::Warning => self.warn(&text),
        }
    }

    /// The text in bold, where colour is used.
    #[must_use]
    pub fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Whether `-v` was given.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.loudness.verbose > 0
    }

    /// Whether `-q` was given.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.loudness.quiet
    }
}

/// The text without what would steer a terminal, line by line.
fn clean_lines(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}
