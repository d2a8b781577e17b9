//! What the cutters see of a text: the bytes in memory, where they stand, and whether more will come.

/// Bytes of a text that are in memory.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) bytes: &'a [u8],
    /// Where the first of them stands in the text.
    pub(super) base: u64,
    pub(super) after: After,
}

/// What comes after a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Maybe more.
    More,
    /// Nothing: the text is complete.
    Nothing,
    /// Nothing that could be read: what is not complete is not a log.
    Fault,
}

impl Window<'_> {
    /// Where the text after the window stands.
    pub(super) fn end(&self) -> u64 {
        self.base + self.bytes.len() as u64
    }

    /// The place in `bytes` of a place in the text, which must not lie before the window.
    pub(super) fn index(&self, at: u64) -> usize {
        usize::try_from(at - self.base).unwrap_or(usize::MAX).min(self.bytes.len())
    }
}

/// How far a cutter came.
pub(super) struct Cut {
    /// The first byte that it must see again; all before it are done with.
    pub(super) keep: u64,
    /// Whether it stopped because the batch was full: the same window may hold more logs.
    pub(super) full: bool,
}

/// Counts lines as the text goes by.
pub(super) struct LineCount {
    line: u64,
    counted: u64,
}

impl LineCount {
    /// For a text whose first byte stands at `begin`.
    pub(super) fn from(begin: u64) -> Self {
        Self { line: 1, counted: begin }
    }

    /// The line of a place in the window, at or after the last one that was asked for; an earlier one changes nothing.
    pub(super) fn at(&mut self, window: &Window<'_>, at: u64) -> u64 {
        if at <= self.counted {
            return self.line;
        }
        let (from, to) = (window.index(self.counted), window.index(at));
        self.line += memchr::memchr_iter(b'\n', &window.bytes[from..to]).count() as u64;
        self.counted = at;
        self.line
    }
}
