//! `parser.fastmatch`: literal text with placeholders, found by searching for the next literal, never by going back.
//!
//! This is the quick way for lines of a known shape: each placeholder ends where the text after it first occurs, so a line is
//! read once, from left to right.

use std::borrow::Cow;

use memchr::{memchr, memmem, memrchr};

use super::row::{Names, Row, Slot, Slots};
use super::steps::Steps;
use super::{Mismatch, escape};

/// A shorter pattern cannot hold a placeholder with a name.
const SHORTEST_PATTERN: usize = 4;

/// The patterns of a schema, in the order in which they are tried.
#[derive(Clone, Debug)]
pub(super) struct Patterns(Vec<Pattern>);

#[derive(Clone, Debug)]
struct Pattern {
    source: String,
    start: String,
    pieces: Vec<Piece>,
}

/// A placeholder and what ends it.
#[derive(Clone, Debug)]
struct Piece {
    name: String,
    slot: Option<Slot>,
    /// The text after it; `None` takes the rest of the line.
    end: Option<Literal>,
    /// The value stands between two of these.
    quote: Option<u8>,
}

#[derive(Clone, Debug)]
struct Literal {
    text: String,
    finder: memmem::Finder<'static>,
}

/// Where a line left a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Which pattern, from 0.
    pub pattern: usize,
    /// Which piece was wanted: 0 the text it begins with, n the text after its nth placeholder.
    pub piece: usize,
    /// Byte offset from which it was wanted.
    pub at: usize,
    /// An escape in a quoted value, or what follows its quote, is wrong.
    pub quoted: bool,
}

impl Patterns {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// None at all, or what is wrong with one.
    pub fn new(sources: &[String], names: &mut Names) -> Result<Self, String> {
        if sources.is_empty() {
            return Err("`match` needs at least one pattern".to_owned());
        }
        let patterns = sources.iter().map(|source| Pattern::new(source, names));
        Ok(Self(patterns.collect::<Result<_, _>>()?))
    }

    /// Reads the line by the first pattern that fits.
    pub fn read<'l>(&self, line: &'l str, steps: &Steps, row: &mut Row<'l>) -> Result<(), Mismatch> {
        let mut furthest: Option<Left> = None;
        for (index, pattern) in self.0.iter().enumerate() {
            match pattern.read(line, steps, row) {
                Ok(()) => return Ok(()),
                Err(left) => {
                    row.clear();
                    if furthest.is_none_or(|best| (best.at, best.piece) < (left.at, left.piece)) {
                        furthest = Some(Left { pattern: index, ..left });
                    }
                }
            }
        }
        Err(furthest.map_or(Mismatch::Pattern, Mismatch::FastMatch))
    }

    /// Why a line did not fit, for people.
    pub fn explain(&self, line: &str, left: Left) -> String {
        let Some(pattern) = self.0.get(left.pattern) else {
            return "no pattern fits".to_owned();
        };
        let which = match self.0.len() {
            1 => "the pattern".to_owned(),
            many => format!("pattern {} of {many}, which comes furthest,", left.pattern + 1),
        };
        format!("{which} `{}` {}", pattern.source, pattern.missing(line, left))
    }
}

impl Pattern {
    fn new(source: &str, names: &mut Names) -> Result<Self, String> {
        let wrong = |what: &str| format!("the pattern `{}` {what}", source.escape_debug());
        if source.contains("%{") && !source.contains('}') {
            return Err(wrong("has a `%{` without its `}`"));
        }
        if source.len() < SHORTEST_PATTERN {
            return Err(wrong("is too short: it needs a placeholder and four characters, as `%{name}` has"));
        }
        let body = source.strip_suffix('\n').unwrap_or(source);
        if body.contains('\n') {
            return Err(wrong("holds a line break, but lines are matched one by one"));
        }
        let (start, mut rest) = body.split_once("%{").ok_or_else(|| wrong("has no placeholder, `%{name}`"))?;
        let mut slots = Slots::new(names);
        let mut pieces = Vec::new();
        let mut before = start;
        loop {
            let (name, after) = rest.split_once('}').ok_or_else(|| wrong("has a `%{` without its `}`"))?;
            let name = name.trim().to_owned();
            let (literal, next) = match after.split_once("%{") {
                Some((literal, next)) => (literal, Some(next)),
                None => (after, None),
            };
            if literal.is_empty() && next.is_some() {
                return Err(wrong(&format!("has nothing between `%{{{name}}}` and the next placeholder")));
            }
            pieces.push(Piece::new(&mut slots, name, before, literal));
            before = literal;
            match next {
                Some(next) => rest = next,
                None => return Ok(Self { source: body.to_owned(), start: start.to_owned(), pieces }),
            }
        }
    }

    fn read<'l>(&self, line: &'l str, steps: &Steps, row: &mut Row<'l>) -> Result<(), Left> {
        let left = |piece, at, quoted| Left { pattern: 0, piece, at, quoted };
        if !line.starts_with(&self.start) {
            return Err(left(0, 0, false));
        }
        let mut at = self.start.len();
        let mut last_backslash = None;
        for (index, piece) in self.pieces.iter().enumerate() {
            let Some(end) = &piece.end else {
                piece.keep(Cow::Borrowed(&line[at..]), steps, row);
                return Ok(());
            };
            if let Some(quote) = piece.quote
                && last_backslash.get_or_insert_with(|| memrchr(b'\\', line.as_bytes())).is_some_and(|last| at <= last)
            {
                let (value, after) = quoted(&line[at..], quote, row).ok_or_else(|| left(index + 1, at, true))?;
                if !line[at + after..].starts_with(&end.text) {
                    return Err(left(index + 1, at + after, true));
                }
                piece.keep(value, steps, row);
                at += after + end.text.len();
            } else {
                let found = end.find(&line[at..]).ok_or_else(|| left(index + 1, at, false))?;
                piece.keep(Cow::Borrowed(&line[at..at + found]), steps, row);
                at += found + end.text.len();
            }
        }
        Ok(())
    }

    fn missing(&self, line: &str, left: Left) -> String {
        let column = super::column(line, left.at);
        let Some(piece) = left.piece.checked_sub(1).and_then(|index| self.pieces.get(index)) else {
            return format!("begins with `{}`, the line does not", self.start);
        };
        let end = piece.end.as_ref().map_or("", |end| end.text.as_str());
        let field = if piece.name.is_empty() { "a placeholder".to_owned() } else { format!("`%{{{}}}`", piece.name) };
        let near = super::excerpt(line, left.at);
        if left.quoted {
            return format!(
                "wants {field} in quotes, then `{end}`: from column {column} on (`{near}`) an escape is unknown, \
                 the quote is not closed, or other text follows it"
            );
        }
        format!("wants `{end}` after {field}, which does not occur from column {column} on (`{near}`)")
    }
}

impl Piece {
    fn new(slots: &mut Slots<'_>, name: String, before: &str, after: &str) -> Self {
        let quote = before.bytes().last().filter(|byte| matches!(byte, b'"' | b'\''));
        let quote = quote.filter(|byte| after.as_bytes().first() == Some(byte));
        let end = (!after.is_empty()).then(|| Literal::new(after));
        Self { slot: slots.next(&name), name, end, quote }
    }

    #[inline]
    fn keep<'l>(&self, value: Cow<'l, str>, steps: &Steps, row: &mut Row<'l>) {
        if let Some(slot) = self.slot {
            steps.put(row, slot, value);
        }
    }
}

impl Literal {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), finder: memmem::Finder::new(text).into_owned() }
    }

    #[inline]
    fn find(&self, line: &str) -> Option<usize> {
        match self.text.as_bytes() {
            [single] => memchr(*single, line.as_bytes()),
            _ => self.finder.find(line.as_bytes()),
        }
    }
}

/// The value up to its closing quote, escapes resolved, and where that quote stands.
fn quoted<'l>(text: &'l str, quote: u8, row: &mut Row<'l>) -> Option<(Cow<'l, str>, usize)> {
    let close = escape::closing_quote(text, quote)?;
    let value = &text[..close];
    if memchr(b'\\', value.as_bytes()).is_none() {
        return Some((Cow::Borrowed(value), close));
    }
    let mut resolved = row.blank();
    escape::resolve(value, quote, &mut resolved)?;
    Some((Cow::Owned(resolved), close))
}

#[cfg(test)]
mod tests;
