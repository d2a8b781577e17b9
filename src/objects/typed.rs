//! Which objects are meant, as typed: paths, sources, a list or an inventory.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::inventory::{DataFormat, Inventory};
use super::location::Location;
use super::reading;
use crate::args::ObjectArgs;
use crate::aws::Session;
use crate::error::Failure;
use crate::run::{JournalRequest, PlanKey, Prepared};

/// Which objects, as typed.
#[derive(Clone, Debug)]
pub enum Typed {
    /// `--s3path`.
    Paths(Vec<Location>),
    /// `--source-id` and `--source-label`.
    Sources {
        /// The ids.
        ids: Vec<String>,
        /// The labels.
        labels: Vec<String>,
    },
    /// `--from-file`.
    File(PathBuf),
    /// `--from-inventory`.
    Inventory(String),
}

impl Typed {
    /// Reads the flags, with the ids and labels of sources where a tool knows sources; `None` when nothing names objects.
    ///
    /// # Errors
    /// A usage error: objects are named in more than one way, or a path is none.
    pub fn read(args: &ObjectArgs, ids: &[String], labels: &[String]) -> Result<Option<Self>, Failure> {
        let ways: Vec<&str> = [
            (!args.paths.is_empty(), "--s3path"),
            (!ids.is_empty() || !labels.is_empty(), "--source-id or --source-label"),
            (args.from_file.is_some(), "--from-file"),
            (args.from_inventory.is_some(), "--from-inventory"),
        ]
        .into_iter()
        .filter_map(|(given, way)| given.then_some(way))
        .collect();
        if ways.len() > 1 {
            return Err(Failure::usage("objects are named in more than one way")
                .hint(format!("give only one of {}", ways.join(", "))));
        }
        if let Some(file) = &args.from_file {
            return Ok(Some(Self::File(file.clone())));
        }
        if let Some(manifest) = &args.from_inventory {
            return Ok(Some(Self::Inventory(manifest.clone())));
        }
        if !ways.is_empty() && args.paths.is_empty() {
            return Ok(Some(Self::Sources { ids: ids.to_vec(), labels: labels.to_vec() }));
        }
        if args.paths.is_empty() { Ok(None) } else { Self::paths(&args.paths).map(Some) }
    }

    /// Objects below these paths.
    ///
    /// # Errors
    /// A usage error: one of them is no path of S3.
    pub fn paths(paths: &[String]) -> Result<Self, Failure> {
        Ok(Self::Paths(paths.iter().map(|path| Location::parse(path)).collect::<Result<_, _>>()?))
    }

    /// Whether stdin carries the objects.
    #[must_use]
    pub fn is_stdin(&self) -> bool {
        matches!(self, Self::File(path) if path.as_os_str() == "-")
    }

    /// Whether buckets are listed, not a list read.
    #[must_use]
    pub const fn is_listing(&self) -> bool {
        matches!(self, Self::Paths(_) | Self::Sources { .. })
    }

    /// The report that was named; `formats` can be read beside CSV. `None` where objects are named otherwise.
    ///
    /// # Errors
    /// It cannot be read, does not fit its checksum, is no manifest, or has a format that cannot be read.
    pub async fn inventory(&self, session: &Session, formats: &[DataFormat]) -> Result<Option<Inventory>, Failure> {
        match self {
            Self::Inventory(manifest) => Inventory::open(manifest, session, formats).await.map(Some),
            Self::Paths(_) | Self::Sources { .. } | Self::File(_) => Ok(None),
        }
    }

    /// Finds the journal of a plan that works on this selection; stdin keeps none unless one is named, since its content may
    /// be another next time.
    ///
    /// # Errors
    /// It is locked, foreign, or cannot be read.
    pub fn journal(&self, key: PlanKey, request: &JournalRequest) -> Result<Option<Prepared>, Failure> {
        if self.is_stdin() && request.file.is_none() {
            return Ok(None);
        }
        Prepared::open(key, request)
    }

    /// What identifies the selection in a journal; reads files, since their content counts.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn key(&self, inventory: Option<&Inventory>) -> Result<Value, Failure> {
        Ok(match self {
            Self::Paths(paths) => json!(paths.iter().map(Location::uri).collect::<Vec<_>>()),
            Self::Sources { ids, labels } => json!([ids, labels]),
            Self::File(_) if self.is_stdin() => json!("-"),
            Self::File(path) => json!([path, reading::fingerprint(path)?]),
            Self::Inventory(manifest) => json!([manifest, inventory.map(|inventory| &inventory.md5)]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stdin_keeps_a_journal_only_where_one_is_named() {
        let folder = tempfile::tempdir().expect("scratch folder");
        let key = || PlanKey { tool: "s3queue", values: json!("-") };
        let named = JournalRequest { file: Some(folder.path().join("journal.jsonl")), ..JournalRequest::default() };
        let stdin = Typed::File("-".into());
        assert!(stdin.journal(key(), &JournalRequest::default()).expect("nothing is looked for").is_none());
        assert!(
            stdin
                .journal(key(), &named)
                .expect("journal")
                .is_some_and(|journal| Some(&journal.path) == named.file.as_ref())
        );
        let paths = Typed::paths(&["s3://bucket/".to_owned()]).expect("a path");
        assert!(paths.journal(key(), &named).expect("journal").is_some());
    }
}
