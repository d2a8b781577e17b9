//! The text within the stored bytes: plain, or unpacked. What it is packed with is seen in its first bytes, never in its name.

use std::io::Read;

use super::fault::Problem;
use super::gzip::Gzip;
use super::raw::Raw;
use super::zstandard::Zstandard;

/// The first bytes of gzip (RFC 1952).
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The first bytes of a Zstandard frame (RFC 8878).
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The first bytes of a Zstandard frame to be skipped, which some packers put in front; the low half of the first byte is free.
const ZSTD_SKIPPED: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];

/// A reader, unpacked.
pub(super) struct Input<R> {
    raw: Raw<R>,
    form: Form,
}

enum Form {
    Unknown,
    Plain,
    Gzip(Box<Gzip>),
    Zstandard(Zstandard),
}

impl<R: Read> Input<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { raw: Raw::new(reader), form: Form::Unknown }
    }

    /// Unpacks some bytes; 0 at the end. After a problem it is not to be asked again.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, Problem> {
        loop {
            match &mut self.form {
                Form::Unknown => self.form = detect(&mut self.raw)?,
                Form::Plain => return self.raw.read(out),
                Form::Gzip(gzip) => return gzip.read(&mut self.raw, out),
                Form::Zstandard(zstandard) => return zstandard.read(&mut self.raw, out),
            }
        }
    }
}

/// Looks at no more bytes than it needs, so that slow input is not held up.
fn detect<R: Read>(raw: &mut Raw<R>) -> Result<Form, Problem> {
    let mut wanted = 1;
    loop {
        let bytes = raw.at_least(wanted)?;
        let ended = bytes.len() < wanted;
        let first = &bytes[..bytes.len().min(ZSTD.len())];
        if first.starts_with(&GZIP) {
            return Ok(Form::Gzip(Box::default()));
        }
        if first.len() == ZSTD.len() && (begins_zstd(first) == first.len()) {
            return Zstandard::new().map(Form::Zstandard);
        }
        if ended || !(begins_zstd(first) == first.len() || GZIP.starts_with(first)) {
            return Ok(Form::Plain);
        }
        wanted = bytes.len() + 1;
    }
}

/// How many of the bytes are the beginning of a Zstandard frame.
fn begins_zstd(bytes: &[u8]) -> usize {
    let skipped = |place: usize, byte: u8| if place == 0 { byte & 0xf0 == 0x50 } else { byte == ZSTD_SKIPPED[place] };
    let count =
        |fits: &dyn Fn(usize, u8) -> bool| bytes.iter().enumerate().take_while(|(at, byte)| fits(*at, **byte)).count();
    count(&|place, byte| byte == ZSTD[place]).max(count(&skipped))
}
