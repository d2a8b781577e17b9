//! The hours of a run: typed or the present one, and always named so that they can be typed.

use std::fmt::{self, Display, Formatter};

use opstools::app::Context;
use opstools::error::Failure;
use opstools::time::parse_instant;

use crate::arguments::Arguments;

const SECONDS: i64 = 3_600;

/// The longest time range: ten years of hours.
const MOST: u64 = 87_660;

/// Letters of an hour as flags take it: `2026-01-31T13`.
const NAME: usize = 13;

/// A range of hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The first, counted from 1970.
    pub first: i64,
    /// How many, at least one.
    pub count: u64,
}

impl Hours {
    /// Those of a command line, the last one included.
    ///
    /// # Errors
    /// A time that is none, or a range that is none.
    pub fn typed(args: &Arguments, context: &Context) -> Result<Self, Failure> {
        let now = context.clock.now();
        let hour = |flag: &str, text: &str| {
            let instant = parse_instant(text, now).map_err(|error| Failure::usage(format!("`{flag}`: {error}")))?;
            Ok::<i64, Failure>(instant.as_second().div_euclid(SECONDS))
        };
        let last = hour("--end", args.end.as_deref().unwrap_or("now"))?;
        let first = args.start.as_deref().map_or(Ok(last), |text| hour("--start", text))?;
        match u64::try_from(last - first) {
            Ok(hours) if hours < MOST => Ok(Self { first, count: hours + 1 }),
            Ok(hours) => Err(Failure::usage(format!("the time range has {hours} hours, more than ten years"))),
            Err(_) if args.end.is_none() => Err(Failure::usage(format!(
                "the hour of `--start`, {}, is still to come, and without `--end` the last one is the present one, {}",
                Self::name(first),
                Self::name(last)
            ))
            .hint(format!("give `--end`, such as `--end {}`", Self::name(first)))),
            Err(_) => Err(Failure::usage("the hour of `--end` is before that of `--start`")
                .hint("give the earlier one as `--start`")),
        }
    }

    /// An hour as flags take it.
    pub fn name(hour: i64) -> String {
        let time = jiff::Timestamp::from_second(hour * SECONDS).unwrap_or_default();
        time.to_string().chars().take(NAME).collect()
    }

    /// The last one.
    pub const fn last(self) -> i64 {
        self.first + self.count.cast_signed() - 1
    }

    /// The flags that name them, whenever they are typed.
    pub fn flags(self) -> String {
        format!("--start {} --end {}", Self::name(self.first), Self::name(self.last()))
    }
}

impl Display for Hours {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (first, last) = (Self::name(self.first), Self::name(self.last()));
        match self.count {
            1 => write!(f, "{first} (UTC)"),
            count => write!(f, "{first} to {last} (UTC), {count} of them"),
        }
    }
}
