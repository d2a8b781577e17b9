//! How long a tool takes to say its version or its help, and how much memory that takes.

use std::io::Write;

use anyhow::{Context, Result};

use super::{
    Options,
    measure::{Cost, Runner, measure},
    median,
    table::{Table, megabytes, ratio},
};

/// Ours; the first is what the others are compared with.
const OURS: [&str; 6] = ["s3queue", "requeue", "s3list", "s3sns", "s3undelete", "sources"];

const RUNS: usize = 50;
const QUICK_RUNS: usize = 3;

/// Runs the race. There is nothing to be incomplete: a tool that fails ends it.
pub(super) fn race(screen: &mut dyn Write, options: &Options) -> Result<()> {
    let runs = options.pick(None, RUNS, QUICK_RUNS);
    let mut table = Table::new(&["TOOL", "ARGUMENT", "MILLISECONDS", "RATIO", "CPU MS", "PEAK MB"]);
    for (is_version, arguments) in [(true, ["--version", "version"]), (false, ["--help", "--help"])] {
        let mut ours = None;
        let tools = OURS.map(|name| (name, Some(options.ours(name)), arguments[0]));
        let peers = ["s5cmd", "rclone"].map(|name| (name, options.peer(name), arguments[1]));
        for (name, program, argument) in tools.into_iter().chain(peers) {
            let Some(program) = program else { continue };
            let runner = Runner::new(name, program, argument);
            let costs: Vec<Cost> = (0..runs).map(|_| Ok(measure(&runner)?.cost)).collect::<Result<_>>()?;
            let middle = |of: fn(&Cost) -> f64| median(costs.iter().map(of).collect()).context("no run");
            let seconds = middle(|cost| cost.wall_seconds)?;
            let ours = *ours.get_or_insert(seconds);
            let memory = middle(|cost| cost.peak_rss_bytes as f64)?;
            table.row([
                name.to_owned(),
                if is_version { "version" } else { "help" }.to_owned(),
                format!("{:.1}", seconds * 1000.0),
                ratio(seconds, Some(ours)),
                format!("{:.1}", middle(|cost| cost.cpu_seconds)? * 1000.0),
                megabytes(memory as u64),
            ]);
        }
    }
    table.write(screen, &format!("start-up: median of {runs} runs, ratio to s3queue"))?;
    Ok(())
}
