//! Streams that are read twice: files are opened again, everything else is kept while it is read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use opstools::error::Failure;

use crate::inputs::{Opened, STDIN};

/// The second reading of a stream.
pub struct Again {
    /// What messages call it.
    pub name: String,
    from: From,
}

enum From {
    /// The file as it stands.
    Path(PathBuf),
    /// What was read.
    Kept(File),
}

impl Again {
    /// A second reading of a stream, and the stream, which then is to be read to its end.
    ///
    /// # Errors
    /// There is no place to keep what comes only once.
    pub fn of(opened: Opened) -> Result<(Self, Opened), Failure> {
        let Opened { name, reader, live } = opened;
        // A stream may be called as a file is that has nothing to do with it: a redirected stdin.
        let is_file = !live && name != STDIN && Path::new(&name).is_file();
        if is_file {
            let again = Self { from: From::Path(PathBuf::from(&name)), name: name.clone() };
            return Ok((again, Opened { name, reader, live }));
        }
        let (kept, copy) = kept().map_err(|error| {
            Failure::failed(format!("cannot keep `{name}` to read it twice"))
                .because(error)
                .hint("`--skip-test` reads it once")
        })?;
        let reader = Box::new(Keeping { reader, copy });
        Ok((Self { name: name.clone(), from: From::Kept(kept) }, Opened { name, reader, live }))
    }

    /// The bytes of the first reading.
    ///
    /// # Errors
    /// They are not there any more.
    pub fn open(self) -> Result<Opened, Failure> {
        let Self { name, from } = self;
        let file = match from {
            From::Path(path) => File::open(path),
            From::Kept(mut file) => file.seek(SeekFrom::Start(0)).map(|_| file),
        };
        let file = file.map_err(|error| Failure::failed(format!("cannot read `{name}` again")).because(error))?;
        Ok(Opened { name, reader: Box::new(file), live: false })
    }
}

/// A file without a name, twice: nobody else sees the logs, and nothing stays behind however the run ends.
fn kept() -> io::Result<(File, File)> {
    let file = tempfile::tempfile()?;
    let copy = file.try_clone()?;
    Ok((file, copy))
}

/// Keeps what is read.
struct Keeping {
    reader: Box<dyn Read + Send>,
    copy: File,
}

impl Read for Keeping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.copy.write_all(&buffer[..count])?;
        Ok(count)
    }
}
