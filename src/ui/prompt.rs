//! Asking a person, on stdin, or on the terminal device where stdin carries data.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};

#[cfg(unix)]
const TERMINAL_DEVICE: &str = "/dev/tty";
#[cfg(windows)]
const TERMINAL_DEVICE: &str = "CONIN$";

/// Whether a person can be asked. Where stdin carries data, the terminal device must be there.
#[must_use]
pub fn can_ask(stdin_carries_data: bool) -> bool {
    if stdin_carries_data {
        File::open(TERMINAL_DEVICE).is_ok_and(|file| file.is_terminal())
    } else {
        io::stdin().is_terminal()
    }
}

/// Asks and reads one line; `None` at the end of input.
///
/// # Errors
/// The terminal cannot be read.
pub async fn ask_line(question: &str, stdin_carries_data: bool) -> io::Result<Option<String>> {
    let question = question.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut error_stream = io::stderr().lock();
        write!(error_stream, "{question} ")?;
        error_stream.flush()?;
        drop(error_stream);
        let mut line = String::new();
        let read = if stdin_carries_data {
            BufReader::new(File::open(TERMINAL_DEVICE)?).read_line(&mut line)?
        } else {
            io::stdin().lock().read_line(&mut line)?
        };
        Ok((read > 0).then(|| line.trim().to_owned()))
    })
    .await
    .unwrap_or_else(|error| Err(io::Error::other(error)))
}
