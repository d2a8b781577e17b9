//! During a run: records go to a thread that writes and syncs them in groups.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc as thread_channel;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Map;
use tokio::sync::oneshot;

use super::error::JournalError;
use super::file::records;
use super::record::{Entry, Header, line};
use crate::run::{Cancel, Stop};

/// Records are synced to disk at least this often.
const SYNC_EVERY: Duration = Duration::from_secs(1);

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
    pub(super) fn start(path: PathBuf, file: File, header: Header, cancel: Cancel) -> Self {
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

    /// All records so far, of this run and of those before it, after they are on disk.
    ///
    /// # Errors
    /// The journal cannot be written, or not be read again.
    pub async fn entries(&self) -> Result<impl Iterator<Item = Result<Entry, JournalError>> + use<>, JournalError> {
        let (sender, synced) = oneshot::channel();
        self.send(Command { line: Vec::new(), durable: Some(sender), anew: false })?;
        synced.await.map_err(|_| self.broken_because())?;
        records(&self.path)
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
