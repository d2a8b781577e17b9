//! What ends a stream before its end. All logs before it were delivered.

use std::fmt;
use std::sync::Arc;

/// Why a stream ended, and where.
#[derive(Debug)]
pub struct Fault {
    /// The file, as the caller named it.
    pub file: Arc<str>,
    /// What is wrong.
    pub problem: Problem,
    /// The log that the fault cut off, if it had begun: it was not delivered.
    pub torn: Option<Torn>,
}

/// A log that was not complete when the stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn {
    /// Its first line, counted from 1.
    pub line: u64,
    /// Where it begins in the text (after unpacking).
    pub offset: u64,
    /// How many bytes of it were there.
    pub bytes: u64,
}

/// What can be wrong with a whole stream.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The reader failed.
    #[error("cannot read on at byte {offset}: {cause}")]
    Read {
        /// Bytes that were read before, as stored (before unpacking).
        offset: u64,
        /// The reader's own words.
        cause: std::io::Error,
    },
    /// The compressed data are damaged or not all there.
    #[error("broken {format} at byte {offset} of the compressed data: expected {expected}, found {found}")]
    Compression {
        /// `gzip` or `zstd`.
        format: &'static str,
        /// Where in the compressed data.
        offset: u64,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// Not a text.
    #[error("not text: at byte {offset} stands {found}")]
    Binary {
        /// Where in the text (after unpacking).
        offset: u64,
        /// What stands there, and what it looks like.
        found: String,
    },
    /// Not XML, or not the XML that was asked for.
    #[error("cannot read the XML at line {line}, byte {offset}: {cause}")]
    Xml {
        /// Counted from 1.
        line: u64,
        /// Where in the text (after unpacking).
        offset: u64,
        /// What is wrong.
        cause: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}`: {}", self.file, self.problem)?;
        match self.torn {
            Some(torn) => write!(
                out,
                "; the log that begins in line {} (byte {}, {} bytes of it are there) is left out",
                torn.line, torn.offset, torn.bytes
            ),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// What a person can do next.
    pub fn hint(&self) -> &'static str {
        match self.problem {
            Problem::Read { .. } => "read it again; what came before was delivered",
            Problem::Compression { .. } => {
                "get the file again from where it came; every complete log before this place was delivered"
            }
            Problem::Binary { .. } => {
                "only text is read, UTF-8, plain or packed once with gzip or zstd: convert the file first"
            }
            Problem::Xml { .. } => {
                "the logs before this place were delivered; mend the document there, or name its root element"
            }
        }
    }
}
