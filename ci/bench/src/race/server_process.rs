//! A server in a process of its own, so that its processor time is not the runner's.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::own_program;

/// The servers answer `/_bench/` at once, even with a hundred thousand messages to list.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// A running server; ended with this value.
#[derive(Debug)]
pub(super) struct ServerProcess {
    child: Child,
    address: String,
}

impl ServerProcess {
    /// Starts `bench` with these arguments, separated by blanks: one of the server commands and its options.
    pub fn start(arguments: &str) -> Result<Self> {
        let mut child = Command::new(own_program()?)
            .args(arguments.split(' '))
            .arg("--until-stdin-closes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start a server")?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("stdout is piped")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").map(str::to_owned);
        let address = address.with_context(|| format!("the server said `{}`, not its address", line.trim()))?;
        Ok(Self { child, address })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The server's counters.
    pub fn stats(&self) -> Result<Value> {
        self.get("/_bench/stats")
    }

    /// One of the server's own pages, as JSON.
    pub fn get(&self, path: &str) -> Result<Value> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(ANSWER_TIME))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end =
            answer.windows(4).position(|window| window == b"\r\n\r\n").context("the answer has no end of head")?;
        ensure!(answer.starts_with(b"HTTP/1.1 200"), "the server refused `{path}`");
        Ok(serde_json::from_slice(&answer[end + 4..])?)
    }
}

/// Processor seconds a server spent between two readings of its counters: without what filling it took.
pub(super) fn cpu_between(earlier: &Value, later: &Value) -> f64 {
    let read = |stats: &Value| stats["cpu_seconds"].as_f64().unwrap_or_default();
    read(later) - read(earlier)
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // Nothing can be done about a server that is gone already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
