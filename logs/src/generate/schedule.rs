//! Which files a run makes, in order: known before the first is made, the same for the same command line.

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
    /// So many bytes altogether, exactly, in files of about so many rows for each recipe; hours and types take turns.
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

    /// Types take turns within an hour, then hours do; the last file takes what is left, so that the sum is exact.
    fn by_bytes<'s>(&'s self, bytes: u64, rows: &'s [u64]) -> impl Iterator<Item = FilePlan> + 's {
        let (mut left, mut place, kinds) = (bytes, 0_u64, self.sizes.len() as u64);
        std::iter::from_fn(move || {
            if left == 0 || kinds == 0 {
                return None;
            }
            let (recipe, turn) = ((place % kinds) as usize, place / kinds);
            let hour = self.first + (turn % self.hours).cast_signed();
            place += 1;
            let (row, smallest) = self.sizes[recipe];
            let usual = self.spread.rows(rows[recipe] * row, hour_of_day(hour)).max(smallest);
            // What would be left must be enough for a file of any type.
            let size = if left < usual + self.fewest_bytes() { left } else { usual };
            left -= size;
            Some(FilePlan { recipe, hour, number: turn / self.hours, size: Size::Bytes(size) })
        })
    }
}

const fn hour_of_day(hour: i64) -> u64 {
    hour.rem_euclid(24).unsigned_abs()
}
