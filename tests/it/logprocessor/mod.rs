//! `logprocessor` on folders and on the local deployment: what goes in comes out, in the right objects, once.

mod bad_input;
mod buckets;
mod folders;
mod limits;
mod measuring;
mod queues;
mod refusals;
mod stopping;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::support::{Home, Outcome, Tool, program, tool};

/// A log type of these tests: a door that was opened.
const DOOR: &str = "\
schema: Custom.Door
fields:
  - name: at
    required: true
    type: timestamp
    timeFormat: rfc3339
    isEventTime: true
  - name: door
    required: true
    type: bigint
  - name: note
    type: string
";

/// A line of the door: the hour is counted from 2026-01-01T00:00Z.
pub fn door(number: usize, hour: usize, note: &str) -> String {
    let (day, hour) = (hour / 24 + 1, hour % 24);
    let (month, day) = (1 + (day - 1) / 28, 1 + (day - 1) % 28);
    let (minute, second) = (number / 60 % 60, number % 60);
    format!(
        "{{\"at\":\"2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z\",\"door\":{number},\"note\":\"{note}\"}}\n"
    )
}

/// A line of a web server, which no door accepts.
pub fn visit(hour: usize) -> String {
    format!("203.0.113.9 - amy [05/Jan/2026:{hour:02}:00:01 +0000] \"GET /x HTTP/1.1\" 200 17\n")
}

pub fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_ref()).expect("in memory");
    packer.finish().expect("in memory")
}

/// A home with the schema of the door, inputs and a lake.
pub struct Scene {
    pub home: Home,
    schema: PathBuf,
}

impl Scene {
    pub fn new() -> Self {
        let home = Home::new();
        let schema = home.write("schemas/door.yml", DOOR);
        Self { home, schema }
    }

    /// Writes an input file.
    pub fn input(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        self.home.write(&format!("in/{name}"), bytes)
    }

    pub fn inputs(&self) -> PathBuf {
        self.home.path().join("in")
    }

    pub fn lake(&self) -> PathBuf {
        self.home.path().join("lake")
    }

    /// The tool, for doors and visits.
    pub fn tool(&self) -> Tool {
        tool("logprocessor")
            .home(&self.home)
            .args(["--log-types", "Apache.AccessCommon,Custom.Door"])
            .args(["--path", self.schema.to_str().expect("UTF-8")])
    }

    /// The tool from the inputs into the lake, with its report as JSON.
    pub fn run(&self) -> Tool {
        self.run_on(&[&self.inputs()])
    }

    /// The same with inputs that are named one by one.
    pub fn run_on(&self, inputs: &[&Path]) -> Tool {
        let named = inputs.iter().map(|path| path.as_os_str());
        self.tool().args(named).args(["--out".as_ref(), self.lake().as_os_str()]).args(["--json"])
    }

    /// Everything in the lake.
    pub fn stored(&self) -> Vec<Stored> {
        let mut files = Vec::new();
        walk(&self.lake(), &mut files);
        let key = |path: &Path| path.strip_prefix(self.lake()).expect("below").to_str().expect("UTF-8").to_owned();
        files.iter().map(|path| Stored::read(key(path), &std::fs::read(path).expect("a file"))).collect()
    }
}

/// A file of the inputs that gives nothing before somebody writes into it.
pub fn pipe(scene: &Scene, file: &str) -> PathBuf {
    let path = scene.inputs().join(file);
    program("/usr/bin/mkfifo").args([path.as_os_str()]).run().code(0);
    path
}

/// All files below a folder, with those whose names begin with a dot.
pub fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// An object, taken apart as a reader of the data lake does; what is wrong with it fails the test.
#[derive(Debug)]
pub struct Stored {
    pub table: String,
    pub hour: String,
    pub events: Vec<Value>,
}

impl Stored {
    pub fn read(key: String, body: &[u8]) -> Self {
        let mut text = String::new();
        let mut reader = GzDecoder::new(body);
        reader.read_to_string(&mut text).unwrap_or_else(|error| panic!("`{key}`: {error}"));
        assert!(reader.into_inner().is_empty(), "`{key}` is one gzip member, as readers of the first alone want it");
        assert!(text.ends_with('\n'), "`{key}`: the last line is whole");
        let events: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("`{key}`: {error}")))
            .collect();
        let parts: Vec<&str> = key.split('/').collect();
        let ["logs", table, year, month, day, hour, name] = parts[..] else { panic!("`{key}` is no key") };
        let value = |part: &str, name: &str| part.strip_prefix(name).unwrap_or_else(|| panic!("`{key}`")).to_owned();
        let (year, month) = (value(year, "year="), value(month, "month="));
        let (day, hour) = (value(day, "day="), value(hour, "hour="));
        let stamp = format!("{year}{month}{day}T{hour}0000Z-");
        let rest = name.strip_prefix(&stamp).unwrap_or_else(|| panic!("`{key}`: its name begins with its hour"));
        assert!(rest.len() == 36 + ".json.gz".len() && rest.ends_with(".json.gz"), "`{key}`");
        let hour = format!("{year}-{month}-{day} {hour}");
        for event in &events {
            assert!(event["p_event_time"].as_str().is_some_and(|time| time.starts_with(&hour)), "`{key}`: {event}");
            let log_type = event["p_log_type"].as_str().expect("a log type");
            assert_eq!(log_type.to_lowercase().replace('.', "_"), table, "`{key}`");
        }
        Self { table: table.to_owned(), hour, events }
    }
}

/// How many events each table has in each hour.
pub fn counts(stored: &[Stored]) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for object in stored {
        *counts.entry((object.table.clone(), object.hour.clone())).or_default() += object.events.len();
    }
    counts
}

/// The numbers of all doors, in order.
pub fn doors(stored: &[Stored]) -> Vec<u64> {
    let events = stored.iter().flat_map(|object| &object.events);
    let mut doors: Vec<u64> = events.filter_map(|event| event["door"].as_u64()).collect();
    doors.sort_unstable();
    doors
}

/// A number of the report's summary, which adds up.
pub fn summary(outcome: &Outcome, name: &str) -> u64 {
    let summary = outcome.stdout_json()["summary"].clone();
    let number = |name: &str| summary[name].as_u64().unwrap_or_default();
    let parts: u64 = ["done", "failed", "skipped", "left"].into_iter().map(number).sum();
    assert!(number("total") >= parts, "the total is less than its parts: {outcome}");
    number(name)
}

/// A number of the report's table of the whole run.
pub fn whole(outcome: &Outcome, name: &str) -> u64 {
    outcome.stdout_json()["throughput"][0][name].as_u64().unwrap_or_default()
}
