//! What ran and on what: figures without that are worth nothing.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::Command,
    thread,
};

use super::{FRAMES_PYTHON, Options, Race};

/// Writes machine, load and versions.
pub(super) fn describe(screen: &mut dyn Write, options: &Options) -> io::Result<()> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?.to_owned();
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let processor = field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_else(|| "unknown".to_owned());
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let kernel = read("/proc/sys/kernel/osrelease");
    writeln!(
        screen,
        "machine    {processor}, {cores} cores, {memory} memory, {} {}",
        std::env::consts::OS,
        kernel.trim()
    )?;
    writeln!(screen, "load       {}", read("/proc/loadavg").trim())?;
    let (tools, peers) = runners(options.race);
    for tool in tools {
        writeln!(screen, "{tool:<WIDTH$} {}", version(&options.ours(tool), &["--version"]))?;
    }
    for (peer, arguments) in peers {
        let said =
            options.peer(program_of(peer)).map_or_else(|| "not here".to_owned(), |path| version(&path, arguments));
        writeln!(screen, "{peer:<WIDTH$} {said}")?;
    }
    if !is_of_logs(options.race) {
        let (sqs, s3) = (aws_sdk_sqs::meta::PKG_VERSION, aws_sdk_s3::meta::PKG_VERSION);
        writeln!(
            screen,
            "{:<WIDTH$} original-requeue, sqsmover: aws-sdk-sqs {sqs}; sequential-list: aws-sdk-s3 {s3}",
            "loops"
        )?;
    }
    if options.quick {
        writeln!(screen, "quick      small counts: only completeness is checked, times mean nothing")?;
    }
    writeln!(screen)
}

/// Of the names.
const WIDTH: usize = 10;

/// Programs and what to ask them for their version.
type Asked = (&'static str, &'static [&'static str]);

fn is_of_logs(race: Race) -> bool {
    matches!(race, Race::Parse | Race::Generate)
}

/// Who takes part: ours and the peers.
fn runners(race: Race) -> (&'static [&'static str], &'static [Asked]) {
    match race {
        Race::Parse => (
            &["pantherlog", "filegen"],
            &[
                ("jq", &["--version"]),
                ("jaq", &["--version"]),
                ("mlr", &["--version"]),
                ("duckdb", &["-c", "import duckdb; print(duckdb.__version__)"]),
                ("polars", &["-c", "import polars; print(polars.__version__)"]),
            ],
        ),
        Race::Generate => (&["pantherlog", "filegen"], &[]),
        _ => (
            &["requeue", "s3list", "s3queue"],
            &[("s5cmd", &["version"]), ("rclone", &["version"]), ("aws", &["--version"])],
        ),
    }
}

/// Libraries of Python speak through it.
fn program_of(peer: &str) -> &str {
    if matches!(peer, "duckdb" | "polars") { FRAMES_PYTHON } else { peer }
}

/// The first line of what the program says about its version.
fn version(program: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let said =
        output.map(|output| String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned());
    said.ok().filter(|line| !line.is_empty()).unwrap_or_else(|| "cannot be run".to_owned())
}
