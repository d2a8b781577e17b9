//! Times as the text formats write them, read by digits: nothing is allocated, and no calendar library is asked.

use super::Cell;
use super::cursor::Cursor;
use crate::parse::time::Instant;

/// The date at which lines are read, for formats whose times lack a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The year, as 2026.
    pub year: i32,
    /// The month, from 1.
    pub month: u8,
}

/// A date and a time of day, as they were read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Civil {
    pub year: i32,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub nanos: u32,
}

impl Civil {
    /// The instant, if the clock was so far ahead of UTC; `None` if the calendar has no such time, or UTC has it in no year that
    /// text can say.
    pub(super) fn cell<'l>(&self, offset: i32) -> Option<Cell<'l>> {
        let valid = self.day <= days_in_month(self.year, self.month) && self.possible();
        let seconds = self.seconds() - i64::from(offset);
        (valid && Instant::utc(seconds, self.nanos).is_writable()).then_some(Cell::Time(seconds, self.nanos, offset))
    }

    /// The instant in UTC of a date that came without a year: the 29th of February is the 1st of March in a year
    /// that has none.
    pub(super) fn rolled<'l>(&self) -> Option<Cell<'l>> {
        self.possible().then(|| Cell::Time(self.seconds(), self.nanos, 0))
    }

    fn possible(&self) -> bool {
        (1..=12).contains(&self.month)
            && self.day >= 1
            && self.day <= days_in_month(LEAP_YEAR, self.month)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
    }

    fn seconds(&self) -> i64 {
        let day = days(self.year, self.month, self.day);
        day * 86_400 + i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }
}

/// Some year with a 29th of February.
const LEAP_YEAR: i32 = 2000;

const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar. Years begin in March here, so that the leap day comes last.
fn days(year: i32, month: u8, day: u8) -> i64 {
    let month = i64::from(month);
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The number of a month by the first three letters of its English name, whatever their case.
fn month(name: &str) -> Option<u8> {
    let name: [u8; 3] = name.as_bytes().try_into().ok()?;
    Some(match &name.map(|letter| letter.to_ascii_lowercase()) {
        b"jan" => 1,
        b"feb" => 2,
        b"mar" => 3,
        b"apr" => 4,
        b"may" => 5,
        b"jun" => 6,
        b"jul" => 7,
        b"aug" => 8,
        b"sep" => 9,
        b"oct" => 10,
        b"nov" => 11,
        b"dec" => 12,
        _ => return None,
    })
}

/// `15:04:05`, where the hour may have one digit and the seconds a fraction.
fn time_of_day(cursor: &mut Cursor<'_>, civil: &mut Civil) -> Option<()> {
    civil.hour = narrow(cursor.number(1, 2)?);
    cursor.eat(b':')?;
    civil.minute = narrow(cursor.number(2, 2)?);
    cursor.eat(b':')?;
    civil.second = narrow(cursor.number(2, 2)?);
    civil.nanos = fraction(cursor)?;
    Some(())
}

/// A point and digits, if there is a point; digits beyond the ninth are dropped.
fn fraction(cursor: &mut Cursor<'_>) -> Option<u32> {
    if cursor.eat(b'.').is_none() {
        return Some(0);
    }
    let digits = cursor.while_byte(|byte| byte.is_ascii_digit());
    let mut nanos = 0;
    for place in 0..9 {
        nanos = nanos * 10 + u32::from(digits.as_bytes().get(place).map_or(0, |digit| digit - b'0'));
    }
    (!digits.is_empty()).then_some(nanos)
}

/// Two digits always fit.
fn narrow(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The time of an access log, without its brackets: `02/Jan/2006:15:04:05 -0700`.
pub(super) fn access_log<'l>(text: &str) -> Option<Cell<'l>> {
    let mut cursor = Cursor::new(text);
    let civil = access_log_day(&mut cursor, 2)?;
    cursor.eat(b' ')?;
    let offset = zone(&mut cursor)?;
    cursor.end()?;
    civil.cell(offset)
}

/// The same in two columns, with the brackets: `[2/Jan/2006:15:04:05` and `-0700]`.
pub(super) fn access_log_parted<'l>(day: &str, zone_column: &str) -> Option<Cell<'l>> {
    let mut cursor = Cursor::new(day);
    cursor.eat(b'[')?;
    let civil = access_log_day(&mut cursor, 1)?;
    cursor.end()?;
    let mut cursor = Cursor::new(zone_column);
    let offset = zone(&mut cursor)?;
    cursor.eat(b']')?;
    cursor.end()?;
    civil.cell(offset)
}

/// So many seconds since 1970, in UTC; `None` outside the years that text can say.
pub(super) fn since_1970<'l>(seconds: i64, nanos: u32) -> Option<Cell<'l>> {
    Instant::utc(seconds, nanos).is_writable().then_some(Cell::Time(seconds, nanos, 0))
}

/// `02/Jan/2006:15:04:05`, where the day has at least so many digits.
fn access_log_day(cursor: &mut Cursor<'_>, day_digits: usize) -> Option<Civil> {
    let mut civil = Civil { day: narrow(cursor.number(day_digits, 2)?), ..Civil::default() };
    cursor.eat(b'/')?;
    civil.month = month(cursor.until(b'/')?)?;
    civil.year = i32::try_from(cursor.number(4, 4)?).ok()?;
    cursor.eat(b':')?;
    time_of_day(cursor, &mut civil)?;
    Some(civil)
}

/// `-0700`, in seconds.
fn zone(cursor: &mut Cursor<'_>) -> Option<i32> {
    let sign = match cursor.next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (cursor.number(2, 2)?, cursor.number(2, 2)?);
    (hours <= 24 && minutes < 60).then_some(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?)
}

/// `2006-01-02 15:04:05` in UTC, perhaps with a fraction.
pub(super) fn date_time<'l>(text: &str) -> Option<Cell<'l>> {
    let mut cursor = Cursor::new(text);
    let mut civil = Civil { year: i32::try_from(cursor.number(4, 4)?).ok()?, ..Civil::default() };
    cursor.eat(b'-')?;
    civil.month = narrow(cursor.number(2, 2)?);
    cursor.eat(b'-')?;
    civil.day = narrow(cursor.number(2, 2)?);
    cursor.eat(b' ')?;
    time_of_day(&mut cursor, &mut civil)?;
    cursor.end()?;
    civil.cell(0)
}

/// `Jan 2 15:04:05`, the start of a syslog line; the year is left to the caller.
pub(super) fn month_day_time(cursor: &mut Cursor<'_>) -> Option<Civil> {
    let mut civil = Civil { month: month(cursor.until(b' ')?)?, ..Civil::default() };
    cursor.blanks();
    civil.day = narrow(cursor.number(1, 2)?);
    cursor.eat(b' ')?;
    cursor.blanks();
    time_of_day(cursor, &mut civil)?;
    Some(civil)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_log_times_keep_their_offset() {
        assert_eq!(access_log("10/Oct/2000:13:55:36 -0700"), Some(Cell::Time(971_211_336, 0, -25_200)));
        assert_eq!(access_log("01/jan/1970:0:00:00.5 +0000"), Some(Cell::Time(0, 500_000_000, 0)));
        for wrong in [
            "1/Oct/2000:13:55:36 -0700",
            "30/Feb/2000:13:55:36 -0700",
            "10/Okt/2000:13:55:36 -0700",
            "31/Dec/9999:23:59:59 -0700",
            "01/Jan/0000:00:00:00 +0700",
            "10/Oct/2000:13:55:36",
        ] {
            assert_eq!(access_log(wrong), None, "{wrong}");
        }
        assert_eq!(access_log_parted("[6/Feb/2019:00:00:38", "+0000]"), Some(Cell::Time(1_549_411_238, 0, 0)));
    }

    #[test]
    fn dates_before_1970_and_leap_days_count_right() {
        assert_eq!(date_time("1969-12-31 23:59:59"), Some(Cell::Time(-1, 0, 0)));
        assert_eq!(date_time("2024-02-29 00:00:00.25"), Some(Cell::Time(1_709_164_800, 250_000_000, 0)));
        assert_eq!(date_time("2023-02-29 00:00:00"), None);
        assert_eq!(date_time("2023-02-28 24:00:00"), None);
    }

    #[test]
    fn a_leap_day_without_a_year_rolls_over() {
        let mut civil = month_day_time(&mut Cursor::new("Feb 29 01:02:03")).expect("a time");
        civil.year = 2023;
        assert_eq!(civil.rolled(), date_time("2023-03-01 01:02:03"));
    }
}
