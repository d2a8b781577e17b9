//! Flags that do not go together: usage errors that need nothing but the command line, so that no flag is passed over in
//! silence.

use opstools::app::Context;
use opstools::error::Failure;

use crate::arguments::Arguments;

/// Checks the flags of a run that brings back.
///
/// # Errors
/// Flags that do not go together.
pub fn check(args: &Arguments, context: &Context) -> Result<(), Failure> {
    let lists = args.restored.is_some() || args.hours.is_some();
    if lists && context.global.no_journal {
        return Err(
            Failure::usage("`--restored` and `--hours` are made from the journal").hint("leave out `--no-journal`")
        );
    }
    if args.split.is_some() && lists {
        return Err(Failure::usage(
            "`--split` brings nothing back, so there is nothing for `--restored` and `--hours`",
        )
        .hint("give them with `--from-manifest`"));
    }
    if args.manifests.is_some() && args.split.is_none() {
        return Err(Failure::usage("`--manifests` needs `--split N`"));
    }
    if args.from_manifest.is_some() && (args.orphans.is_some() || args.skipped.is_some()) {
        return Err(Failure::usage("a manifest names only what comes back: `--orphans` and `--skipped` come too late")
            .hint("give them with `--split`"));
    }
    if args.from_manifest.is_some()
        && (args.deep || !args.marker_version_id.is_empty() || args.time.start.is_some() || args.time.end.is_some())
    {
        return Err(Failure::usage("a manifest is decided already: times, ids and `--deep` come too late")
            .hint("give them with `--split`"));
    }
    Ok(())
}

/// Checks the flags of an undo.
///
/// # Errors
/// Flags that do not go together.
pub fn check_undo(args: &Arguments) -> Result<(), Failure> {
    let selects =
        args.path.is_some() || args.keys_file.is_some() || args.from_manifest.is_some() || args.split.is_some();
    if selects || args.time.start.is_some() || args.time.end.is_some() {
        return Err(Failure::usage("`--undo` stands alone: the journal names bucket and keys"));
    }
    let narrows =
        !args.include.is_empty() || !args.exclude.is_empty() || !args.marker_version_id.is_empty() || args.deep;
    if narrows {
        return Err(Failure::usage("`--undo` takes back all that the journal's run brought back, and no part of it")
            .hint("leave out `--include`, `--exclude`, `--marker-version-id` and `--deep`"));
    }
    let files = [&args.restored, &args.hours, &args.orphans, &args.skipped, &args.manifests];
    if files.into_iter().any(Option::is_some) {
        return Err(Failure::usage("`--undo` writes no lists").hint("its report counts what it passed over, and why"));
    }
    Ok(())
}
