//! gzip and Zstandard on the way to the output.
//!
//! For the tools that write rows; which of them compress decides each by [`Tool::encode`](crate::app::Tool::encode).
//! Each flush ends a block, so that what was handed over before a crash can be read back.

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use flate2::write::GzEncoder;

use super::output::{Encode, Encoder};

/// Lists repeat themselves: more effort makes them hardly smaller, and slower than S3 lists.
const GZIP_LEVEL: u32 = 3;

/// Zstandard's own default.
const ZSTD_LEVEL: i32 = 3;

/// How rows are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compression {
    /// Not at all
    None,
    /// gzip, which `s3queue --from-file` reads
    Gzip,
    /// Zstandard: smaller and faster
    Zstd,
}

impl Compression {
    /// What the name of a file asks for.
    #[must_use]
    pub fn of_name(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Self::Gzip,
            Some("zst") => Self::Zstd,
            _ => Self::None,
        }
    }

    /// Its name in plans and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// What makes its encoder.
    #[must_use]
    pub fn encode(self) -> Option<Encode> {
        match self {
            Self::None => None,
            Self::Gzip => {
                Some(|output| Ok(Box::new(Gzip(GzEncoder::new(output, flate2::Compression::new(GZIP_LEVEL))))))
            }
            Self::Zstd => Some(|output| Ok(Box::new(Zstd(zstd::Encoder::new(output, ZSTD_LEVEL)?)))),
        }
    }
}

struct Gzip(GzEncoder<Box<dyn Write + Send>>);

impl Write for Gzip {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Encoder for Gzip {
    fn finish(&mut self) -> io::Result<()> {
        self.0.try_finish()?;
        self.0.get_mut().flush()
    }
}

struct Zstd(zstd::Encoder<'static, Box<dyn Write + Send>>);

impl Write for Zstd {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Encoder for Zstd {
    fn finish(&mut self) -> io::Result<()> {
        self.0.do_finish()?;
        self.0.get_mut().flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn unpacked(method: Compression, bytes: &[u8]) -> String {
        let mut text = Vec::new();
        // A block that was flushed can be read even where the end is missing; what follows is then an error.
        let _ = match method {
            Compression::Gzip => flate2::read::GzDecoder::new(bytes).read_to_end(&mut text),
            _ => zstd::Decoder::new(bytes).expect("a frame").read_to_end(&mut text),
        };
        String::from_utf8(text).expect("text")
    }

    #[test]
    fn what_was_flushed_can_be_read_and_the_end_too() {
        for method in [Compression::Gzip, Compression::Zstd] {
            let output = Shared::default();
            let mut encoder = method.encode().expect("an encoder")(Box::new(output.clone())).expect("begun");
            encoder.write_all(b"first\n").and_then(|()| encoder.flush()).expect("written");
            let cut = output.0.lock().expect("no panic").clone();
            assert_eq!(unpacked(method, &cut), "first\n", "{method:?} cut off");
            encoder.write_all(b"second\n").and_then(|()| encoder.finish()).expect("written");
            assert_eq!(unpacked(method, &output.0.lock().expect("no panic")), "first\nsecond\n", "{method:?}");
        }
    }

    #[test]
    fn a_name_tells_the_method() {
        for (name, method) in [
            ("list.csv.gz", Compression::Gzip),
            ("list.zst", Compression::Zstd),
            ("list.csv", Compression::None),
            ("gz", Compression::None),
        ] {
            assert_eq!(Compression::of_name(Path::new(name)), method, "{name}");
        }
    }
}
