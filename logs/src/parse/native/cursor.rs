//! A place in a line: the few steps that hand-written readers are made of.

use memchr::memchr;

/// Reads a text from left to right. A step that fails leaves the place as it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'l> {
    rest: &'l str,
}

impl<'l> Cursor<'l> {
    pub(super) const fn new(text: &'l str) -> Self {
        Self { rest: text }
    }

    /// What has not been read yet.
    pub(super) const fn rest(&self) -> &'l str {
        self.rest
    }

    /// The next byte, left in place.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    /// The next byte, which must be ASCII.
    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = self.peek().filter(u8::is_ascii)?;
        self.rest = &self.rest[1..];
        Some(byte)
    }

    /// Exactly this ASCII byte.
    pub(super) fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte) && byte.is_ascii()).then(|| self.rest = &self.rest[1..])
    }

    /// Exactly this text.
    pub(super) fn eat_text(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    /// The end of the text.
    pub(super) fn end(&self) -> Option<()> {
        self.rest.is_empty().then_some(())
    }

    /// Blanks, any number of them.
    pub(super) fn blanks(&mut self) {
        self.while_byte(|byte| byte == b' ');
    }

    /// The text before the next such ASCII byte, which is read, too.
    pub(super) fn until(&mut self, byte: u8) -> Option<&'l str> {
        let end = memchr(byte, self.rest.as_bytes()).filter(|_| byte.is_ascii())?;
        let before = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        Some(before)
    }

    /// All bytes that the test passes; it must treat bytes beyond ASCII alike.
    pub(super) fn while_byte(&mut self, test: impl Fn(u8) -> bool) -> &'l str {
        let end = self.rest.bytes().position(|byte| !test(byte)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// A run of bytes that are no white space; not empty.
    pub(super) fn word(&mut self) -> Option<&'l str> {
        let word = self.while_byte(|byte| !white(byte));
        (!word.is_empty()).then_some(word)
    }

    /// White space of at least one byte.
    pub(super) fn gap(&mut self) -> Option<()> {
        (!self.while_byte(white).is_empty()).then_some(())
    }

    /// A number of so many digits, at most nine; a further digit may follow.
    pub(super) fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let digits = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if digits < least {
            return None;
        }
        let (text, rest) = self.rest.split_at(digits);
        self.rest = rest;
        Some(text.bytes().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    }

    /// The text in brackets: `[text]`.
    pub(super) fn bracketed(&mut self) -> Option<&'l str> {
        let mut inside = Self { rest: self.rest.strip_prefix('[')? };
        let text = inside.until(b']')?;
        *self = inside;
        Some(text)
    }
}

/// White space as access logs and syslog know it.
pub(super) const fn white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}
