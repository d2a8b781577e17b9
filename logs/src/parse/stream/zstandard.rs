//! Zstandard (RFC 8878): any number of frames, those to be skipped among them.
//!
//! A frame whose window is above 128 MiB is refused by the decoder, which keeps memory bounded; packers make such ones only when told to.

use std::io::Read;

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

use super::fault::Problem;
use super::raw::{BUFFER, Raw};

/// What the decoder wants to see of a new frame first: the magic number and a byte more.
const FIRST_STEP: usize = 5;

/// The header of a block. The decoder asks for a block together with the header of the next one; when that is damaged, it
/// would keep the block to itself.
const BLOCK_HEADER: usize = 3;

/// A reader of Zstandard.
pub(super) struct Zstandard {
    decoder: Decoder<'static>,
    /// How many bytes the decoder wants next; 0 between frames.
    wanted: usize,
}

impl Zstandard {
    pub(super) fn new() -> Result<Self, Problem> {
        let decoder = Decoder::new().map_err(|cause| Problem::Read { offset: 0, cause })?;
        Ok(Self { decoder, wanted: 0 })
    }

    /// Unpacks some bytes; 0 at the end.
    ///
    /// The decoder is fed one block at a time, without the header of the next: so that a damaged block costs none of those
    /// before it.
    pub(super) fn read<R: Read>(&mut self, raw: &mut Raw<R>, out: &mut [u8]) -> Result<usize, Problem> {
        loop {
            let at = raw.offset();
            let ready = raw.ready()?;
            let ended = ready.is_empty();
            if ended && self.wanted == 0 {
                return Ok(0);
            }
            let step = match self.wanted {
                0 => FIRST_STEP,
                header @ 1..=BLOCK_HEADER => header,
                block => block - BLOCK_HEADER,
            };
            let mut input = InBuffer::around(&ready[..ready.len().min(step).min(BUFFER)]);
            let mut output = OutBuffer::around(&mut *out);
            let hint = self.decoder.run(&mut input, &mut output).map_err(|error| broken(at, self.wanted, &error))?;
            let (used, unpacked) = (input.pos(), output.pos());
            raw.consume(used);
            self.wanted = hint;
            match unpacked {
                0 if ended && hint > 0 => return Err(cut_off(at)),
                0 => {}
                _ => return Ok(unpacked),
            }
        }
    }
}

fn broken(offset: u64, wanted: usize, error: &std::io::Error) -> Problem {
    let expected = if wanted == 0 { "another zstd frame or the end" } else { "data of the frame" };
    Problem::Compression { format: "zstd", offset, expected, found: error.to_string().to_lowercase() }
}

fn cut_off(offset: u64) -> Problem {
    Problem::Compression { format: "zstd", offset, expected: "more data of the frame", found: "the end".to_owned() }
}
