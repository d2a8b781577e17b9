//! The rows of one file, made in portions: a file of any size takes the memory of one portion.

use super::entities::Pools;
use super::program::Row;
use super::random::Random;
use super::recipe::Recipe;
use super::schedule::FilePlan;
use super::spread::Spread;
use crate::parse::time::Instant;

/// Seconds of an hour.
const HOUR: f64 = 3_600.0;

/// A row that does not fit into what is left of a file of fixed size is drawn again so often before blanks take its place.
const TRIES: usize = 8;

/// How much a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So many rows.
    Rows(u64),
    /// Exactly so many bytes; blanks before its last end fill what no row fits into.
    Bytes(u64),
}

/// What the rows of all files have in common.
#[derive(Clone, Copy, Debug)]
pub struct Contents {
    /// The seed.
    pub seed: u64,
    /// When rows happen.
    pub spread: Spread,
    /// The chance that a row is broken, so that no parser takes it.
    pub malformed: f64,
}

/// One file while it is made.
pub struct FileRows<'f> {
    recipe: &'f Recipe,
    pools: &'f Pools,
    contents: Contents,
    random: Random,
    size: Size,
    hour: i64,
    point: f64,
    started: bool,
    ended: bool,
    row: Vec<u8>,
    /// The row is broken on purpose.
    broken: bool,
    /// Rows so far.
    pub rows: u64,
    /// Rows of these that are broken on purpose.
    pub malformed: u64,
    /// Bytes so far.
    pub bytes: u64,
}

impl<'f> FileRows<'f> {
    /// A file of the schedule.
    #[must_use]
    pub fn new(file: &FilePlan, recipe: &'f Recipe, pools: &'f Pools, contents: Contents) -> Self {
        let hour = file.hour.cast_unsigned();
        Self {
            recipe,
            pools,
            contents,
            random: Random::named(contents.seed, &recipe.log_type, &[hour, file.number]),
            size: file.size,
            hour: file.hour * 3_600,
            point: 0.0,
            started: false,
            ended: false,
            row: Vec::new(),
            broken: false,
            rows: 0,
            malformed: 0,
            bytes: 0,
        }
    }

    /// Appends rows until `out` has at least so many bytes or the file ends; false when it has ended.
    pub fn fill(&mut self, at_least: usize, out: &mut Vec<u8>) -> bool {
        let before = out.len();
        if !std::mem::replace(&mut self.started, true) {
            out.extend_from_slice(self.recipe.head.as_bytes());
        }
        while !self.ended && out.len() < at_least {
            let written = self.bytes + (out.len() - before) as u64;
            if !self.next_row(written, out) {
                self.end(written, out);
            }
        }
        self.bytes += (out.len() - before) as u64;
        !self.ended
    }

    /// One row as a log of its own, as a message carries it; `None` at the end. Of a fixed size every byte of a log counts,
    /// and blanks behind the last log fill what no other would fit into.
    pub fn next_log(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let blanks = match self.size {
            Size::Rows(rows) if self.rows >= rows => return None,
            Size::Rows(_) => {
                self.draw(self.bytes);
                0
            }
            Size::Bytes(bytes) => self.draw_log(bytes.saturating_sub(self.bytes))?,
        };
        let before = out.len();
        self.recipe.alone(&self.row, out);
        out.resize(out.len() + blanks, b' ');
        self.bytes += (out.len() - before) as u64;
        self.count();
        Some(())
    }

    /// Draws a row that fits into so many bytes as a log of its own; how many blanks then fill what no other would fit into.
    fn draw_log(&mut self, room: u64) -> Option<usize> {
        let around = self.recipe.bytes_around();
        if room == 0 || !self.draw_within(self.bytes, room.saturating_sub(around)) {
            return None;
        }
        let left = room - around - self.row.len() as u64;
        Some(if left < self.recipe.row_bytes.1 + around { left as usize } else { 0 })
    }

    /// Appends the next row; false where there is none.
    fn next_row(&mut self, written: u64, out: &mut Vec<u8>) -> bool {
        let between = if self.rows == 0 { "" } else { self.recipe.between };
        match self.size {
            Size::Rows(rows) if self.rows >= rows => return false,
            Size::Rows(_) => self.draw(written),
            Size::Bytes(bytes) => {
                let room = bytes.saturating_sub(written + (between.len() + self.recipe.tail.len()) as u64);
                if !self.draw_within(written, room) {
                    return false;
                }
            }
        }
        out.extend_from_slice(between.as_bytes());
        out.extend_from_slice(&self.row);
        self.count();
        true
    }

    fn count(&mut self) {
        self.rows += 1;
        self.malformed += u64::from(self.broken);
    }

    fn end(&mut self, written: u64, out: &mut Vec<u8>) {
        self.ended = true;
        let tail = self.recipe.tail.as_bytes();
        if let Size::Bytes(bytes) = self.size {
            let blanks = bytes.saturating_sub(written + tail.len() as u64) as usize;
            out.resize(out.len() + blanks, b' ');
        }
        out.extend_from_slice(tail);
    }

    /// Draws a row that fits into so many bytes; false where none does.
    fn draw_within(&mut self, written: u64, room: u64) -> bool {
        (0..TRIES).any(|_| {
            self.draw(written);
            self.row.len() as u64 <= room
        })
    }

    /// Draws a row into `self.row`.
    fn draw(&mut self, written: u64) {
        self.row.clear();
        let at = self.time(written);
        let person = self.pools.person(&mut self.random);
        let mut row = Row { pools: self.pools, random: &mut self.random, at, person, number: self.rows };
        self.recipe.write_row(&mut row, &mut self.row);
        self.broken = self.contents.malformed > 0.0 && self.random.fraction() < self.contents.malformed;
        if self.broken {
            self.break_row();
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "rows and bytes of a file are far below 2^52")]
    #[expect(clippy::cast_sign_loss, reason = "points are never below zero")]
    fn time(&mut self, written: u64) -> Instant {
        let (left, done) = match self.size {
            Size::Rows(rows) => (rows - self.rows, self.rows as f64 / rows.max(1) as f64),
            Size::Bytes(bytes) => {
                let left = bytes.saturating_sub(written) / self.recipe.average_row().max(1);
                (left, written as f64 / bytes.max(1) as f64)
            }
        };
        self.point = self.contents.spread.point(self.point, left, done.min(1.0), self.random.fraction());
        let millis = (self.point * HOUR * 1_000.0) as u64;
        Instant::utc(self.hour + (millis / 1_000).cast_signed(), (millis % 1_000) as u32 * 1_000_000)
    }

    /// Makes the row one that its parser rejects: JSON without its first brace, or words that are no line of any format.
    /// (JSON without its end would make readers look for the end in the rows after it.) In a document, where nothing after
    /// a broken element could be read, the element stays JSON and lacks everything.
    fn break_row(&mut self) {
        if self.recipe.is_document() {
            self.row.clear();
            self.row.extend_from_slice(b"{\"malformed\":true}");
        } else if self.recipe.json {
            self.row.remove(0);
        } else {
            self.row.clear();
            self.row.extend_from_slice(b"malformed");
        }
    }
}
