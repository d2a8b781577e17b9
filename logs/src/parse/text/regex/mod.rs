//! `parser.regex`: regular expressions with named groups and grok references.
//!
//! The language is RE2's, as the original's library has it, and the meaning is the same: leftmost match, the first
//! alternative wins, classes like `\w` are ASCII. [`translate`] writes an expression in the words of the `regex` crate,
//! whose syntax differs in details; [`library`] knows the grok names.

use std::borrow::Cow;
use std::collections::HashMap;

use ::regex::{CaptureLocations, RegexBuilder};

use super::row::{Names, Row, Slot, Slots};
use super::steps::Steps;
use crate::schema::Regex;

mod builtin;
mod class;
mod library;
mod translate;

use library::Library;
use translate::{Atom, Translation};

/// A compiled expression may take this much memory; the largest that a sensible schema needs is a tenth of it.
const COMPILED_LIMIT: usize = 32 << 20;

/// The lazily built states of one expression, per thread.
const STATES_LIMIT: usize = 8 << 20;

/// A regular expression and where its groups go.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    regex: ::regex::Regex,
    locations: CaptureLocations,
    groups: Vec<(usize, Slot)>,
    /// The expression in the words of the `regex` crate, and its parts, for explanations.
    text: String,
    source: String,
    atoms: Vec<Atom>,
    /// Beginnings of the expression, by the number of atoms, compiled when a mismatch is explained.
    beginnings: HashMap<usize, Option<::regex::Regex>>,
}

impl Expression {
    /// Compiles a schema's expression.
    ///
    /// # Errors
    /// What is wrong with it, in the schema's own words where they are known.
    pub fn new(parser: &Regex, names: &mut Names) -> Result<Self, String> {
        let source = parser.parts.concat();
        if source.is_empty() {
            return Err("`match` needs an expression".to_owned());
        }
        let library = Library::new(&parser.definitions)?;
        let Translation { text, groups, atoms } = translate::translate(&source, &library)?;
        let regex = compile(&text).map_err(|error| reason(&error))?;
        check_definitions(parser, &library)?;
        let mut slots = Slots::new(names);
        let groups = groups.iter().enumerate();
        let groups = groups.filter_map(|(index, name)| Some((index + 1, slots.next(name)?))).collect();
        let locations = regex.capture_locations();
        Ok(Self { regex, locations, groups, text, source, atoms, beginnings: HashMap::new() })
    }

    /// Reads the line's values; false if the expression is nowhere in it.
    #[inline]
    pub fn read<'l>(&mut self, line: &'l str, steps: &Steps, row: &mut Row<'l>) -> bool {
        if self.regex.captures_read(&mut self.locations, line).is_none() {
            return false;
        }
        for (group, slot) in &self.groups {
            let value = match self.locations.get(*group) {
                Some((start, end)) => &line[start..end],
                // Of groups with one name, one that took no part says nothing against the one that did.
                None if slot.again => continue,
                None => "",
            };
            steps.put(row, *slot, Cow::Borrowed(value));
        }
        true
    }

    /// Why a line did not match: how far the longest beginning of the expression reaches that is in it.
    pub fn explain(&mut self, line: &str) -> String {
        let Some((count, end)) = self.furthest(line) else {
            return "the expression matches nowhere in the line".to_owned();
        };
        let Some(wanted) = self.atoms.get(count) else {
            return "the expression matches nowhere in the line".to_owned();
        };
        let next = self.atoms.get(count + 1).map_or(self.source.len(), |atom| atom.source);
        let wanted = &self.source[wanted.source..next];
        if count == 0 {
            return format!("the expression begins with `{wanted}`, which is nowhere in the line");
        }
        let column = super::column(line, end);
        let near = super::excerpt(line, end);
        format!("the expression matches up to column {column}; there `{wanted}` does not match (`{near}`)")
    }

    /// How many atoms match at most, and where their match ends. A longer beginning matches only where all shorter ones
    /// do, so the search halves.
    fn furthest(&mut self, line: &str) -> Option<(usize, usize)> {
        let (mut matched, mut failed, mut end) = (0, self.atoms.len(), 0);
        if failed == 0 {
            return None;
        }
        while failed - matched > 1 {
            let middle = matched.midpoint(failed);
            match self.beginning(middle)?.find(line) {
                Some(found) => (matched, end) = (middle, found.end()),
                None => failed = middle,
            }
        }
        Some((matched, end))
    }

    fn beginning(&mut self, atoms: usize) -> Option<&::regex::Regex> {
        let text = &self.text[..self.atoms[atoms].text];
        self.beginnings.entry(atoms).or_insert_with(|| compile(text).ok()).as_ref()
    }
}

/// Definitions that the expression does not use may be wrong, too.
fn check_definitions(parser: &Regex, library: &Library<'_>) -> Result<(), String> {
    for (name, expression) in &parser.definitions {
        let wrong = |what| format!("`patternDefinitions`: `{name}`: {what}");
        let translation = translate::translate(expression, library).map_err(wrong)?;
        compile(&translation.text).map_err(|error| wrong(reason(&error)))?;
    }
    Ok(())
}

fn compile(text: &str) -> Result<::regex::Regex, ::regex::Error> {
    RegexBuilder::new(text).size_limit(COMPILED_LIMIT).dfa_size_limit(STATES_LIMIT).build()
}

/// The compiler's complaint without its drawing of the expression, which is not the one that the schema holds.
fn reason(error: &::regex::Error) -> String {
    match error {
        ::regex::Error::CompiledTooBig(limit) => format!(
            "the expression is too large: compiled it takes more than {} MB; use fewer or smaller counted repetitions",
            limit >> 20
        ),
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!("the expression is malformed: {}", last.trim_start_matches("error: "))
        }
    }
}

#[cfg(test)]
mod tests;
