//! The only place of this program that writes to the terminal: results to stdout, progress and errors to stderr.

use std::fmt::Display;

/// One line of result.
#[expect(clippy::print_stdout, reason = "the one place that prints results")]
pub fn result(line: impl Display) {
    println!("{line}");
}

/// One line of progress.
#[expect(clippy::print_stderr, reason = "the one place that prints progress")]
pub fn progress(line: impl Display) {
    eprintln!("{line}");
}

/// An error with its causes, on one line as far as they are short.
pub fn complain(error: &anyhow::Error) {
    progress(format_args!("error: {error:#}"));
}
