//! Parsing with schemas that were just made or read: what all events of a run share, and the pipeline over one stream.

use std::num::NonZero;

use opstools::error::Failure;
use opstools::parse::catalogue;
use opstools::parse::classify::Classifier;
use opstools::parse::event::{Origin, ParseTime, Run, Stamp};
use opstools::parse::layout::Encoding;
use opstools::parse::native::Now;
use opstools::parse::pipeline::Pipeline;
use opstools::parse::row_id::{RowIds, random_prefix};
use opstools::parse::time::Instant;
use opstools::schema::Schema;
use opstools::time::Clock;

/// What all events of a run share.
pub struct Trial {
    origin: Origin,
    row_ids: RowIds,
    clock: Clock,
    begun: Instant,
    parsed: ParseTime,
}

impl Trial {
    /// For a run that begins now.
    pub fn new(clock: Clock) -> Self {
        let now = clock.now();
        let row_ids = RowIds::new(random_prefix(), now.as_microsecond());
        let begun = Instant::utc(now.as_second(), u32::try_from(now.subsec_nanosecond()).unwrap_or_default());
        Self { origin: Origin::default(), row_ids, clock, begun, parsed: ParseTime::new(&begun) }
    }

    /// A classifier of these schemas, in the plain encoding.
    ///
    /// # Errors
    /// A schema cannot be compiled.
    pub fn classifier(&self, schemas: &[Schema]) -> Result<Classifier, Failure> {
        let today = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC);
        let now = Now { year: today.year().into(), month: today.month().unsigned_abs() };
        let parsers = catalogue::parsers(schemas, Encoding::Plain, now);
        Ok(Classifier::new(parsers.map_err(|error| Failure::usage("a schema cannot be used").because(error))?))
    }

    /// A pipeline on all cores.
    pub fn pipeline(&self, classifier: Classifier) -> Pipeline<'_> {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        Pipeline { classifier, threads, run: self.run(), clock: self.clock }
    }

    /// What an event gets that is parsed in this run, at its beginning.
    pub const fn stamp(&self) -> Stamp<'_> {
        Stamp { run: self.run(), now: self.begun, parsed: &self.parsed }
    }

    const fn run(&self) -> Run<'_> {
        Run { origin: &self.origin, row_ids: &self.row_ids }
    }
}
