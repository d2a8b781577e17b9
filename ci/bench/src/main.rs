//! The command line of the benchmarks: servers, peers, races.

use std::{
    io::{self, Write},
    time::Duration,
};

use anyhow::{Context, Result};
use bench::{
    peers::{self, Move},
    race,
    s3::{self, Shape},
    sqs::{self, QueueSetup},
    usage,
};
use clap::{Args, Parser, Subcommand};
use tokio::io::AsyncReadExt;

/// Loopback servers, the peers' algorithms, and the races between them and our tools
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve SQS and STS on loopback; prints the address
    SqsServer(SqsServer),
    /// Serve listings of a generated bucket named `bench` on loopback; prints the address
    S3Server(S3Server),
    /// Move messages as the original tool did
    OriginalRequeue(Move),
    /// Move messages as sqsmover does
    Sqsmover(Move),
    /// List a prefix page after page
    SequentialList(SequentialList),
    /// Measure how fast the S3 server writes keys, in keys per second of one core
    Speed(Speed),
    /// Run ours and the peers against the same server
    Race(race::Options),
}

#[derive(Debug, Args)]
struct Serving {
    /// Port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Milliseconds slept before each answer
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// End when stdin is closed, as it is when the parent ends
    #[arg(long)]
    until_stdin_closes: bool,
}

#[derive(Debug, Args)]
struct SqsServer {
    #[command(flatten)]
    serving: Serving,
    /// A queue and how many messages it holds; repeatable
    #[arg(long, value_name = "NAME=COUNT", value_parser = pair)]
    queue: Vec<(String, String)>,
    /// A queue and its dead-letter queue; repeatable
    #[arg(long, value_name = "NAME=DEAD_LETTERS", value_parser = pair)]
    dead_letters: Vec<(String, String)>,
}

#[derive(Debug, Args)]
struct S3Server {
    #[command(flatten)]
    serving: Serving,
    /// Shape of the bucket
    #[arg(long, value_enum, default_value_t = Shape::Tree)]
    shape: Shape,
    /// How many keys it has
    #[arg(long, default_value_t = 1_000_000)]
    keys: usize,
    /// Begin listings at the first key whatever `start-after` says
    #[arg(long)]
    ignore_start_after: bool,
    /// Deny listings of any other prefix
    #[arg(long, value_name = "PREFIX")]
    exact_prefix_only: Option<String>,
    /// The bucket keeps versions, and each key has a delete marker on top
    #[arg(long)]
    deleted: bool,
}

#[derive(Debug, Args)]
struct SequentialList {
    /// Address of the server
    #[arg(long, value_name = "URL")]
    endpoint_url: String,
    /// Bucket to list
    #[arg(long, value_name = "NAME")]
    bucket: String,
    /// Prefix to list
    #[arg(long, value_name = "PREFIX", default_value = "")]
    prefix: String,
}

#[derive(Debug, Args)]
struct Speed {
    /// How many keys to write
    #[arg(long, default_value_t = 1_000_000)]
    keys: usize,
}

/// Receives after which a message goes to the dead-letter queue: that of the queues the races imitate.
const MAX_RECEIVES: u32 = 10;

/// One thread: a server must leave the other cores to the runner, and is fast enough with one.
fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match Arguments::parse().command {
        Command::SqsServer(server) => runtime.block_on(serve_sqs(server)),
        Command::S3Server(server) => runtime.block_on(serve_s3(server)),
        Command::OriginalRequeue(what) => say(&moved(runtime.block_on(peers::original_requeue(&what))?)),
        Command::Sqsmover(what) => say(&moved(runtime.block_on(peers::sqsmover(&what))?)),
        Command::SequentialList(what) => {
            let SequentialList { endpoint_url, bucket, prefix } = what;
            let listed = runtime.block_on(peers::sequential_list(&endpoint_url, &bucket, &prefix))?;
            say(&serde_json::json!({ "keys": listed.keys, "bytes": listed.bytes }).to_string())
        }
        Command::Speed(speed) => measure_generation(&speed),
        Command::Race(options) => race::run(&options),
    }
}

fn moved(messages: u64) -> String {
    serde_json::json!({ "moved": messages }).to_string()
}

async fn serve_sqs(server: SqsServer) -> Result<()> {
    let mut queues = Vec::new();
    for (name, count) in server.queue {
        let count = count.parse().with_context(|| format!("`{count}` is no number of messages"))?;
        let dead_letters = server.dead_letters.iter().find(|(source, _)| *source == name);
        queues.push(QueueSetup {
            dead_letters: dead_letters.map(|(_, target)| (target.clone(), MAX_RECEIVES)),
            ..QueueSetup::new(name).filled(count)
        });
    }
    let Serving { port, latency_ms, until_stdin_closes } = server.serving;
    let latency = Duration::from_millis(latency_ms);
    let running = sqs::Server::start(sqs::Options { port, latency, queues }).await?;
    say(&running.url())?;
    until_told(until_stdin_closes).await
}

async fn serve_s3(server: S3Server) -> Result<()> {
    let Serving { port, latency_ms, until_stdin_closes } = server.serving;
    let options = s3::Options {
        port,
        latency: Duration::from_millis(latency_ms),
        ignore_start_after: server.ignore_start_after,
        exact_prefix_only: server.exact_prefix_only,
        deleted: server.deleted,
    };
    let running = s3::Server::start(server.shape.generate(server.keys), options).await?;
    say(&running.url())?;
    until_told(until_stdin_closes).await
}

/// Waits for the end of stdin, or for ever: then a signal ends the process.
async fn until_told(until_stdin_closes: bool) -> Result<()> {
    if !until_stdin_closes {
        std::future::pending::<()>().await;
    }
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    Ok(())
}

fn measure_generation(speed: &Speed) -> Result<()> {
    for shape in [Shape::Tree, Shape::Flat, Shape::Skewed] {
        let space = shape.generate(speed.keys);
        let keys_per_second = s3::generation_speed(&*space);
        say(&format!("{:<7} {keys_per_second:>12.0} keys/s", shape.name()))?;
    }
    say(&format!("peak memory {:.1} MB", usage::own().peak_rss_bytes as f64 / 1e6))
}

/// One line on stdout, at once: whoever started a server waits for its address.
fn say(line: &str) -> Result<()> {
    let mut screen = io::stdout().lock();
    writeln!(screen, "{line}")?;
    Ok(screen.flush()?)
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not of the form NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}
