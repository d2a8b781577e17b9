//! The text parser of one log type: which of the three it is, its names, and why a line did not match.

use super::fastmatch::{Left, Patterns};
use super::regex::Expression;
use super::row::{Names, Row};
use super::steps::Steps;
use super::table::{Table, Unread};
use crate::schema::TextParser;

/// A compiled `parser` of kind csv, fastmatch or regex. It keeps what it learned from a stream (the header), so each
/// stream has its own, or resets it; copies share what is compiled.
#[derive(Clone, Debug)]
pub struct TextMatcher {
    method: Method,
    steps: Steps,
    names: Names,
    generation: u64,
}

#[derive(Clone, Debug)]
enum Method {
    Csv(Table),
    FastMatch(Patterns),
    Regex(Box<Expression>),
}

/// What a line was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An event; the row holds its values.
    Event,
    /// No event: empty, skipped, or a header.
    Nothing,
}

/// Why a line is none of the log type's. It is small because classification meets many; [`TextMatcher::explain`] makes
/// a sentence of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// No pattern of fastmatch fits; this one came furthest.
    FastMatch(Left),
    /// The regular expression is nowhere in the line.
    Pattern,
    /// The record is malformed, or not as wide as the header.
    Csv(Unread),
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::FastMatch(_) => out.write_str("no pattern matches"),
            Self::Pattern => out.write_str("the regular expression does not match"),
            Self::Csv(Unread::Malformed(wrong)) => write!(out, "{wrong}"),
            Self::Csv(Unread::Width { found, wanted }) => {
                write!(out, "wrong number of fields: {found}, where the header has {wanted}")
            }
        }
    }
}

impl TextMatcher {
    /// Compiles a schema's parser.
    ///
    /// # Errors
    /// What is wrong with its patterns or rules, for people; a native parser or a script, which are no matchers.
    pub fn new(parser: &TextParser) -> Result<Self, String> {
        let mut names = Names::default();
        let (method, rules) = match parser {
            TextParser::Csv(csv) => (Method::Csv(Table::new(csv, &mut names)?), &csv.rules),
            TextParser::FastMatch(fast) => (Method::FastMatch(Patterns::new(&fast.patterns, &mut names)?), &fast.rules),
            TextParser::Regex(regex) => (Method::Regex(Box::new(Expression::new(regex, &mut names)?)), &regex.rules),
            TextParser::Native(name) => return Err(format!("the parser of `{name}` is built in")),
            TextParser::Script(_) => return Err("a script is no pattern".to_owned()),
        };
        let mut steps = Steps::new(rules)?;
        steps.bind(&mut names)?;
        Ok(Self { method, steps, names, generation: 0 })
    }

    /// The names to which a row's indices refer.
    #[must_use]
    pub fn names(&self) -> &[String] {
        self.names.list()
    }

    /// Counts how often [`Self::names`] has changed: once with each header that names columns.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// A new stream begins: its header is still to come.
    pub fn reset(&mut self) {
        if let Method::Csv(table) = &mut self.method {
            table.reset();
        }
    }

    /// Reads one line, without its line break, into a row that is cleared first.
    ///
    /// # Errors
    /// Why it is no line of this log type.
    pub fn read<'l>(&mut self, line: &'l str, row: &mut Row<'l>) -> Result<Outcome, Mismatch> {
        row.clear();
        if self.is_no_event(line)? {
            return Ok(Outcome::Nothing);
        }
        match &mut self.method {
            Method::Csv(table) => table.read(line, &self.steps, row).map_err(Mismatch::Csv)?,
            Method::FastMatch(patterns) => patterns.read(line, &self.steps, row)?,
            Method::Regex(expression) => {
                if !expression.read(line, &self.steps, row) {
                    return Err(Mismatch::Pattern);
                }
            }
        }
        self.steps.expand(row);
        Ok(Outcome::Event)
    }

    /// Empty and skipped lines, and headers, in the order in which the original looks for them.
    fn is_no_event(&mut self, line: &str) -> Result<bool, Mismatch> {
        if line.is_empty() {
            return Ok(true);
        }
        let Method::Csv(table) = &mut self.method else {
            return Ok(self.steps.skips(line));
        };
        if table.skips_header() || self.steps.skips(line) || line == "\r" {
            return Ok(true);
        }
        if !table.wants_header() {
            return Ok(false);
        }
        let mut names = Names::default();
        table.read_header(line, &self.steps, &mut names).map_err(|wrong| Mismatch::Csv(wrong.into()))?;
        // A template that suddenly depends on another one has no field to insert, like any name that the header lacks.
        let _ = self.steps.bind(&mut names);
        self.names = names;
        self.generation += 1;
        Ok(true)
    }

    /// Why a line did not match, in a sentence: which literal or part was wanted, where, after what.
    pub fn explain(&mut self, line: &str, mismatch: &Mismatch) -> String {
        match (&mut self.method, mismatch) {
            (Method::FastMatch(patterns), Mismatch::FastMatch(left)) => patterns.explain(line, *left),
            (Method::Regex(expression), Mismatch::Pattern) => expression.explain(line),
            (_, Mismatch::Csv(Unread::Malformed(wrong))) => {
                let at = wrong.at();
                format!("column {}: {wrong} (`{}`)", super::column(line, at), super::excerpt(line, at))
            }
            (_, other) => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
