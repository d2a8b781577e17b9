//! The stored bytes, through a buffer that knows how many of them were used: messages about broken compression need the place.

use std::io::{ErrorKind, Read};

use super::fault::Problem;

/// Bytes asked from the reader at once when they are unpacked here: what pipes hold, and small beside the batches.
pub(super) const BUFFER: usize = 64 * 1024;

/// A reader with a buffer and a count.
pub(super) struct Raw<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    used: u64,
}

impl<R: Read> Raw<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: vec![0; BUFFER], start: 0, end: 0, used: 0 }
    }

    /// Bytes used so far, which is where the next one stands.
    pub(super) fn offset(&self) -> u64 {
        self.used
    }

    /// Takes bytes as used.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.start += bytes;
        self.used += bytes as u64;
        debug_assert!(self.start <= self.end, "only what is in the buffer can be used");
    }

    /// What lies ready; reads when nothing does. Empty at the end only.
    pub(super) fn ready(&mut self) -> Result<&[u8], Problem> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.more()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// At least this many bytes (a buffer's worth at most), or fewer at the end.
    pub(super) fn at_least(&mut self, bytes: usize) -> Result<&[u8], Problem> {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        while self.end < bytes.min(BUFFER) && self.more()? > 0 {}
        Ok(&self.buffer[..self.end])
    }

    /// The next byte, used.
    pub(super) fn byte(&mut self) -> Result<Option<u8>, Problem> {
        let byte = self.ready()?.first().copied();
        self.consume(usize::from(byte.is_some()));
        Ok(byte)
    }

    /// Copies what lies ready, or reads past the buffer; 0 at the end.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, Problem> {
        if self.start == self.end {
            let read = read(&mut self.reader, out, self.used)?;
            self.used += read as u64;
            return Ok(read);
        }
        let ready = (self.end - self.start).min(out.len());
        out[..ready].copy_from_slice(&self.buffer[self.start..self.start + ready]);
        self.consume(ready);
        Ok(ready)
    }

    fn more(&mut self) -> Result<usize, Problem> {
        let offset = self.used + (self.end - self.start) as u64;
        let read = read(&mut self.reader, &mut self.buffer[self.end..], offset)?;
        self.end += read;
        Ok(read)
    }
}

/// Reads once, and again when a signal came between.
fn read(reader: &mut impl Read, out: &mut [u8], offset: u64) -> Result<usize, Problem> {
    loop {
        match reader.read(out) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(cause) => return Err(Problem::Read { offset, cause }),
            Ok(read) => return Ok(read),
        }
    }
}
