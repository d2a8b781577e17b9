//! Gzip, one member after the other.
//!
//! A compressor holds some 300 KiB of state. With one for each of hundreds of hours, memory would go to these instead of events; so
//! one serves all, and an object is a series of members (RFC 1952, 2.2), which every reader of gzip reads as one text.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// The head of a member: deflate, no name, no time, an unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Room for compressed bytes that is made at once.
const ROOM: usize = 16 << 10;

/// Makes gzip members.
#[derive(Debug)]
pub(super) struct Packer {
    deflate: Compress,
}

impl Packer {
    pub(super) fn new() -> Self {
        Self { deflate: Compress::new(Compression::default(), false) }
    }

    /// Appends a text as one member.
    pub(super) fn member(&mut self, text: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(&HEAD);
        self.deflate.reset();
        let mut read = 0;
        loop {
            out.reserve(ROOM);
            let status = self.deflate.compress_vec(&text[read..], out, FlushCompress::Finish);
            read = usize::try_from(self.deflate.total_in()).unwrap_or(usize::MAX);
            if matches!(status.expect("a fresh compressor takes any bytes"), Status::StreamEnd) {
                break;
            }
        }
        let mut sum = Crc::new();
        sum.update(text);
        out.extend_from_slice(&sum.sum().to_le_bytes());
        // The length modulo 2^32, as the format has it.
        out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn members_are_one_text_to_a_reader() {
        let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(200_000).collect();
        let texts: [&[u8]; 4] = [b"", b"one line\n", &[b'x'; 300_000], &noise];
        let (mut packer, mut packed) = (Packer::new(), Vec::new());
        texts.iter().for_each(|text| packer.member(text, &mut packed));
        let mut read = Vec::new();
        flate2::read::MultiGzDecoder::new(&packed[..]).read_to_end(&mut read).expect("gzip");
        assert_eq!(read, texts.concat());
    }
}
