//! Rows on their way from the reading thread: collected into portions, without those that are done.

use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use crate::aws::listing::Intervals;
use crate::error::Failure;
use crate::run::ItemError;

/// Rows in one portion: as many as a page of a listing has.
const ROWS_IN_PORTION: usize = 1_000;

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The bucket.
    pub bucket: String,
    /// The key, raw.
    pub key: String,
    /// The size in bytes.
    pub size: Option<u64>,
    /// When it was last modified.
    pub last_modified: Option<Timestamp>,
    /// The entity tag without quotes.
    pub etag: String,
    /// The storage class.
    pub storage_class: Option<String>,
    /// The id of its version.
    pub version_id: Option<String>,
    /// It is what a reader of the key gets.
    pub is_latest: Option<bool>,
    /// It marks a deletion.
    pub delete_marker: bool,
}

/// Rows of an interval of positions, each with its own position.
#[derive(Debug, Default)]
pub struct RowPortion {
    /// Exclusive lower bound.
    pub after: Option<String>,
    /// Inclusive upper bound.
    pub upto: Option<String>,
    /// The rows.
    pub rows: Vec<(String, Row)>,
}

/// What the reading thread gives.
#[derive(Debug)]
pub enum Reading {
    /// Rows.
    Portion(RowPortion),
    /// A row that cannot be read; its position is in no portion.
    Bad(ItemError),
}

/// Collects rows into portions and hands them on; positions that are done are left out.
pub struct Collector {
    sender: Sender<Result<Reading, Failure>>,
    done: Intervals,
    portion: RowPortion,
}

/// Nobody listens any more: the reading ends.
pub struct Unheard;

impl Collector {
    /// A collector that sends to `sender`.
    pub fn new(sender: Sender<Result<Reading, Failure>>, done: Intervals) -> Self {
        Self { sender, done, portion: RowPortion::default() }
    }

    /// Takes in one row, or why it cannot be read; `position` is above all earlier ones.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn take(&mut self, position: String, row: Result<Row, ItemError>) -> Result<(), Unheard> {
        if self.done.contains(&position) {
            return Ok(());
        }
        match row {
            Ok(row) => {
                self.portion.rows.push((position.clone(), row));
                if self.portion.rows.len() < ROWS_IN_PORTION {
                    return Ok(());
                }
                self.hand_on(Some(position.clone()), Some(position))
            }
            Err(error) => {
                // The interval ends with the last good row: a later run meets the bad one again.
                let last = self.portion.rows.last().map(|(last, _)| last.clone());
                if last.is_some() {
                    self.hand_on(last, None)?;
                }
                self.portion.after = Some(position);
                self.send(Ok(Reading::Bad(error)))
            }
        }
    }

    /// Hands on what is left; the last interval reaches to the end.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn finish(mut self) -> Result<(), Unheard> {
        self.hand_on(None, None)
    }

    /// Ends with an error, after what was read before it.
    pub fn fail(mut self, failure: Failure) {
        let last = self.portion.rows.last().map(|(last, _)| last.clone());
        if last.is_none() || self.hand_on(last, None).is_ok() {
            // Whoever went away needs no error.
            let _ = self.send(Err(failure));
        }
    }

    fn hand_on(&mut self, upto: Option<String>, after: Option<String>) -> Result<(), Unheard> {
        let mut portion = std::mem::take(&mut self.portion);
        portion.upto = upto;
        self.portion.after = after;
        self.send(Ok(Reading::Portion(portion)))
    }

    fn send(&self, reading: Result<Reading, Failure>) -> Result<(), Unheard> {
        self.sender.blocking_send(reading).map_err(|_| Unheard)
    }
}
