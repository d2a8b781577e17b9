//! The tables of a run: what each stage cost, what each log type had, how fast the whole was.

use std::collections::BTreeMap;
use std::time::Duration;

use opstools::run::Run;
use serde_json::{Value, json};

use crate::cpu;
use crate::meter::{Cost, OTHER};
use crate::processor::Processed;
use crate::writer::Written;

/// Everything that the tables are made of.
pub struct Facts<'f> {
    /// Names of log types, by their numbers.
    pub log_types: &'f [String],
    /// What was read and parsed.
    pub processed: &'f Processed,
    /// What was stored, by log type.
    pub written: &'f BTreeMap<usize, Written>,
    /// What stages cost.
    pub costs: &'f [Cost],
    /// How long the run took.
    pub elapsed: Duration,
}

/// A row of the table of stages: its name, the frames that belong to it, and the bytes it worked on.
struct Row {
    name: &'static str,
    belongs: fn(&[String]) -> bool,
    bytes: u64,
}

impl Facts<'_> {
    /// Tells the report all tables.
    pub fn tell(&self, run: &Run) {
        run.stats.tell("throughput", Value::Array(vec![self.throughput()]));
        run.stats.tell("stages", Value::Array(self.stages()));
        run.stats.tell("log_types", Value::Array(self.types()));
    }

    fn object_bytes(&self) -> u64 {
        self.written.values().map(|written| written.bytes).sum()
    }

    fn throughput(&self) -> Value {
        let (totals, seconds) = (&self.processed.totals, self.elapsed.as_secs_f64());
        json!({
            "elapsed_seconds": rounded(seconds),
            "cpu_seconds": cpu::process().map(|spent| rounded(spent.as_secs_f64())),
            "logs": totals.logs,
            "events": totals.events,
            "text_bytes": totals.bytes,
            "mb_per_second": per_second(totals.bytes as f64 / 1e6, seconds),
            "events_per_second": per_second(totals.events as f64, seconds),
            "peak_buffers": self.processed.peak_buffers,
            "peak_buffer_bytes": self.processed.peak_memory,
        })
    }

    fn stages(&self) -> Vec<Value> {
        let (text, events) = (self.processed.totals.bytes, self.processed.event_bytes);
        let first = |path: &[String], name: &str| path.first().is_some_and(|first| first == name);
        let rows = [
            Row { name: "read and unpack", belongs: |path| path.len() == 2 && path[0] == "cut", bytes: text },
            Row { name: "cut", belongs: |path| path == ["cut"], bytes: text },
            Row { name: "classify and decode", belongs: |path| path == ["classify and decode"], bytes: text },
            Row { name: "group", belongs: |path| path == ["group"], bytes: events },
            Row { name: "compress", belongs: |path| path.len() == 3, bytes: events },
            Row { name: "write", belongs: |path| path[0] == "write", bytes: self.object_bytes() },
        ];
        let mut told: Vec<Value> = rows.iter().map(|row| self.stage(row)).collect();
        if let Some(other) = self.costs.iter().find(|cost| first(&cost.path, OTHER)) {
            told.push(json!({
                "stage": "beside the stages",
                "cpu_seconds": other.cpu.map(|spent| rounded(spent.as_secs_f64())),
            }));
        }
        told
    }

    fn stage(&self, row: &Row) -> Value {
        let costs: Vec<&Cost> = self.costs.iter().filter(|cost| (row.belongs)(&cost.path)).collect();
        let seconds = cpu::thread().map(|_| costs.iter().filter_map(|cost| cost.cpu).sum::<Duration>().as_secs_f64());
        json!({
            "stage": row.name,
            "bytes": row.bytes,
            "cpu_seconds": seconds.map(rounded),
            "mb_per_cpu_second": seconds.map(|seconds| per_second(row.bytes as f64 / 1e6, seconds)),
            "events_per_cpu_second":
                seconds.map(|seconds| per_second(self.processed.totals.events as f64, seconds)),
            "allocations": costs.iter().map(|cost| cost.allocations).sum::<u64>(),
            "allocated_bytes": costs.iter().map(|cost| cost.allocated_bytes).sum::<u64>(),
        })
    }

    fn types(&self) -> Vec<Value> {
        let tallies = self.log_types.iter().zip(&self.processed.totals.tallies).enumerate();
        let met = tallies.filter(|(_, (_, tally))| tally.logs > 0 || tally.misses > 0);
        met.map(|(number, (name, tally))| {
            let written = self.written.get(&number).copied().unwrap_or_default();
            json!({
                "log_type": name,
                "logs": tally.logs,
                "events": tally.events,
                "bytes": tally.bytes,
                "misses": tally.misses,
                "objects": written.objects,
                "object_bytes": written.bytes,
                "events_stored": written.events,
            })
        })
        .collect()
    }
}

/// To a millionth: no more is measured.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// A rate with one decimal; none of nothing.
fn per_second(amount: f64, seconds: f64) -> Option<f64> {
    (seconds > 0.0).then(|| (amount / seconds * 10.0).round() / 10.0)
}
