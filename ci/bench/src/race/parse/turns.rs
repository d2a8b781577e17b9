//! Lines of all log types in turn: the hardest stream for classification, beside each of the types by itself.
//!
//! Nobody names the log type of each line, so the comparison is with as many runs as there are types, each over the lines of
//! one. These have it easier in one way more: a processor learns what comes next in a file of one kind.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::{
    super::{
        Options,
        data::{self, Data},
        measure::{Runner, measure},
        table::{Table, megabytes, yes},
    },
    NOWHERE, clear,
    contestant::is_reported,
    family,
    figures::{Rate, measured_rate},
};

/// Bytes of each log type.
const BYTES: u64 = 2 << 20;
const QUICK_BYTES: u64 = 16 << 10;

/// Types whose lines mean nothing without the lines before them (a header, an entry of several lines), or whose files are one
/// document.
const LEFT_OUT: [&str; 3] = ["AWS.VPCFlow", "Juniper.Access", "AWS.CloudTrailInsight"];

/// Writes the table; answers whether every result was complete.
pub(super) fn race(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let names: Vec<String> = family::known(options)?.into_iter().map(|(name, _)| name).collect();
    let names: Vec<String> = names.into_iter().filter(|name| !LEFT_OUT.contains(&name.as_str())).collect();
    let whole: Vec<Data> = names
        .iter()
        .map(|name| data::make(options, name, options.pick(options.bytes, BYTES, QUICK_BYTES)))
        .collect::<Result<_>>()?;
    let rows = whole.iter().map(|data| data.rows).min().unwrap_or_default();
    let (singles, turns) = split(&whole, rows, &options.data)?;
    let empty = Data { path: PathBuf::from("/dev/null"), bytes: 0, rows: 0 };
    let mut named = Sum::default();
    for (name, data) in names.iter().zip(&singles) {
        let begun = best(options, Some(name), &empty)?;
        named.add(&best(options, Some(name), data)?, &begun);
    }
    let mut mixed = Sum::default();
    mixed.add(&best(options, None, &turns)?, &best(options, None, &empty)?);
    let mut table = Table::new(&["TOOL", "MB", "LOGS", "CPU S", "CPU MB/S", "CPU RATIO", "COMPLETE"]);
    for (name, sum) in [("pantherlog, each type by itself", &named), ("pantherlog, all types, lines in turn", &mixed)] {
        table.row(vec![
            name.to_owned(),
            megabytes(sum.bytes),
            sum.rows.to_string(),
            format!("{:.3}", sum.cpu_seconds),
            format!("{:.1}", sum.bytes as f64 / 1e6 / sum.cpu_seconds),
            format!("{:.2}x", sum.cpu_seconds / named.cpu_seconds),
            yes(sum.complete),
        ]);
    }
    table.write(screen, &format!("parse, {} log types in turn, without the time to start", names.len()))?;
    whole.iter().chain(&singles).chain([&turns]).for_each(|data| clear(data, options));
    Ok(named.complete && mixed.complete)
}

/// Costs without those of starting.
struct Sum {
    bytes: u64,
    rows: u64,
    cpu_seconds: f64,
    complete: bool,
}

impl Default for Sum {
    fn default() -> Self {
        Self { bytes: 0, rows: 0, cpu_seconds: 0.0, complete: true }
    }
}

impl Sum {
    fn add(&mut self, (rate, complete): &(Rate, bool), (start, _): &(Rate, bool)) {
        self.bytes += rate.bytes;
        self.rows += rate.events;
        self.cpu_seconds += rate.cpu_seconds - start.cpu_seconds;
        self.complete &= complete;
    }
}

/// The run with the least processor time: they are short, and anything else only adds to it.
fn best(options: &Options, log_type: Option<&str>, data: &Data) -> Result<(Rate, bool)> {
    let file = data.path.display().to_string();
    let mut words = vec!["parse", "--encoding", "datalake", "--json", &file, "-o", NOWHERE, "--threads", "1"];
    words.extend(log_type.map_or(vec![], |name| vec!["--log-types", name]));
    let runner = Runner::of_words("pantherlog", options.ours("pantherlog"), words).accepting_rejects().on_cores(1);
    let mut best: Option<(Rate, bool)> = None;
    for _ in 0..options.runs_of_ours() {
        let measured = measure(&runner)?;
        let (rate, complete) = (measured_rate(data, measured.cost), is_reported(&measured.output, data.rows));
        let less = best.is_none_or(|(best, _)| rate.cpu_seconds < best.cpu_seconds);
        best = if less { Some((rate, complete)) } else { best };
    }
    best.ok_or_else(|| anyhow::anyhow!("no run of `{}`", runner.name))
}

/// The first lines of each file, in a file of their own and in one of all in turn.
fn split(whole: &[Data], rows: u64, folder: &Path) -> Result<(Vec<Data>, Data)> {
    let path = folder.join("turns");
    let mut together = BufWriter::new(File::create(&path)?);
    let mut readers = Vec::new();
    let mut singles = Vec::new();
    for data in whole {
        let path = data.path.with_added_extension("turn");
        readers.push((BufReader::new(File::open(&data.path)?), BufWriter::new(File::create(&path)?)));
        singles.push(Data { path, bytes: 0, rows });
    }
    let mut turns = Data { path, bytes: 0, rows: rows * whole.len() as u64 };
    let mut line = Vec::new();
    for _ in 0..rows {
        for ((reader, writer), single) in readers.iter_mut().zip(&mut singles) {
            line.clear();
            reader.read_until(b'\n', &mut line)?;
            writer.write_all(&line)?;
            together.write_all(&line)?;
            single.bytes += line.len() as u64;
            turns.bytes += line.len() as u64;
        }
    }
    readers.iter_mut().try_for_each(|(_, writer)| writer.flush())?;
    together.flush()?;
    Ok((singles, turns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_in_turn_and_each_by_itself() {
        let folder = tempfile::TempDir::new().expect("a scratch folder can be made");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("a scratch file can be written");
            Data { path, bytes: text.len() as u64, rows: text.lines().count() as u64 }
        };
        let whole = [file("a", "a1\na2\na3\n"), file("b", "b1\nb2\n")];
        let (singles, turns) = split(&whole, 2, folder.path()).expect("the files can be read");
        let text = |data: &Data| std::fs::read_to_string(&data.path).expect("it is there");
        assert_eq!(singles.iter().map(text).collect::<Vec<_>>(), ["a1\na2\n", "b1\nb2\n"]);
        assert_eq!((text(&turns).as_str(), turns.rows, turns.bytes), ("a1\nb1\na2\nb2\n", 4, 12));
    }
}
