//! Members and elements of JSON that is in memory as a whole, as slices of its text: nothing is decoded.

use super::scanner::{Misfit, Scanner, Step};

/// Why there is no next slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Something does not fit.
    Misfit(Misfit),
    /// The text ends too early.
    Unfinished,
}

/// The elements of an array.
#[derive(Clone, Debug)]
pub(super) struct Elements<'t> {
    text: &'t str,
    at: usize,
    first: bool,
}

/// The members of an object: keys with their quotes, values.
pub(super) struct Members<'t> {
    text: &'t str,
    at: usize,
    first: bool,
}

/// The elements of the array that the text begins with; `None` when it begins with something else.
pub(super) fn elements(text: &str) -> Option<Elements<'_>> {
    let at = behind(text, 0, b'[')?;
    Some(Elements { text, at, first: true })
}

/// The members of the object that the text begins with; `None` when it begins with something else.
pub(super) fn members(text: &str) -> Option<Members<'_>> {
    let at = behind(text, 0, b'{')?;
    Some(Members { text, at, first: true })
}

impl<'t> Elements<'t> {
    /// Where it stands, for [`Elements::from_place`].
    pub(super) fn place(&self) -> (usize, bool) {
        (self.at, self.first)
    }

    /// Goes on where it stood.
    pub(super) fn from_place(text: &'t str, (at, first): (usize, bool)) -> Self {
        Self { text, at, first }
    }

    /// The next element; `None` at the end of the array.
    pub(super) fn step(&mut self) -> Result<Option<&'t str>, Wrong> {
        if !next(self.text, &mut self.at, &mut self.first, b']')? {
            return Ok(None);
        }
        value(self.text, &mut self.at).map(Some)
    }
}

impl<'t> Members<'t> {
    /// The next member; `None` at the end of the object.
    pub(super) fn step(&mut self) -> Result<Option<(&'t str, &'t str)>, Wrong> {
        if !next(self.text, &mut self.at, &mut self.first, b'}')? {
            return Ok(None);
        }
        let key = value(self.text, &mut self.at)?;
        if !key.starts_with('"') {
            return Err(Wrong::Misfit(Misfit::NoKey { found: key.chars().next().unwrap_or_default() }));
        }
        match behind(self.text, self.at, b':') {
            Some(at) => self.at = at,
            None => return Err(unexpected(self.text, self.at, |found| Misfit::NoColon { found })),
        }
        Ok(Some((key, value(self.text, &mut self.at)?)))
    }

    /// Whether nothing but white space stands behind the object, at the end of which it must be.
    pub(super) fn is_all(&self) -> bool {
        self.text[self.at..].trim_ascii_start().is_empty()
    }
}

/// The place behind a byte that is the next one but for white space.
fn behind(text: &str, at: usize, byte: u8) -> Option<usize> {
    let rest = text.as_bytes()[at..].trim_ascii_start();
    (rest.first() == Some(&byte)).then(|| text.len() - rest.len() + 1)
}

/// Goes to the next value, behind a comma if it is not the first; false behind the closing bracket.
fn next(text: &str, at: &mut usize, first: &mut bool, close: u8) -> Result<bool, Wrong> {
    if let Some(end) = behind(text, *at, close) {
        *at = end;
        return Ok(false);
    }
    if !std::mem::take(first) {
        *at = behind(text, *at, b',').ok_or_else(|| unexpected(text, *at, |_| Misfit::NoComma))?;
    }
    Ok(true)
}

fn unexpected(text: &str, at: usize, misfit: impl Fn(char) -> Misfit) -> Wrong {
    text[at..].trim_ascii_start().chars().next().map_or(Wrong::Unfinished, |found| Wrong::Misfit(misfit(found)))
}

/// The value at a place, without the white space before it.
fn value<'t>(text: &'t str, at: &mut usize) -> Result<&'t str, Wrong> {
    let begin = text.len() - text[*at..].trim_ascii_start().len();
    let mut scanner = Scanner::new();
    scanner.begin();
    match scanner.value(text.as_bytes(), begin) {
        Step::Done(end) => {
            *at = end;
            Ok(&text[begin..end])
        }
        Step::More => Err(Wrong::Unfinished),
        Step::Wrong(_, misfit) => Err(Wrong::Misfit(misfit)),
    }
}
