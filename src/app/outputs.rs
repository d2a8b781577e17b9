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

/// Holds the paths of a command line against each other.
///
/// # Errors
/// A usage error: a file would be written over.
pub(super) fn check(command: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let mut paths = Vec::new();
    collect(command, matches, &mut paths);
    for written in paths.iter().filter(|named| OUTPUTS.contains(&named.id.as_str())) {
        if let Some(other) =
            paths.iter().find(|other| other.id != written.id && is_one_file(&written.path, &other.path))
        {
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

/// Whether two paths lead to one file, or will. A pipe, a terminal, a device is no file.
fn is_one_file(one: &Path, other: &Path) -> bool {
    match (one.exists(), other.exists()) {
        (true, true) => one.is_file() && same_file(one, other),
        (false, false) => {
            let absolute = |path| std::path::absolute(path).ok();
            absolute(one).is_some_and(|one| Some(one) == absolute(other))
        }
        _ => false,
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
