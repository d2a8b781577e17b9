//! Runs one command and writes what it cost: `bench-measure RESULT.json PROGRAM [ARGUMENT...]`.
//!
//! The result is one JSON object: `wall_seconds`, `cpu_seconds`, `peak_rss_bytes`, `status` (the exit code, `null`
//! after a signal). The command keeps our input, output and environment. A program of its own, and a small one: the
//! kernel carries the memory of whoever starts a command over into the command's peak.
#![expect(clippy::disallowed_methods, reason = "it measures with the machine's own clock")]

use std::{env, fs, process::Command, time::Instant};

use anyhow::{Context, Result};
use bench::usage;
use serde_json::json;

fn main() -> Result<()> {
    let mut words = env::args_os().skip(1);
    let result = words.next().context("usage: bench-measure RESULT.json PROGRAM [ARGUMENT...]")?;
    let program = words.next().context("no program given")?;
    let started = Instant::now();
    let status =
        Command::new(&program).args(words).status().with_context(|| format!("cannot run `{}`", program.display()))?;
    let wall_seconds = started.elapsed().as_secs_f64();
    let cost = usage::children();
    let measured = json!({
        "wall_seconds": wall_seconds,
        "cpu_seconds": cost.cpu_seconds,
        "peak_rss_bytes": cost.peak_rss_bytes,
        "status": status.code(),
    });
    fs::write(&result, measured.to_string()).with_context(|| format!("cannot write `{}`", result.display()))
}
