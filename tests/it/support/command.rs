//! A command line that reads like a sentence and runs in a clean room: no variable, home folder, credential or
//! terminal of the machine reaches the tool, so a test means the same everywhere.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::full_disk::FullDisk;
use super::{Outcome, Running, Sandbox, Terminal};

/// Longer than any test needs even on a busy machine; a tool that hangs fails its test instead of the whole run.
const PATIENCE: Duration = Duration::from_secs(120);

/// A scratch home folder: `HOME`, the state folder and the folder for temporary files of one or more commands.
/// Commands that share a home find each other's journals.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty home, removed with this value.
    pub fn new() -> Self {
        let folder = TempDir::with_prefix("opstools-home-").expect("the temporary folder is writable");
        Self { folder }
    }

    /// The folder itself, absolute.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `$XDG_STATE_HOME`: where tools keep their journals.
    pub fn state(&self) -> PathBuf {
        self.path().join(".local/state")
    }

    /// Writes a file below the home, its folders included, and returns its path.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        let folder = path.parent().expect("a file in the home has a folder");
        std::fs::create_dir_all(folder).expect("the home is writable");
        std::fs::write(&path, text).expect("the home is writable");
        path
    }
}

/// A command line being composed. Nothing runs before [`Tool::run`], [`Tool::spawn`] or [`Tool::terminal`].
pub struct Tool {
    pub(super) program: PathBuf,
    pub(super) args: Vec<OsString>,
    pub(super) stdin: Option<Vec<u8>>,
    pub(super) stdout: Stdout,
    pub(super) patience: Duration,
    env: Vec<(OsString, OsString)>,
    folder: Option<PathBuf>,
    file_limit_blocks: Option<u64>,
    own_home: Option<Home>,
}

/// Where the tool's standard output goes.
#[derive(Clone, Default)]
pub(super) enum Stdout {
    /// A pipe that the test reads to its end.
    #[default]
    Read,
    /// A pipe whose reader goes away after so many bytes, as `head` does.
    ClosedAfter(usize),
    /// A file or device, such as `/dev/full`.
    File(PathBuf),
    /// A pipe even when the tool runs at a terminal.
    ApartFromTerminal,
}

/// A binary of this package by its name, as built for this test run.
pub fn tool(name: &str) -> Tool {
    let path = match name {
        "filegen" => env!("CARGO_BIN_EXE_filegen"),
        "logprocessor" => env!("CARGO_BIN_EXE_logprocessor"),
        "pantherlog" => env!("CARGO_BIN_EXE_pantherlog"),
        "requeue" => env!("CARGO_BIN_EXE_requeue"),
        "s3list" => env!("CARGO_BIN_EXE_s3list"),
        "s3queue" => env!("CARGO_BIN_EXE_s3queue"),
        "s3sns" => env!("CARGO_BIN_EXE_s3sns"),
        "s3undelete" => env!("CARGO_BIN_EXE_s3undelete"),
        "sources" => env!("CARGO_BIN_EXE_sources"),
        _ => panic!("`{name}` is no binary of this package: add it to tests/it/support/command.rs"),
    };
    program(path)
}

/// Any other program, in the same clean room.
pub fn program(path: impl Into<PathBuf>) -> Tool {
    let home = Home::new();
    let mut tool = Tool {
        program: path.into(),
        args: Vec::new(),
        stdin: None,
        stdout: Stdout::default(),
        patience: PATIENCE,
        env: Vec::new(),
        folder: None,
        file_limit_blocks: None,
        own_home: None,
    };
    for (name, value) in [
        ("PATH", "/usr/bin:/bin"),
        ("LANG", "C.UTF-8"),
        ("TZ", "UTC"),
        ("NO_COLOR", "1"),
        ("COLUMNS", "100"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("OPSTOOLS_TEST", "1"),
    ] {
        tool = tool.env(name, value);
    }
    tool = tool.home(&home);
    tool.own_home = Some(home);
    tool
}

impl Tool {
    /// Appends arguments as they are typed, in order.
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable; the last value given to a name wins.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets several variables.
    pub fn envs<I: IntoIterator<Item = (K, V)>, K: AsRef<OsStr>, V: AsRef<OsStr>>(self, variables: I) -> Self {
        variables.into_iter().fold(self, |tool, (name, value)| tool.env(name, value))
    }

    /// Takes a variable away, the clean room's own included.
    pub fn env_remove(mut self, name: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self
    }

    /// Points the tool at the local deployment: endpoints, region and credentials.
    pub fn sandbox(self, sandbox: &Sandbox) -> Self {
        self.envs(sandbox.env())
    }

    /// Runs in this home folder instead of one of its own, so that a later command finds what this one left.
    pub fn home(self, home: &Home) -> Self {
        self.env("HOME", home.path()).env("XDG_STATE_HOME", home.state()).env("TMPDIR", home.path())
    }

    /// Runs in this working folder; without it, in the home folder.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Feeds standard input and closes it. Without this it is `/dev/null` (or the terminal of [`Tool::terminal`]).
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// The reader of standard output goes away after this many bytes.
    pub fn stdout_closing_after(mut self, bytes: usize) -> Self {
        self.stdout = Stdout::ClosedAfter(bytes);
        self
    }

    /// Standard output goes to this file or device.
    pub fn stdout_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.stdout = Stdout::File(path.into());
        self
    }

    /// At a terminal, standard output still is a pipe: `tool ... | jq` typed by a person.
    pub fn stdout_apart(mut self) -> Self {
        self.stdout = Stdout::ApartFromTerminal;
        self
    }

    /// Files of the tool cannot grow beyond what this disk holds, where the disk itself cannot see to that.
    pub fn on_disk(mut self, disk: &FullDisk) -> Self {
        self.file_limit_blocks = disk.file_limit_blocks();
        self
    }

    /// How long [`Tool::run`] and the handles wait for anything before the test fails.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Runs to the end.
    pub fn run(self) -> Outcome {
        self.spawn().wait()
    }

    /// Starts it and returns at once.
    pub fn spawn(self) -> Running {
        Running::start(self)
    }

    /// Starts it at a pseudo-terminal, as a person would.
    pub fn terminal(self) -> Terminal {
        Terminal::start(self)
    }

    /// The line as typed, for messages of failed tests.
    pub(super) fn line(&self) -> String {
        let words = self.args.iter().map(|arg| format!(" {}", quoted(arg)));
        format!("{}{}", self.program.display(), words.collect::<String>())
    }

    /// The process to be, without its standard streams. `before` is a wrapping command line, if any.
    pub(super) fn process(&self, before: &[&OsStr]) -> Command {
        let limit = self.file_limit_blocks.map(|blocks| blocks.to_string());
        let mut words: Vec<&OsStr> = before.to_vec();
        if let Some(blocks) = &limit {
            words.extend(FILE_LIMIT.map(OsStr::new));
            words.push(OsStr::new(blocks));
        }
        words.push(self.program.as_os_str());
        words.extend(self.args.iter().map(OsString::as_os_str));
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.working_folder());
        command
    }

    /// The stream that is not a pipe, for [`Stdout::File`].
    pub(super) fn stdout_stdio(&self) -> Stdio {
        match &self.stdout {
            Stdout::File(path) => {
                let file = File::options().write(true).create(true).truncate(false).open(path);
                file.unwrap_or_else(|error| panic!("{}: {error}", path.display())).into()
            }
            _ => Stdio::piped(),
        }
    }

    /// After how many bytes the reader of standard output goes away.
    pub(super) fn stdout_limit(&self) -> usize {
        match self.stdout {
            Stdout::ClosedAfter(bytes) => bytes,
            _ => usize::MAX,
        }
    }

    fn working_folder(&self) -> PathBuf {
        let home = || self.env.iter().rfind(|(name, _)| name == "HOME").map(|(_, path)| PathBuf::from(path));
        self.folder.clone().or_else(home).unwrap_or_else(std::env::temp_dir)
    }
}

/// Limits the size of files in blocks of 512 bytes; with the signal ignored, `write` fails as on a full disk.
const FILE_LIMIT: [&str; 3] = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\""];

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into_owned() } else { format!("{word:?}") }
}
