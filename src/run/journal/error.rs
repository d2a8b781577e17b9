//! Why a journal cannot be used, and what to do then.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::Failure;

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
    /// Something else than a journal: nothing of it may be overwritten, not even with `--fresh`.
    #[error("`{0}` is no journal of this toolkit")]
    NoJournal(PathBuf),
    /// It is of another tool, version or plan.
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
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    fn next_step(&self) -> &'static str {
        match self {
            Self::Locked(_) => {
                "wait for the other run to end, or stop it (^C): the same command then goes on where it was"
            }
            Self::NoJournal(_) => "name another file with `--journal`; this one is left as it is",
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
