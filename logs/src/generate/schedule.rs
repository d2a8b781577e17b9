//! Which files a run makes, in order: known before the first is made, the same for the same command line.

use std::num::NonZeroU64;

use super::file::Size;
use super::recipe::Recipe;
use super::spread::Spread;

/// One file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilePlan {
    /// Its log type, by its place among the recipes.
    pub recipe: usize,
    /// Its hour, counted from 1970.
    pub hour: i64,
    /// Its number among the files of its type and hour.
    pub number: u64,
    /// How much it holds.
    pub size: Size,
}

/// How much is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// For each recipe: files per hour, rows per file.
    Files(Vec<(u64, u64)>),
    /// So many bytes altogether, exactly, in files of about so many rows for each recipe; types and hours share them.
    Bytes(u64, Vec<u64>),
}

/// All files of a run.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The first hour, counted from 1970.
    pub first: i64,
    /// How many hours; at least one.
    pub hours: u64,
    /// How much.
    pub amount: Amount,
    /// When rows happen: by day there may be more.
    pub spread: Spread,
    /// For each recipe: bytes of an average row, of the smallest file.
    sizes: Vec<(u64, u64)>,
}

/// How bytes are shared: in rounds, of which each gives every place (a type in an hour) one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shares {
    /// Places that get something: the first so many, types before hours.
    places: u64,
    /// Files of each.
    rounds: u64,
    /// Bytes that are left when each file has its fewest.
    rest: u64,
    /// The sum of all files' weights, by which these are given.
    weight: u64,
}

impl Schedule {
    /// The files of these hours.
    #[must_use]
    pub fn new(first: i64, hours: u64, amount: Amount, spread: Spread, recipes: &[Recipe]) -> Self {
        let sizes = recipes.iter().map(|recipe| (recipe.average_row(), recipe.smallest_file())).collect();
        Self { first, hours: hours.max(1), amount, spread, sizes }
    }

    /// The fewest bytes that files of fixed size can have together.
    #[must_use]
    pub fn fewest_bytes(&self) -> u64 {
        self.sizes.iter().map(|(_, smallest)| *smallest).max().unwrap_or_default()
    }

    /// From which place on, counted as types of the first hour, then of the next, the bytes give nothing; `None` where
    /// all get their part.
    #[must_use]
    pub fn first_without(&self) -> Option<u64> {
        let Amount::Bytes(bytes, rows) = &self.amount else { return None };
        let places = self.shares(*bytes, rows).places;
        (places < self.places()).then_some(places)
    }

    /// The fewest bytes of which each type gets its part in each hour.
    #[must_use]
    pub fn fewest_bytes_for_all(&self) -> u64 {
        self.sizes.iter().map(|(_, smallest)| smallest * self.hours).sum()
    }

    /// How many files there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        match &self.amount {
            Amount::Files(each) => each.iter().map(|(files, _)| files * self.hours).sum(),
            Amount::Bytes(bytes, rows) => {
                let shares = self.shares(*bytes, rows);
                shares.rounds * shares.places
            }
        }
    }

    /// How many rows there are, where that is known before they are made.
    #[must_use]
    pub fn rows(&self) -> Option<u64> {
        let Amount::Files(each) = &self.amount else { return None };
        let hours = self.first..self.first + self.hours.cast_signed();
        let of_hour = |hour: i64| {
            each.iter().map(move |(files, rows)| files * self.spread.rows(*rows, hour_of_day(hour))).sum::<u64>()
        };
        Some(hours.map(of_hour).sum())
    }

    /// The files in their order.
    #[must_use]
    pub fn files(&self) -> Box<dyn Iterator<Item = FilePlan> + Send + '_> {
        match &self.amount {
            Amount::Files(each) => Box::new(self.by_count(each)),
            Amount::Bytes(bytes, rows) => Box::new(self.by_bytes(*bytes, rows)),
        }
    }

    fn by_count<'s>(&'s self, each: &'s [(u64, u64)]) -> impl Iterator<Item = FilePlan> + 's {
        (0..self.hours).flat_map(move |passed| {
            let hour = self.first + passed.cast_signed();
            each.iter().enumerate().flat_map(move |(recipe, (files, rows))| {
                let size = Size::Rows(self.spread.rows(*rows, hour_of_day(hour)));
                (0..*files).map(move |number| FilePlan { recipe, hour, number, size })
            })
        })
    }

    /// Types take turns within an hour, then hours do; each file has its fewest bytes and its part of the rest.
    fn by_bytes<'s>(&'s self, bytes: u64, rows: &'s [u64]) -> impl Iterator<Item = FilePlan> + 's {
        let shares = self.shares(bytes, rows);
        let mut passed = 0;
        (0..shares.rounds * shares.places).map(move |turn| {
            let (recipe, hour) = self.place(turn % shares.places);
            let (smallest, weight) = self.smallest_and_weight(recipe, hour, rows[recipe]);
            let before = shares.given(passed);
            passed += weight;
            let size = Size::Bytes(smallest + shares.given(passed) - before);
            FilePlan { recipe, hour, number: turn / shares.places, size }
        })
    }

    /// As many rounds as make files of about the usual size. Where the bytes are too few for one, files are smaller; where
    /// they are too few even for the smallest, the last places get none.
    fn shares(&self, bytes: u64, rows: &[u64]) -> Shares {
        let (mut places, mut fewest, mut weight) = (0, 0, 0);
        for place in 0..self.places() {
            let (recipe, hour) = self.place(place);
            let (smallest, more) = self.smallest_and_weight(recipe, hour, rows[recipe]);
            if fewest + smallest > bytes {
                break;
            }
            (places, fewest, weight) = (places + 1, fewest + smallest, weight + more);
        }
        let Some(usual) = NonZeroU64::new(fewest + weight) else { return Shares::default() };
        let nearest = (bytes + usual.get() / 2) / usual;
        let rounds = if nearest * fewest <= bytes { nearest } else { bytes / usual };
        let rounds = rounds.max(1);
        Shares { places, rounds, rest: bytes - rounds * fewest, weight: rounds * weight }
    }

    const fn places(&self) -> u64 {
        self.sizes.len() as u64 * self.hours
    }

    /// Type and hour of a place.
    const fn place(&self, place: u64) -> (usize, i64) {
        let kinds = self.sizes.len() as u64;
        ((place % kinds) as usize, self.first + (place / kinds).cast_signed())
    }

    /// The fewest bytes of a file, and how much more it usually has: at least a little, so that there is somewhere to put
    /// what is left.
    fn smallest_and_weight(&self, recipe: usize, hour: i64, rows: u64) -> (u64, u64) {
        let (row, smallest) = self.sizes[recipe];
        let usual = self.spread.rows(rows * row, hour_of_day(hour));
        (smallest, usual.saturating_sub(smallest).max(1))
    }
}

impl Shares {
    /// How much of the rest is given when so much of the weight has passed; the differences add up to all of it.
    fn given(&self, passed: u64) -> u64 {
        let given = u128::from(self.rest) * u128::from(passed) / u128::from(self.weight.max(1));
        u64::try_from(given).unwrap_or(u64::MAX)
    }
}

const fn hour_of_day(hour: i64) -> u64 {
    hour.rem_euclid(24).unsigned_abs()
}
