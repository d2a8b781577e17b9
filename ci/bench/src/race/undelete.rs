//! Bringing deleted objects back: ours, the shell loop over `aws s3api`, and a script with boto3; and the memory that ours
//! takes for many more.

use std::{io::Write, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    Options,
    measure::{Measured, Runner, measure},
    median,
    server_process::{ServerProcess, cpu_between},
    table::{Table, megabytes, ratio, yes},
};
use crate::s3::{BUCKET, Shape};

const KEYS: usize = 100_000;
const QUICK_KEYS: usize = 3_000;
/// What a call to S3 takes from within its region.
const LATENCY_MS: u64 = 20;
/// Where constant memory shows.
const MANY: [usize; 2] = [1_000_000, 5_000_000];
const QUICK_MANY: [usize; 2] = [20_000, 60_000];
/// The date-partitioned tree, as the processed data that mass deletions hit.
const SHAPE: Shape = Shape::Tree;
const OURS: &str = "s3undelete";

/// One runner's result.
struct Restored {
    measured: Measured,
    stats: Value,
    server_cpu_seconds: f64,
    complete: bool,
}

/// Runs the race; answers whether every result was complete.
pub(super) fn race(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let keys = options.pick(options.keys, KEYS, QUICK_KEYS);
    let mut complete = against_peers(screen, keys, options)?;
    let many = if options.quick { QUICK_MANY } else { MANY };
    let mut table =
        Table::new(&["MARKERS", "SECONDS", "MARKERS/S", "REQUESTS", "CPU S/M MARKERS", "PEAK MB", "COMPLETE"]);
    for keys in many {
        let result = one_run(OURS, keys, options)?;
        complete &= result.complete;
        let cost = result.measured.cost;
        table.row([
            keys.to_string(),
            format!("{:.2}", cost.wall_seconds),
            format!("{:.0}", keys as f64 / cost.wall_seconds),
            result.stats["requests"].to_string(),
            format!("{:.2}", cost.cpu_seconds * 1e6 / keys as f64),
            megabytes(cost.peak_rss_bytes),
            yes(result.complete),
        ]);
    }
    table.write(screen, &format!("{OURS}: memory, {LATENCY_MS} ms per call"))?;
    Ok(complete)
}

fn against_peers(screen: &mut dyn Write, keys: usize, options: &Options) -> Result<bool> {
    let mut table = Table::new(&[
        "TOOL",
        "SECONDS",
        "RATIO",
        "MARKERS/S",
        "REQUESTS",
        "AT ONCE",
        "CPU S",
        "SERVER CPU S",
        "PEAK MB",
        "COMPLETE",
    ]);
    let (mut ours, mut all_complete) = (None, true);
    for name in runners(options) {
        let runs = if name == OURS { options.runs_of_ours() } else { 1 };
        let results: Vec<Restored> = (0..runs).map(|_| one_run(name, keys, options)).collect::<Result<_>>()?;
        let wall = |result: &Restored| result.measured.cost.wall_seconds;
        let seconds = median(results.iter().map(wall).collect()).context("no run")?;
        let complete = results.iter().all(|result| result.complete);
        let result = results.iter().find(|result| wall(result) == seconds).context("the median is a run")?;
        let ours = *ours.get_or_insert(seconds);
        all_complete &= complete;
        table.row([
            name.to_owned(),
            format!("{seconds:.2}"),
            ratio(seconds, Some(ours)),
            format!("{:.0}", keys as f64 / seconds),
            result.stats["requests"].to_string(),
            result.stats["max_concurrent_requests"].to_string(),
            format!("{:.2}", result.measured.cost.cpu_seconds),
            format!("{:.2}", result.server_cpu_seconds),
            megabytes(result.measured.cost.peak_rss_bytes),
            yes(complete),
        ]);
    }
    table.write(screen, &format!("{OURS}: {keys} delete markers, {LATENCY_MS} ms per call"))?;
    Ok(all_complete)
}

/// Ours, and the peers that are here.
fn runners(options: &Options) -> Vec<&'static str> {
    let mut names = vec![OURS];
    names.extend(options.peer("python").map(|_| "boto3-script"));
    names.extend(options.peer("aws").map(|_| "aws-loop"));
    names
}

fn one_run(name: &str, keys: usize, options: &Options) -> Result<Restored> {
    let arguments = format!("s3-server --shape {} --keys {keys} --deleted --latency-ms {LATENCY_MS}", SHAPE.name());
    let server = ServerProcess::start(&arguments)?;
    let sts = ServerProcess::start("sqs-server --queue none=0")?;
    let fresh = server.stats()?;
    let measured = measure(&runner(name, &server.url(), &sts.url(), options)?)?;
    let stats = server.stats()?;
    let server_cpu_seconds = cpu_between(&fresh, &stats);
    let complete = stats["markers_removed"].as_u64() == Some(keys as u64);
    Ok(Restored { measured, stats, server_cpu_seconds, complete })
}

fn runner(name: &str, s3: &str, sts: &str, options: &Options) -> Result<Runner> {
    if name == OURS {
        let arguments = format!("--s3path s3://{BUCKET}/{} --confirm {BUCKET} --json", SHAPE.prefix());
        return Ok(Runner::new(name, options.ours(name), &arguments)
            .with_environment("AWS_ENDPOINT_URL_S3", s3)
            .with_environment("AWS_ENDPOINT_URL_STS", sts));
    }
    let python = options.peer("python").context("`python` is not here")?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("undelete");
    let runner = match options.peer("aws").filter(|_| name == "aws-loop") {
        Some(aws) => {
            let script = folder.join("loop.sh").display().to_string();
            Runner::new(name, "/bin/bash".into(), &script).with_environment("AWS", &aws.display().to_string())
        }
        None => Runner::new(name, python.clone(), &folder.join("script.py").display().to_string()),
    };
    let python = python.display().to_string();
    let values = [("PYTHON", python.as_str()), ("ENDPOINT", s3), ("BUCKET", BUCKET), ("PREFIX", SHAPE.prefix())];
    Ok(values.into_iter().fold(runner, |runner, (variable, value)| runner.with_environment(variable, value)))
}
