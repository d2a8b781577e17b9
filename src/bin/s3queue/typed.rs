//! Which objects are meant, as typed: paths, sources, a list or an inventory.

use std::path::PathBuf;

use opstools::app::Context;
use opstools::error::Failure;
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::inventory::Inventory;
use crate::location::Location;
use crate::reading;

/// Which objects, as typed.
#[derive(Clone, Debug)]
pub enum Typed {
    /// `--s3path`.
    Paths(Vec<Location>),
    /// `--source-id` and `--source-label`.
    Sources,
    /// `--from-file`.
    File(PathBuf),
    /// `--from-inventory`.
    Inventory(String),
}

impl Typed {
    /// Reads the flags; exactly one way to name objects must have been chosen.
    ///
    /// # Errors
    /// A usage error.
    pub async fn read(args: &Arguments, context: &Context) -> Result<Self, Failure> {
        let sources = !args.source_id.is_empty() || !args.source_label.is_empty();
        let ways = [!args.paths.is_empty(), sources, args.from_file.is_some(), args.from_inventory.is_some()];
        if ways.iter().filter(|way| **way).count() > 1 {
            return Err(Failure::usage("objects are named in more than one way")
                .hint("give one of --s3path, --source-id or --source-label, --from-file, --from-inventory"));
        }
        if let Some(file) = &args.from_file {
            return Ok(Self::File(file.clone()));
        }
        if let Some(manifest) = &args.from_inventory {
            return Ok(Self::Inventory(manifest.clone()));
        }
        if sources {
            return Ok(Self::Sources);
        }
        let mut paths = args.paths.clone();
        if paths.is_empty() {
            paths.push(context.ask("S3 path to read from (s3://bucket/prefix):", "--s3path").await?);
        }
        Ok(Self::Paths(paths.iter().map(|path| Location::parse(path)).collect::<Result<_, _>>()?))
    }

    /// Whether stdin carries the objects.
    pub fn is_stdin(&self) -> bool {
        matches!(self, Self::File(path) if path.as_os_str() == "-")
    }

    /// What identifies the selection in the journal; reads files and manifests, since their content counts.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn key(&self, args: &Arguments, inventory: Option<&Inventory>) -> Result<Value, Failure> {
        Ok(match self {
            Self::Paths(paths) => json!(paths.iter().map(Location::uri).collect::<Vec<_>>()),
            Self::Sources => json!([args.source_id, args.source_label]),
            Self::File(_) if self.is_stdin() => json!("-"),
            Self::File(path) => json!([path, reading::fingerprint(path)?]),
            Self::Inventory(manifest) => json!([manifest, inventory.map(|inventory| &inventory.md5)]),
        })
    }
}
