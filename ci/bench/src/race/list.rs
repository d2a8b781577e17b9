//! Listing a million keys in several shapes: ours, page after page, and the peers that list.
//!
//! Two races on the same buckets. One counts objects, as before a replay; the other writes a line for each, with the
//! source that it belongs to.

use std::{fs, io::Write, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;

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

/// How many sources read the bucket, each of them one of the folders below the common prefix beside the one that reads all.
const SOURCES: usize = 20;

/// A bucket to be listed, and what a complete listing finds in it.
struct Course {
    shape: Shape,
    keys: u64,
    bytes: u64,
    latency_ms: u64,
    /// Holds the list of sources.
    scratch: TempDir,
}

impl Course {
    fn new(shape: Shape, options: &Options) -> Result<Self> {
        let keys = options.pick(options.keys, KEYS, QUICK_KEYS);
        let latency_ms = options.pick(None, LATENCY_MS, QUICK_LATENCY_MS);
        let space = shape.generate(keys);
        let bytes = (0..space.count()).map(|index| space.size(index)).sum();
        let scratch = TempDir::new().context("cannot make a scratch folder")?;
        let course = Self { shape, keys: keys as u64, bytes, latency_ms, scratch };
        fs::write(course.sources(), sources(shape).to_string())?;
        Ok(course)
    }

    fn sources(&self) -> PathBuf {
        self.scratch.path().join("sources.json")
    }
}

/// Sources as Panther's function tells them: overlapping ones, so that attributing each object is part of the race.
fn sources(shape: Shape) -> Value {
    let source = |number: usize| {
        let prefix = if number == 0 { shape.prefix().to_owned() } else { format!("{}{number:02}", shape.prefix()) };
        json!({
            "integrationId": format!("source-{number}"), "integrationLabel": format!("Source {number}"),
            "integrationType": "aws-s3", "s3Bucket": BUCKET,
            "s3PrefixLogTypes": [{ "prefix": prefix, "logTypes": ["AWS.CloudTrail"] }],
        })
    };
    (0..SOURCES).map(source).collect()
}

/// One runner's result.
struct Found {
    measured: Measured,
    stats: Value,
    server_cpu_seconds: f64,
    complete: bool,
}

/// Counts the objects of each shape; answers whether every result was complete.
pub(super) fn race(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let mut all_complete = true;
    for shape in [Shape::Tree, Shape::Flat, Shape::Skewed] {
        let course = Course::new(shape, options)?;
        all_complete &= one_shape(screen, "list", &course, &runners(shape, options), options)?;
    }
    Ok(all_complete)
}

/// Writes a line for each object of all sources; answers whether every result was complete.
pub(super) fn race_of_lists(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let mut names = vec!["s3list"];
    names.extend(["s5cmd", "aws"].into_iter().filter(|name| options.peer(name).is_some()));
    let mut all_complete = true;
    for shape in [Shape::Tree, Shape::Flat] {
        all_complete &= one_shape(screen, "s3list", &Course::new(shape, options)?, &names, options)?;
    }
    Ok(all_complete)
}

/// The first of the names is ours, and what the others are compared with.
fn one_shape(screen: &mut dyn Write, title: &str, course: &Course, names: &[&str], options: &Options) -> Result<bool> {
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
    for name in names {
        let runs = if ours.is_none() { options.runs_of_ours() } else { 1 };
        let results: Vec<Found> = (0..runs).map(|_| one_run(name, course, options)).collect::<Result<_>>()?;
        let wall = |result: &Found| result.measured.cost.wall_seconds;
        let seconds = median(results.iter().map(wall).collect()).context("no run")?;
        let complete = results.iter().all(|result| result.complete);
        let result = results.iter().find(|result| wall(result) == seconds).context("the median is a run")?;
        let ours = *ours.get_or_insert(seconds);
        all_complete &= complete;
        table.row([
            (*name).to_owned(),
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
    table.write(screen, &format!("{title} {shape}: {keys} keys, {latency} ms per request"))?;
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
    let measured = measure(&runner(name, course, &s3.url(), &sqs.url(), options)?)?;
    let complete = is_complete(name, course, &measured);
    let stats = s3.stats()?;
    let server_cpu_seconds = cpu_between(&fresh, &stats);
    Ok(Found { measured, stats, server_cpu_seconds, complete })
}

fn runner(name: &str, course: &Course, s3: &str, sqs: &str, options: &Options) -> Result<Runner> {
    let shape = course.shape;
    let path = format!("{BUCKET}/{}", shape.prefix());
    Ok(match name {
        "s3queue" => {
            let arguments = format!("-s3path s3://{path} --dry-run --json --force --queue {QUEUE}");
            ours(options, name, &arguments, s3, sqs)
        }
        "s3list" => {
            let sources = course.sources().display().to_string();
            let arguments = format!("--sources-file {sources} --no-assume --include-empty --format jsonl -q");
            ours(options, name, &arguments, s3, sqs)
        }
        "aws" => {
            let arguments = format!("--endpoint-url {s3} s3 ls --recursive s3://{path}");
            Runner::new(name, peer(options, name)?, &arguments)
        }
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
fn ours(options: &Options, tool: &str, arguments: &str, s3: &str, sqs: &str) -> Runner {
    Runner::new(tool, options.ours(tool), arguments)
        .with_environment("AWS_ENDPOINT_URL_S3", s3)
        .with_environment("AWS_ENDPOINT_URL_SQS", sqs)
        .with_environment("AWS_ENDPOINT_URL_STS", sqs)
        .with_environment("AWS_ENDPOINT_URL_LAMBDA", sqs)
}

fn peer(options: &Options, name: &str) -> Result<PathBuf> {
    options.peer(name).with_context(|| format!("`{name}` is not here"))
}

/// `s3list` and the peers print a line per object; `s3queue` and the sequential loop print totals of objects and bytes.
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
