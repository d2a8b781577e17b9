//! Listing a million keys in three shapes: ours, page after page, and the peers that list.

use std::io::Write;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    Options,
    measure::{Measured, Runner, measure},
    median, own_program,
    server_process::ServerProcess,
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
        let course = Course {
            shape,
            keys: keys as u64,
            bytes,
            latency_ms,
        };
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
    for name in ["s3queue", "rclone", "s5cmd", "sequential-list"] {
        if matches!(name, "rclone" | "s5cmd") && options.peer(name).is_none() {
            continue;
        }
        let runs = if name == "s3queue" {
            options.runs_of_ours()
        } else {
            1
        };
        let results: Vec<Found> = (0..runs)
            .map(|_| one_run(name, course, options))
            .collect::<Result<_>>()?;
        let wall = |result: &Found| result.measured.cost.wall_seconds;
        let seconds = median(results.iter().map(wall).collect()).context("no run")?;
        let complete = results.iter().all(|result| result.complete);
        let result = results
            .iter()
            .find(|result| wall(result) == seconds)
            .context("the median is a run")?;
        let ours = *ours.get_or_insert(seconds);
        all_complete &= complete;
        table.row([
            name.to_owned(),
            format!("{seconds:.2}"),
            ratio(seconds, Some(ours)),
            result.stats["requests"].to_string(),
            result.stats["max_concurrent_requests"].to_string(),
            format!(
                "{:.2}",
                result.measured.cost.cpu_seconds * 1e6 / course.keys as f64
            ),
            format!(
                "{:.2}",
                result.stats["cpu_seconds"].as_f64().unwrap_or_default()
            ),
            megabytes(result.measured.cost.peak_rss_bytes),
            yes(complete),
        ]);
    }
    let (shape, keys, latency) = (course.shape.name(), course.keys, course.latency_ms);
    table.write(
        screen,
        &format!("list {shape}: {keys} keys, {latency} ms per request"),
    )?;
    Ok(all_complete)
}

fn one_run(name: &str, course: &Course, options: &Options) -> Result<Found> {
    let (keys, latency) = (course.keys.to_string(), course.latency_ms.to_string());
    let s3 = [
        "s3-server",
        "--shape",
        course.shape.name(),
        "--keys",
        &keys,
        "--latency-ms",
        &latency,
    ];
    let s3 = ServerProcess::start(&s3.map(str::to_owned))?;
    let sqs =
        ServerProcess::start(&["sqs-server", "--queue", &format!("{QUEUE}=0")].map(str::to_owned))?;
    let measured = measure(&runner(name, course.shape, &s3.url(), &sqs.url(), options)?)?;
    let complete = is_complete(name, course, &measured);
    Ok(Found {
        stats: s3.stats()?,
        complete,
        measured,
    })
}

fn runner(name: &str, shape: Shape, s3: &str, sqs: &str, options: &Options) -> Result<Runner> {
    let prefix = shape.prefix();
    let peer = |name: &str| {
        options
            .peer(name)
            .with_context(|| format!("`{name}` is not here"))
    };
    Ok(match name {
        "s3queue" => {
            let path = format!("s3://{BUCKET}/{prefix}");
            let arguments = [
                "-s3path",
                &path,
                "--dry-run",
                "--json",
                "--force",
                "--queue",
                QUEUE,
            ];
            // One address per service: `--endpoint-url` would send every service to the same server.
            Runner::new(name, options.ours(name), &arguments)
                .with_environment("AWS_ENDPOINT_URL_S3", s3)
                .with_environment("AWS_ENDPOINT_URL_SQS", sqs)
                .with_environment("AWS_ENDPOINT_URL_STS", sqs)
                .with_environment("AWS_ENDPOINT_URL_LAMBDA", sqs)
        }
        "s5cmd" => Runner::new(
            name,
            peer(name)?,
            &[
                "--endpoint-url",
                s3,
                "ls",
                &format!("s3://{BUCKET}/{prefix}*"),
            ],
        ),
        "rclone" => {
            let remote = format!(
                ":s3,provider=Other,env_auth=true,endpoint=\"{s3}\",force_path_style=true,region=us-east-1:{BUCKET}/{prefix}"
            );
            Runner::new(
                name,
                peer(name)?,
                &["lsf", "--config", "", "-R", "--files-only", &remote],
            )
        }
        _ => Runner::new(
            name,
            own_program()?,
            &[
                name,
                "--endpoint-url",
                s3,
                "--bucket",
                BUCKET,
                "--prefix",
                prefix,
            ],
        ),
    })
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
