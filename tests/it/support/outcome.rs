//! What a command left behind, with assertions that show the whole command when they fail: a red test in a log
//! must be understood without running it again.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// A finished command.
#[derive(Debug)]
pub struct Outcome {
    /// Exit code, if it ended by itself.
    pub code: Option<i32>,
    /// Number of the signal that ended it, if one did.
    pub signal: Option<i32>,
    /// Standard output, or what was read of it.
    pub stdout: Vec<u8>,
    /// Standard error; at a terminal, everything the terminal showed.
    pub stderr: Vec<u8>,
    /// From start to end.
    pub elapsed: Duration,
    pub(super) line: String,
}

impl Outcome {
    /// Asserts the exit code.
    #[track_caller]
    pub fn code(&self, expected: i32) -> &Self {
        assert!(self.code == Some(expected), "expected exit code {expected}\n{self}");
        self
    }

    /// Asserts that this signal ended it (`9` is SIGKILL).
    #[track_caller]
    pub fn ended_by_signal(&self, expected: i32) -> &Self {
        assert!(self.signal == Some(expected), "expected the end by signal {expected}\n{self}");
        self
    }

    /// Standard output as text, invalid UTF-8 replaced.
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard error as text, invalid UTF-8 replaced.
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The one JSON document that standard output is.
    #[track_caller]
    pub fn stdout_json(&self) -> Value {
        let parsed = serde_json::from_slice(&self.stdout);
        parsed.unwrap_or_else(|error| panic!("stdout is no JSON document: {error}\n{self}"))
    }

    /// The JSON lines that standard output is.
    #[track_caller]
    pub fn stdout_json_lines(&self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).map_err(|error| (error, line.to_owned()));
        let lines: Result<Vec<Value>, _> = self.stdout_text().lines().map(parse).collect();
        lines.unwrap_or_else(|(error, line)| panic!("no JSON in line `{line}`: {error}\n{self}"))
    }

    /// Asserts that standard output contains the text.
    #[track_caller]
    pub fn stdout_has(&self, text: &str) -> &Self {
        assert!(self.stdout_text().contains(text), "expected `{text}` in stdout\n{self}");
        self
    }

    /// Asserts that standard error contains the text.
    #[track_caller]
    pub fn stderr_has(&self, text: &str) -> &Self {
        assert!(self.stderr_text().contains(text), "expected `{text}` in stderr\n{self}");
        self
    }

    /// Asserts that neither stream contains the text: secrets, bodies, panics.
    #[track_caller]
    pub fn nowhere(&self, text: &str) -> &Self {
        let found = self.stdout_text().contains(text) || self.stderr_text().contains(text);
        assert!(!found, "expected `{text}` nowhere\n{self}");
        self
    }

    /// Asserts that nothing was written to standard output.
    #[track_caller]
    pub fn stdout_empty(&self) -> &Self {
        assert!(self.stdout.is_empty(), "expected an empty stdout\n{self}");
        self
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = match (self.code, self.signal) {
            (Some(code), _) => format!("exit code {code}"),
            (None, Some(signal)) => format!("signal {signal}"),
            (None, None) => "no end".to_owned(),
        };
        writeln!(f, "$ {}\n[{end} after {:?}]", self.line, self.elapsed)?;
        writeln!(f, "--- stdout ---\n{}", self.stdout_text())?;
        writeln!(f, "--- stderr ---\n{}", self.stderr_text())
    }
}
