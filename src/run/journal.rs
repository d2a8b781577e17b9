//! The memory of a run on disk: append-only JSON lines, one lock, a thread that writes and syncs in groups.
//!
//! A journal exists so that the same command, given again after ^C, a crash or `kill -9`, goes on where it was. Records
//! that must be durable before an irreversible step are awaited; many workers share one `fsync`. A torn last line,
//! which a crash can leave, is ignored.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc as thread_channel;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use etcetera::BaseStrategy;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use crate::error::Failure;
use crate::run::{Cancel, Stop};

/// The version of the format; another one cannot be continued.
const FORMAT: u32 = 1;

/// Records are synced to disk at least this often.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// Hex digits of the plan hash in the default file name: enough that two plans never meet.
const HASH_IN_NAME: usize = 16;

/// What decides whether a journal belongs to a command: targets and selection as typed, not pace or output.
#[derive(Clone, Debug)]
pub struct PlanKey {
    /// The tool.
    pub tool: &'static str,
    /// Account, region, targets, selection.
    pub values: Value,
}

impl PlanKey {
    /// The plan hash: SHA-256 in hex over tool, format and values.
    #[must_use]
    pub fn hash(&self) -> String {
        let text = serde_json::json!([self.tool, FORMAT, self.values]).to_string();
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What the command line says about the journal.
#[derive(Clone, Debug, Default)]
pub struct JournalRequest {
    /// `--journal FILE`.
    pub file: Option<PathBuf>,
    /// `--no-journal`.
    pub none: bool,
    /// `--fresh`.
    pub fresh: bool,
    /// A dry run only looks.
    pub dry_run: bool,
}

/// The first record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The format's version.
    pub format: u32,
    /// The tool that wrote it.
    pub tool: String,
    /// That tool's version.
    pub version: String,
    /// The plan it belongs to.
    pub plan_hash: String,
    /// When the first run started.
    pub started: Timestamp,
    /// Relative times and other things resolved once.
    pub resolved: Map<String, Value>,
}

/// One record after the header.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Entry {
    /// `intent`, `confirmed`, `failed`, `range_done`, `resumed`, `end`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The rest of the record.
    #[serde(flatten)]
    pub body: Map<String, Value>,
}

/// What was found where the journal is to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// No journal, or an empty one.
    Nothing,
    /// The run of this plan had ended: a new journal begins.
    Ended,
    /// The run of this plan had not ended: it goes on.
    Unfinished(Header),
}

/// A journal that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Reading or writing failed.
    #[error("journal `{path}`: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process has it.
    #[error("journal `{0}` is in use by another run")]
    Locked(PathBuf),
    /// It is no journal, or of another tool, version or plan.
    #[error("journal `{path}` {why}")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Writing failed earlier in this run.
    #[error("the journal cannot be written: {0}")]
    Broken(String),
}

impl JournalError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    fn next_step(&self) -> &'static str {
        match self {
            Self::Locked(_) => {
                "wait for the other run to end, or stop it (^C): the same command then goes on where it was"
            }
            Self::Foreign { .. } => {
                "name another file with `--journal`, or start anew with `--fresh` if this one may be overwritten"
            }
            Self::Io { .. } | Self::Broken(_) => {
                "make the file writable or free some space, or name another place with `--journal FILE`, and start the same command again"
            }
        }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::failed(error.to_string()).hint(error.next_step())
    }
}

/// Where tools keep their journals by default: `opstools` in the XDG state folder, or its Windows counterpart.
///
/// # Errors
/// There is no home folder.
pub fn state_folder() -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Failure::failed("cannot tell where to keep the journal: there is no home folder")
            .hint("set HOME or XDG_STATE_HOME, or name the file with `--journal FILE`, or give `--no-journal`")
    })?;
    Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("opstools"))
}

/// Opens a file that only its owner can read, for reading and appending; `anew` empties it first.
pub(crate) fn private_file(path: &Path, anew: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).create(true);
    if anew {
        options.write(true).truncate(true);
    } else {
        options.append(true);
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A journal that is locked and read, but not yet written to.
#[derive(Debug)]
pub struct Prepared {
    /// The file.
    pub path: PathBuf,
    /// What is there.
    pub found: Found,
    key: PlanKey,
    file: Option<File>,
}

impl Prepared {
    /// Finds, locks and reads the journal of a plan; `None` with `--no-journal`.
    ///
    /// # Errors
    /// It is locked, foreign, or cannot be read.
    pub fn open(key: PlanKey, request: &JournalRequest) -> Result<Option<Self>, Failure> {
        if request.none {
            return Ok(None);
        }
        let path = match &request.file {
            Some(path) => path.clone(),
            // A dry run needs no place for a journal that it would not write.
            None if request.dry_run && state_folder().is_err() => return Ok(None),
            None => default_path(&key)?,
        };
        if request.dry_run && !path.exists() {
            return Ok(Some(Self { path, found: Found::Nothing, key, file: None }));
        }
        let file = if request.dry_run { open_to_look(&path) } else { open_locked(&path, request.file.is_none()) }?;
        let found = if request.fresh { Found::Nothing } else { look(&path, &file, &key)? };
        Ok(Some(Self { path, found, key, file: (!request.dry_run).then_some(file) }))
    }

    /// The records of the unfinished run, in order; the torn or unreadable last line is left out.
    ///
    /// # Errors
    /// The file cannot be read, or a line in its middle is damaged.
    pub fn entries(&self) -> Result<impl Iterator<Item = Result<Entry, JournalError>> + use<>, JournalError> {
        let unfinished = matches!(self.found, Found::Unfinished(_));
        let lines = if unfinished { Some(complete_lines(&self.path)?) } else { None };
        Ok(lines.into_iter().flatten().skip(1).map(|line| {
            let (path, text) = line?;
            serde_json::from_str(&text)
                .map_err(|error| JournalError::Foreign { path, why: format!("has a damaged line: {error}") })
        }))
    }

    /// Starts writing: a new header, or a mark that the run goes on.
    ///
    /// # Errors
    /// The file cannot be written, or this is a dry run.
    pub fn begin(self, now: Timestamp, resolved: Map<String, Value>, cancel: &Cancel) -> Result<Journal, Failure> {
        let Some(mut file) = self.file else {
            return Err(JournalError::Broken("a dry run writes no journal".to_owned()).into());
        };
        let (first, header) = match self.found {
            Found::Unfinished(header) => {
                cut_torn_line(&mut file).map_err(JournalError::io(&self.path))?;
                (line("resumed", &serde_json::json!({ "started": now })), header)
            }
            Found::Nothing | Found::Ended => {
                keep_previous(&self.path, &mut file).map_err(JournalError::io(&self.path))?;
                let header = header(&self.key, now, resolved);
                (line("header", &header), header)
            }
        };
        file.write_all(&first).and_then(|()| file.sync_data()).map_err(JournalError::io(&self.path))?;
        Ok(Journal::start(self.path, file, header, cancel.clone()))
    }
}

fn header(key: &PlanKey, started: Timestamp, resolved: Map<String, Value>) -> Header {
    Header {
        format: FORMAT,
        tool: key.tool.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        plan_hash: key.hash(),
        started,
        resolved,
    }
}

fn default_path(key: &PlanKey) -> Result<PathBuf, Failure> {
    let hash = key.hash();
    Ok(state_folder()?.join(format!("{}-{}.jsonl", key.tool, &hash[..HASH_IN_NAME])))
}

fn open_to_look(path: &Path) -> Result<File, JournalError> {
    File::open(path).map_err(JournalError::io(path))
}

fn open_locked(path: &Path, make_folder: bool) -> Result<File, JournalError> {
    if let Some(folder) = path.parent().filter(|_| make_folder) {
        std::fs::create_dir_all(folder).map_err(JournalError::io(folder))?;
    }
    let file = private_file(path, false).map_err(JournalError::io(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(JournalError::Locked(path.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(JournalError::io(path)(error)),
    }
}

/// Reads the header and whether the run had ended.
fn look(path: &Path, file: &File, key: &PlanKey) -> Result<Found, JournalError> {
    if file.metadata().map_err(JournalError::io(path))?.len() == 0 {
        return Ok(Found::Nothing);
    }
    let mut lines = complete_lines(path)?;
    let first = match lines.next() {
        Some(first) => first?.1,
        // Only a torn line: nothing was recorded yet, but it must be the start of a header of ours.
        None => return starts_as_ours(path).map(|()| Found::Nothing),
    };
    let header = serde_json::from_str::<Entry>(&first)
        .ok()
        .filter(|entry| entry.kind == "header")
        .and_then(|entry| serde_json::from_value::<Header>(Value::Object(entry.body)).ok())
        .ok_or_else(|| JournalError::Foreign {
            path: path.to_owned(),
            why: "is no journal of this toolkit".to_owned(),
        })?;
    check_header(path, &header, key)?;
    let mut last = None;
    for line in lines {
        last = Some(line?.1);
    }
    let ended = last.is_some_and(|line| serde_json::from_str::<Entry>(&line).is_ok_and(|entry| entry.kind == "end"));
    Ok(if ended { Found::Ended } else { Found::Unfinished(header) })
}

fn starts_as_ours(path: &Path) -> Result<(), JournalError> {
    const START: &[u8] = b"{\"type\":\"header\"";
    let mut head = Vec::new();
    let file = File::open(path).map_err(JournalError::io(path))?;
    file.take(START.len() as u64).read_to_end(&mut head).map_err(JournalError::io(path))?;
    if START.starts_with(&head) {
        return Ok(());
    }
    Err(JournalError::Foreign { path: path.to_owned(), why: "is no journal of this toolkit".to_owned() })
}

fn check_header(path: &Path, header: &Header, key: &PlanKey) -> Result<(), JournalError> {
    let foreign = |why: String| Err(JournalError::Foreign { path: path.to_owned(), why });
    if header.tool != key.tool {
        return foreign(format!("was written by `{}`", header.tool));
    }
    if header.format != FORMAT {
        return foreign(format!("has format {}, this version knows {FORMAT}", header.format));
    }
    if header.plan_hash != key.hash() {
        return foreign("belongs to another plan (other targets or selection)".to_owned());
    }
    Ok(())
}

/// The complete lines of a file; a last line without its line feed is torn and left out.
fn complete_lines(
    path: &Path,
) -> Result<impl Iterator<Item = Result<(PathBuf, String), JournalError>> + use<>, JournalError> {
    let file = File::open(path).map_err(JournalError::io(path))?;
    let mut reader = BufReader::new(file);
    let path = path.to_owned();
    Ok(std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        match reader.read_until(b'\n', &mut bytes) {
            Err(error) => Some(Err(JournalError::io(&path)(error))),
            Ok(_) if bytes.last() != Some(&b'\n') => None,
            Ok(_) => {
                bytes.pop();
                Some(Ok((path.clone(), String::from_utf8_lossy(&bytes).into_owned())))
            }
        }
    }))
}

/// Cuts what a crash left after the last line feed, so that the next record starts on a line of its own.
fn cut_torn_line(file: &mut File) -> io::Result<()> {
    const STEP: u64 = 64 * 1024;
    let length = file.seek(SeekFrom::End(0))?;
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(STEP);
        let mut bytes = vec![0; usize::try_from(end - start).unwrap_or_default()];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        if let Some(position) = bytes.iter().rposition(|byte| *byte == b'\n') {
            return file.set_len(start + position as u64 + 1);
        }
        end = start;
    }
    file.set_len(0)
}

/// Keeps the journal of the run before as `FILE.previous`, and empties the file, which stays locked.
fn keep_previous(path: &Path, file: &mut File) -> io::Result<()> {
    if file.metadata()?.len() > 0 {
        let mut name = path.as_os_str().to_owned();
        name.push(".previous");
        let mut previous = private_file(Path::new(&name), true)?;
        file.seek(SeekFrom::Start(0))?;
        io::copy(file, &mut previous)?;
        file.set_len(0)?;
    }
    Ok(())
}

/// One record as a line: its type first, then its body's members.
fn line(kind: &str, body: &impl Serialize) -> Vec<u8> {
    #[derive(Serialize)]
    struct Line<'a, B> {
        r#type: &'a str,
        #[serde(flatten)]
        body: &'a B,
    }
    // Bodies are plain structs and maps of ours, which always serialise.
    let mut bytes = serde_json::to_vec(&Line { r#type: kind, body }).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

struct Command {
    line: Vec<u8>,
    durable: Option<oneshot::Sender<()>>,
    /// Everything written before goes away first.
    anew: bool,
}

/// A journal being written.
pub struct Journal {
    /// The file.
    pub path: PathBuf,
    /// The header of a next pass, but for its time.
    header: Header,
    commands: Mutex<Option<thread_channel::Sender<Command>>>,
    broken: Arc<OnceLock<String>>,
    writer: Mutex<Option<std::thread::JoinHandle<()>>>,
}

impl Journal {
    fn start(path: PathBuf, file: File, header: Header, cancel: Cancel) -> Self {
        let (commands, receiver) = thread_channel::channel();
        let broken = Arc::new(OnceLock::new());
        let writer = Writer { file, broken: broken.clone(), cancel, unsynced: false };
        let thread = std::thread::spawn(move || writer.work(&receiver));
        Self { path, header, commands: Mutex::new(Some(commands)), broken, writer: Mutex::new(Some(thread)) }
    }

    /// The plan is finished and begins again, as with `--loop`: everything before is forgotten.
    ///
    /// # Errors
    /// The journal could not be written before.
    pub fn next_pass(&self, now: Timestamp) -> Result<(), JournalError> {
        let header = Header { started: now, ..self.header.clone() };
        self.send(Command { line: line("header", &header), durable: None, anew: true })
    }

    /// Adds a record; it is on disk within a second.
    ///
    /// # Errors
    /// The journal could not be written before: nothing more must be started.
    pub fn append(&self, kind: &str, body: &impl Serialize) -> Result<(), JournalError> {
        self.send(Command { line: line(kind, body), durable: None, anew: false })
    }

    /// Adds a record and waits until it is on disk.
    ///
    /// # Errors
    /// It cannot be written: what it announces must not be done.
    pub async fn commit(&self, kind: &str, body: &impl Serialize) -> Result<(), JournalError> {
        let (sender, synced) = oneshot::channel();
        self.send(Command { line: line(kind, body), durable: Some(sender), anew: false })?;
        synced.await.map_err(|_| self.broken_because())
    }

    fn send(&self, command: Command) -> Result<(), JournalError> {
        if self.broken.get().is_some() {
            return Err(self.broken_because());
        }
        let commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        match commands.as_ref().map(|commands| commands.send(command)) {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) | None => Err(self.broken_because()),
        }
    }

    /// Why the journal cannot be written any more, if so.
    #[must_use]
    pub fn failure(&self) -> Option<JournalError> {
        self.broken.get().map(|_| self.broken_because())
    }

    fn broken_because(&self) -> JournalError {
        JournalError::Broken(self.broken.get().cloned().unwrap_or_else(|| "its writer has ended".to_owned()))
    }

    /// Syncs everything to disk and stops the writer; `ended` writes the record that the plan is finished.
    ///
    /// # Errors
    /// Something could not be written.
    pub fn close(&self, ended: bool) -> Result<(), JournalError> {
        if ended {
            self.append("end", &Map::new())?;
        }
        drop(self.commands.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            return Err(JournalError::Broken("its writer has panicked".to_owned()));
        }
        self.failure().map_or(Ok(()), Err)
    }
}

impl Drop for Journal {
    /// Whoever forgets to close it still gets everything on disk, and the lock back.
    fn drop(&mut self) {
        let _ = self.close(false);
    }
}

struct Writer {
    file: File,
    broken: Arc<OnceLock<String>>,
    cancel: Cancel,
    unsynced: bool,
}

impl Writer {
    fn work(mut self, commands: &thread_channel::Receiver<Command>) {
        let mut synced_at = crate::time::monotonic();
        loop {
            match commands.recv_timeout(SYNC_EVERY) {
                Ok(first) => self.group(first, commands, synced_at.elapsed() >= SYNC_EVERY),
                Err(thread_channel::RecvTimeoutError::Timeout) => self.sync(),
                Err(thread_channel::RecvTimeoutError::Disconnected) => return self.sync(),
            }
            if !self.unsynced {
                synced_at = crate::time::monotonic();
            }
        }
    }

    /// Writes everything that waits in one go, and syncs once for all who wait for it.
    fn group(&mut self, first: Command, commands: &thread_channel::Receiver<Command>, sync_due: bool) {
        let mut bytes = Vec::new();
        let mut waiting = Vec::new();
        let mut anew = false;
        for command in std::iter::once(first).chain(std::iter::from_fn(|| commands.try_recv().ok())) {
            if command.anew {
                bytes.clear();
                anew = true;
            }
            bytes.extend_from_slice(&command.line);
            waiting.extend(command.durable);
        }
        if self.broken.get().is_some() {
            return;
        }
        let emptied = if anew { self.file.set_len(0) } else { Ok(()) };
        if let Err(error) = emptied.and_then(|()| self.file.write_all(&bytes)) {
            return self.give_up(&error);
        }
        self.unsynced = true;
        if sync_due || !waiting.is_empty() {
            self.sync();
        }
        if self.broken.get().is_none() {
            // A waiter that is gone was cancelled; its record is on disk all the same.
            for waiter in waiting {
                let _ = waiter.send(());
            }
        }
    }

    fn sync(&mut self) {
        if self.unsynced
            && self.broken.get().is_none()
            && let Err(error) = self.file.sync_data()
        {
            self.give_up(&error);
        }
        self.unsynced = false;
    }

    /// Without its memory the run must not go on.
    fn give_up(&self, error: &io::Error) {
        let _ = self.broken.set(error.to_string());
        self.cancel.stop(Stop::Fatal);
    }
}

#[cfg(test)]
mod tests;
