//! Instants, half-open ranges and durations; the only place that reads a clock.
//!
//! Everything that decides by time takes a [`Clock`], so that tests can fix it. Times are UTC.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil, fmt::friendly::SpanParser, tz::TimeZone};

/// Fixes the wall clock, for tests only: honoured when `OPSTOOLS_TEST=1`.
const NOW_VARIABLE: &str = "OPSTOOLS_NOW";

/// Says that this process is under test.
const TEST_VARIABLE: &str = "OPSTOOLS_TEST";

/// The wall clock of this machine, or a fixed one.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this instant.
    Fixed(Timestamp),
}

impl Clock {
    /// The clock that the environment asks for.
    ///
    /// # Errors
    /// `OPSTOOLS_NOW` is honoured and is no RFC 3339 instant.
    pub fn from_environment() -> Result<Self, TimeError> {
        let under_test = std::env::var(TEST_VARIABLE).is_ok_and(|value| value == "1");
        match std::env::var(NOW_VARIABLE) {
            Ok(text) if under_test => text.parse().map(Self::Fixed).map_err(|_| TimeError::instant(&text)),
            _ => Ok(Self::System),
        }
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(instant) => *instant,
        }
    }
}

/// A monotonic instant for measuring and pacing; follows tokio's clock, which tests can pause.
#[must_use]
pub fn monotonic() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// A time on the command line that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{text}` is no {what}; {example}")]
pub struct TimeError {
    text: String,
    what: &'static str,
    example: &'static str,
}

impl TimeError {
    fn instant(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            what: "time",
            example: "give RFC 3339 (2026-11-20T13:00:00Z), a date (2026-11-20), an hour (2026-11-20T13) or `2h ago`",
        }
    }

    fn duration(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            what: "duration",
            example: "give a number with its unit, such as 90s, 1h30m, 250ms or 2d",
        }
    }
}

/// Reads a duration: Go's syntax (`1h30m`, `250ms`, `0`), or with days (`2d`).
///
/// # Errors
/// The text is no duration, or a negative one.
pub fn parse_duration(text: &str) -> Result<Duration, TimeError> {
    if text.trim() == "0" {
        return Ok(Duration::ZERO);
    }
    let span = SpanParser::new().parse_span(text.trim()).map_err(|_| TimeError::duration(text))?;
    let whole: SignedDuration =
        span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| TimeError::duration(text))?;
    Duration::try_from(whole).map_err(|_| TimeError::duration(text))
}

/// Reads an instant: RFC 3339, a date, an hour, `now`, or a duration with `ago`; dates and hours are UTC.
///
/// # Errors
/// The text is none of these.
pub fn parse_instant(text: &str, now: Timestamp) -> Result<Timestamp, TimeError> {
    let trimmed = text.trim();
    if trimmed == "now" {
        return Ok(now);
    }
    if let Some(ago) = trimmed.strip_suffix("ago") {
        let back = parse_duration(ago).map_err(|_| TimeError::instant(text))?;
        return now.checked_sub(back).map_err(|_| TimeError::instant(text));
    }
    if let Ok(instant) = trimmed.parse::<Timestamp>() {
        return Ok(instant);
    }
    civil_instant(trimmed).ok_or_else(|| TimeError::instant(text))
}

/// A date (`2026-11-20`) or an hour (`2026-11-20T13`, `2026-11-20T13:30`) in UTC.
fn civil_instant(text: &str) -> Option<Timestamp> {
    let (date, hour) = text.split_once(['T', ' ']).unwrap_or((text, "00"));
    let time = if hour.len() == 2 { format!("{hour}:00") } else { hour.to_owned() };
    let date: civil::Date = date.parse().ok()?;
    let time: civil::Time = time.parse().ok()?;
    Some(date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// A half-open range of instants: from `start` (included) to `end` (excluded); a missing side is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first instant inside.
    pub start: Option<Timestamp>,
    /// The first instant after.
    pub end: Option<Timestamp>,
}

impl Range {
    /// Whether the instant lies inside.
    #[must_use]
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.start.is_none_or(|start| instant >= start) && self.end.is_none_or(|end| instant < end)
    }

    /// Whether both sides are open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.start.is_none() && self.end.is_none()
    }
}

/// Seconds as people read them: `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`.
#[must_use]
pub fn human(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{:.1} s", duration.as_secs_f64()),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..172_800 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("test instant")
    }

    #[test]
    fn durations_are_read_as_go_writes_them() {
        let table = [
            ("0", 0),
            ("0s", 0),
            ("90s", 90_000),
            ("1h30m", 5_400_000),
            ("250ms", 250),
            ("1.5h", 5_400_000),
            ("2d", 172_800_000),
        ];
        for (text, milliseconds) in table {
            assert_eq!(parse_duration(text).map(|d| d.as_millis()), Ok(milliseconds), "{text}");
        }
        for text in ["", "5", "-5s", "soon", "1h ago", "5 parsecs"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn instants_are_read_in_each_form() {
        let now = at("2026-11-20T12:00:00Z");
        let table = [
            ("2026-11-20T13:00:00Z", "2026-11-20T13:00:00Z"),
            ("2026-11-20T13:00:00+02:00", "2026-11-20T11:00:00Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-11-20T13", "2026-11-20T13:00:00Z"),
            ("2026-11-20 13:30", "2026-11-20T13:30:00Z"),
            ("2h ago", "2026-11-20T10:00:00Z"),
            ("1d ago", "2026-11-19T12:00:00Z"),
            ("now", "2026-11-20T12:00:00Z"),
        ];
        for (text, expected) in table {
            assert_eq!(parse_instant(text, now), Ok(at(expected)), "{text}");
        }
        for text in ["", "yesterday", "2026-13-01", "2026-11-20T25", "ago", "20/11/2026"] {
            assert!(parse_instant(text, now).is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_is_half_open() {
        let range = Range { start: Some(at("2026-11-20T00:00:00Z")), end: Some(at("2026-11-21T00:00:00Z")) };
        assert!(range.contains(at("2026-11-20T00:00:00Z")));
        assert!(!range.contains(at("2026-11-21T00:00:00Z")));
        assert!(Range::default().contains(at("1970-01-01T00:00:00Z")));
    }
}
