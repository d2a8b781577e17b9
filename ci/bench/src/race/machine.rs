//! What ran and on what: figures without that are worth nothing.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::Command,
    thread,
};

use super::Options;

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
        "machine   {processor}, {cores} cores, {memory} memory, {} {}",
        std::env::consts::OS,
        kernel.trim()
    )?;
    writeln!(screen, "load      {}", read("/proc/loadavg").trim())?;
    for tool in ["requeue", "s3list", "s3queue"] {
        writeln!(screen, "{tool:<9} {}", version(&options.ours(tool), "--version"))?;
    }
    for (peer, argument) in [("s5cmd", "version"), ("rclone", "version"), ("aws", "--version")] {
        let said = options.peer(peer).map_or_else(|| "not here".to_owned(), |path| version(&path, argument));
        writeln!(screen, "{peer:<9} {said}")?;
    }
    let (sqs, s3) = (aws_sdk_sqs::meta::PKG_VERSION, aws_sdk_s3::meta::PKG_VERSION);
    writeln!(screen, "loops     original-requeue, sqsmover: aws-sdk-sqs {sqs}; sequential-list: aws-sdk-s3 {s3}")?;
    if options.quick {
        writeln!(screen, "quick     small counts: only completeness is checked, times mean nothing")?;
    }
    writeln!(screen)
}

/// The first line of what the program says about its version.
fn version(program: &Path, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let said =
        output.map(|output| String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned());
    said.ok().filter(|line| !line.is_empty()).unwrap_or_else(|| "cannot be run".to_owned())
}
