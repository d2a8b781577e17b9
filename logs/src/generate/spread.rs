//! When the rows of an hour happen.

/// How times are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// Evenly over the hour.
    #[default]
    Uniform,
    /// By chance, as independent events come: with crowds and gaps.
    Poisson,
    /// Evenly within the hour, with more rows by day than by night (UTC).
    Diurnal,
}

/// The busiest hour of the day, UTC.
const BUSIEST: f64 = 14.0;

/// How much busier it is than the average, as a part of it; so much quieter is the night.
const SWING: f64 = 0.8;

impl Spread {
    /// The rows of an hour of the day (0 to 23), of which the average hour has `rows`; at least one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "rows of a file are far below 2^52")]
    pub fn rows(self, rows: u64, hour: u64) -> u64 {
        match self {
            Self::Uniform | Self::Poisson => rows,
            Self::Diurnal => {
                let angle = (hour as f64 - BUSIEST) / 24.0 * std::f64::consts::TAU;
                ((rows as f64 * SWING.mul_add(angle.cos(), 1.0)).round() as u64).max(1)
            }
        }
    }

    /// The next point of the hour, from 0 to below 1: after `last`, with `left` rows to come (this one included), when
    /// `done` of the file is behind it. `chance` is from 0 to below 1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "rows of a file are far below 2^52")]
    pub(super) fn point(self, last: f64, left: u64, done: f64, chance: f64) -> f64 {
        let left = left.max(1) as f64;
        let point = match self {
            // The smallest of so many points that fall by chance into what is left of the hour.
            Self::Poisson => last + (1.0 - last) * (1.0 - (1.0 - chance).powf(1.0 / left)),
            Self::Uniform | Self::Diurnal => done + (1.0 - done) * chance / left,
        };
        point.clamp(last, 1.0 - f64::EPSILON)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_as_many_rows_whatever_their_spread() {
        for spread in [Spread::Uniform, Spread::Poisson, Spread::Diurnal] {
            let rows: u64 = (0..24).map(|hour| spread.rows(1_000, hour)).sum();
            assert_eq!(rows, 24_000, "{spread:?}");
        }
        assert!(Spread::Diurnal.rows(1_000, 14) == 1_800 && Spread::Diurnal.rows(1_000, 2) == 200);
        assert_eq!(Spread::Diurnal.rows(1, 2), 1, "no file is empty");
    }
}
