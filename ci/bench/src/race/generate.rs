//! Making logs: how fast, and whether our own parser takes every row that was made.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    Options,
    data::{generator_arguments, report},
    demand::{Bound, Demands},
    measure::{Cost, Runner, measure},
    median, parse,
    table::{Table, megabytes, yes},
};

const BYTES: u64 = 1 << 30;
const QUICK_BYTES: u64 = 4 << 20;
/// Of each built-in log type, beside those that are measured.
const BYTES_OF_EACH: u64 = 1 << 20;
/// JSON, as it is mostly made.
const RACED: [&str; 2] = ["AWS.CloudTrail", "Okta.SystemLog"];
/// MB per second into a folder, without compression.
const MEGABYTES_PER_SECOND: f64 = 300.0;

/// Logs that were made.
struct Made {
    cost: Cost,
    bytes: u64,
    rows: u64,
    files: usize,
    /// Rows that did not become events of their log type.
    rejects: u64,
}

const HEADER: [&str; 11] =
    ["LOG TYPE", "MB", "FILES", "ROWS", "SECONDS", "MB/S", "CPU S", "CPU MB/S", "PEAK MB", "REJECTS", "COMPLETE"];

/// Runs the race; answers whether all that was made parses.
pub(super) fn race(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let raced: Vec<&str> =
        if options.types.is_empty() { RACED.to_vec() } else { options.types.iter().map(String::as_str).collect() };
    let (mut table, mut demands, mut complete) = (Table::new(&HEADER), Demands::new(), true);
    for log_type in raced {
        let (cells, megabytes_per_second, rejects) = one_type(log_type, options)?;
        table.row(cells);
        demands.add(log_type, "MB/s into a folder", Some(megabytes_per_second), Bound::AtLeast(MEGABYTES_PER_SECOND));
        complete &= rejects == 0;
    }
    let runs = options.runs_of_ours();
    table.write(screen, &format!("generate: into a folder, without compression, median of {runs}"))?;
    if options.types.is_empty() {
        complete &= each_built_in(screen, options)?;
    }
    demands.write(screen, "generate: what is to be shown")?;
    Ok(complete)
}

/// The row of a log type, its MB per second, and how many rows did not parse.
fn one_type(log_type: &str, options: &Options) -> Result<([String; 11], f64, u64)> {
    let bytes = options.pick(options.bytes, BYTES, QUICK_BYTES);
    let runs: Vec<Made> = (0..options.runs_of_ours()).map(|_| make(log_type, bytes, options)).collect::<Result<_>>()?;
    let middle = |of: fn(&Made) -> f64| median(runs.iter().map(of).collect()).context("no run");
    let seconds = middle(|made| made.cost.wall_seconds)?;
    let cpu_seconds = middle(|made| made.cost.cpu_seconds)?;
    let peak = runs.iter().map(|made| made.cost.peak_rss_bytes).max().unwrap_or_default();
    let rejects = runs.iter().map(|made| made.rejects).sum::<u64>();
    let Made { bytes, rows, files, .. } = runs[0];
    let made = bytes as f64 / 1e6;
    let cells = [
        log_type.to_owned(),
        megabytes(bytes),
        files.to_string(),
        rows.to_string(),
        format!("{seconds:.2}"),
        format!("{:.1}", made / seconds),
        format!("{cpu_seconds:.2}"),
        format!("{:.1}", made / cpu_seconds),
        megabytes(peak),
        rejects.to_string(),
        yes(rejects == 0),
    ];
    Ok((cells, made / seconds, rejects))
}

/// A little of every log type there is.
fn each_built_in(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let (mut types, mut rows, mut refused) = (0, 0, Vec::new());
    for log_type in parse::log_types(options)? {
        let made = make(&log_type, BYTES_OF_EACH, options)?;
        types += 1;
        rows += made.rows;
        if made.rejects > 0 {
            refused.push(format!("{log_type} ({})", made.rejects));
        }
    }
    let megabytes = megabytes(BYTES_OF_EACH);
    writeln!(screen, "each of {types} log types, {megabytes} MB: {rows} rows; with rejects: {}\n", list(&refused))?;
    Ok(refused.is_empty())
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Makes files, parses them, removes them.
fn make(log_type: &str, bytes: u64, options: &Options) -> Result<Made> {
    fs::create_dir_all(&options.data).with_context(|| format!("cannot make `{}`", options.data.display()))?;
    let folder = tempfile::tempdir_in(&options.data)?;
    let mut words = generator_arguments(log_type, bytes);
    words.extend(["--out".to_owned(), folder.path().display().to_string()]);
    let runner = Runner::of_words("filegen", options.ours("filegen"), words.iter().map(String::as_str));
    let measured = measure(&runner)?;
    let said =
        report(&measured.output).or_else(|| report(measured.said.as_bytes())).context("`filegen` gave no report")?;
    let count = |report: &Value, what: &str| {
        report["summary"][what].as_u64().with_context(|| format!("the report has no {what}"))
    };
    let (rows, bytes) = (count(&said, "rows")?, count(&said, "text_bytes")?);
    let files = files_below(folder.path())?;
    let events = events(log_type, &files, options)?;
    Ok(Made { cost: measured.cost, bytes, rows, files: files.len(), rejects: rows.abs_diff(events) })
}

/// How many events the files become.
fn events(log_type: &str, files: &[PathBuf], options: &Options) -> Result<u64> {
    let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let words = ["parse", "--log-types", log_type, "--encoding", "datalake", "--json", "-o", "/dev/null"];
    let words = words.into_iter().chain(names.iter().map(String::as_str));
    let runner = Runner::of_words("pantherlog", options.ours("pantherlog"), words).accepting_rejects();
    let parsed = report(&measure(&runner)?.output).context("`pantherlog` gave no report")?;
    parsed["summary"]["events"].as_u64().context("the report has no events")
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => files.extend(files_below(&entry.path())?),
            false => files.push(entry.path()),
        }
    }
    files.sort_unstable();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_all_folders_below_are_found() {
        let folder = tempfile::tempdir().expect("a scratch folder can be made");
        fs::create_dir_all(folder.path().join("a/b")).expect("folders can be made");
        for name in ["z", "a/y", "a/b/x"] {
            fs::write(folder.path().join(name), "").expect("files can be written");
        }
        let expected = ["a/b/x", "a/y", "z"].map(|name| folder.path().join(name));
        assert_eq!(files_below(folder.path()).expect("the folder is there"), expected);
    }

    #[test]
    fn log_types_with_rejects_are_named() {
        assert_eq!(list(&[]), "none");
        assert_eq!(list(&["A.B (1)".to_owned(), "C.D (2)".to_owned()]), "A.B (1), C.D (2)");
    }
}
