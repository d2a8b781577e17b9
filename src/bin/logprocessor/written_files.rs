//! Files that a run writes beside its objects: none lies within a folder that is read, where the next run would take it for logs.
//! (That none is an input itself, or two of them one, is seen to for all tools.)

use std::path::{Path, PathBuf};

use opstools::args::GlobalArgs;
use opstools::error::Failure;

use crate::arguments::Arguments;
use crate::inputs::Typed;

/// That nothing is written among the inputs.
///
/// # Errors
/// A usage error that names the flag and the folder.
pub fn check(args: &Arguments, typed: &[Typed], global: &GlobalArgs) -> Result<(), Failure> {
    let named = [
        ("--cpuprofile", args.cpuprofile.as_deref()),
        ("--memprofile", args.memprofile.as_deref()),
        ("--output", global.output.as_deref().filter(|path| path.as_os_str() != "-")),
        ("--errors", global.errors.as_deref()),
    ];
    let written = named.into_iter().filter_map(|(flag, path)| Some((flag, path?))).filter(|(_, path)| keeps(path));
    for (flag, path) in written {
        typed.iter().try_for_each(|typed| check_beside(flag, path, typed))?;
    }
    Ok(())
}

/// An empty name is no file, and what is written to a device or a pipe replaces nothing.
fn keeps(path: &Path) -> bool {
    !path.as_os_str().is_empty() && (path.is_file() || !path.exists())
}

fn check_beside(flag: &str, path: &Path, typed: &Typed) -> Result<(), Failure> {
    let Typed::Path(input) = typed else { return Ok(()) };
    if input.is_dir() && whole(path).starts_with(whole(input)) {
        return Err(Failure::usage(format!("`{flag} {}` lies within the input `{}`", path.display(), input.display()))
            .hint("write to a file beside the inputs"));
    }
    Ok(())
}

/// The path from the root without links, also of a file that is not there yet.
fn whole(path: &Path) -> PathBuf {
    let of_parent = || {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(parent.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(of_parent).unwrap_or_else(|| path.to_owned())
}
