//! Compression of a file that is made in portions.

use std::io::{self, Write};

use clap::ValueEnum;
use flate2::write::GzEncoder;

/// Synthetic logs are made to be read once: the quickest level, as the original had it.
const GZIP: flate2::Compression = flate2::Compression::fast();

/// As quick, for Zstandard.
const ZSTD_LEVEL: i32 = 1;

/// How files are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compression {
    /// Not at all
    None,
    /// gzip, which the log processor reads
    Gzip,
    /// Zstandard
    Zstd,
}

impl Compression {
    /// The ending of names.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }

    /// Its name in plans and manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// A file on its way through compression.
pub enum Packer {
    None,
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(zstd::Encoder<'static, Vec<u8>>),
}

impl Packer {
    pub fn new(compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None,
            Compression::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), GZIP)),
            Compression::Zstd => Self::Zstd(zstd::Encoder::new(Vec::new(), ZSTD_LEVEL)?),
        })
    }

    /// Takes text, and moves what came of it to the end of `out`; the text is empty afterwards.
    pub fn pack(&mut self, text: &mut Vec<u8>, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::None if out.is_empty() => std::mem::swap(text, out),
            Self::None => out.append(text),
            Self::Gzip(encoder) => {
                encoder.write_all(text)?;
                out.append(encoder.get_mut());
            }
            Self::Zstd(encoder) => {
                encoder.write_all(text)?;
                out.append(encoder.get_mut());
            }
        }
        text.clear();
        Ok(())
    }

    /// Ends the file.
    pub fn finish(self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::None => {}
            Self::Gzip(encoder) => out.append(&mut encoder.finish()?),
            Self::Zstd(encoder) => out.append(&mut encoder.finish()?),
        }
        Ok(())
    }
}
