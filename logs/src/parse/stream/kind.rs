//! What a stream consists of, and how much of it is held at once.

/// Bytes of logs in one batch: enough that handing it to another thread costs nothing beside parsing it, little enough that
/// it and its events, up to five times as long, stay in the cache of a core until they are written.
pub const BATCH: usize = 256 << 10;

/// The longest log by default: far above what any service writes (CloudTrail: 256 KB, CloudWatch: 1 MB), and still held in memory.
pub const LONGEST_LOG: usize = 256 << 20;

/// What [`Options::longest_log`] can be at most: places in a batch are 32-bit numbers.
pub const LONGEST_LOG_CEILING: usize = 2 << 30;

/// How a stream is cut into logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Decided once, from the first 64 KiB of the text, in this order (blank lines before it do not count):
    ///
    /// 1. It begins with `[`, then `{`, then `"` or `}`, with white space between them or not: as [`Kind::Json`]. So one JSON
    ///    array of objects is split into its elements, in one line or in many.
    /// 2. Its first line is the proper beginning of a JSON object or array that the line does not complete (`{`, `[`,
    ///    `{"a": [1,`), and the line ends within the first 64 KiB: as [`Kind::Json`]. So pretty-printed documents are read. Not
    ///    so where the next line does not go on with it and is a JSON object by itself: that is a torn line.
    /// 3. Otherwise as [`Kind::Lines`]: a line is one log, also a line that holds `{"Records":[..]}`. Whether that is one log or
    ///    many depends on the log types in question: see [`split_records`](super::split_records).
    ///
    /// The one difference to [`Kind::Json`] in 1 and 2: a line between two documents that begins with neither `{` nor `[` is
    /// a log, not a rejection.
    #[default]
    Auto,
    /// Each line is a log, ended by `\n` or `\r\n`; empty lines are delivered as empty logs, the end of the last line needs no `\n`.
    Lines,
    /// JSON objects one after another, each over any number of lines, with or without white space between them. An array whose
    /// first element is an object is split into its elements, an empty array is nothing; any other array is one log.
    Json,
    /// Each document's array, each element of which is a log, of whatever type. A null instead of the array is an empty one.
    JsonArray {
        /// Keys of objects, and indexes (decimal, from 0) of arrays, that lead from the document to the array; empty when
        /// the document is the array.
        path: Vec<String>,
    },
    /// CloudTrail's files: as [`Kind::JsonArray`] with the path `Records`.
    CloudTrail,
    /// What a CloudWatch Logs subscription delivers: envelopes, each message in which is a log. Control messages are left out.
    CloudWatchLogs {
        /// Keeps account, log group and subscription filters for the column `p_header`: see [`Log::header`](super::Log::header).
        retain_envelope_fields: bool,
    },
    /// XML: each child of the root is a log, written as a JSON object; the mapping stands in `xml_log`.
    Xml {
        /// Name of the element that encloses the logs; `None` when nothing does, and each outermost element is a log.
        root: Option<String>,
    },
}

/// How a stream is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// How it is cut.
    pub kind: Kind,
    /// Bytes of the longest log that is accepted; a longer one is rejected, and the next one read. At most 2 GiB.
    pub longest_log: usize,
    /// Bytes of logs from which on a batch is full, at least 1.
    pub batch: usize,
    /// Hands a batch out as soon as it holds a log and the input has nothing more at hand, for input that grows slowly.
    pub live: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { kind: Kind::Auto, longest_log: LONGEST_LOG, batch: BATCH, live: false }
    }
}

impl Options {
    /// The defaults, for a kind.
    pub fn of(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// The same, with sizes that can be worked with.
    pub(super) fn within_limits(mut self) -> Self {
        self.longest_log = self.longest_log.clamp(1, LONGEST_LOG_CEILING);
        self.batch = self.batch.clamp(1, LONGEST_LOG_CEILING / 2);
        self
    }
}
