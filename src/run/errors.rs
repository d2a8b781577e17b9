//! Failed items: grouped for the screen, all of them in the file that `--errors` names.
//!
//! Memory stays bounded however many items fail: groups are few, and each keeps one example.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::error::Failure;
use crate::report::ErrorGroup;
use crate::run::journal::private_file;

/// Distinct groups kept in memory; what comes after them is counted as `other`.
const MOST_GROUPS: usize = 100;

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
    count: u64,
    file: Option<BufWriter<File>>,
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
        let file = match file {
            Some(path) => Some(BufWriter::new(
                private_file(path, true)
                    .map_err(|error| Failure::failed(format!("cannot write `{}`", path.display())).because(error))?,
            )),
            None => None,
        };
        Ok(Self { state: Mutex::new(State { file, ..State::default() }), max_errors })
    }

    /// Remembers an error; true when `--max-errors` is reached.
    pub fn record(&self, error: ItemError) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.count += 1;
        if let Some(file) = &mut state.file
            && let Ok(line) = serde_json::to_string(&error)
        {
            // A full disk must not hide the error itself: it still is in its group.
            let _ = writeln!(file, "{line}");
        }
        group(&mut state.groups, error);
        self.max_errors.is_some_and(|most| state.count >= most)
    }

    /// How many errors there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// The groups so far, largest first; flushes the file.
    #[must_use]
    pub fn groups(&self) -> Vec<ErrorGroup> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &mut state.file {
            let _ = file.flush();
        }
        let mut groups = state.groups.clone();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        groups
    }
}

fn group(groups: &mut Vec<ErrorGroup>, error: ItemError) {
    if let Some(known) = groups.iter_mut().find(|known| known.code == error.code && known.message == error.message) {
        known.count += 1;
    } else if groups.len() < MOST_GROUPS {
        groups.push(ErrorGroup { code: error.code, message: error.message, count: 1, example: error.object });
    } else if let Some(known) = groups.iter_mut().find(|known| known.code == error.code) {
        known.count += 1;
    } else if let Some(last) = groups.last_mut() {
        last.count += 1;
        last.code = "other".to_owned();
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
        assert_eq!(std::fs::read_to_string(&path).expect("file").lines().count(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("scratch folder");
        let path = folder.path().join("errors.jsonl");
        let _log = ErrorLog::create(Some(&path), None).expect("log");
        assert_eq!(std::fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn memory_stays_bounded() {
        let log = ErrorLog::create(None, None).expect("log");
        for number in 0..10_000 {
            log.record(error(&format!("code {number}"), "x"));
        }
        let groups = log.groups();
        assert_eq!(groups.len(), MOST_GROUPS);
        assert_eq!(groups.iter().map(|group| group.count).sum::<u64>(), 10_000);
    }
}
