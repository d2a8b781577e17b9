//! Separated values, one line one record, by the rules of Go's `encoding/csv`.
//!
//! That package decides because the original reads its lines with it, in both of its modes: custom schemas and S3 access
//! logs tolerate quotes where they do not belong, load balancers, flow logs and Nginx do not.

use std::borrow::Cow;

use memchr::memchr;

/// What quotes are tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// A quote inside a bare value, a quote inside a quoted one that does not end it, and an open end are all text.
    Lazy,
    /// Each of these is an error.
    Strict,
}

/// What is wrong with a record; byte offsets into the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A `"` inside a value that does not begin with one.
    BareQuote(usize),
    /// A `"` inside a quoted value that neither ends it nor is doubled.
    StrayQuote(usize),
    /// The quoted value that begins here does not end.
    OpenQuote(usize),
}

impl Wrong {
    /// Where it is.
    #[must_use]
    pub fn at(self) -> usize {
        match self {
            Self::BareQuote(at) | Self::StrayQuote(at) | Self::OpenQuote(at) => at,
        }
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::BareQuote(_) => "a `\"` stands inside a value that is not quoted",
            Self::StrayQuote(_) => "a `\"` inside a quoted value is neither doubled nor followed by the delimiter",
            Self::OpenQuote(_) => "the quoted value that begins here does not end",
        })
    }
}

/// Splits a line into its values. An empty line has none; a trailing carriage return belongs to the line's end.
/// Values are slices of the line, unless a doubled or tolerated quote stands inside a quoted one.
///
/// # Errors
/// What [`Quotes::Strict`] forbids; `out` then holds the values before it.
pub fn split<'l>(line: &'l str, delimiter: char, quotes: Quotes, out: &mut Vec<Cow<'l, str>>) -> Result<(), Wrong> {
    out.clear();
    let mut values = Values::new(line, delimiter, quotes);
    while let Some(value) = values.next(String::new) {
        out.push(value?);
    }
    Ok(())
}

/// The values of one line, one after the other.
#[derive(Debug)]
pub(super) struct Values<'l> {
    line: &'l str,
    delimiter: Delimiter,
    quotes: Quotes,
    /// Where the next value begins; `None` after the last one.
    at: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Delimiter {
    Byte(u8),
    Wide(char),
}

impl Delimiter {
    #[inline]
    fn find(self, text: &str) -> Option<usize> {
        match self {
            Self::Byte(byte) => memchr(byte, text.as_bytes()),
            Self::Wide(wide) => text.find(wide),
        }
    }

    #[inline]
    fn begins(self, text: &str) -> bool {
        match self {
            Self::Byte(byte) => text.as_bytes().first() == Some(&byte),
            Self::Wide(wide) => text.starts_with(wide),
        }
    }

    fn len(self) -> usize {
        match self {
            Self::Byte(_) => 1,
            Self::Wide(wide) => wide.len_utf8(),
        }
    }
}

impl<'l> Values<'l> {
    pub fn new(line: &'l str, delimiter: char, quotes: Quotes) -> Self {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let delimiter = match u8::try_from(delimiter) {
            Ok(byte) if byte.is_ascii() => Delimiter::Byte(byte),
            _ => Delimiter::Wide(delimiter),
        };
        Self { line, delimiter, quotes, at: (!line.is_empty()).then_some(0) }
    }

    /// The next value; `blank` gives the memory for one that is no slice of the line.
    #[inline]
    pub fn next(&mut self, blank: impl FnOnce() -> String) -> Option<Result<Cow<'l, str>, Wrong>> {
        let start = self.at?;
        if self.line.as_bytes().get(start) == Some(&b'"') {
            Some(self.quoted(start, blank))
        } else {
            Some(self.bare(start))
        }
    }

    #[inline]
    fn bare(&mut self, start: usize) -> Result<Cow<'l, str>, Wrong> {
        let rest = &self.line[start..];
        let end = self.delimiter.find(rest);
        self.at = end.map(|end| start + end + self.delimiter.len());
        let value = &rest[..end.unwrap_or(rest.len())];
        match self.quotes {
            Quotes::Strict => match memchr(b'"', value.as_bytes()) {
                Some(quote) => Err(Wrong::BareQuote(start + quote)),
                None => Ok(Cow::Borrowed(value)),
            },
            Quotes::Lazy => Ok(Cow::Borrowed(value)),
        }
    }

    /// A value that begins with a quote; a slice of the line unless a quote is part of it.
    fn quoted(&mut self, start: usize, blank: impl FnOnce() -> String) -> Result<Cow<'l, str>, Wrong> {
        let (first, mut inside) = self.until_quote(start, start + 1)?;
        if inside.is_none() {
            return Ok(Cow::Borrowed(first));
        }
        let mut text = blank();
        text.push_str(first);
        while let Some(at) = inside {
            text.push('"');
            let (slice, next) = self.until_quote(start, at)?;
            text.push_str(slice);
            inside = next;
        }
        Ok(Cow::Owned(text))
    }

    /// Reads up to the next quote. If that quote is text, says where the value goes on; if not, the value has ended and
    /// the next one is set.
    fn until_quote(&mut self, open: usize, from: usize) -> Result<(&'l str, Option<usize>), Wrong> {
        let rest = &self.line[from..];
        let Some(quote) = memchr(b'"', rest.as_bytes()) else {
            self.at = None;
            return match self.quotes {
                Quotes::Lazy => Ok((rest, None)),
                Quotes::Strict => Err(Wrong::OpenQuote(open)),
            };
        };
        let after = from + quote + 1;
        let tail = &self.line[after..];
        let inside = if tail.starts_with('"') {
            Some(after + 1)
        } else if tail.is_empty() || self.delimiter.begins(tail) {
            self.at = (!tail.is_empty()).then(|| after + self.delimiter.len());
            None
        } else if self.quotes == Quotes::Lazy {
            Some(after)
        } else {
            return Err(Wrong::StrayQuote(after - 1));
        };
        Ok((&rest[..quote], inside))
    }
}

#[cfg(test)]
mod tests;
