//! Moving a dead-letter queue back: ours, a loop like sqsmover's, and the algorithm of the original.

use std::io::Write;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    Options,
    measure::{Measured, Runner, measure},
    median, own_program,
    server_process::{ServerProcess, cpu_between},
    table::{Table, megabytes, ratio, yes},
};

const MESSAGES: usize = 10_000;
const QUICK_MESSAGES: usize = 200;
/// What a call to SQS takes from within its region.
const LATENCY_MS: u64 = 20;
const FROM: &str = "panther-rules-engine-queue-dlq";
const TO: &str = "panther-rules-engine-queue";

/// One runner's result.
struct Moved {
    seconds: f64,
    calls: u64,
    server_cpu_seconds: f64,
    complete: bool,
    measured: Measured,
}

/// Runs the race; answers whether every result was complete.
pub(super) fn race(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let messages = options.pick(options.messages, MESSAGES, QUICK_MESSAGES);
    let mut table = Table::new(&[
        "TOOL",
        "SECONDS",
        "RATIO",
        "MESSAGES/S",
        "CALLS",
        "CPU S",
        "SERVER CPU S",
        "PEAK MB",
        "COMPLETE",
    ]);
    let (mut ours, mut all_complete) = (None, true);
    for (name, runs) in [("requeue", options.runs_of_ours()), ("sqsmover", 1), ("original-requeue", 1)] {
        let results: Vec<Moved> = (0..runs).map(|_| one_run(name, messages, options)).collect::<Result<_>>()?;
        let seconds = median(results.iter().map(|result| result.seconds).collect()).context("no run")?;
        let complete = results.iter().all(|result| result.complete);
        let result = results.iter().find(|result| result.seconds == seconds).context("the median is a run")?;
        let ours = *ours.get_or_insert(seconds);
        all_complete &= complete;
        table.row([
            name.to_owned(),
            format!("{seconds:.2}"),
            ratio(seconds, Some(ours)),
            format!("{:.0}", messages as f64 / seconds),
            result.calls.to_string(),
            format!("{:.2}", result.measured.cost.cpu_seconds),
            format!("{:.2}", result.server_cpu_seconds),
            megabytes(result.measured.cost.peak_rss_bytes),
            yes(complete),
        ]);
    }
    let title =
        format!("requeue: {messages} messages, {LATENCY_MS} ms per call, from the start to the last confirmed delete");
    table.write(screen, &title)?;
    Ok(all_complete)
}

fn one_run(name: &str, messages: usize, options: &Options) -> Result<Moved> {
    let server = ServerProcess::start(&format!(
        "sqs-server --latency-ms {LATENCY_MS} --queue {FROM}={messages} --queue {TO}=0 --dead-letters {TO}={FROM}"
    ))?;
    let before = digests(&server, FROM)?;
    let fresh = server.stats()?;
    let started = fresh["clock_ms"].as_f64().context("the server has a clock")?;
    let measured = measure(&runner(name, &server.url(), options)?)?;
    let stats = server.stats()?;
    let server_cpu_seconds = cpu_between(&fresh, &stats);
    let finished = stats["last_delete_ms"].as_f64().context("nothing was deleted")?;
    let complete = digests(&server, TO)? == before && digests(&server, FROM)?.is_empty();
    let calls = stats["calls"].as_object().into_iter().flat_map(|calls| calls.values()).filter_map(Value::as_u64).sum();
    Ok(Moved { seconds: (finished - started) / 1000.0, calls, server_cpu_seconds, complete, measured })
}

fn runner(name: &str, url: &str, options: &Options) -> Result<Runner> {
    Ok(if name == "requeue" {
        let arguments = format!("--from.q {FROM} --to.q {TO} --no-input --json --no-journal --endpoint-url {url}");
        Runner::new(name, options.ours(name), &arguments)
    } else {
        let arguments = format!("{name} --endpoint-url {url} --from {FROM} --to {TO}");
        Runner::new(name, own_program()?, &arguments)
    })
}

/// Every message of a queue by what must survive a move, bodies and attributes; sorted, repetitions kept.
fn digests(server: &ServerProcess, queue: &str) -> Result<Vec<String>> {
    let messages = server.get(&format!("/_bench/messages?queue={queue}"))?;
    let digest = |message: &Value| format!("{} {}", message["md5_of_body"], message["md5_of_attributes"]);
    let mut digests: Vec<String> = messages.as_array().into_iter().flatten().map(digest).collect();
    digests.sort_unstable();
    Ok(digests)
}
