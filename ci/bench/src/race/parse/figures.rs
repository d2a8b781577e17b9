//! Rates of runs: bytes and events by the clock and by processor time.

use super::{
    super::{data::Data, measure::Cost, median},
    contestant::Role,
};

/// One run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate {
    pub bytes: u64,
    pub events: u64,
    pub wall_seconds: f64,
    pub cpu_seconds: f64,
    pub peak_rss_bytes: u64,
}

/// The rate of a run over this data.
pub(super) fn measured_rate(data: &Data, cost: Cost) -> Rate {
    let Cost { wall_seconds, cpu_seconds, peak_rss_bytes, .. } = cost;
    Rate { bytes: data.bytes, events: data.rows, wall_seconds, cpu_seconds, peak_rss_bytes }
}

impl Rate {
    /// The middle of each figure, and the largest memory.
    pub fn median(rates: &[Self]) -> Option<Self> {
        let middle = |of: fn(&Self) -> f64| median(rates.iter().map(of).collect());
        Some(Self {
            wall_seconds: middle(|rate| rate.wall_seconds)?,
            cpu_seconds: middle(|rate| rate.cpu_seconds)?,
            peak_rss_bytes: rates.iter().map(|rate| rate.peak_rss_bytes).max()?,
            ..*rates.first()?
        })
    }

    /// MB per second of the clock.
    pub fn wall_megabytes(&self) -> f64 {
        self.bytes as f64 / 1e6 / self.wall_seconds
    }

    /// MB per second of processor time.
    pub fn cpu_megabytes(&self) -> f64 {
        self.bytes as f64 / 1e6 / self.cpu_seconds
    }
}

/// The runs that demands look at.
#[derive(Debug, Default)]
pub(super) struct Figures {
    runs: Vec<(Role, Rate)>,
}

impl Figures {
    pub fn add(&mut self, role: Role, rate: Rate) {
        self.runs.push((role, rate));
    }

    /// MB per second of processor time.
    pub fn cpu(&self, role: Role) -> Option<f64> {
        self.median(role).map(|rate| rate.cpu_megabytes())
    }

    /// MB per second of the clock.
    pub fn wall(&self, role: Role) -> Option<f64> {
        self.median(role).map(|rate| rate.wall_megabytes())
    }

    /// The most memory that any run of ours took.
    pub fn peak_megabytes(&self) -> Option<f64> {
        let ours = self.runs.iter().filter(|(role, _)| role.is_ours());
        ours.map(|(_, rate)| rate.peak_rss_bytes as f64 / 1e6).max_by(f64::total_cmp)
    }

    fn median(&self, role: Role) -> Option<Rate> {
        let rates: Vec<Rate> = self.runs.iter().filter(|(of, _)| *of == role).map(|&(_, rate)| rate).collect();
        Rate::median(&rates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(wall_seconds: f64, cpu_seconds: f64, peak_rss_bytes: u64) -> Rate {
        Rate { bytes: 10_000_000, events: 100, wall_seconds, cpu_seconds, peak_rss_bytes }
    }

    #[test]
    fn the_middle_is_taken_of_each_figure_and_memory_is_the_largest() {
        let rates = [rate(3.0, 1.0, 7), rate(1.0, 2.0, 9), rate(2.0, 3.0, 8)];
        assert_eq!(Rate::median(&rates), Some(rate(2.0, 2.0, 9)));
        assert_eq!(Rate::median(&[]), None);
    }

    #[test]
    fn rates_are_megabytes_per_second() {
        let rate = rate(2.0, 4.0, 0);
        assert_eq!((rate.wall_megabytes(), rate.cpu_megabytes()), (5.0, 2.5));
    }

    #[test]
    fn memory_of_others_does_not_count_as_ours() {
        let mut figures = Figures::default();
        assert_eq!(figures.peak_megabytes(), None);
        figures.add(Role::One, rate(1.0, 1.0, 20_000_000));
        figures.add(Role::All, rate(1.0, 2.0, 30_000_000));
        figures.add(Role::Peer, rate(1.0, 1.0, 900_000_000));
        assert_eq!(figures.peak_megabytes(), Some(30.0));
        assert_eq!((figures.cpu(Role::One), figures.cpu(Role::All)), (Some(10.0), Some(5.0)));
        assert_eq!(figures.wall(Role::Two), None);
    }
}
