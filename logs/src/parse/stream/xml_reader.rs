//! The text as the XML reader wants it: through a buffer that counts lines and refuses to feed one log without end.

use std::io::{self, BufRead, Read};

use super::fault::Problem;
use super::raw::BUFFER;
use super::text::Text;

/// A text behind a buffer.
pub(super) struct XmlInput<R> {
    text: Text<R>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    begin: u64,
    used: u64,
    line: u64,
    /// How many bytes may be used before [`XmlInput::allow`] is called again.
    allowed: u64,
    /// What stopped it, for who can say it better than an error of input.
    pub(super) problem: Option<Problem>,
}

impl<R: Read> XmlInput<R> {
    pub(super) fn new(text: Text<R>) -> Self {
        let (begin, buffer) = (text.begin(), vec![0; BUFFER]);
        Self { text, buffer, start: 0, end: 0, begin, used: 0, line: 1, allowed: u64::MAX, problem: None }
    }

    /// Where the next byte stands in the text.
    pub(super) fn offset(&self) -> u64 {
        self.begin + self.used
    }

    /// The line of the next byte, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Lets so many bytes through from here.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.allowed = self.used + bytes as u64;
    }

    /// Whether no more bytes are let through.
    pub(super) fn is_exhausted(&self) -> bool {
        self.used > self.allowed
    }
}

impl<R: Read> Read for XmlInput<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(out.len());
        out[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for XmlInput<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.is_exhausted() {
            return Err(io::Error::other("a log is too long"));
        }
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            match self.text.read(&mut self.buffer) {
                Ok(read) => self.end = read,
                Err(problem) => {
                    self.problem = Some(problem);
                    return Err(io::Error::other("the text cannot be read on"));
                }
            }
        }
        // Not a byte more than allowed is seen, so that the place of the error does not depend on what a read brings.
        let left = usize::try_from(self.allowed.saturating_add(1) - self.used).unwrap_or(usize::MAX);
        Ok(&self.buffer[self.start..self.end.min(self.start.saturating_add(left))])
    }

    fn consume(&mut self, bytes: usize) {
        let used = &self.buffer[self.start..self.start + bytes];
        self.line += memchr::memchr_iter(b'\n', used).count() as u64;
        self.start += bytes;
        self.used += bytes as u64;
    }
}
