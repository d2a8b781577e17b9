//! The races: ours and the peers against one server or on the same files, one after the other, results checked, ratios printed.
//!
//! Every runner gets a fresh server or a file of the same seed and the whole machine. A runner whose result is incomplete fails
//! the race, however fast it was.

mod data;
mod demand;
mod generate;
mod list;
mod machine;
mod measure;
mod parse;
mod requeue;
mod server_process;
mod startup;
mod table;
mod undelete;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};

/// The Python that has DuckDB and polars, among the peers.
const FRAMES_PYTHON: &str = "frames-python";

/// Which race to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Race {
    /// Moving messages: time to the last confirmed delete
    Requeue,
    /// Listing a bucket of each shape
    List,
    /// Writing a list of all objects of all sources
    S3list,
    /// Removing delete markers, and the memory it takes
    S3undelete,
    /// `--version` and `--help`
    Startup,
    /// Making events of a log type's lines: against JSON tools, and against the JSON library alone
    Parse,
    /// Making logs: speed, and whether what was made parses
    Generate,
    /// All of them
    All,
}

/// Where the runners are and how thorough to be.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Which race to run
    #[arg(value_enum)]
    pub race: Race,
    /// Small counts and one run each: checks that results are complete, its times mean nothing
    #[arg(long)]
    pub quick: bool,
    /// Folder with our release binaries
    #[arg(long, value_name = "DIR")]
    pub tools: PathBuf,
    /// Folder with the peers' programs; those that are not there are left out
    #[arg(long, value_name = "DIR")]
    pub peers: Option<PathBuf>,
    /// Runs of ours, of which the median counts
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub runs: usize,
    /// Messages in the queue, instead of 10,000
    #[arg(long, value_name = "N")]
    pub messages: Option<usize>,
    /// Keys in the bucket, instead of 1,000,000 (list) or 100,000 (s3undelete)
    #[arg(long, value_name = "N")]
    pub keys: Option<usize>,
    /// Log types to parse or to generate, instead of those of the race
    #[arg(long, value_name = "T,..", value_delimiter = ',')]
    pub types: Vec<String>,
    /// Data of each log type, instead of 1G
    #[arg(long, value_name = "SIZE", value_parser = data::size)]
    pub bytes: Option<u64>,
    /// Folder for the data that is parsed or generated
    #[arg(long, value_name = "DIR", default_value = ".cache/bench/parse-data")]
    pub data: PathBuf,
    /// Keep the data that was parsed: the next race takes it
    #[arg(long)]
    pub keep: bool,
}

impl Options {
    /// `full` in a real race, `quick` in a quick one, unless the command line says otherwise.
    fn pick<T>(&self, given: Option<T>, full: T, quick: T) -> T {
        given.unwrap_or(if self.quick { quick } else { full })
    }

    fn runs_of_ours(&self) -> usize {
        if self.quick { 1 } else { self.runs.max(1) }
    }

    /// One of our tools.
    fn ours(&self, tool: &str) -> PathBuf {
        self.tools.join(tool)
    }

    /// A peer program, when peers are here.
    fn peer(&self, program: &str) -> Option<PathBuf> {
        self.peers.as_deref().map(|folder| folder.join(program)).filter(|path| path.exists())
    }
}

/// Runs the races asked for and prints a table for each.
///
/// # Errors
/// When a program cannot be run, or when any result was incomplete.
pub fn run(options: &Options) -> Result<()> {
    let mut screen = io::stdout().lock();
    machine::describe(&mut screen, options)?;
    let mut complete = true;
    let wants = |race| options.race == race || options.race == Race::All;
    if wants(Race::Requeue) {
        complete &= requeue::race(&mut screen, options)?;
    }
    if wants(Race::List) {
        complete &= list::race(&mut screen, options)?;
    }
    if wants(Race::S3undelete) {
        complete &= undelete::race(&mut screen, options)?;
    }
    if wants(Race::S3list) {
        complete &= list::race_of_lists(&mut screen, options)?;
    }
    if wants(Race::Startup) {
        startup::race(&mut screen, options)?;
    }
    if wants(Race::Parse) {
        complete &= parse::race(&mut screen, options)?;
    }
    if wants(Race::Generate) {
        complete &= generate::race(&mut screen, options)?;
    }
    screen.flush()?;
    ensure!(complete, "a result is incomplete: see the column COMPLETE");
    Ok(())
}

/// The program this is, which serves and runs the peers' algorithms as well.
fn own_program() -> Result<PathBuf> {
    Ok(std::env::current_exe()?)
}

/// A program built beside this one.
fn sibling(name: &str) -> Result<PathBuf> {
    Ok(own_program()?.parent().unwrap_or(Path::new(".")).join(name))
}

/// The middle value; of an even number of values the lower one of the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied()
}
