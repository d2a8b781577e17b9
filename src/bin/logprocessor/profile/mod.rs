//! Profiles: what each stage cost, as a picture or for the usual tools.
//!
//! Stages and log types are the frames: these names stand in every build, where those of functions are stripped.

mod flamegraph;
mod pprof;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use opstools::error::Failure;

use crate::meter::Cost;

/// What a profile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// CPU time.
    Cpu,
    /// Allocations.
    Memory,
}

/// One value of a profile: its name and unit.
type Value = (&'static str, &'static str);

impl Figure {
    const fn title(self) -> &'static str {
        match self {
            Self::Cpu => "logprocessor: CPU time by stage",
            Self::Memory => "logprocessor: allocated bytes by stage",
        }
    }

    /// Its values; the last is what pictures show.
    const fn values(self) -> [Value; 2] {
        match self {
            Self::Cpu => [("calls", "count"), ("cpu", "nanoseconds")],
            Self::Memory => [("alloc_objects", "count"), ("alloc_space", "bytes")],
        }
    }

    fn of(self, cost: &Cost) -> [u64; 2] {
        match self {
            Self::Cpu => {
                let nanos = cost.cpu.map_or(0, |spent| u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX));
                [cost.calls, nanos]
            }
            Self::Memory => [cost.allocations, cost.allocated_bytes],
        }
    }

    /// A value for people.
    fn shown(self, value: u64) -> String {
        match self {
            Self::Cpu => format!("{:.3} ms", value as f64 / 1e6),
            Self::Memory => opstools::ui::size(value),
        }
    }
}

/// A stage of a profile: its path below the root, and its own values.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sample {
    path: Vec<String>,
    values: [u64; 2],
}

/// A profile that is written when the run has ended.
pub struct Profile {
    figure: Figure,
    path: PathBuf,
    file: File,
}

impl Profile {
    /// Opens its file, so that one that cannot be written is told before the work and not after it. What it held stays until then.
    ///
    /// # Errors
    /// The file cannot be made or written.
    pub fn open(figure: Figure, path: PathBuf) -> Result<Self, Failure> {
        match File::options().write(true).create(true).truncate(false).open(&path) {
            Ok(file) => Ok(Self { figure, path, file }),
            Err(error) => Err(failure(&path, error)),
        }
    }

    /// Writes what stages cost; the path of the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(mut self, costs: &[Cost]) -> Result<PathBuf, Failure> {
        let figure = self.figure;
        let samples: Vec<Sample> =
            costs.iter().map(|cost| Sample { path: cost.path.clone(), values: figure.of(cost) }).collect();
        let picture = self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
        let bytes =
            if picture { flamegraph::draw(figure, &samples).into_bytes() } else { pprof::encode(figure, &samples) };
        self.replace(&bytes).map_err(|error| failure(&self.path, error))?;
        Ok(self.path)
    }

    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.file.metadata()?.is_file() {
            self.file.set_len(0)?;
        }
        self.file.write_all(bytes)
    }
}

fn failure(path: &Path, error: io::Error) -> Failure {
    Failure::failed(format!("cannot write the profile `{}`", path.display()))
        .because(error)
        .hint("name a file in a folder that is there and may be written")
}
