//! Listing a million keys in three shapes: ours, page after page, and the peers that list.

use std::{io::Write, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    Options,
    measure::{Measured, Runner, measure},
    median, own_program,
    server_process::{ServerProcess, cpu_between},
    table::{Table, megabytes, ratio, yes},
};
use crate::s3::{BUCKET, Shape};

const KEYS: usize = 1_000_000;
const QUICK_KEYS: usize = 20_000;
/// What S3 takes for a page of a thousand keys.
const LATENCY_MS: u64 = 100;
const QUICK_LATENCY_MS: u64 = 5;
/// The queue our tool would notify; it is asked for, though a dry run sends nothing.
const QUEUE: &str = "panther-input-data-notifications-queue";

/// rclone's other way, folder by folder with many at once: its best one where folders are many, and of no use where
/// they are few.
const RCLONE_WALK: &str = "rclone-walk";
const WALKERS: &str = "64";

/// A bucket to be listed, and what a complete listing finds in it.
struct Course {
    shape: Shape,
    keys: u64,
    bytes: u64,
    latency_ms: u64,
}

/// One runner's result.
struct Found {
    measured: Measured,
    stats: Value,
    server_cpu_seconds: f64,
    complete: bool,
}

/// Runs the race over all shapes; answers whether every result was complete.
pub(super) fn race(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let keys = options.pick(options.keys, KEYS, QUICK_KEYS);
    let latency_ms = options.pick(None, LATENCY_MS, QUICK_LATENCY_MS);
    let mut all_complete = true;
    for shape in [Shape::Tree, Shape::Flat, Shape::Skewed] {
        let space = shape.generate(keys);
        let bytes = (0..space.count()).map(|index| space.size(index)).sum();
        let course = Course { shape, keys: keys as u64, bytes, latency_ms };
        all_complete &= one_shape(screen, &course, options)?;
    }
    Ok(all_complete)
}

fn one_shape(screen: &mut dyn Write, course: &Course, options: &Options) -> Result<bool> {
    let mut table = Table::new(&[
        "TOOL",
        "SECONDS",
        "RATIO",
        "REQUESTS",
        "AT ONCE",
        "CPU S/M KEYS",
        "SERVER CPU S",
        "PEAK MB",
        "COMPLETE",
    ]);
    let (mut ours, mut all_complete) = (None, true);
    for name in runners(course.shape, options) {
        let runs = if name == "s3queue" { options.runs_of_ours() } else { 1 };
        let results: Vec<Found> = (0..runs).map(|_| one_run(name, course, options)).collect::<Result<_>>()?;
        let wall = |result: &Found| result.measured.cost.wall_seconds;
        let seconds = median(results.iter().map(wall).collect()).context("no run")?;
        let complete = results.iter().all(|result| result.complete);
        let result = results.iter().find(|result| wall(result) == seconds).context("the median is a run")?;
        let ours = *ours.get_or_insert(seconds);
        all_complete &= complete;
        table.row([
            name.to_owned(),
            format!("{seconds:.2}"),
            ratio(seconds, Some(ours)),
            result.stats["requests"].to_string(),
            result.stats["max_concurrent_requests"].to_string(),
            format!("{:.2}", result.measured.cost.cpu_seconds * 1e6 / course.keys as f64),
            format!("{:.2}", result.server_cpu_seconds),
            megabytes(result.measured.cost.peak_rss_bytes),
            yes(complete),
        ]);
    }
    let (shape, keys, latency) = (course.shape.name(), course.keys, course.latency_ms);
    table.write(screen, &format!("list {shape}: {keys} keys, {latency} ms per request"))?;
    Ok(all_complete)
}

/// Who takes part: ours, the peers that are here, and the sequential loop.
fn runners(shape: Shape, options: &Options) -> Vec<&'static str> {
    let mut names = vec!["s3queue"];
    if options.peer("rclone").is_some() {
        names.push("rclone");
        if shape == Shape::Tree {
            names.push(RCLONE_WALK);
        }
    }
    names.extend(options.peer("s5cmd").map(|_| "s5cmd"));
    names.push("sequential-list");
    names
}

fn one_run(name: &str, course: &Course, options: &Options) -> Result<Found> {
    let Course { shape, keys, latency_ms, .. } = course;
    let s3 = format!("s3-server --shape {} --keys {keys} --latency-ms {latency_ms}", shape.name());
    let s3 = ServerProcess::start(&s3)?;
    let sqs = ServerProcess::start(&format!("sqs-server --queue {QUEUE}=0"))?;
    let fresh = s3.stats()?;
    let measured = measure(&runner(name, *shape, &s3.url(), &sqs.url(), options)?)?;
    let complete = is_complete(name, course, &measured);
    let stats = s3.stats()?;
    let server_cpu_seconds = cpu_between(&fresh, &stats);
    Ok(Found { measured, stats, server_cpu_seconds, complete })
}

fn runner(name: &str, shape: Shape, s3: &str, sqs: &str, options: &Options) -> Result<Runner> {
    let path = format!("{BUCKET}/{}", shape.prefix());
    Ok(match name {
        "s3queue" => ours(options, &path, s3, sqs),
        "s5cmd" => {
            let arguments = format!("--endpoint-url {s3} ls s3://{path}*");
            Runner::new(name, peer(options, name)?, &arguments)
        }
        "rclone" | RCLONE_WALK => {
            let walk = format!(" --disable ListR --checkers {WALKERS}");
            let arguments = format!(
                "lsf --config= -R --files-only \
                 :s3,provider=Other,env_auth=true,endpoint=\"{s3}\",force_path_style=true,region=us-east-1:{path}{}",
                if name == RCLONE_WALK { &walk } else { "" }
            );
            Runner::new(name, peer(options, "rclone")?, &arguments)
        }
        _ => {
            let arguments = format!("{name} --endpoint-url {s3} --bucket {BUCKET} --prefix {}", shape.prefix());
            Runner::new(name, own_program()?, &arguments)
        }
    })
}

/// One address per service: `--endpoint-url` would send every service to the same server.
fn ours(options: &Options, path: &str, s3: &str, sqs: &str) -> Runner {
    let arguments = format!("-s3path s3://{path} --dry-run --json --force --queue {QUEUE}");
    Runner::new("s3queue", options.ours("s3queue"), &arguments)
        .with_environment("AWS_ENDPOINT_URL_S3", s3)
        .with_environment("AWS_ENDPOINT_URL_SQS", sqs)
        .with_environment("AWS_ENDPOINT_URL_STS", sqs)
        .with_environment("AWS_ENDPOINT_URL_LAMBDA", sqs)
}

fn peer(options: &Options, name: &str) -> Result<PathBuf> {
    options.peer(name).with_context(|| format!("`{name}` is not here"))
}

/// Peers print a line per object; ours and the sequential loop print totals of objects and bytes.
fn is_complete(name: &str, course: &Course, measured: &Measured) -> bool {
    let totals = |count: &str, bytes: &str| {
        let report: Value = serde_json::from_slice(&measured.output).unwrap_or_default();
        let at = |pointer: &str| report.pointer(pointer).and_then(Value::as_u64);
        (at(count), at(bytes)) == (Some(course.keys), Some(course.bytes))
    };
    match name {
        "s3queue" => totals("/plan/estimate/items", "/plan/estimate/bytes"),
        "sequential-list" => totals("/keys", "/bytes"),
        _ => measured.lines == course.keys,
    }
}
