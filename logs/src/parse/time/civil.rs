//! The calendar: days since 1970 to year, month and day, and back; the Gregorian calendar for all years.

use super::Instant;

/// Days from 0000-03-01 to 1970-01-01. Years that begin in March have their leap day last, which is why we count so.
const MARCH_OF_YEAR_0: i64 = 719_468;

/// Days of 400 years, after which the calendar repeats.
const CYCLE: u32 = 146_097;

/// 2^32 years in quarters of days: the part of a year that one of them is.
const YEAR_FRACTION: u64 = 2_939_745;

/// The part of a month that a day is, on the average from March to February, in parts of 65,536.
const MONTH_FRACTION: u32 = 2_141;

/// Where March begins: three months, and what makes the months begin with their first days.
const MARCH_IN_MONTHS: u32 = 197_913;

/// From the first of March to the first of January.
const DAYS_TO_JANUARY: u32 = 306;

/// What a clock with a calendar shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    /// 0 to 9999.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// Days since 1970.
    days: i64,
}

impl Civil {
    /// What a clock so far ahead of UTC shows; `None` before the year 0000 and after 9999.
    pub(super) fn of(seconds: i64, offset_seconds: i32) -> Option<Self> {
        let local = seconds + i64::from(offset_seconds);
        let days = local.div_euclid(86_400);
        let in_day = local.rem_euclid(86_400) as u32;
        let (year, month, day) = date_of(days)?;
        let (hour, minute, second) = (in_day / 3_600, in_day / 60 % 60, in_day % 60);
        Some(Self { year, month, day, hour, minute, second, days })
    }

    /// What the clock of the input showed, and how far it was ahead of UTC. An instant whose own clock shows another
    /// year than text can say is shown in UTC; one that not even UTC can say, as the nearest.
    pub(super) fn local(at: &Instant) -> (Self, i32) {
        Self::of(at.seconds, at.offset_seconds)
            .map_or_else(|| (Self::utc(at.seconds), 0), |civil| (civil, at.offset_seconds))
    }

    /// What a clock in UTC shows; at the borders of the years 0000 to 9999 it stands still.
    pub(super) fn utc(seconds: i64) -> Self {
        let seconds = seconds.clamp(super::FIRST_SECOND, super::LAST_SECOND);
        Self::of(seconds, 0).expect("instants between the first and the last second have four-digit years")
    }

    /// 0 is Sunday.
    pub(super) fn weekday(&self) -> u32 {
        (self.days + 4).rem_euclid(7) as u32
    }

    /// 1 is the first of January.
    pub(super) fn year_day(&self) -> u32 {
        (self.days - days_of(self.year, 1, 1) + 1) as u32
    }

    /// The year and number of the week by ISO 8601: weeks begin on Monday and belong to the year of their Thursday.
    pub(super) fn iso_week(&self) -> (u32, u32) {
        let thursday = self.days - i64::from((self.weekday() + 6) % 7) + 3;
        let (year, ..) = date_of(thursday).unwrap_or((self.year, 1, 1));
        (year, ((thursday - days_of(year, 1, 1)) / 7 + 1) as u32)
    }

    /// The number of the week of the year when weeks begin on `first` (0 is Sunday); days before the first such day are
    /// in week 0.
    pub(super) fn week(&self, first: u32) -> u32 {
        (self.year_day() + 6 - (self.weekday() + 7 - first) % 7) / 7
    }
}

/// Days since 1970 of a date; the parts must be in range.
pub(super) fn days_of(year: u32, month: u32, day: u32) -> i64 {
    // One cycle more keeps January and February of the year 0 above zero.
    let year = year + 400 - u32::from(month <= 2);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_cycle = year % 400 * 365 + year % 400 / 4 - year % 400 / 100 + day_of_year;
    i64::from(year / 400 * CYCLE + day_of_cycle) - MARCH_OF_YEAR_0 - i64::from(CYCLE)
}

/// Year, month and day of days since 1970, in the years 0 to 9999.
fn date_of(days: i64) -> Option<(u32, u32, u32)> {
    let shifted = u32::try_from(days + MARCH_OF_YEAR_0 + i64::from(CYCLE)).ok()?;
    // Quotient and remainder come from one multiplication each (Neri and Schneider, 2021): in quarters of days, a
    // century has as many as a cycle has days; a year's 365.25 days are a fraction of 32 bits, as is a month's part.
    let quarters = u64::from(shifted) * 4 + 3;
    let (century, quarter_of_century) = (quarters / u64::from(CYCLE), quarters % u64::from(CYCLE));
    let product = YEAR_FRACTION * (quarter_of_century | 3);
    let year_of_century = (product >> 32) as u32;
    let day_of_year = product as u32 / YEAR_FRACTION as u32 / 4;
    let months = MONTH_FRACTION * day_of_year + MARCH_IN_MONTHS;
    let (month_from_january, day) = (months >> 16, (months & 0xffff) / MONTH_FRACTION + 1);
    let next_year = day_of_year >= DAYS_TO_JANUARY;
    let month = if next_year { month_from_january - 12 } else { month_from_january };
    let year = (100 * century as u32 + year_of_century + u32::from(next_year)).checked_sub(400)?;
    (year <= 9_999).then_some((year, month, day))
}

/// How many days a month has.
pub(super) fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether a year has 366 days.
pub(super) fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}
