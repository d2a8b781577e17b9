//! That no file which is written is one that is read, or another one that is written.
//!
//! A slip of completion puts the input behind `-o`, and emptying it is the first thing that writing does. What the command line
//! names by paths is held against each other here, for all tools, before anything is opened.

use std::any::TypeId;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

use crate::error::Failure;

/// Flags that name files to be written, by their ids.
const OUTPUTS: [&str; 6] = ["output", "errors", "rejects", "cpuprofile", "memprofile", "save"];

/// Flags that take an address of S3 or a path, by their ids: by their type they are texts.
const ADDRESSES: [&str; 1] = ["from_inventory"];

/// A path of the command line, and what names it.
struct Named {
    id: String,
    flag: String,
    path: PathBuf,
}

impl Named {
    fn is_output(&self) -> bool {
        OUTPUTS.contains(&self.id.as_str())
    }

    /// Whether two paths lead to one file; or will, if both are written: what is not there and read may be no path at all. A pipe, a
    /// terminal, a device is no file.
    fn overwrites(&self, other: &Self) -> bool {
        match (self.path.exists(), other.path.exists()) {
            (true, true) => self.path.is_file() && same_file(&self.path, &other.path),
            (false, false) if other.is_output() => {
                let absolute = |path| std::path::absolute(path).ok();
                absolute(&self.path).is_some_and(|path| Some(path) == absolute(&other.path))
            }
            _ => false,
        }
    }
}

/// Holds the paths of a command line against each other.
///
/// # Errors
/// A usage error: a file would be written over.
pub(super) fn check(command: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let mut paths = Vec::new();
    collect(command, matches, &mut paths);
    for written in paths.iter().filter(|named| named.is_output()) {
        if let Some(other) = paths.iter().find(|other| other.id != written.id && written.overwrites(other)) {
            let (flag, path) = (&written.flag, written.path.display());
            return Err(Failure::usage(format!("`{flag}` would overwrite `{path}`"))
                .because(format!("{} names it, too", other.flag))
                .hint("write to another file, and rename that afterwards"));
        }
    }
    Ok(())
}

fn collect(command: &Command, matches: &ArgMatches, into: &mut Vec<Named>) {
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        let is_path = arg.is_positional()
            || arg.get_value_parser().type_id() == TypeId::of::<PathBuf>()
            || ADDRESSES.contains(&id);
        let values = matches.try_get_raw(id).ok().flatten().filter(|_| is_path);
        for value in values.into_iter().flatten() {
            let flag = arg.get_long().map_or_else(|| "the command line".to_owned(), |long| format!("--{long}"));
            if !into.iter().any(|named| named.id == id && named.path.as_os_str() == value) {
                into.push(Named { id: id.to_owned(), flag, path: value.into() });
            }
        }
    }
    if let Some((name, matches)) = matches.subcommand()
        && let Some(command) = command.find_subcommand(name)
    {
        collect(command, matches, into);
    }
}

#[cfg(unix)]
fn same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path| std::fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(one).is_some_and(|one| Some(one) == identity(other))
}

#[cfg(not(unix))]
fn same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}
