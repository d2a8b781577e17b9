//! The proof that broken rows of a type are rejected, each by itself, and nothing else is.
//!
//! Where a log has several rows, or a file is one document, a broken row can take sound ones with it, or hide in one: there
//! nobody could tell from the rejects how many rows were broken.

use std::convert::Infallible;

use super::entities::Pools;
use super::file::{Contents, FileRows, Size};
use super::recipe::{Recipe, TRIAL_NOW, TRIAL_SECONDS, Unwritable};
use super::schedule::FilePlan;
use super::spread::Spread;
use crate::parse::catalogue;
use crate::parse::classify::Classifier;
use crate::parse::event::{Origin, Run};
use crate::parse::layout::Encoding;
use crate::parse::pipeline::{Output, Pipeline, Rejected};
use crate::parse::row_id::RowIds;
use crate::parse::sink::Sink;
use crate::parse::stream::Options;
use crate::schema::Schema;
use crate::time::Clock;

/// Rows of the trial, of which a third is broken: sound and broken ones come in all orders.
const ROWS: u64 = 100;
const BROKEN: f64 = 0.3;

/// What the parser makes of the trial.
#[derive(Default)]
struct Seen {
    events: u64,
    rejected: u64,
}

impl Output for Seen {
    type Stop = Infallible;

    fn events(&mut self, events: &Sink) -> Result<(), Infallible> {
        self.events += events.marks.len() as u64;
        Ok(())
    }

    fn rejected(&mut self, _: Rejected) -> Result<(), Infallible> {
        self.rejected += 1;
        Ok(())
    }
}

impl Recipe {
    /// Makes sure that the parser of the type rejects exactly the broken rows.
    ///
    /// # Errors
    /// It does not, with the numbers.
    pub fn can_be_broken(&self, schema: &Schema, pools: &Pools) -> Result<(), Unwritable> {
        let unwritable = |why| Unwritable { log_type: self.log_type.clone(), why };
        let file = FilePlan { recipe: 0, hour: TRIAL_SECONDS / 3_600, number: 0, size: Size::Rows(ROWS) };
        let contents = Contents { seed: 0, spread: Spread::Uniform, malformed: BROKEN };
        let (mut rows, mut text) = (FileRows::new(&file, self, pools, contents), Vec::new());
        while rows.fill(usize::MAX, &mut text) {}
        let seen = parsed(schema, &text).map_err(unwritable)?;
        let sound = rows.rows - rows.malformed;
        if (seen.rejected, seen.events) == (rows.malformed, sound) {
            return Ok(());
        }
        Err(unwritable(format!(
            "of {} broken rows among {sound} sound ones its parser rejects {}, and makes {} events",
            rows.malformed, seen.rejected, seen.events
        )))
    }
}

fn parsed(schema: &Schema, text: &[u8]) -> Result<Seen, String> {
    let parsers = catalogue::parsers(std::slice::from_ref(schema), Encoding::DataLake, TRIAL_NOW);
    let classifier = Classifier::new(parsers.map_err(|unready| unready.to_string())?);
    let (origin, row_ids) = (Origin::default(), RowIds::new([0; 6], 0));
    let run = Run { origin: &origin, row_ids: &row_ids };
    let mut pipeline = Pipeline { classifier, threads: 1, run, clock: Clock::System };
    let mut seen = Seen::default();
    // As readers do: a document that is not accepted as it is may hold records that are.
    let (_, ended) = pipeline.parse("trial", text, Options::default(), true, &mut seen);
    ended.map(|_| seen).map_err(|error| format!("{error:?}"))
}
