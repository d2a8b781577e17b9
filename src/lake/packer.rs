//! Gzip, one member for each object, made of texts that come one after the other.
//!
//! A compressor holds some 300 KiB of state. With one for each of hundreds of hours, memory would go to these instead of events; so
//! one serves all: a text becomes deflate blocks of its own that end with a whole byte and refer to nothing before them, and a member
//! is its head, such blocks, and its end (RFC 1951 and 1952). Readers that stop after the first member read everything.

use flate2::{Compress, Compression, Crc, FlushCompress};

/// The head of a member: deflate, no name, no time, an unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// An empty deflate block that is marked as the last.
const LAST_BLOCK: [u8; 2] = [3, 0];

/// Room for compressed bytes that is made at once.
const ROOM: usize = 16 << 10;

/// A gzip member that grows.
#[derive(Debug, Default)]
pub(super) struct Member {
    packed: Vec<u8>,
    /// Of all texts: their checksum, and their length modulo 2^32 as the format has it.
    sum: Crc,
}

impl Member {
    /// Bytes so far.
    pub(super) const fn len(&self) -> usize {
        self.packed.len()
    }

    /// Bytes of memory.
    pub(super) const fn memory(&self) -> usize {
        self.packed.capacity()
    }

    /// The whole member; at least one text was packed.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.packed.extend_from_slice(&LAST_BLOCK);
        self.packed.extend_from_slice(&self.sum.sum().to_le_bytes());
        self.packed.extend_from_slice(&self.sum.amount().to_le_bytes());
        self.packed
    }
}

/// Packs texts into members.
#[derive(Debug)]
pub(super) struct Packer {
    deflate: Compress,
}

impl Packer {
    pub(super) fn new() -> Self {
        Self { deflate: Compress::new(Compression::default(), false) }
    }

    /// Appends a text to a member.
    pub(super) fn pack(&mut self, text: &[u8], member: &mut Member) {
        let out = &mut member.packed;
        if out.is_empty() {
            out.extend_from_slice(&HEAD);
        }
        self.deflate.reset();
        let mut read = 0;
        loop {
            out.reserve(ROOM);
            let status = self.deflate.compress_vec(&text[read..], out, FlushCompress::Sync);
            status.expect("a fresh compressor takes any bytes");
            read = usize::try_from(self.deflate.total_in()).unwrap_or(usize::MAX);
            // Room that is left shows that nothing is held back.
            if read == text.len() && out.len() < out.capacity() {
                break;
            }
        }
        member.sum.update(text);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn texts_are_one_member_to_a_reader() {
        let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(200_000).collect();
        let texts: [&[u8]; 4] = [b"one line\n", b"", &[b'x'; 300_000], &noise];
        let (mut packer, mut member) = (Packer::new(), Member::default());
        texts.iter().for_each(|text| packer.pack(text, &mut member));
        let (packed, mut read) = (member.finish(), Vec::new());
        // This reader takes the first member alone, and holds it against its checksum and length.
        let mut reader = flate2::bufread::GzDecoder::new(&packed[..]);
        reader.read_to_end(&mut read).expect("gzip");
        assert_eq!(read, texts.concat());
        assert!(reader.into_inner().is_empty(), "nothing stands behind it");
    }

    #[test]
    fn whatever_room_is_left_a_text_is_packed_as_a_whole() {
        let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(3 * ROOM).collect();
        for length in (ROOM - 600..ROOM + 50).step_by(7) {
            let (mut packer, mut member) = (Packer::new(), Member::default());
            packer.pack(&noise[..length], &mut member);
            packer.pack(b"the last\n", &mut member);
            let (packed, mut read) = (member.finish(), Vec::new());
            flate2::bufread::GzDecoder::new(&packed[..]).read_to_end(&mut read).expect("gzip");
            assert_eq!(read, [&noise[..length], b"the last\n"].concat(), "{length}");
        }
    }
}
