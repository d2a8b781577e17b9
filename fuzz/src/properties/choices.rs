//! The bytes of an input that choose.

/// An input, read from its beginning; when it has ended, every choice is the first.
pub struct Choices<'d> {
    rest: &'d [u8],
}

impl<'d> Choices<'d> {
    pub const fn new(data: &'d [u8]) -> Self {
        Self { rest: data }
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        *first
    }

    /// A number below `count`, which is at most 256.
    pub fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    /// What was not read.
    pub const fn rest(self) -> &'d [u8] {
        self.rest
    }

    /// What was not read, as text: bytes that are none are replaced.
    pub fn text(self) -> String {
        String::from_utf8_lossy(self.rest).into_owned()
    }
}
