//! Keys that are not brought back, each as a JSON line in the file that was asked for.
//!
//! Lines are written before their range counts as finished, so that a run that goes on after a crash misses none; it appends
//! to the files, and may repeat a few lines.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use opstools::aws::listing::{DeleteMarker, History};
use opstools::error::Failure;
use serde::Serialize;

use crate::arguments::Arguments;
use crate::judge::Verdict;

/// Which files were asked for; they are opened when the work begins, not before it was agreed to.
#[derive(Clone, Debug, Default)]
pub struct ReportFiles {
    orphans: Option<PathBuf>,
    skipped: Option<PathBuf>,
    goes_on: bool,
}

impl ReportFiles {
    /// The files of a command line; `goes_on` keeps what is in them.
    pub fn of(args: &Arguments, goes_on: bool) -> Self {
        Self { orphans: args.orphans.clone(), skipped: args.skipped.clone(), goes_on }
    }

    /// Opens them.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn open(&self) -> Result<Reports, Failure> {
        let open = |path: &Option<PathBuf>| path.as_deref().map(|path| Lines::open(path, self.goes_on)).transpose();
        Ok(Reports { orphans: open(&self.orphans)?, skipped: open(&self.skipped)? })
    }
}

/// The files, open.
#[derive(Default)]
pub struct Reports {
    orphans: Option<Lines>,
    skipped: Option<Lines>,
}

struct Lines {
    path: PathBuf,
    file: File,
    waiting: Vec<u8>,
}

#[derive(Serialize)]
struct Line<'a> {
    bucket: &'a str,
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    markers: &'a [DeleteMarker],
}

impl Reports {
    /// Notes a judged key where it belongs.
    pub fn note(&mut self, bucket: &str, verdict: &Verdict) {
        let (lines, history, reason) = match verdict {
            Verdict::Orphan(history) => (&mut self.orphans, history, None),
            Verdict::Skipped(why, history) => (&mut self.skipped, history, Some(why.name())),
            Verdict::Live | Verdict::Filtered | Verdict::Restore(_) => return,
        };
        if let Some(lines) = lines {
            lines.add(bucket, history, reason);
        }
    }

    /// Writes everything noted so far.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn flush(&mut self) -> Result<(), Failure> {
        [&mut self.orphans, &mut self.skipped].into_iter().flatten().try_for_each(Lines::flush)
    }
}

impl Lines {
    fn open(path: &Path, goes_on: bool) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.create(true).append(goes_on).write(true).truncate(!goes_on);
        let file = options.open(path).map_err(|error| unwritable(path, &error))?;
        Ok(Self { path: path.to_owned(), file, waiting: Vec::new() })
    }

    fn add(&mut self, bucket: &str, history: &History, reason: Option<&str>) {
        let line = Line { bucket, key: &history.key, reason, markers: &history.markers };
        // Strings and times always serialise.
        self.waiting.extend(serde_json::to_vec(&line).unwrap_or_default());
        self.waiting.push(b'\n');
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let written = self.file.write_all(&self.waiting);
        self.waiting.clear();
        written.map_err(|error| unwritable(&self.path, &error))
    }
}

/// A file that cannot be written.
pub fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("cannot write `{}`", path.display()))
        .because(error)
        .hint("make room or name another file, and start the same command again")
}
