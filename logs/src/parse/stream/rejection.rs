//! Why one log cannot be read, while the next one can.

use super::scanner::Misfit;

/// What is wrong with one log. Offsets are of the text (after unpacking).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Not UTF-8.
    #[error("invalid UTF-8 at byte {offset}: {found}")]
    Utf8 {
        /// The first byte that does not fit.
        offset: u64,
        /// The bytes there, in hex.
        found: String,
    },
    /// Longer than the limit.
    #[error("the log has {bytes} bytes, the limit is {limit}")]
    TooLong {
        /// Its length, with a `\r` before the end of the line.
        bytes: u64,
        /// The limit in force.
        limit: u64,
    },
    /// Not JSON, as far as its borders show.
    #[error("invalid JSON at line {line}, byte {offset}: {misfit}")]
    Json {
        /// Counted from 1.
        line: u64,
        /// Where the fault is.
        offset: u64,
        /// What does not fit there.
        misfit: Misfit,
    },
    /// The text ended within a value.
    #[error("the JSON value that begins here is not closed before the end of the text")]
    Unfinished,
    /// The path to the array names a key that an object does not have.
    #[error("there is no key `{key}` in the document, but it is part of the path to the array")]
    KeyNotFound {
        /// The key.
        key: String,
    },
    /// The path to the array names something that is no index where the document has an array.
    #[error("the document has an array where the path says `{index}`, which is not an index")]
    NotAnIndex {
        /// The part of the path.
        index: String,
    },
    /// The path to the array has an index beyond the array's end.
    #[error("index {index} is beyond the end of the array, which has {length} elements")]
    OutOfBounds {
        /// The index.
        index: u64,
        /// What the array has.
        length: u64,
    },
    /// The path to the array goes on, or ends, at something that has no elements.
    #[error("expected {expected}, found {found}: the path does not lead to an array")]
    CannotEnter {
        /// What the path needs here.
        expected: &'static str,
        /// What is here: `a string`, `a number`, `a boolean`, `null`, `an object`.
        found: &'static str,
    },
    /// Not a CloudWatch Logs envelope.
    #[error("not a CloudWatch Logs envelope: {cause}")]
    Envelope {
        /// What is missing or wrong.
        cause: String,
    },
    /// Elements within elements without end.
    #[error("elements are nested deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
}

impl Rejection {
    /// What is wrong with bytes that are not UTF-8 and begin at `start`.
    pub(super) fn of_bytes(bytes: &[u8], start: u64, fault: std::str::Utf8Error) -> Self {
        let at = fault.valid_up_to();
        let end = fault.error_len().map_or(bytes.len(), |length| at + length);
        let found: Vec<String> = bytes[at..end].iter().map(|byte| format!("{byte:02x}")).collect();
        Self::Utf8 { offset: start + at as u64, found: found.join(" ") }
    }
}
