//! One log type, ready to be generated; and the proof that what is generated is of the type.
//!
//! A schema can demand more than a generator can guess. So each recipe is tried before it is used: its rows go through the
//! type's own parser, and a type of which one is rejected is refused, with what the parser says.

use super::columns;
use super::entities::Pools;
use super::forms;
use super::json;
use super::program::{Program, Row};
use super::random::Random;
use crate::parse::catalogue;
use crate::parse::classify::Classifier;
use crate::parse::event::{Origin, ParseTime, Run, Stamp};
use crate::parse::layout::Encoding;
use crate::parse::native::Now;
use crate::parse::native::rules::{Rules, rules};
use crate::parse::row_id::RowIds;
use crate::parse::sink::Sink;
use crate::parse::time::Instant;
use crate::schema::{Schema, TextParser};

/// Rows that a recipe is tried with: enough that each kind of row and most of its optional fields come.
const TRIALS: u64 = 200;

/// The time of those rows: one of which every part shows, should a format lose it.
pub(super) const TRIAL_SECONDS: i64 = 1_709_626_530;

/// Rows of text: the parser of a format needs a year for times that have none, and this is the one of the trials.
pub(super) const TRIAL_NOW: Now = Now { year: 2024, month: 11 };

/// A log type that cannot be generated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("logs of `{log_type}` cannot be generated: {why}")]
pub struct Unwritable {
    /// The log type.
    pub log_type: String,
    /// What stands against it.
    pub why: String,
}

/// How logs of one type are written.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The log type.
    pub log_type: String,
    /// The programs of its rows; each row is one of them.
    pub(super) rows: Vec<Program>,
    /// What a file begins with.
    pub(super) head: String,
    /// What stands between two rows.
    pub(super) between: &'static str,
    /// What a file ends with.
    pub(super) tail: &'static str,
    /// Rows are JSON.
    pub(super) json: bool,
    /// Bytes of a row, on average of the trials, and of the largest.
    pub(super) row_bytes: (u64, u64),
}

impl Recipe {
    /// The recipe of a log type, tried with this estate.
    ///
    /// # Errors
    /// Lines of the type cannot be made, or its parser rejects what was made.
    pub fn new(schema: &Schema, pools: &Pools) -> Result<Self, Unwritable> {
        let unwritable = |why| Unwritable { log_type: schema.name.clone(), why };
        let mut recipe = Self::of(schema).map_err(unwritable)?;
        recipe.row_bytes = recipe.tried(schema, pools).map_err(unwritable)?;
        Ok(recipe)
    }

    fn of(schema: &Schema) -> Result<Self, String> {
        let native = schema.built_in_parser().unwrap_or_default();
        let mut recipe = Self {
            log_type: schema.name.clone(),
            rows: Vec::new(),
            head: String::new(),
            between: "\n",
            tail: "\n",
            json: false,
            row_bytes: (0, 0),
        };
        let rules = rules(native);
        match &schema.parser {
            Some(TextParser::Csv(csv)) => {
                recipe.rows = vec![columns::csv_row(schema, csv)?];
                recipe.head = columns::csv_header(schema, csv);
            }
            Some(TextParser::FastMatch(parser)) => recipe.rows = columns::fastmatch_rows(schema, parser)?,
            Some(TextParser::Regex(_)) => return Err(no_way_back("regular expressions")),
            Some(TextParser::Script(_)) => return Err(no_way_back("a script")),
            Some(TextParser::Native(_)) | None => recipe.native(schema, native, rules)?,
        }
        Ok(recipe)
    }

    /// By templates, or from the fields.
    fn native(&mut self, schema: &Schema, native: &str, rules: &Rules) -> Result<(), String> {
        if let Some(templates) = forms::rows(native) {
            self.rows = templates.iter().map(|template| Program::template(template)).collect::<Result<_, _>>()?;
            forms::header(native).clone_into(&mut self.head);
            self.json = templates.iter().all(|template| template.starts_with('{'));
        } else {
            self.rows = vec![json::event(schema, rules)?];
            self.json = true;
        }
        if let Some(key) = json::document_key(rules) {
            self.head = format!("{{\"{key}\":[");
            (self.between, self.tail) = (",", "]}");
        }
        Ok(())
    }

    /// Whether a file is one document, not lines.
    #[must_use]
    pub fn is_document(&self) -> bool {
        self.tail != "\n"
    }

    /// Bytes of a row, on average.
    #[must_use]
    pub const fn average_row(&self) -> u64 {
        self.row_bytes.0
    }

    /// The fewest bytes that a file can be asked to have: some rows, whatever their size.
    #[must_use]
    pub const fn smallest_file(&self) -> u64 {
        self.row_bytes.1 * 4 + self.head.len() as u64
    }

    /// Writes one row, of whatever kind, without what stands around it.
    pub(super) fn write_row(&self, row: &mut Row<'_>, out: &mut Vec<u8>) {
        let kind = if self.rows.len() == 1 { 0 } else { row.random.index(self.rows.len()) };
        self.rows[kind].write(row, out);
    }

    /// One row as a log of its own: with the header of its file, inside its document.
    pub(super) fn alone(&self, row: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(self.head.as_bytes());
        out.extend_from_slice(row);
        if self.is_document() {
            out.extend_from_slice(self.tail.as_bytes());
        }
    }

    /// Bytes that a log of its own has beside its row.
    pub(super) fn bytes_around(&self) -> u64 {
        let tail = if self.is_document() { self.tail.len() } else { 0 };
        (self.head.len() + tail) as u64
    }

    /// Parses some rows by the type's own parser; the average and the largest size of a row.
    fn tried(&self, schema: &Schema, pools: &Pools) -> Result<(u64, u64), String> {
        let parsers = catalogue::parsers(std::slice::from_ref(schema), Encoding::DataLake, TRIAL_NOW);
        let mut classifier = Classifier::new(parsers.map_err(|unready| unready.to_string())?);
        let (origin, row_ids) = (Origin::default(), RowIds::new([0; 6], 0));
        let now = Instant::utc(TRIAL_SECONDS, 123_000_000);
        let parsed = ParseTime::new(&now);
        let stamp = Stamp { run: Run { origin: &origin, row_ids: &row_ids }, now, parsed: &parsed };
        let mut random = Random::named(0, &self.log_type, &[]);
        let (mut sink, mut line, mut alone) = (Sink::default(), Vec::new(), Vec::new());
        let (mut whole, mut largest) = (0, 0);
        for number in 0..TRIALS {
            let person = pools.person(&mut random);
            line.clear();
            alone.clear();
            self.write_row(&mut Row { pools, random: &mut random, at: stamp.now, person, number }, &mut line);
            self.alone(&line, &mut alone);
            whole += line.len() as u64;
            largest = largest.max(line.len() as u64);
            sink.clear();
            let text = std::str::from_utf8(&alone).map_err(|error| error.to_string())?;
            for log in text.lines() {
                parse(&mut classifier, log, &mut sink, stamp)?;
            }
            if sink.marks.is_empty() {
                return Err(format!("its parser makes no event of `{}`", text.escape_debug()));
            }
            classifier.reset();
        }
        Ok((whole / TRIALS, largest))
    }
}

fn parse(classifier: &mut Classifier, log: &str, sink: &mut Sink, stamp: Stamp<'_>) -> Result<(), String> {
    match classifier.parse(log, None, sink, stamp) {
        Ok(_) => Ok(()),
        Err(unclassified) => Err(match unclassified.nearest {
            Some((_, rejection)) => {
                format!("its parser rejects `{log}`: {}", rejection.describe(classifier.parsers()[0].layout()))
            }
            None => format!("its parser rejects `{log}`"),
        }),
    }
}

fn no_way_back(what: &str) -> String {
    format!(
        "its lines are read by {what}, from which no line can be made; csv, fastmatch and JSON schemas can be written"
    )
}
