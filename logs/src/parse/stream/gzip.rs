//! gzip (RFC 1952): any number of members, each checked, as Go's reader takes them.
//!
//! Go's rules, which senders have relied on: members follow each other without a gap; after a member comes another one or the end,
//! anything else (also padding of zeros) is an error, reported after the members before it were delivered. The member's own
//! layout is read here rather than by a reader of flate2, because that one drops what a damaged block had already yielded.

use std::io::Read;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::fault::Problem;
use super::input::GZIP;
use super::raw::Raw;

/// The number of the one method that is in use (deflate).
const DEFLATE: u8 = 8;
/// Flags of a member's header.
const HEADER_CRC: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;

/// Where in a member the reader stands.
#[derive(Clone, Copy)]
enum Part {
    Header,
    Body,
    Trailer,
}

/// A reader of gzip.
pub(super) struct Gzip {
    part: Part,
    inflate: Decompress,
    crc: Crc,
    member: u64,
    pending: Option<Problem>,
}

impl Default for Gzip {
    fn default() -> Self {
        Self { part: Part::Header, inflate: Decompress::new(false), crc: Crc::new(), member: 0, pending: None }
    }
}

impl Gzip {
    /// Unpacks some bytes; 0 at the end.
    pub(super) fn read<R: Read>(&mut self, raw: &mut Raw<R>, out: &mut [u8]) -> Result<usize, Problem> {
        loop {
            if let Some(problem) = self.pending.take() {
                return Err(problem);
            }
            match self.part {
                Part::Header => {
                    if !self.header(raw)? {
                        return Ok(0);
                    }
                }
                Part::Body => match self.body(raw, out)? {
                    0 => {}
                    unpacked => return Ok(unpacked),
                },
                Part::Trailer => self.trailer(raw)?,
            }
        }
    }

    /// Whether another member begins.
    fn header<R: Read>(&mut self, raw: &mut Raw<R>) -> Result<bool, Problem> {
        let at = raw.offset();
        let first = raw.at_least(3)?;
        if first.is_empty() && self.member > 0 {
            return Ok(false);
        }
        if !first.starts_with(&GZIP) {
            let found = hex(&first[..first.len().min(3)]);
            return Err(broken(at, "another gzip member (1f 8b 08) or the end", found));
        }
        if first.get(2).is_some_and(|method| *method != DEFLATE) {
            return Err(broken(at + 2, "method 8 (deflate)", format!("method {}", first[2])));
        }
        self.fields(raw)?;
        (self.part, self.crc) = (Part::Body, Crc::new());
        self.inflate.reset(false);
        self.member += 1;
        Ok(true)
    }

    /// The header: ten bytes, and what its flags announce.
    fn fields<R: Read>(&mut self, raw: &mut Raw<R>) -> Result<(), Problem> {
        let mut crc = Crc::new();
        let fixed: [u8; 10] = bytes(raw, &mut crc, "the header of a member")?;
        let flags = fixed[3];
        if flags & EXTRA != 0 {
            let length: [u8; 2] = bytes(raw, &mut crc, "the length of the extra field")?;
            for _ in 0..u16::from_le_bytes(length) {
                bytes::<1, _>(raw, &mut crc, "the rest of the extra field")?;
            }
        }
        for _ in 0..(flags & NAME).count_ones() + (flags & COMMENT).count_ones() {
            while bytes::<1, _>(raw, &mut crc, "the end (NUL) of a name or comment")? != [0] {}
        }
        if flags & HEADER_CRC != 0 {
            let (at, is) = (raw.offset(), crc.sum() & 0xffff);
            let wanted = u32::from(u16::from_le_bytes(bytes(raw, &mut crc, "the checksum of the header")?));
            if wanted != is {
                return Err(broken(
                    at,
                    "the checksum of the header",
                    format!("{wanted:04x} over a header of {is:04x}"),
                ));
            }
        }
        Ok(())
    }

    fn body<R: Read>(&mut self, raw: &mut Raw<R>, out: &mut [u8]) -> Result<usize, Problem> {
        let at = raw.offset();
        let ready = raw.ready()?;
        let ended = ready.is_empty();
        let (in_before, out_before) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(ready, out, FlushDecompress::None);
        let used = usize::try_from(self.inflate.total_in() - in_before).unwrap_or_default();
        let unpacked = usize::try_from(self.inflate.total_out() - out_before).unwrap_or_default();
        raw.consume(used);
        self.crc.update(&out[..unpacked]);
        match status {
            Ok(Status::StreamEnd) => self.part = Part::Trailer,
            Err(error) => {
                let found = error.message().unwrap_or("damaged data").to_owned();
                self.pending = Some(broken(at + used as u64, "deflate data", found));
            }
            Ok(_) if ended && unpacked == 0 => {
                return Err(broken(at, "more data of the member", "the end".to_owned()));
            }
            Ok(_) => {}
        }
        Ok(unpacked)
    }

    /// Checksum and length of what the member held.
    fn trailer<R: Read>(&mut self, raw: &mut Raw<R>) -> Result<(), Problem> {
        let at = raw.offset();
        let mut unused = Crc::new();
        let sum = u32::from_le_bytes(bytes(raw, &mut unused, "the checksum of the member")?);
        let length = u32::from_le_bytes(bytes(raw, &mut unused, "the length of the member")?);
        if sum != self.crc.sum() {
            let found = format!("{sum:08x} over data of {:08x}", self.crc.sum());
            return Err(broken(at, "the checksum of the member's data", found));
        }
        if length != self.crc.amount() {
            let found = format!("{length} after {} bytes", self.crc.amount());
            return Err(broken(at + 4, "the length of the member's data", found));
        }
        self.part = Part::Header;
        Ok(())
    }
}

/// The next bytes, all of them.
fn bytes<const N: usize, R: Read>(raw: &mut Raw<R>, crc: &mut Crc, what: &'static str) -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    for byte in &mut bytes {
        *byte = raw.byte()?.ok_or_else(|| broken(raw.offset(), what, "the end".to_owned()))?;
    }
    crc.update(&bytes);
    Ok(bytes)
}

fn broken(offset: u64, expected: &'static str, found: String) -> Problem {
    Problem::Compression { format: "gzip", offset, expected, found }
}

fn hex(bytes: &[u8]) -> String {
    match bytes {
        [] => "the end".to_owned(),
        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
    }
}
