//! Before a run: the journal is found, locked and read, but not yet written to.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::error::JournalError;
use super::file::{
    complete_lines, cut_torn_line, default_path, keep_previous, open_locked, open_to_look, records, state_folder,
};
use super::record::{Entry, Header, PlanKey, line};
use super::writing::Journal;
use crate::error::Failure;
use crate::run::Cancel;

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
    /// Journals of runs that have ended are the only way back, so each is kept, numbered; without this, the last one.
    pub keep_all: bool,
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

/// A journal that is locked and read, but not yet written to.
#[derive(Debug)]
pub struct Prepared {
    /// The file.
    pub path: PathBuf,
    /// What is there.
    pub found: Found,
    key: PlanKey,
    file: Option<File>,
    keep_all: bool,
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
            return Ok(Some(Self { path, found: Found::Nothing, key, file: None, keep_all: false }));
        }
        let file = if request.dry_run { open_to_look(&path) } else { open_locked(&path, request.file.is_none()) }?;
        let found = if request.fresh { forget(&path, &file)? } else { look(&path, &file, &key)? };
        Ok(Some(Self { path, found, key, file: (!request.dry_run).then_some(file), keep_all: request.keep_all }))
    }

    /// The header of the run that goes on; `None` where a new one begins.
    #[must_use]
    pub const fn unfinished(&self) -> Option<&Header> {
        match &self.found {
            Found::Unfinished(header) => Some(header),
            Found::Nothing | Found::Ended => None,
        }
    }

    /// The records of the unfinished run, in order; the torn or unreadable last line is left out.
    ///
    /// # Errors
    /// The file cannot be read, or a line in its middle is damaged.
    pub fn entries(&self) -> Result<impl Iterator<Item = Result<Entry, JournalError>> + use<>, JournalError> {
        let found = self.unfinished().map(|_| records(&self.path)).transpose()?;
        Ok(found.into_iter().flatten())
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
                keep_previous(&self.path, &mut file, self.keep_all).map_err(JournalError::io(&self.path))?;
                let header = Header::new(&self.key, now, resolved);
                (line("header", &header), header)
            }
        };
        file.write_all(&first).and_then(|()| file.sync_data()).map_err(JournalError::io(&self.path))?;
        Ok(Journal::start(self.path, file, header, cancel.clone()))
    }
}

/// `--fresh` overwrites any journal of this toolkit, and nothing else.
fn forget(path: &Path, file: &File) -> Result<Found, JournalError> {
    let empty = file.metadata().map_err(JournalError::io(path))?.len() == 0;
    if empty { Ok(Found::Nothing) } else { starts_as_ours(path).map(|()| Found::Nothing) }
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
    let header = Header::read(&first).ok_or_else(|| JournalError::NoJournal(path.to_owned()))?;
    header.check(path, key.tool)?;
    if header.plan_hash != key.hash() {
        let why = "belongs to another plan (other targets or selection)".to_owned();
        return Err(JournalError::Foreign { path: path.to_owned(), why });
    }
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
    Err(JournalError::NoJournal(path.to_owned()))
}
