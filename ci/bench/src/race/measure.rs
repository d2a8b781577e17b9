//! Runs one command through `bench-measure` and takes in what it printed.

use std::{
    fs,
    io::Read,
    path::PathBuf,
    process::{ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tempfile::TempDir;

use super::sibling;

/// What is kept of a command's output, to be read as JSON; listings are only counted.
const KEPT_BYTES: usize = 1024 * 1024;
const CHUNK_BYTES: usize = 256 * 1024;

/// A command to be measured.
#[derive(Clone, Debug)]
pub(super) struct Runner {
    /// Name in the table.
    pub name: String,
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// Variables beside those every runner gets.
    pub environment: Vec<(String, String)>,
}

impl Runner {
    /// `arguments` are separated by blanks; none of the races has one inside an argument.
    pub fn new(name: &str, program: PathBuf, arguments: &str) -> Self {
        Self {
            name: name.to_owned(),
            program,
            arguments: arguments.split(' ').map(str::to_owned).collect(),
            environment: Vec::new(),
        }
    }

    pub fn with_environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What a finished command cost and printed.
#[derive(Debug)]
pub(super) struct Measured {
    pub cost: Cost,
    /// Lines on stdout.
    pub lines: u64,
    /// The beginning of stdout.
    pub output: Vec<u8>,
}

/// The answer of `bench-measure`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Cost {
    pub wall_seconds: f64,
    pub cpu_seconds: f64,
    pub peak_rss_bytes: u64,
    pub status: Option<i32>,
}

/// Runs the command to its end.
///
/// # Errors
/// When it cannot be run, or ends with another code than 0: then its last words are in the error.
pub(super) fn measure(runner: &Runner) -> Result<Measured> {
    let scratch = TempDir::new().context("cannot make a scratch folder")?;
    let (result, conversation) = (scratch.path().join("cost.json"), scratch.path().join("stderr"));
    let mut child = Command::new(sibling("bench-measure")?)
        .arg(&result)
        .arg(&runner.program)
        .args(&runner.arguments)
        .env_clear()
        .envs(environment(&scratch))
        .envs(runner.environment.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(fs::File::create(&conversation)?)
        .spawn()
        .context("cannot run `bench-measure`")?;
    let (lines, output) = drain(child.stdout.take().context("stdout is piped")?)?;
    child.wait()?;
    let said = fs::read_to_string(&conversation).unwrap_or_default();
    let cost: Cost = fs::read(&result)
        .map_err(anyhow::Error::from)
        .and_then(|text| Ok(serde_json::from_slice(&text)?))
        .with_context(|| format!("cannot run `{}`: {said}", runner.program.display()))?;
    if cost.status != Some(0) {
        bail!("`{}` ended with {:?}:\n{said}", runner.name, cost.status);
    }
    Ok(Measured { cost, lines, output })
}

/// Nothing of the caller's configuration reaches a runner.
fn environment(scratch: &TempDir) -> Vec<(String, String)> {
    let home = scratch.path().display().to_string();
    [
        ("PATH", std::env::var("PATH").unwrap_or_default().as_str()),
        ("HOME", &home),
        ("XDG_STATE_HOME", &home),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// Reads to the end, as cheaply as can be: the reader shares the machine with what it measures.
fn drain(mut stdout: ChildStdout) -> Result<(u64, Vec<u8>)> {
    let (mut lines, mut kept, mut chunk) = (0, Vec::new(), vec![0; CHUNK_BYTES]);
    loop {
        let length = stdout.read(&mut chunk)?;
        if length == 0 {
            return Ok((lines, kept));
        }
        let read = &chunk[..length];
        lines += read.iter().map(|&byte| u64::from(byte == b'\n')).sum::<u64>();
        let room = KEPT_BYTES.saturating_sub(kept.len());
        kept.extend_from_slice(&read[..length.min(room)]);
    }
}
