//! A journal that was written by earlier runs and is now read: what it tells can be undone, whatever plan it was.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Map;

use super::error::JournalError;
use super::file::{complete_lines, cut_torn_line, lock, records};
use super::record::{Entry, Header, line};
use crate::error::Failure;

/// A journal of earlier runs, locked.
#[derive(Debug)]
pub struct Recorded {
    /// The file.
    pub path: PathBuf,
    /// Its first record.
    pub header: Header,
    file: File,
}

/// Something else than the journal that is meant: nothing is written here, so flags of writing help nobody.
fn other(error: &JournalError) -> Failure {
    Failure::failed(error.to_string()).hint("give the journal of a run of this tool: the plan and the report name it")
}

impl Recorded {
    /// Locks and reads a journal of this tool.
    ///
    /// # Errors
    /// It is not there, in use by a run, or no journal of this tool and version.
    pub fn open(path: &Path, tool: &str) -> Result<Self, Failure> {
        let file = OpenOptions::new().read(true).append(true).open(path).map_err(JournalError::io(path))?;
        lock(path, &file)?;
        let first = complete_lines(path)?.next().transpose()?.map(|(_, text)| text).unwrap_or_default();
        let header = Header::read(&first).ok_or_else(|| other(&JournalError::NoJournal(path.to_owned())))?;
        header.check(path, tool).map_err(|error| other(&error))?;
        Ok(Self { path: path.to_owned(), header, file })
    }

    /// Its records, in order; the torn last line is left out.
    ///
    /// # Errors
    /// The file cannot be read, or a line in its middle is damaged.
    pub fn entries(&self) -> Result<impl Iterator<Item = Result<Entry, JournalError>> + use<>, JournalError> {
        records(&self.path)
    }

    /// Adds a record and ends the journal, which stays locked: a run of the same plan then begins a new one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn end(&mut self, kind: &str, body: &impl Serialize) -> Result<(), JournalError> {
        let mut bytes = line(kind, body);
        bytes.extend(line("end", &Map::new()));
        let written = cut_torn_line(&mut self.file).and_then(|()| self.file.write_all(&bytes));
        written.and_then(|()| self.file.sync_data()).map_err(JournalError::io(&self.path))
    }
}
