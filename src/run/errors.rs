//! Failed items: grouped for the screen, all of them in the file that `--errors` names.
//!
//! Memory stays bounded however many items fail: groups are few, and each keeps one example.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::error::Failure;
use crate::report::ErrorGroup;
use crate::run::private_file;

/// Distinct groups kept in memory; what comes after them is one more.
const MOST_GROUPS: usize = 100;

/// What the errors are called that came when there were groups enough.
const OTHER: &str = "other";

/// One item that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemError {
    /// The service's or our code, such as `AccessDenied` or `Oversize`.
    pub code: String,
    /// What was said; never a message's body.
    pub message: String,
    /// Which item: a message id, an object's URI.
    pub object: String,
}

#[derive(Default)]
struct State {
    groups: Vec<ErrorGroup>,
    /// Errors of kinds that came too late for a group of their own.
    other: Option<ErrorGroup>,
    count: u64,
    file: Option<LogFile>,
}

/// Where each error is written.
struct LogFile {
    path: PathBuf,
    file: BufWriter<File>,
    /// The first time that it took nothing.
    broken: Option<io::Error>,
}

impl LogFile {
    fn create(path: &Path) -> Result<Self, Failure> {
        let file = private_file(path, true).map_err(|error| cannot_write(path).because(error))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), broken: None })
    }

    /// A full disk must not hide the error itself, which still is in its group; that the disk is full is told at the end.
    fn add(&mut self, error: &ItemError) {
        let written = serde_json::to_string(error).map_err(io::Error::from);
        self.heed(|file| written.and_then(|line| writeln!(file, "{line}")));
    }

    fn heed(&mut self, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) {
        if self.broken.is_none() {
            self.broken = write(&mut self.file).err();
        }
    }
}

fn cannot_write(path: &Path) -> Failure {
    Failure::failed(format!("cannot write `{}`", path.display()))
}

/// The errors of one run.
pub struct ErrorLog {
    state: Mutex<State>,
    max_errors: Option<u64>,
}

impl ErrorLog {
    /// An empty log; `file` gets every error as a JSON line, mode 0600.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(file: Option<&Path>, max_errors: Option<u64>) -> Result<Self, Failure> {
        let file = file.map(LogFile::create).transpose()?;
        Ok(Self { state: Mutex::new(State { file, ..State::default() }), max_errors })
    }

    /// Remembers an error; true when `--max-errors` is reached.
    pub fn record(&self, error: ItemError) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.count += 1;
        if let Some(file) = &mut state.file {
            file.add(&error);
        }
        let State { groups, other, .. } = &mut *state;
        group(groups, other, error);
        self.max_errors.is_some_and(|most| state.count >= most)
    }

    /// How many errors there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// The groups so far, largest first, and last those that have none of their own.
    #[must_use]
    pub fn groups(&self) -> Vec<ErrorGroup> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut groups = state.groups.clone();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        groups.extend(state.other.clone());
        groups
    }

    /// Writes what waits, and tells whether the file has all errors.
    ///
    /// # Errors
    /// It has not: the disk is full, say.
    pub fn finish(&self) -> Result<(), Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(log) = &mut state.file else { return Ok(()) };
        log.heed(BufWriter::flush);
        match log.broken.take() {
            Some(error) => {
                Err(cannot_write(&log.path).because(error).hint("the errors that it lacks are counted above"))
            }
            None => Ok(()),
        }
    }
}

fn group(groups: &mut Vec<ErrorGroup>, other: &mut Option<ErrorGroup>, error: ItemError) {
    let same = |known: &&mut ErrorGroup| known.code == error.code && known.message == error.message;
    if let Some(known) = groups.iter_mut().find(same) {
        known.count += 1;
    } else if groups.len() < MOST_GROUPS {
        groups.push(ErrorGroup { code: error.code, message: error.message, count: 1, example: error.object });
    } else {
        let message = format!("of further kinds than the first {MOST_GROUPS}; `--errors FILE` writes each");
        let first = ErrorGroup { code: OTHER.to_owned(), message, count: 0, example: error.object };
        other.get_or_insert(first).count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str, object: &str) -> ItemError {
        ItemError { code: code.to_owned(), message: "m".to_owned(), object: object.to_owned() }
    }

    #[test]
    fn alike_errors_are_one_group_and_the_file_has_them_all() {
        let folder = tempfile::tempdir().expect("scratch folder");
        let path = folder.path().join("errors.jsonl");
        let log = ErrorLog::create(Some(&path), Some(3)).expect("log");
        assert!(!log.record(error("A", "1")));
        assert!(!log.record(error("A", "2")));
        assert!(log.record(error("B", "3")), "the third reaches --max-errors 3");
        let groups = log.groups();
        assert_eq!((groups[0].count, groups[0].example.as_str()), (2, "1"));
        log.finish().expect("there is room");
        assert_eq!(std::fs::read_to_string(&path).expect("file").lines().count(), 3);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_takes_nothing_is_told() {
        let log = ErrorLog::create(Some(Path::new("/dev/full")), None).expect("log");
        log.record(error("A", "1"));
        let failure = log.finish().expect_err("the disk is full");
        assert!(failure.summary().contains("cannot write `/dev/full`"), "{}", failure.summary());
        assert_eq!(log.count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("scratch folder");
        let path = folder.path().join("errors.jsonl");
        for _ in 0..2 {
            let _log = ErrorLog::create(Some(&path), None).expect("log");
            assert_eq!(std::fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
            // One that was there already, and others could read.
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).expect("ours");
        }
    }

    #[test]
    fn memory_stays_bounded() {
        let log = ErrorLog::create(None, None).expect("log");
        for number in 0..10_000 {
            log.record(error(&format!("code {number}"), "x"));
        }
        let groups = log.groups();
        assert_eq!(groups.len(), MOST_GROUPS + 1);
        assert!(groups[..MOST_GROUPS].iter().all(|group| group.count == 1), "each kind is counted for itself");
        assert_eq!((groups[MOST_GROUPS].code.as_str(), groups[MOST_GROUPS].count), (OTHER, 9_900));
        assert_eq!(groups.iter().map(|group| group.count).sum::<u64>(), 10_000);
    }
}
