//! Reads times by a pattern.

use super::civil::{days_in_month, days_of, is_leap};
use super::pattern::{Fraction, Length, MONTHS, Number, Of, Offset, Pattern, Piece, WEEKDAYS};
use super::rfc3339::{offset_of, read_fraction, read_fraction_digits};
use super::zone::{self, ZoneName};
use super::{Instant, Wrong};

const TEXT: Wrong = Wrong("its text is not that of the pattern");
const NUMBER: Wrong = Wrong("a number of the pattern is missing");
const RANGE: Wrong = Wrong("a part of the time is out of range");
const NAME: Wrong = Wrong("a month or weekday has no known name");
const HALF: Wrong = Wrong("neither AM nor PM");
const FRACTION: Wrong = Wrong("the fraction of the second has the wrong number of digits");
const OFFSET: Wrong = Wrong("the offset from UTC has another form than that of the pattern");
const ZONE: Wrong = Wrong("no abbreviation of a time zone");
const REST: Wrong = Wrong("text is left over after the time");
const DATE: Wrong = Wrong("the date does not exist");

/// Two-digit years below this are of this century.
const PIVOT: u32 = 69;

/// What was read so far.
#[derive(Default)]
struct Parts {
    year: Option<u32>,
    century: Option<u32>,
    short_year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    year_day: Option<u32>,
    hour: u32,
    half_hour: bool,
    afternoon: Option<bool>,
    minute: u32,
    second: u32,
    nanos: u32,
    epoch: Option<u64>,
    offset_seconds: Option<i32>,
    zone: ZoneName,
    zone_offset: i32,
}

impl Pattern {
    /// Reads a time.
    pub(super) fn read(&self, text: &str) -> Result<Instant, Wrong> {
        let mut parts = Parts::default();
        let mut rest = text.as_bytes();
        for piece in &self.pieces {
            rest = parts.read(piece, rest)?;
        }
        if !rest.is_empty() {
            return Err(REST);
        }
        parts.instant(self.default_year)
    }

    /// Where reading a text stops, in bytes, and what may be meant; `None` if it is read to its end.
    pub(super) fn stop(&self, text: &str) -> Option<(usize, &'static str)> {
        let mut parts = Parts::default();
        let mut rest = text.as_bytes();
        for piece in &self.pieces {
            match parts.read(piece, rest) {
                Ok(after) => rest = after,
                Err(_) => return Some((text.len() - rest.len(), hint(piece, rest))),
            }
        }
        (!rest.is_empty()).then_some((text.len() - rest.len(), ""))
    }
}

/// What the author of a pattern may have meant instead of a piece.
fn hint(piece: &Piece, rest: &[u8]) -> &'static str {
    match (piece, rest) {
        (Piece::Number(Number { of: Of::Day, blank: false, .. }), [b' ', ..]) => {
            "; a day with a blank before it is `%e`, or `_2` in a layout"
        }
        _ => "",
    }
}

impl Parts {
    /// Reads one piece; returns what follows it.
    fn read<'t>(&mut self, piece: &Piece, text: &'t [u8]) -> Result<&'t [u8], Wrong> {
        match piece {
            Piece::Text(literal) => text.strip_prefix(literal.as_bytes()).ok_or(TEXT),
            Piece::Spaced(literal) => skip_spaced(literal.as_bytes(), text),
            Piece::Gap(_) => skip_gap(text),
            Piece::Number(number) => self.read_number(number, text),
            Piece::Month(length) => {
                let (index, rest) = read_name(&MONTHS, *length, text)?;
                self.month = Some(index + 1);
                Ok(rest)
            }
            Piece::Weekday(length) => Ok(read_name(&WEEKDAYS, *length, text)?.1),
            Piece::HalfDay(half) => self.read_half(half.capitals, half.any_case, text),
            Piece::Fraction(fraction) => self.read_fraction(fraction, text),
            Piece::SilentFraction => {
                let (nanos, rest) = read_fraction(text, b'.');
                self.nanos = nanos;
                Ok(rest)
            }
            Piece::Offset(offset) => self.read_offset(offset, text),
            Piece::Zone { capitals } => {
                let read = if *capitals { zone::read_capitals } else { zone::read_name };
                let (name, offset, length) = read(text).ok_or(ZONE)?;
                (self.zone, self.zone_offset) = (name, offset);
                Ok(&text[length..])
            }
        }
    }

    fn read_number<'t>(&mut self, number: &Number, text: &'t [u8]) -> Result<&'t [u8], Wrong> {
        let text = match text {
            [b' ', rest @ ..] if number.blank => rest,
            _ => text,
        };
        let length = text.iter().take(number.most).take_while(|byte| byte.is_ascii_digit()).count();
        if length < number.least {
            return Err(NUMBER);
        }
        let (digits, rest) = text.split_at(length);
        let value = digits.iter().fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'));
        self.take_number(number.of, value)?;
        Ok(rest)
    }

    fn take_number(&mut self, of: Of, value: u64) -> Result<(), Wrong> {
        if of == Of::EpochSeconds {
            self.epoch = Some(value);
            return Ok(());
        }
        let value = u32::try_from(value).ok().filter(|value| range_of(of).contains(value)).ok_or(RANGE)?;
        match of {
            Of::Year | Of::WeekYear => self.year = Some(value),
            Of::ShortWeekYear => self.year = Some(2000 + value),
            Of::ShortYear => self.short_year = Some(value),
            Of::Century => self.century = Some(value),
            Of::Month => self.month = Some(value),
            Of::Day => self.day = Some(value),
            Of::YearDay => self.year_day = Some(value),
            Of::Hour => self.hour = value,
            Of::HalfHour { .. } => (self.hour, self.half_hour) = (value, true),
            Of::Minute => self.minute = value,
            Of::Second => self.second = value,
            Of::EpochSeconds
            | Of::WeekdayFromSunday
            | Of::WeekdayFromMonday
            | Of::WeekFromSunday
            | Of::WeekFromMonday
            | Of::IsoWeek => {}
        }
        Ok(())
    }

    fn read_half<'t>(&mut self, capitals: bool, any_case: bool, text: &'t [u8]) -> Result<&'t [u8], Wrong> {
        let (word, rest) = text.split_first_chunk::<2>().ok_or(HALF)?;
        let is = |name: &[u8; 2]| {
            let wanted = if capitals { *name } else { name.map(|byte| byte.to_ascii_lowercase()) };
            *word == wanted || any_case && word.eq_ignore_ascii_case(name)
        };
        self.afternoon = Some(is(b"PM"));
        if is(b"PM") || is(b"AM") { Ok(rest) } else { Err(HALF) }
    }

    fn read_fraction<'t>(&mut self, fraction: &Fraction, text: &'t [u8]) -> Result<&'t [u8], Wrong> {
        let text = match (fraction.point, text) {
            (None, _) => text,
            (Some(point), [first, rest @ ..]) if *first == point => rest,
            // All of it is missing, which may be right.
            _ if fraction.least == 0 => return Ok(text),
            _ => return Err(FRACTION),
        };
        let length = text.iter().take(fraction.most).take_while(|byte| byte.is_ascii_digit()).count();
        if length < fraction.least.max(1) {
            return Err(FRACTION);
        }
        self.nanos = read_fraction_digits(&text[..length]).0;
        Ok(&text[length..])
    }

    fn read_offset<'t>(&mut self, form: &Offset, text: &'t [u8]) -> Result<&'t [u8], Wrong> {
        if form.z && text.first() == Some(&b'Z') {
            self.offset_seconds = Some(0);
            return Ok(&text[1..]);
        }
        let (sign, mut rest) = match text {
            [sign @ (b'+' | b'-'), rest @ ..] => (*sign, rest),
            _ => return Err(OFFSET),
        };
        let mut parts = [*b"00"; 3];
        for (index, part) in parts.iter_mut().take(form.parts).enumerate() {
            if form.colon && index > 0 {
                rest = rest.strip_prefix(b":").ok_or(OFFSET)?;
            }
            let (digits, after) = rest.split_first_chunk::<2>().ok_or(OFFSET)?;
            (*part, rest) = (*digits, after);
        }
        let [hours, minutes, seconds] = parts;
        self.offset_seconds = Some(offset_of(sign, hours, minutes, seconds)?);
        Ok(rest)
    }

    fn instant(&self, default_year: u32) -> Result<Instant, Wrong> {
        let offset_seconds = self.offset_seconds.unwrap_or(self.zone_offset);
        let seconds = match self.epoch {
            Some(epoch) => i64::try_from(epoch).map_err(|_| Wrong::YEAR)?,
            None => self.local_seconds(default_year)? - i64::from(offset_seconds),
        };
        Instant { seconds, nanos: self.nanos, offset_seconds, zone: self.zone }.within_years()
    }

    fn local_seconds(&self, default_year: u32) -> Result<i64, Wrong> {
        let year = self.year(default_year);
        let days = match (self.year_day, self.month, self.day) {
            (Some(day), None, None) if day <= 365 + u32::from(is_leap(year)) => {
                days_of(year, 1, 1) + i64::from(day) - 1
            }
            (Some(_), None, None) => return Err(DATE),
            (_, month, day) => {
                let (month, day) = (month.unwrap_or(1), day.unwrap_or(1));
                if day > days_in_month(year, month) {
                    return Err(DATE);
                }
                days_of(year, month, day)
            }
        };
        let in_day = self.hour()? * 3_600 + self.minute * 60 + self.second;
        Ok(days * 86_400 + i64::from(in_day))
    }

    fn year(&self, default_year: u32) -> u32 {
        match (self.year, self.century, self.short_year) {
            (Some(year), ..) => year,
            (None, Some(century), short_year) => century * 100 + short_year.unwrap_or(0),
            (None, None, Some(short_year)) if short_year < PIVOT => 2000 + short_year,
            (None, None, Some(short_year)) => 1900 + short_year,
            (None, None, None) => default_year,
        }
    }

    /// Twelve o'clock is the first hour of either half of the day.
    fn hour(&self) -> Result<u32, Wrong> {
        match self.afternoon {
            Some(true) if self.hour < 12 => Ok(self.hour + 12),
            Some(false) if self.hour == 12 && self.half_hour => Ok(0),
            Some(false) if self.hour > 12 => Err(RANGE),
            _ => Ok(self.hour),
        }
    }
}

fn range_of(of: Of) -> std::ops::RangeInclusive<u32> {
    match of {
        Of::Year | Of::WeekYear => 0..=9_999,
        Of::ShortYear | Of::ShortWeekYear | Of::Century => 0..=99,
        Of::Month => 1..=12,
        Of::Day => 1..=31,
        Of::YearDay => 1..=366,
        Of::Hour => 0..=23,
        Of::HalfHour { least } => least..=12,
        Of::Minute | Of::Second => 0..=59,
        Of::WeekdayFromSunday => 0..=6,
        Of::WeekdayFromMonday => 1..=7,
        Of::WeekFromSunday | Of::WeekFromMonday => 0..=53,
        Of::IsoWeek => 1..=53,
        Of::EpochSeconds => 0..=u32::MAX,
    }
}

/// Passes over literal text of a layout: a run of blanks stands for one or more blanks, or for the end of the text.
fn skip_spaced<'t>(literal: &[u8], text: &'t [u8]) -> Result<&'t [u8], Wrong> {
    let (mut wanted, mut text) = (literal, text);
    while let Some(first) = wanted.first() {
        if *first == b' ' {
            if text.first().is_some_and(|byte| *byte != b' ') {
                return Err(TEXT);
            }
            (wanted, text) = (without_blanks(wanted), without_blanks(text));
        } else {
            text = text.strip_prefix(&[*first]).ok_or(TEXT)?;
            wanted = &wanted[1..];
        }
    }
    Ok(text)
}

fn without_blanks(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| **byte == b' ').count()..]
}

fn skip_gap(text: &[u8]) -> Result<&[u8], Wrong> {
    let is_white = |byte: &&u8| byte.is_ascii_whitespace() || **byte == 0x0b;
    match text.iter().take_while(is_white).count() {
        0 => Err(TEXT),
        length => Ok(&text[length..]),
    }
}

/// Finds the name with which a text begins, whatever its case: its index, and what follows.
fn read_name<'t>(names: &[&'static str], length: Length, text: &'t [u8]) -> Result<(u32, &'t [u8]), Wrong> {
    (0..)
        .zip(names)
        .find_map(|(index, name)| {
            let name = length.of(name).as_bytes();
            let (head, rest) = text.split_at_checked(name.len())?;
            head.eq_ignore_ascii_case(name).then_some((index, rest))
        })
        .ok_or(NAME)
}
