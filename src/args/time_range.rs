//! A time range on the command line.

use clap::Args;
use jiff::Timestamp;

use crate::error::Failure;
use crate::time::{Range, parse_instant};

/// Start and end, half open.
#[derive(Args, Clone, Debug, Default)]
pub struct TimeArgs {
    /// From this time on (UTC): RFC 3339, a date, an hour, or `2h ago`
    #[arg(long, value_name = "TIME", env = "OPSTOOLS_START", help_heading = "Selection")]
    pub start: Option<String>,
    /// Before this time (UTC)
    #[arg(long, value_name = "TIME", env = "OPSTOOLS_END", help_heading = "Selection")]
    pub end: Option<String>,
}

impl TimeArgs {
    /// The range as instants, relative times resolved against `now`.
    ///
    /// # Errors
    /// A time cannot be read, or the end is not after the start.
    pub fn resolve(&self, now: Timestamp) -> Result<Range, Failure> {
        let read = |flag: &str, text: &Option<String>| {
            text.as_deref()
                .map(|text| parse_instant(text, now).map_err(|error| Failure::usage(format!("`{flag}`: {error}"))))
                .transpose()
        };
        let range = Range { start: read("--start", &self.start)?, end: read("--end", &self.end)? };
        match (range.start, range.end) {
            (Some(start), Some(end)) if end <= start => {
                Err(Failure::usage(format!("`--end` ({end}) is not after `--start` ({start})")))
            }
            _ => Ok(range),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_before_its_start_is_a_usage_error() {
        let now = "2026-11-20T12:00:00Z".parse().expect("instant");
        let args = |start: &str, end: &str| TimeArgs { start: Some(start.to_owned()), end: Some(end.to_owned()) };
        assert!(args("2h ago", "1h ago").resolve(now).is_ok());
        for (start, end) in [("1h ago", "2h ago"), ("now", "now"), ("never", "now")] {
            let failure = args(start, end).resolve(now).expect_err("no range");
            assert_eq!(failure.kind, crate::error::Kind::Usage);
        }
    }
}
