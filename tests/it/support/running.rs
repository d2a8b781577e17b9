//! A command that has not ended: read while it writes, signal it, kill it at a chosen moment. The tests of
//! interruption need exactly this, and nobody may be left behind when one fails.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::stream::Stream;
use super::{Outcome, Tool};

/// How often a waiting test looks at the child; far below what a test measures.
const LOOK: Duration = Duration::from_millis(3);

/// Readers end when the last writer does; a grandchild may keep a pipe for a moment longer than the child.
const READERS_PATIENCE: Duration = Duration::from_secs(5);

/// A running command. Dropped, it is killed.
pub struct Running {
    pub(super) child: Child,
    pub(super) stdout: Arc<Stream>,
    pub(super) stderr: Arc<Stream>,
    tool: Tool,
    started: Instant,
}

impl Running {
    pub(super) fn start(tool: Tool) -> Self {
        let mut process = tool.process(&[]);
        process.stdin(if tool.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        process.stdout(tool.stdout_stdio()).stderr(Stdio::piped());
        let mut child = process.spawn().unwrap_or_else(|error| panic!("$ {}: {error}", tool.line()));
        let limit = tool.stdout_limit();
        let stdout = child.stdout.take();
        let stdout = stdout.map_or_else(Stream::nothing, |pipe| Stream::read(pipe, limit));
        let stderr = child.stderr.take().map_or_else(Stream::nothing, |pipe| Stream::read(pipe, usize::MAX));
        Self::of(child, tool, stdout, stderr)
    }

    pub(super) fn of(mut child: Child, mut tool: Tool, stdout: Arc<Stream>, stderr: Arc<Stream>) -> Self {
        if let (Some(mut pipe), Some(bytes)) = (child.stdin.take(), tool.stdin.take()) {
            // A tool that ends without reading all of its input is no error of the test.
            std::thread::spawn(move || pipe.write_all(&bytes));
        }
        Self { child, stdout, stderr, tool, started: Instant::now() }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name without `SIG`: `INT`, `TERM`, `USR1`, `HUP`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) -> &Self {
        let signal = match name {
            "INT" => Signal::INT,
            "TERM" => Signal::TERM,
            "HUP" => Signal::HUP,
            "USR1" => Signal::USR1,
            "STOP" => Signal::STOP,
            "CONT" => Signal::CONT,
            _ => panic!("signal `{name}` is not in the table of tests/it/support/running.rs"),
        };
        kill_process(Pid::from_child(&self.child), signal).unwrap_or_else(|error| panic!("{name}: {error}\n{self}"));
        self
    }

    /// `kill -9`, then what it left.
    pub fn kill9(mut self) -> Outcome {
        self.child.kill().expect("an unreaped child can be killed");
        self.wait()
    }

    /// Kills it after this long, unless it ended before.
    pub fn kill9_after(self, moment: Duration) -> Outcome {
        std::thread::sleep(moment.saturating_sub(self.started.elapsed()));
        self.kill9()
    }

    /// True while it runs.
    pub fn alive(&mut self) -> bool {
        self.child.try_wait().expect("a child can be asked").is_none()
    }

    /// Returns once standard error contains the text; fails when the command ends or patience does.
    #[track_caller]
    pub fn wait_for_stderr(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("`{text}` in stderr"), |running| running.stderr.contains(text))
    }

    /// Returns once standard output contains the text.
    #[track_caller]
    pub fn wait_for_stdout(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("`{text}` in stdout"), |running| running.stdout.contains(text))
    }

    /// Returns once the condition holds: a count of the fault proxy, a file that appears.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, mut condition: impl FnMut(&Self) -> bool) -> &mut Self {
        while !condition(self) {
            assert!(self.started.elapsed() < self.tool.patience, "waited in vain for {what}\n{self}");
            if !self.alive() {
                self.readers_end();
                assert!(condition(self), "ended before {what}\n{self}");
            }
            std::thread::sleep(LOOK);
        }
        self
    }

    /// Waits for the end.
    #[track_caller]
    pub fn wait(mut self) -> Outcome {
        let status = loop {
            match self.child.try_wait().expect("a child can be asked") {
                Some(status) => break status,
                None => assert!(self.started.elapsed() < self.tool.patience, "did not end\n{self}"),
            }
            std::thread::sleep(LOOK);
        };
        let elapsed = self.started.elapsed();
        self.readers_end();
        self.outcome(Some(status), elapsed)
    }

    fn readers_end(&self) {
        self.stdout.wait_for_end(READERS_PATIENCE);
        self.stderr.wait_for_end(READERS_PATIENCE);
    }

    fn outcome(&self, status: Option<ExitStatus>, elapsed: Duration) -> Outcome {
        Outcome {
            code: status.and_then(|status| status.code()),
            signal: status.and_then(|status| status.signal()),
            stdout: self.stdout.bytes(),
            stderr: self.stderr.bytes(),
            elapsed,
            line: self.tool.line(),
        }
    }
}

impl std::fmt::Display for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.outcome(None, self.started.elapsed()).fmt(f)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already reaped in the normal case; then both calls do nothing.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
