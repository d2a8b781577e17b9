//! Files that a run writes beside its objects: each is a file of its own, and none is an input or lies among inputs.

use std::path::{Path, PathBuf};

use opstools::args::GlobalArgs;
use opstools::error::Failure;

use crate::arguments::Arguments;
use crate::inputs::Typed;

/// A flag and the file that it names.
type Written<'w> = (&'static str, &'w Path);

/// That nothing is written over.
///
/// # Errors
/// A usage error that names the flags or the input.
pub fn check(args: &Arguments, typed: &[Typed], global: &GlobalArgs) -> Result<(), Failure> {
    let named = [
        ("--cpuprofile", args.cpuprofile.as_deref()),
        ("--memprofile", args.memprofile.as_deref()),
        ("--output", global.output.as_deref().filter(|path| path.as_os_str() != "-")),
        ("--errors", global.errors.as_deref()),
    ];
    let given = named.into_iter().filter_map(|(flag, path)| Some((flag, path?)));
    let written: Vec<Written<'_>> = given.filter(|(_, path)| keeps(path)).collect();
    for (number, one) in written.iter().enumerate() {
        written[..number].iter().try_for_each(|other| check_apart(*other, *one))?;
        typed.iter().try_for_each(|typed| check_beside(*one, typed))?;
    }
    Ok(())
}

/// An empty name is no file, and what is written to a device or a pipe replaces nothing.
fn keeps(path: &Path) -> bool {
    !path.as_os_str().is_empty() && (path.is_file() || !path.exists())
}

fn check_apart((flag, path): Written<'_>, (other_flag, other): Written<'_>) -> Result<(), Failure> {
    if whole(path) == whole(other) {
        return Err(Failure::usage(format!("`{flag}` and `{other_flag}` are one file, `{}`", path.display()))
            .hint("give each its own"));
    }
    Ok(())
}

fn check_beside((flag, path): Written<'_>, typed: &Typed) -> Result<(), Failure> {
    let Typed::Path(input) = typed else { return Ok(()) };
    if whole(path).starts_with(whole(input)) {
        let how = if input.is_dir() { "lies within" } else { "is" };
        return Err(Failure::usage(format!("`{flag} {}` {how} the input `{}`", path.display(), input.display()))
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
