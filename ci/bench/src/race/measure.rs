//! Runs one command through `bench-measure` and takes in what it printed.

use std::{
    ffi::OsString,
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

/// How our tools end that have left some items.
const SOME_LEFT: i32 = 3;

/// Runs a command on chosen cores: of util-linux.
const PINS: &str = "taskset";

/// A command to be measured.
#[derive(Clone, Debug)]
pub(super) struct Runner {
    /// Name in the table.
    pub name: String,
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// Variables beside those every runner gets.
    pub environment: Vec<(String, String)>,
    /// The first so many cores are all it may use; 0 leaves it all of them.
    pub cores: usize,
    /// Its output goes to `/dev/null`; else to a pipe that is read as fast as can be.
    pub discards: bool,
    /// To have left some items is no failure: whoever runs it counts them.
    pub accepts_rejects: bool,
}

impl Runner {
    /// `arguments` are separated by blanks; none of the races has one inside an argument.
    pub fn new(name: &str, program: PathBuf, arguments: &str) -> Self {
        Self::of_words(name, program, arguments.split(' '))
    }

    /// For arguments that have blanks.
    pub fn of_words<'a>(name: &str, program: PathBuf, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            name: name.to_owned(),
            program,
            arguments: arguments.into_iter().map(str::to_owned).collect(),
            environment: Vec::new(),
            cores: 0,
            discards: false,
            accepts_rejects: false,
        }
    }

    pub fn with_environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn on_cores(self, cores: usize) -> Self {
        Self { cores, ..self }
    }

    pub fn discarding(self) -> Self {
        Self { discards: true, ..self }
    }

    pub fn accepting_rejects(self) -> Self {
        Self { accepts_rejects: true, ..self }
    }

    /// Program and arguments; the program that pins it to its cores becomes it, and costs nothing then.
    fn command(&self) -> Vec<OsString> {
        let mut words = Vec::new();
        if self.cores > 0 {
            words.extend([PINS.to_owned(), "-c".to_owned(), format!("0-{}", self.cores - 1)].map(OsString::from));
        }
        words.push(self.program.clone().into());
        words.extend(self.arguments.iter().map(OsString::from));
        words
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
    /// All of stderr.
    pub said: String,
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
        .args(runner.command())
        .env_clear()
        .envs(environment(&scratch))
        .envs(runner.environment.iter().cloned())
        .stdin(Stdio::null())
        .stdout(if runner.discards { Stdio::null() } else { Stdio::piped() })
        .stderr(fs::File::create(&conversation)?)
        .spawn()
        .context("cannot run `bench-measure`")?;
    let (lines, output) = child.stdout.take().map(drain).transpose()?.unwrap_or_default();
    child.wait()?;
    let said = fs::read_to_string(&conversation).unwrap_or_default();
    let cost: Cost = fs::read(&result)
        .map_err(anyhow::Error::from)
        .and_then(|text| Ok(serde_json::from_slice(&text)?))
        .with_context(|| format!("cannot run `{}`: {said}", runner.program.display()))?;
    let is_done = cost.status == Some(0) || runner.accepts_rejects && cost.status == Some(SOME_LEFT);
    if !is_done {
        bail!("`{}` ended with {:?}:\n{said}", runner.name, cost.status);
    }
    Ok(Measured { cost, lines, output, said })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_without_cores_is_started_as_it_is() {
        let runner = Runner::new("a", PathBuf::from("/bin/a"), "b c");
        assert_eq!(runner.command(), ["/bin/a", "b", "c"]);
    }

    #[test]
    fn a_pinned_runner_is_started_through_what_pins_it_and_keeps_blanks() {
        let runner = Runner::of_words("a", PathBuf::from("/bin/a"), ["b c"]).on_cores(2);
        assert_eq!(runner.command(), ["taskset", "-c", "0-1", "/bin/a", "b c"]);
    }
}
