//! Rejected logs as they stood, in a file of their own, to be parsed again when the schema is mended.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use opstools::error::Failure;
use opstools::run::private_file;

/// The file.
#[derive(Debug)]
pub struct Rejects {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Rejects {
    /// An empty file that only its owner reads.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        let file = private_file(path, true).map_err(|error| cannot_write(path, &error))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    /// Adds a log, with a line break.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, log: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(log).and_then(|()| self.file.write_all(b"\n"));
        written.map_err(|error| cannot_write(&self.path, &error))
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(&mut self) -> Result<(), Failure> {
        self.file.flush().map_err(|error| cannot_write(&self.path, &error))
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::failed(format!("cannot write `{}`", path.display())).because(error)
}
