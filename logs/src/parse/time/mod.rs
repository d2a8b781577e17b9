//! Times: read in any format that a schema names, written in the format of the table or in their own.
//!
//! Nearly every event has a time, many have a dozen. The formats that high-volume sources use (RFC 3339, numbers since
//! 1970) have loops of their own; patterns are compiled once and walked. Nothing here allocates after that. A time that
//! does not exist (month 13, 25 o'clock, a leap second) is refused and never rolled over into another one.

mod civil;
mod epoch;
mod layout;
mod pattern;
mod pattern_read;
mod pattern_write;
#[cfg(test)]
mod properties;
mod rfc3339;
mod strftime;
#[cfg(test)]
mod tests;
mod write;
mod zone;

use std::fmt;

use super::rejection::shown;
use crate::schema::{TimeFormat, time_format_text};

use epoch::Unit;
use pattern::Pattern;
pub use write::{write_data_lake, write_rfc3339, write_rfc3339_local};
pub use zone::ZoneName;

/// `0001-01-01T00:00:00Z`: what sources write for "never"; counts as absent.
const ZERO_SECONDS: i64 = -62_135_596_800;

/// `0000-01-01T00:00:00Z`, the first instant that text of four digits can say.
const FIRST_SECOND: i64 = -62_167_219_200;

/// `9999-12-31T23:59:59Z`, the last.
const LAST_SECOND: i64 = 253_402_300_799;

/// A point in time, with what is needed to write it as it was read. It lies in the years 0000 to 9999 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// Whole seconds since 1970, rounded down.
    pub seconds: i64,
    /// Nanoseconds after that second.
    pub nanos: u32,
    /// How far the clock of the input was ahead of UTC; 0 is printed as `Z`.
    pub offset_seconds: i32,
    /// What the input called its zone, if it did so by a name other than UTC.
    pub zone: ZoneName,
}

impl Instant {
    /// An instant in UTC.
    #[must_use]
    pub const fn utc(seconds: i64, nanos: u32) -> Self {
        Self { seconds, nanos, offset_seconds: 0, zone: ZoneName::NONE }
    }

    /// The instant so many nanoseconds after 1970.
    ///
    /// # Errors
    /// It lies outside the years 0000 to 9999.
    pub fn from_nanos(nanos: i128) -> Result<Self, Wrong> {
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).map_err(|_| Wrong::YEAR)?;
        Self::utc(seconds, nanos.rem_euclid(1_000_000_000) as u32).within_years()
    }

    /// Nanoseconds since 1970.
    #[must_use]
    pub const fn unix_nanos(&self) -> i128 {
        self.seconds as i128 * 1_000_000_000 + self.nanos as i128
    }

    fn within_years(self) -> Result<Self, Wrong> {
        if self.is_writable() { Ok(self) } else { Err(Wrong::YEAR) }
    }

    /// The same instant by the clock of UTC.
    const fn in_utc(self) -> Self {
        Self::utc(self.seconds, self.nanos)
    }

    /// Whether it lies in the years 0000 to 9999.
    #[must_use]
    pub const fn is_writable(&self) -> bool {
        self.seconds >= FIRST_SECOND && self.seconds <= LAST_SECOND
    }

    /// `None` for the zero instant.
    pub(super) fn unless_zero(self) -> Option<Self> {
        (self.seconds != ZERO_SECONDS || self.nanos != 0).then_some(self)
    }
}

/// What stands where a time is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// The text of a JSON string, or of a column.
    Text(&'a str),
    /// The literal of a JSON number.
    Number(&'a str),
}

/// Why something is not a time of its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong(&'static str);

impl Wrong {
    const YEAR: Self = Self("the time lies outside the years 0000 to 9999");
    const NOT_TEXT: Self = Self("a number where text is expected");
    const NOT_NUMBER: Self = Self("text where a number is expected");

    /// The reason, as part of a sentence.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl std::error::Error for Wrong {}

/// A compiled time format: reads times and writes them again.
#[derive(Clone, Debug)]
pub struct Codec {
    kind: Kind,
    /// The format as a schema names it.
    name: Box<str>,
}

#[derive(Clone, Debug)]
enum Kind {
    Rfc3339,
    Unix,
    Whole(Unit),
    Auto,
    Cloudflare,
    BinaryFloat,
    /// Written by its pattern in the plain encoding.
    Pattern(Pattern),
    /// Read by a pattern, always written as the table has it.
    ReadOnly(Pattern),
    /// Always written by its pattern, in UTC.
    Everywhere(Pattern),
}

impl Codec {
    /// Compiles a format.
    ///
    /// # Errors
    /// What is wrong with the pattern, for the author of the schema.
    pub fn new(format: &TimeFormat) -> Result<Self, String> {
        let kind = match format {
            TimeFormat::Rfc3339 => Kind::Rfc3339,
            TimeFormat::Unix => Kind::Unix,
            TimeFormat::UnixMillis => Kind::Whole(Unit::Millis),
            TimeFormat::UnixMicros => Kind::Whole(Unit::Micros),
            TimeFormat::UnixNanos => Kind::Whole(Unit::Nanos),
            TimeFormat::UnixAuto => Kind::Auto,
            TimeFormat::Cloudflare => Kind::Cloudflare,
            TimeFormat::UnixFloat => Kind::BinaryFloat,
            TimeFormat::Strftime(pattern) => Kind::Pattern(strftime::compile(pattern)?),
            TimeFormat::Layout(layout) => Kind::Pattern(layout::compile(layout)?),
            TimeFormat::AnsiC => Kind::ReadOnly(layout::compile("Mon Jan 2 15:04:05 2006 MST")?),
            TimeFormat::Suricata => Kind::ReadOnly(layout::compile("2006-01-02T15:04:05.999999999Z0700")?),
            TimeFormat::Fluentd => Kind::ReadOnly(layout::compile("2006-01-02 15:04:05 -0700")?),
            TimeFormat::Lacework => Kind::Everywhere(layout::compile("02 Jan 2006 15:04 MST")?),
        };
        Ok(Self { kind, name: time_format_text(format).into() })
    }

    /// Why something is no time of this format, for people: the format, what is wrong, and where.
    #[must_use]
    pub fn explain(&self, input: Input<'_>, wrong: Wrong) -> String {
        let name = &self.name;
        let (Kind::Pattern(pattern) | Kind::ReadOnly(pattern) | Kind::Everywhere(pattern)) = &self.kind else {
            return format!("`{name}`: {wrong}");
        };
        match input {
            Input::Text(text) => match pattern.stop(text) {
                Some((at, hint)) => {
                    format!("`{name}`: {wrong}, at {}{hint}", shown(text.get(at..).unwrap_or_default()))
                }
                None => format!("`{name}`: {wrong}"),
            },
            Input::Number(_) => format!("`{name}`: {wrong}"),
        }
    }

    /// Whether its times are numbers.
    #[must_use]
    pub const fn counts(&self) -> bool {
        matches!(self.kind, Kind::Unix | Kind::Whole(_) | Kind::Auto | Kind::BinaryFloat)
    }

    /// Reads a time. `None` for an empty text and for the zero instant, which both count as absent.
    ///
    /// # Errors
    /// It is no time of this format, or one that does not exist.
    pub fn read(&self, input: Input<'_>) -> Result<Option<Instant>, Wrong> {
        let instant = match (&self.kind, input) {
            (_, Input::Text("")) => return Ok(None),
            (Kind::Rfc3339 | Kind::Cloudflare, Input::Text(text)) => rfc3339::read(text),
            (Kind::Unix, Input::Text(text) | Input::Number(text)) => epoch::read_seconds(text),
            (Kind::Whole(unit), Input::Text(text) | Input::Number(text)) => epoch::read_whole(text, *unit),
            (Kind::Auto, Input::Text(text) | Input::Number(text)) => epoch::read_auto(text),
            (Kind::Cloudflare, Input::Number(text)) => epoch::read_cloudflare(text),
            (Kind::BinaryFloat, Input::Number(text)) => epoch::read_binary_float(text),
            (Kind::BinaryFloat, Input::Text(_)) => Err(Wrong::NOT_NUMBER),
            (Kind::Pattern(pattern) | Kind::ReadOnly(pattern) | Kind::Everywhere(pattern), Input::Text(text)) => {
                pattern.read(text)
            }
            (_, Input::Number(_)) => Err(Wrong::NOT_TEXT),
        };
        Ok(instant?.unless_zero())
    }

    /// Appends a time as a JSON value in this format: the plain encoding. Formats of older built-in types that print the
    /// layout of the table do so here, too.
    pub fn write(&self, at: &Instant, out: &mut Vec<u8>) {
        match &self.kind {
            Kind::Rfc3339 => write_rfc3339_local(at, out),
            Kind::Cloudflare => write_rfc3339_local(&Instant { nanos: 0, ..*at }, out),
            Kind::Unix => epoch::write_seconds(at, epoch::MICROS_DIGITS, out),
            Kind::Auto => epoch::write_seconds(at, epoch::NANOS_DIGITS, out),
            Kind::Whole(unit) => epoch::write_whole(at, *unit, out),
            Kind::BinaryFloat | Kind::ReadOnly(_) => write_data_lake(at, out),
            Kind::Pattern(pattern) => pattern.write(at, out),
            Kind::Everywhere(pattern) => pattern.write(&at.in_utc(), out),
        }
    }

    /// Appends a time as the table has it, which is [`write_data_lake`] but for the one format that keeps its own layout.
    pub fn write_for_table(&self, at: &Instant, out: &mut Vec<u8>) {
        match &self.kind {
            Kind::Everywhere(pattern) => pattern.write(&at.in_utc(), out),
            _ => write_data_lake(at, out),
        }
    }
}
