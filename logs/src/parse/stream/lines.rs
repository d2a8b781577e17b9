//! Lines: each ends with `\n`, before which one `\r` is dropped. The fastest cutter, for what most logs are.

use super::fault::Torn;
use super::found::{Found, Spot};
use super::rejection::Rejection;
use super::window::{After, Cut, Window};

/// Cuts at line ends.
pub(super) struct Lines {
    /// Where the line in progress begins.
    start: u64,
    /// Up to where no line end was found.
    searched: u64,
    line: u64,
    limit: u64,
    /// The line in progress is too long: its bytes are dropped as they come.
    dropping: bool,
}

impl Lines {
    /// For a text whose first byte stands at `begin`.
    pub(super) fn new(begin: u64, longest: usize) -> Self {
        Self { start: begin, searched: begin, line: 1, limit: longest as u64, dropping: false }
    }

    /// Finds the lines of a window.
    pub(super) fn cut(&mut self, window: &Window<'_>, found: &mut Found) -> Cut {
        let from = window.index(self.searched);
        for at in memchr::memchr_iter(b'\n', &window.bytes[from..]) {
            if found.is_full() {
                return Cut { keep: self.start.max(window.base), full: true };
            }
            self.finish(window, from + at, true, found);
        }
        self.searched = window.end();
        // A line may have a `\r` above the limit, which is not part of the log.
        self.dropping |= window.end() - self.start > self.limit + 1;
        if window.after == After::Nothing && self.start < window.end() {
            self.finish(window, window.bytes.len(), false, found);
        }
        Cut { keep: if self.dropping { window.end() } else { self.start }, full: false }
    }

    /// Ends the line in progress; `end` is the place of its `\n`, or of the text's end.
    #[inline]
    fn finish(&mut self, window: &Window<'_>, end: usize, has_line_end: bool, found: &mut Found) {
        let (offset, line, bytes) = (self.start, self.line, window.base + end as u64 - self.start);
        let start = if self.dropping { end } else { window.index(offset) };
        let drop = usize::from(has_line_end && end > start && window.bytes[end - 1] == b'\r');
        if self.dropping || bytes - drop as u64 > self.limit {
            let spot = Spot { start: end, end, line, offset };
            found.reject(spot, Rejection::TooLong { bytes, limit: self.limit });
        } else {
            found.put(Spot { start, end: end - drop, line, offset });
        }
        self.dropping = false;
        self.start = window.base + end as u64 + u64::from(has_line_end);
        self.searched = self.start;
        self.line += 1;
    }

    /// The line that a fault cut off.
    pub(super) fn torn(&self, end: u64) -> Option<Torn> {
        Torn::between(self.line, self.start, end)
    }
}
