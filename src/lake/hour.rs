//! The hour of an event, and the keys of the objects that hold its events.
//!
//! Tables have a folder for each hour (UTC) of the event's time, and objects carry the hour's beginning in their names, not the
//! time of writing: late events join the others of their hour.

use jiff::Span;
use jiff::civil::{Date, date};

use crate::panther::{DataType, table_name};
use crate::parse::time::Instant;

/// Seconds of an hour.
const SECONDS: i64 = 3_600;

/// Seconds of a day.
const DAY: i64 = 24 * SECONDS;

/// The day from which seconds are counted.
const EPOCH: Date = date(1970, 1, 1);

/// An hour of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour {
    /// Its first second since 1970.
    start: i64,
}

impl Hour {
    /// The hour in which an instant lies.
    #[must_use]
    pub const fn of(instant: Instant) -> Self {
        Self { start: instant.seconds.div_euclid(SECONDS) * SECONDS }
    }

    /// Year, month, day and hour.
    fn parts(self) -> (i16, i8, i8, i64) {
        let (day, hour) = (self.start.div_euclid(DAY), self.start.rem_euclid(DAY) / SECONDS);
        // Instants of events lie in the years 0000 to 9999, of which every day is a date.
        let date = EPOCH.checked_add(Span::new().days(day)).unwrap_or(EPOCH);
        (date.year(), date.month(), date.day(), hour)
    }

    /// The folder of the hour within its table: `year=2026/month=01/day=31/hour=09/`.
    #[must_use]
    pub fn folder(self) -> String {
        let (year, month, day, hour) = self.parts();
        format!("year={year}/month={month:02}/day={day:02}/hour={hour:02}/")
    }

    /// The hour's beginning as names of objects have it: `20260131T090000Z`.
    #[must_use]
    pub fn stamp(self) -> String {
        let (year, month, day, hour) = self.parts();
        format!("{year:04}{month:02}{day:02}T{hour:02}0000Z")
    }
}

/// The key of a new object with logs of one type and hour; no two are alike.
#[must_use]
pub fn object_key(log_type: &str, hour: Hour) -> String {
    let (folder, table) = (DataType::LogData.folder(), table_name(log_type));
    format!("{folder}/{table}/{}{}-{}.json.gz", hour.folder(), hour.stamp(), random_uuid())
}

/// A random UUID (version 4, RFC 9562).
fn random_uuid() -> String {
    let random = fastrand::u128(..);
    let versioned = random & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{versioned:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panther::ProcessedKey;

    #[test]
    fn an_hour_is_its_folder_and_its_stamp() {
        let table = [
            (1_582_729_200, "year=2020/month=02/day=26/hour=15/", "20200226T150000Z"),
            (1_582_729_200 + 3_599, "year=2020/month=02/day=26/hour=15/", "20200226T150000Z"),
            (0, "year=1970/month=01/day=01/hour=00/", "19700101T000000Z"),
            (-1, "year=1969/month=12/day=31/hour=23/", "19691231T230000Z"),
            (253_402_300_799, "year=9999/month=12/day=31/hour=23/", "99991231T230000Z"),
        ];
        for (seconds, folder, stamp) in table {
            let hour = Hour::of(Instant::utc(seconds, 999_999_999));
            assert_eq!((hour.folder().as_str(), hour.stamp().as_str()), (folder, stamp), "{seconds}");
        }
    }

    #[test]
    fn keys_are_read_back_as_what_they_hold() {
        let key = object_key("AWS.CloudTrail", Hour::of(Instant::utc(1_582_729_201, 0)));
        let read = ProcessedKey::read(&key).expect("processed data");
        assert_eq!((read.data_type, read.table), (DataType::LogData, "aws_cloudtrail"));
        assert_eq!(read.hour.map(|hour| hour.as_second()), Some(1_582_729_200));
        let name = key.rsplit('/').next().expect("a name");
        let uuid = name.strip_prefix("20200226T150000Z-").and_then(|rest| rest.strip_suffix(".json.gz")).expect(name);
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.as_bytes()[14], b'4', "{uuid}");
        assert!(b"89ab".contains(&uuid.as_bytes()[19]), "{uuid}");
        assert!(uuid.split('-').map(str::len).eq([8, 4, 4, 4, 12]), "{uuid}");
        assert_ne!(key, object_key("AWS.CloudTrail", Hour::of(Instant::utc(1_582_729_201, 0))));
    }
}
