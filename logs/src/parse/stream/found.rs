//! The places of the logs in a batch, apart from its bytes: those who cut read the one and write the other.

use super::fault::Torn;
use super::rejection::Rejection;

/// Logs in one batch at most, so that a file of empty lines does not take more memory for places than for bytes.
const LOGS: usize = 64 * 1024;

/// No header, no rejection.
const NONE: u32 = u32::MAX;

/// What was found in the bytes of a batch.
#[derive(Debug, Default)]
pub(super) struct Found {
    logs: Vec<Place>,
    headers: Vec<String>,
    rejections: Vec<Rejection>,
}

/// Where a log lies. Places in a batch fit into 32 bits: the longest log and the batch are limited to 3 GiB together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) line: u64,
    pub(super) offset: u64,
    header: u32,
    rejection: u32,
}

/// The bytes of a log in a batch, and its place in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: u64,
    pub(super) offset: u64,
}

impl Spot {
    fn place(self, header: u32, rejection: u32) -> Place {
        let Self { start, end, line, offset } = self;
        Place { start: narrow(start), end: narrow(end), line, offset, header, rejection }
    }
}

impl Found {
    /// Puts a log in.
    #[inline]
    pub(super) fn put(&mut self, spot: Spot) {
        self.logs.push(spot.place(NONE, NONE));
    }

    /// Puts a log in that may have a header.
    pub(super) fn put_with_header(&mut self, spot: Spot, header: Option<u32>) {
        self.logs.push(spot.place(header.unwrap_or(NONE), NONE));
    }

    /// Puts a log in that cannot be read.
    pub(super) fn reject(&mut self, spot: Spot, reason: Rejection) {
        self.rejections.push(reason);
        self.logs.push(spot.place(NONE, narrow(self.rejections.len() - 1)));
    }

    /// Adds a header, to which logs may refer.
    pub(super) fn add_header(&mut self, header: String) -> u32 {
        self.headers.push(header);
        narrow(self.headers.len() - 1)
    }

    /// No more logs fit.
    pub(super) fn is_full(&self) -> bool {
        self.logs.len() >= LOGS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.logs.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.logs.len()
    }

    pub(super) fn clear(&mut self) {
        self.logs.clear();
        self.headers.clear();
        self.rejections.clear();
    }

    /// Bytes of memory that it holds.
    pub(super) fn memory(&self) -> usize {
        let headers: usize = self.headers.iter().map(String::capacity).sum();
        let rejections = self.rejections.capacity() * size_of::<Rejection>();
        self.logs.capacity() * size_of::<Place>() + headers + rejections
    }

    pub(super) fn places(&self) -> std::slice::Iter<'_, Place> {
        self.logs.iter()
    }

    pub(super) fn place(&self, index: usize) -> Option<&Place> {
        self.logs.get(index)
    }

    pub(super) fn header(&self, place: &Place) -> Option<&str> {
        self.headers.get(place.header as usize).map(String::as_str)
    }

    pub(super) fn rejection(&self, place: &Place) -> Option<&Rejection> {
        self.rejections.get(place.rejection as usize)
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

impl Torn {
    /// What was cut off between two places of the text, if anything.
    pub(super) fn between(line: u64, offset: u64, end: u64) -> Option<Self> {
        (offset < end).then(|| Self { line, offset, bytes: end - offset })
    }
}
