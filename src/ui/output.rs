//! Where data goes: stdout or a file, as it is or encoded on the way.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// What encodes data, such as a compression.
///
/// `flush` must hand on everything written so far in a form that can be read back: a row counts as written after it.
pub trait Encoder: Write + Send {
    /// Writes the end; nothing can be written afterwards.
    ///
    /// # Errors
    /// The output cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}

/// Makes an encoder before an output. Tools hand it in, so that only those that compress carry the code for it.
pub type Encode = fn(Box<dyn Write + Send>) -> io::Result<Box<dyn Encoder>>;

/// Where data goes.
pub(super) enum Output {
    Raw(Box<dyn Write + Send>),
    Encoded(Box<dyn Encoder>),
}

impl Output {
    /// The program's stdout.
    pub(super) fn stdout() -> Self {
        Self::Raw(Box::new(io::stdout()))
    }

    /// A file, mode 0600; what it held stays until something is written, so that a plan that fails costs nothing.
    pub(super) fn file(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let stale = file.metadata()?.is_file();
        Ok(Self::Raw(Box::new(Late { file, stale })))
    }

    /// Encodes everything from now on.
    pub(super) fn encode(&mut self, encode: Encode) -> io::Result<()> {
        if let Self::Raw(inner) = std::mem::replace(self, Self::Raw(Box::new(io::sink()))) {
            *self = Self::Encoded(encode(inner)?);
        }
        Ok(())
    }

    /// Writes, down to the operating system.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let writer: &mut dyn Write = match self {
            Self::Raw(writer) => writer,
            Self::Encoded(encoder) => encoder,
        };
        writer.write_all(bytes)?;
        writer.flush()
    }

    /// Ends the output, also if nothing was written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Raw(writer) => writer.flush(),
            Self::Encoded(encoder) => encoder.finish(),
        }
    }
}

/// A file that is emptied as late as possible.
struct Late {
    file: File,
    /// It may hold what was there before.
    stale: bool,
}

impl Late {
    fn freshen(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.stale) { self.file.set_len(0) } else { Ok(()) }
    }
}

impl Write for Late {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.freshen()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.freshen()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_held_goes_when_something_is_written_or_ended() {
        let folder = tempfile::tempdir().expect("scratch folder");
        let path = folder.path().join("rows");
        let held = || std::fs::read_to_string(&path).expect("the file");
        std::fs::write(&path, "from an earlier run").expect("written");
        drop(Output::file(&path).expect("opened"));
        assert_eq!(held(), "from an earlier run", "nothing was written");
        Output::file(&path).expect("opened").write(b"new").expect("written");
        assert_eq!(held(), "new");
        Output::file(&path).expect("opened").finish().expect("ended");
        assert_eq!(held(), "", "an empty result is a result");
    }

    #[test]
    fn an_encoder_gets_everything_and_the_end() {
        struct Brackets(Box<dyn Write + Send>);
        impl Write for Brackets {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                self.0.write_all(b",")
            }
        }
        impl Encoder for Brackets {
            fn finish(&mut self) -> io::Result<()> {
                self.0.write_all(b"]")
            }
        }
        let folder = tempfile::tempdir().expect("scratch folder");
        let path = folder.path().join("rows");
        let mut output = Output::file(&path).expect("opened");
        output.encode(|inner| Ok(Box::new(Brackets(inner)))).expect("encoded");
        output.write(b"1").and_then(|()| output.write(b"2")).and_then(|()| output.finish()).expect("written");
        assert_eq!(std::fs::read_to_string(&path).expect("the file"), "1,2,]");
    }
}
