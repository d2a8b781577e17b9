//! What each stage costs: CPU time of the threads that work in it, and what they allocate.
//!
//! Figures are of clocks and counters of the very threads, not of samples: each stage is measured as a whole, a batch at a time,
//! which costs nothing beside the work.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use alloc_tracker::{Operation, Report, Session};
use opstools::run::{Stage, Watch};

use crate::cpu;

/// What one stage cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The stage, with the stages around it, and the log type within it where it has one.
    pub path: Vec<String>,
    /// How often it was entered.
    pub calls: u64,
    /// CPU time without that of the stages within it; none where the system does not tell.
    pub cpu: Option<Duration>,
    /// Allocations, likewise.
    pub allocations: u64,
    /// Allocated bytes, likewise.
    pub allocated_bytes: u64,
}

struct Frame {
    path: Vec<String>,
    calls: AtomicU64,
    nanos: AtomicU64,
    operation: Operation,
}

/// Measures the stages of a run.
pub struct Meter {
    session: Session,
    frames: Vec<Frame>,
    log_types: usize,
}

/// Frames that are not of one log type.
const WHOLE: [&[&str]; 4] = [&["cut", "read and unpack"], &["cut"], &["classify and decode"], &["group"]];

/// What the process did beside the stages.
pub const OTHER: &str = "other";

impl Meter {
    /// A meter for log types with these names, in the order of their numbers.
    pub fn new(log_types: &[String]) -> Self {
        let session = Session::new().no_stdout().no_file();
        let whole = WHOLE.iter().map(|path| path.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let compress = log_types.iter().map(|name| ["group", "compress", name].map(str::to_owned).to_vec());
        let write = log_types.iter().map(|name| ["write", name].map(str::to_owned).to_vec());
        let frame = |path: Vec<String>| Frame {
            operation: session.operation(path.join(";")),
            path,
            calls: AtomicU64::new(0),
            nanos: AtomicU64::new(0),
        };
        let frames = whole.chain(compress).chain(write).map(frame).collect();
        Self { session, frames, log_types: log_types.len() }
    }

    fn frame(&self, stage: Stage) -> &Frame {
        let number = match stage {
            Stage::Read => 0,
            Stage::Cut => 1,
            Stage::Parse => 2,
            Stage::Group => 3,
            Stage::Compress(log_type) => WHOLE.len() + log_type,
            Stage::Write(log_type) => WHOLE.len() + self.log_types + log_type,
        };
        &self.frames[number]
    }

    /// What every stage that was entered cost, without the stages within it; last, what the process did beside them.
    pub fn costs(&self) -> Vec<Cost> {
        let report = self.session.to_report();
        let whole: Vec<Cost> = self.frames.iter().map(|frame| frame.cost(&report)).collect();
        let mut costs: Vec<Cost> = whole.iter().map(|cost| without_inner(cost, &whole)).collect();
        costs.retain(|cost| cost.calls > 0);
        if let Some(process) = cpu::process() {
            let known: Duration = costs.iter().filter_map(|cost| cost.cpu).sum();
            let cpu = Some(process.saturating_sub(known));
            costs.push(Cost { path: vec![OTHER.to_owned()], calls: 1, cpu, ..Cost::default() });
        }
        costs
    }
}

impl Frame {
    fn cost(&self, report: &Report) -> Cost {
        let name = self.path.join(";");
        let allocated = report.operations().find(|(operation, _)| *operation == name).map(|(_, figures)| figures);
        Cost {
            path: self.path.clone(),
            calls: self.calls.load(Relaxed),
            cpu: cpu::thread().map(|_| Duration::from_nanos(self.nanos.load(Relaxed))),
            allocations: allocated.map_or(0, |figures| figures.total_allocations_count()),
            allocated_bytes: allocated.map_or(0, |figures| figures.total_bytes_allocated()),
        }
    }
}

/// A cost less those of the stages directly within it.
fn without_inner(cost: &Cost, all: &[Cost]) -> Cost {
    let mut own = cost.clone();
    for inner in all.iter().filter(|inner| is_within(&inner.path, &cost.path)) {
        own.cpu = own.cpu.zip(inner.cpu).map(|(own, inner)| own.saturating_sub(inner));
        own.allocations = own.allocations.saturating_sub(inner.allocations);
        own.allocated_bytes = own.allocated_bytes.saturating_sub(inner.allocated_bytes);
    }
    own
}

/// No two frames but one and the next around it are measured, so whatever lies within is directly within.
fn is_within(inner: &[String], outer: &[String]) -> bool {
    inner.len() > outer.len() && inner.starts_with(outer)
}

impl Watch for Meter {
    fn stage(&self, stage: Stage, work: &mut dyn FnMut()) {
        let frame = self.frame(stage);
        let before = cpu::thread();
        {
            let _span = frame.operation.measure_thread().no_peak().iterations(1);
            work();
        }
        let spent = cpu::thread().zip(before).map_or(Duration::ZERO, |(after, before)| after.saturating_sub(before));
        frame.calls.fetch_add(1, Relaxed);
        frame.nanos.fetch_add(u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use opstools::run::watched;

    use super::*;

    fn cost<'c>(costs: &'c [Cost], path: &[&str]) -> &'c Cost {
        costs.iter().find(|cost| cost.path == path).unwrap_or_else(|| panic!("no {path:?} in {costs:?}"))
    }

    #[test]
    fn what_a_stage_costs_is_without_what_lies_within() {
        let meter = Meter::new(&["A".to_owned(), "B".to_owned()]);
        watched(&meter, Stage::Group, || {
            let kept = std::hint::black_box(vec![0_u8; 1_000]);
            watched(&meter, Stage::Compress(1), || drop(std::hint::black_box(vec![0_u8; 30_000])));
            kept.len()
        });
        let costs = meter.costs();
        let (outer, inner) = (cost(&costs, &["group"]), cost(&costs, &["group", "compress", "B"]));
        assert_eq!((inner.calls, inner.allocations, inner.allocated_bytes), (1, 1, 30_000));
        assert!(outer.allocated_bytes >= 1_000 && outer.allocated_bytes < 30_000, "{outer:?}");
        assert!(!costs.iter().any(|cost| cost.path.last().is_some_and(|name| name == "A")), "never entered");
    }

    #[cfg(unix)]
    #[test]
    fn cpu_time_is_that_of_the_thread_that_works() {
        let meter = Meter::new(&[]);
        let mut sum = 0_u64;
        watched(&meter, Stage::Parse, || {
            (0..3_000_000_u64).for_each(|number| sum = sum.wrapping_mul(31) ^ std::hint::black_box(number))
        });
        let costs = meter.costs();
        assert!(cost(&costs, &["classify and decode"]).cpu > Some(Duration::ZERO), "{sum}");
        assert_eq!(costs.last().map(|cost| cost.path.as_slice()), Some(&[OTHER.to_owned()][..]));
    }
}
