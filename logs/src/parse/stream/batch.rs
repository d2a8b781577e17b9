//! Logs that travel together from the thread that cuts to one that parses: one buffer, and where each log lies in it.
//!
//! Whether a log is UTF-8 is checked where it is parsed, over the whole buffer at once: the thread that cuts has no time for it.

use std::borrow::Cow;
use std::sync::Arc;

use super::found::{Found, Place};
use super::rejection::Rejection;
use super::window::{After, Window};

/// A buffer is kept for the next batch up to this many times the usual size; after a very long log it is given back.
const KEPT: usize = 4;

/// Logs of one file, in order. Made empty with `default()`, filled by [`LogStream::next_batch`](super::LogStream::next_batch),
/// and given back to it when its logs were read: the memory is used again.
#[derive(Debug, Default)]
pub struct Batch {
    file: Option<Arc<str>>,
    bytes: Vec<u8>,
    filled: usize,
    base: u64,
    found: Found,
}

/// One log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log<'b> {
    /// The line of its first byte, counted from 1.
    pub line: u64,
    /// Where its first byte stands in the text (after unpacking). A message within an envelope has its envelope's place.
    pub offset: u64,
    /// Its text, or why there is none.
    pub text: Result<&'b str, Rejected<'b>>,
    /// JSON for the column `p_header`: an object of `accountId`, `logGroup`, `subscriptionFilters`, those that the envelope has.
    pub header: Option<&'b str>,
}

/// A log that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected<'b> {
    /// Its bytes; empty when it was too long to be kept.
    pub bytes: &'b [u8],
    /// Why.
    pub reason: Cow<'b, Rejection>,
}

impl Batch {
    /// The file, as the caller of the stream named it.
    pub fn file(&self) -> &str {
        self.file.as_deref().unwrap_or_default()
    }

    /// How many logs it holds, with the rejected ones.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Bytes of the text that its logs came from, with what lies between them.
    pub fn bytes(&self) -> usize {
        self.filled
    }

    /// Bytes of memory that it holds.
    pub fn memory(&self) -> usize {
        self.bytes.capacity() + self.found.memory()
    }

    /// Its logs, in order.
    pub fn logs(&self) -> impl Iterator<Item = Log<'_>> {
        let bytes = &self.bytes[..self.filled];
        let whole = std::str::from_utf8(bytes).ok();
        self.found.places().map(move |place| self.log(place, bytes, whole))
    }

    /// The log at a place in the order.
    pub(super) fn log_at(&self, index: usize) -> Option<Log<'_>> {
        self.found.place(index).map(|place| self.log(place, &self.bytes[..self.filled], None))
    }

    fn log<'b>(&'b self, place: &Place, bytes: &'b [u8], whole: Option<&'b str>) -> Log<'b> {
        let range = place.start as usize..place.end as usize;
        let header = self.found.header(place);
        let text = match (self.found.rejection(place), whole.and_then(|text| text.get(range.clone()))) {
            (Some(reason), _) => Err(Rejected { bytes: &bytes[range], reason: Cow::Borrowed(reason) }),
            (None, Some(text)) => Ok(text),
            (None, None) => read(&bytes[range], place.offset),
        };
        Log { line: place.line, offset: place.offset, text, header }
    }
}

fn read(bytes: &[u8], offset: u64) -> Result<&str, Rejected<'_>> {
    std::str::from_utf8(bytes)
        .map_err(|fault| Rejected { bytes, reason: Cow::Owned(Rejection::of_bytes(bytes, offset, fault)) })
}

/// Where logs are put by those who cut.
impl Batch {
    /// Empties it and takes over the bytes that the last batch left.
    pub(super) fn begin(&mut self, file: &Arc<str>, size: usize, base: u64, carried: &[u8]) {
        self.file = Some(Arc::clone(file));
        self.found.clear();
        let wanted = size.max(carried.len());
        if self.bytes.capacity() > KEPT * wanted {
            self.bytes = Vec::new();
        }
        self.bytes.truncate(KEPT * wanted);
        self.reserve(wanted);
        self.bytes[..carried.len()].copy_from_slice(carried);
        (self.filled, self.base) = (carried.len(), base);
    }

    /// What the cutters see, and where they put what they find.
    pub(super) fn parts(&mut self, after: After) -> (Window<'_>, &mut Found) {
        let window = Window { bytes: &self.bytes[..self.filled], base: self.base, after };
        (window, &mut self.found)
    }

    /// What was found so far.
    pub(super) fn found(&mut self) -> &mut Found {
        &mut self.found
    }

    /// Room for reading, and how to say how much of it was used.
    pub(super) fn room(&mut self) -> &mut [u8] {
        &mut self.bytes[self.filled..]
    }

    pub(super) fn take(&mut self, read: usize) {
        self.filled += read;
    }

    /// Forgets bytes in front that no log of this batch lies in.
    pub(super) fn discard(&mut self, before: u64) {
        debug_assert!(self.found.is_empty(), "the places of logs would move");
        let gone = usize::try_from(before - self.base).unwrap_or(usize::MAX).min(self.filled);
        self.bytes.copy_within(gone..self.filled, 0);
        self.filled -= gone;
        self.base = before;
    }

    /// Grows by so many bytes, when there is no room.
    pub(super) fn grow(&mut self, by: usize) {
        if self.filled == self.bytes.len() {
            self.reserve(self.filled + by);
        }
    }

    fn reserve(&mut self, length: usize) {
        if self.bytes.len() < length {
            if self.bytes.capacity() < length {
                // Half as much again rather than twice: one long log should not take twice its length.
                let more = (length - self.bytes.len()).max(self.bytes.len() / 2);
                self.bytes.reserve_exact(more);
            }
            self.bytes.resize(length, 0);
        }
    }

    /// Moves the bytes from `keep` on into `carried`: they belong to the next batch.
    pub(super) fn leave(&mut self, keep: u64, carried: &mut Vec<u8>) {
        let keep = usize::try_from(keep - self.base).unwrap_or(usize::MAX).min(self.filled);
        carried.clear();
        carried.extend_from_slice(&self.bytes[keep..self.filled]);
        self.filled = keep;
    }

    /// Adds bytes at the end that do not come from a reader; says where they begin.
    pub(super) fn append(&mut self, bytes: &[u8]) -> usize {
        let (begin, end) = (self.filled, self.filled + bytes.len());
        self.reserve(end);
        self.bytes[begin..end].copy_from_slice(bytes);
        self.filled = end;
        begin
    }
}
