//! Making events of logs: ours, tools that read JSON or columns without a schema, and the JSON library alone.
//!
//! One log type after the other, on the same file, each runner pinned to one core or to two. The peers make no events: they
//! know no log types, times or indicators, and only write again what they have read, so that they have less to do.

mod contestant;
mod family;
mod figures;
mod turns;

use std::{fs, io::Write};

use anyhow::Result;

use self::{
    contestant::{Contestant, NOWHERE, Role, contestants, limits},
    family::{Family, Form, REFERENCE, chosen},
    figures::{Figures, Rate, measured_rate},
};
use super::{
    Options,
    data::{self, Data},
    demand::{Bound, Demands},
    measure::measure,
    table::{Table, megabytes, yes},
};

const BYTES: u64 = 1 << 30;
const QUICK_BYTES: u64 = 4 << 20;

/// The bounds that figures are held against; rates are those of processor time, but for two cores.
const JSON_TO_SERDE: f64 = 1.0;
const JSON_TO_SONIC: f64 = 0.4;
const TEXT_TO_SERDE: f64 = 0.7;
const TWO_CORES_TO_ONE: f64 = 1.6;
const CLASSIFICATION_PERCENT: f64 = 25.0;
const PEAK_MEGABYTES: f64 = 100.0;

const HEADER: [&str; 13] = [
    "TOOL",
    "CORES",
    "TO",
    "MB",
    "SECONDS",
    "MB/S",
    "CPU S",
    "CPU MB/S",
    "EVENTS/S",
    "RATIO",
    "CPU RATIO",
    "PEAK MB",
    "COMPLETE",
];

/// The names of all built-in log types.
///
/// # Errors
/// When our parser cannot be run.
pub(super) fn log_types(options: &Options) -> Result<Vec<String>> {
    Ok(family::known(options)?.into_iter().map(|(name, _)| name).collect())
}

/// Runs the race; answers whether every result was complete.
pub(super) fn race(screen: &mut dyn Write, options: &Options) -> Result<bool> {
    let families = chosen(options)?;
    let mut demands = Demands::new();
    let (mut complete, mut reference) = (true, None);
    if families.iter().any(|family| family.form != Form::Json) && families[0].log_type != REFERENCE {
        reference = measure_reference(options)?;
    }
    for family in &families {
        let data = data::make(options, &family.log_type, options.pick(options.bytes, BYTES, QUICK_BYTES))?;
        let (figures, is_complete) = one_family(screen, family, &data, options)?;
        complete &= is_complete;
        if family.log_type == REFERENCE {
            reference = figures.cpu(Role::Serde);
        }
        demand(&mut demands, family, &figures, reference);
        clear(&data, options);
    }
    if options.types.is_empty() {
        complete &= turns::race(screen, options)?;
    }
    demands.write(screen, "parse: what is to be shown (rates by processor time on one core, output to /dev/null)")?;
    Ok(complete)
}

fn clear(data: &Data, options: &Options) {
    if !options.keep {
        data.remove();
        // Others may have files in it.
        drop(fs::remove_dir(&options.data));
    }
}

/// What serde_json does with the log type that text is held against, when that one does not race itself.
fn measure_reference(options: &Options) -> Result<Option<f64>> {
    let data = data::make(options, REFERENCE, options.pick(options.bytes, BYTES, QUICK_BYTES))?;
    let mut figures = Figures::default();
    for limit in limits(&data, options).into_iter().filter(|limit| limit.role == Role::Serde) {
        for _ in 0..options.runs_of_ours() {
            figures.add(Role::Serde, measured_rate(&data, measure(&limit.runner)?.cost));
        }
    }
    clear(&data, options);
    Ok(figures.cpu(Role::Serde))
}

/// Runs all on one file and writes the table; answers also whether every result was complete.
fn one_family(screen: &mut dyn Write, family: &Family, data: &Data, options: &Options) -> Result<(Figures, bool)> {
    let tenth = matches!(family.form, Form::Pattern(_)).then(|| data.tenth()).transpose()?;
    let mut results: Vec<Runs> =
        contestants(family, data, tenth.as_ref(), options).into_iter().map(Runs::new).collect();
    // In turn, not one after the other: what else the machine does meets all of them.
    for round in 0..options.runs_of_ours() {
        for result in results.iter_mut().filter(|result| round == 0 || result.contestant.role != Role::Peer) {
            result.run_once();
        }
    }
    let mut figures = Figures::default();
    for result in &results {
        result.rates.iter().for_each(|&rate| figures.add(result.contestant.role, rate));
    }
    let mut table = Table::new(&HEADER);
    let ours = results.first().and_then(|result| Rate::median(&result.rates));
    results.iter().for_each(|result| result.write(&mut table, ours));
    let size = megabytes(data.bytes);
    let runs = options.runs_of_ours();
    table.write(screen, &format!("parse {}: {} logs, {size} MB, median of {runs}", family.log_type, data.rows))?;
    for result in &results {
        if let Some(failure) = &result.failure {
            writeln!(screen, "{}: {failure}\n", result.contestant.runner.name)?;
        }
    }
    Ok((figures, results.iter().all(|result| result.is_complete)))
}

/// A contestant with its runs.
struct Runs {
    contestant: Contestant,
    rates: Vec<Rate>,
    is_complete: bool,
    /// Why a run has no rate.
    failure: Option<String>,
}

impl Runs {
    fn new(contestant: Contestant) -> Self {
        Self { contestant, rates: Vec::new(), is_complete: true, failure: None }
    }

    /// Who fails is told of, and does not end the race of the others.
    fn run_once(&mut self) {
        match measure(&self.contestant.runner) {
            Ok(measured) => {
                self.is_complete &= self.contestant.is_complete(&measured);
                self.rates.push(measured_rate(&self.contestant.data, measured.cost));
            }
            Err(error) => {
                self.is_complete = false;
                self.failure = Some(format!("{error:#}"));
            }
        }
    }

    fn write(&self, table: &mut Table, ours: Option<Rate>) {
        let Contestant { runner, cores, to, data, .. } = &self.contestant;
        let mut cells = vec![runner.name.clone(), cores.to_string(), (*to).to_owned(), megabytes(data.bytes)];
        match Rate::median(&self.rates) {
            Some(rate) => {
                cells.extend([format!("{:.2}", rate.wall_seconds), format!("{:.1}", rate.wall_megabytes())]);
                cells.extend([format!("{:.2}", rate.cpu_seconds), format!("{:.1}", rate.cpu_megabytes())]);
                cells.push(format!("{:.0}", rate.events as f64 / rate.wall_seconds));
                let times = |of: fn(&Rate) -> f64| ours.map(|ours| format!("{:.2}x", of(&ours) / of(&rate)));
                let times = [times(Rate::wall_megabytes), times(Rate::cpu_megabytes)];
                cells.extend(times.map(|times| times.unwrap_or_else(|| "-".to_owned())));
                cells.push(megabytes(rate.peak_rss_bytes));
            }
            None => cells.extend(std::iter::repeat_n("-".to_owned(), HEADER.len() - cells.len() - 1)),
        }
        cells.push(yes(self.is_complete));
        table.row(cells);
    }
}

fn demand(demands: &mut Demands, family: &Family, figures: &Figures, reference: Option<f64>) {
    let log_type = family.log_type.as_str();
    let one = figures.cpu(Role::One);
    let part = |of: Option<f64>, whole: Option<f64>| of.zip(whole).map(|(of, whole)| of / whole);
    if family.form == Form::Json {
        demands.add(log_type, "rate to serde_json", part(one, figures.cpu(Role::Serde)), Bound::AtLeast(JSON_TO_SERDE));
        demands.add(log_type, "rate to sonic-rs", part(one, figures.cpu(Role::Sonic)), Bound::AtLeast(JSON_TO_SONIC));
    } else {
        let what = format!("rate to serde_json on {REFERENCE}");
        demands.add(log_type, &what, part(one, reference), Bound::AtLeast(TEXT_TO_SERDE));
    }
    let two = part(figures.wall(Role::Two), figures.wall(Role::One));
    demands.add(log_type, "two cores to one, by the clock", two, Bound::AtLeast(TWO_CORES_TO_ONE));
    let more = part(one, figures.cpu(Role::All)).map(|times| (times - 1.0) * 100.0);
    demands.add(log_type, "classification, % more time", more, Bound::AtMost(CLASSIFICATION_PERCENT));
    demands.add(log_type, "peak memory, MB", figures.peak_megabytes(), Bound::AtMost(PEAK_MEGABYTES));
}
