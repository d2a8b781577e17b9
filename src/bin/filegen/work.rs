//! What the plan found out and the execution needs.

use std::path::PathBuf;
use std::sync::Arc;

use opstools::aws::upload::{SMALLEST_PART, Uploads};
use opstools::generate::{Contents, FilePlan, Layout, Pools, Recipe, Schedule, Size};
use opstools::replay::QueueLine;
use opstools::report::Estimate;

use crate::manifest::{Header, Listed};
use crate::pack::Compression;

/// Files of a schedule that are looked at for their size; with some thousands each type has had its turn.
const LOOKED_AT: usize = 100_000;

/// One of the two things that the tool does.
pub enum Work {
    Make(Box<Make>),
    Cleanup(Box<Cleanup>),
}

/// Making logs.
pub struct Make {
    pub logs: Arc<Logs>,
    pub schedule: Schedule,
    pub target: Target,
    pub manifest: Option<ManifestWork>,
    pub notify: Option<Notify>,
    pub bytes_per_second: Option<f64>,
    /// `--max-errors` says when failures end the run.
    pub counts_errors: bool,
}

/// What logs look like, and what their files are called.
pub struct Logs {
    pub recipes: Vec<Recipe>,
    pub pools: Pools,
    pub contents: Contents,
    pub layout: Layout,
    pub prefix: String,
    pub compression: Compression,
}

impl Logs {
    /// The key of a file.
    pub fn key(&self, file: &FilePlan) -> String {
        let recipe = &self.recipes[file.recipe];
        self.layout.name(&self.prefix, recipe, file, self.contents.seed, self.compression.ending()).key
    }
}

/// Where logs go.
#[derive(Clone)]
pub enum Target {
    Folder(PathBuf),
    Bucket(Uploads),
    Stdout,
    Queue(QueueLine),
}

/// The manifest of a run: what it says already, and where more is added.
pub struct ManifestWork {
    pub path: PathBuf,
    pub header: Header,
    /// What it lists.
    pub known: Listed,
}

/// Telling the log processor.
#[derive(Clone)]
pub struct Notify {
    pub line: QueueLine,
    pub region: String,
    pub partition: String,
    pub account: String,
}

/// Removing what a manifest lists.
pub struct Cleanup {
    pub target: Target,
    pub listed: Listed,
}

impl Work {
    /// How much it is: files are exact; bytes are, where they were asked for.
    pub fn estimate(&self) -> Option<Estimate> {
        Some(match self {
            Self::Make(make) => make.estimate(),
            Self::Cleanup(cleanup) => {
                let entries = &cleanup.listed.entries;
                let bytes = entries.iter().map(|entry| entry.size).sum();
                Estimate { items: entries.len() as u64, bytes: Some(bytes), exact: true }
            }
        })
    }
}

impl Make {
    /// Whether files are so large that they go up in parts; those of a run are all of about one size.
    pub fn has_large_files(&self) -> bool {
        let text = |file: FilePlan| match file.size {
            Size::Bytes(bytes) => bytes,
            Size::Rows(rows) => rows.saturating_mul(self.logs.recipes[file.recipe].average_row()),
        };
        self.schedule.files().take(LOOKED_AT).any(|file| text(file) > SMALLEST_PART as u64)
    }

    fn estimate(&self) -> Estimate {
        let (mut items, mut bytes, mut exact) = (0, 0, true);
        for file in self.schedule.files() {
            items += 1;
            match file.size {
                Size::Bytes(size) => bytes += size,
                Size::Rows(rows) => {
                    bytes += rows * self.logs.recipes[file.recipe].average_row();
                    exact = false;
                }
            }
        }
        Estimate { items, bytes: Some(bytes), exact }
    }
}
