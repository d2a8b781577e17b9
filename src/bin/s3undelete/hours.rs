//! The hours of processed data that came back: what a tool needs that registers their partitions again.
//!
//! Processed data lies under `{part}/{table}/year=YYYY/month=MM/day=DD/hour=HH/`, where the first part tells the database.
//! One JSON line for each hour and table, sorted:
//! `{"database":"panther_logs","table":"aws_cloudtrail","year":2026,"month":1,"day":31,"hour":5,
//! "partition_time":1769835600,"location":"s3://BUCKET/logs/aws_cloudtrail/year=2026/month=01/day=31/hour=05/",
//! "objects":12,"bytes":3456}`; `partition_time` is the hour's first second since 1970, UTC.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

/// First part of a key, and the database of its tables.
const DATABASES: [(&str, &str); 4] = [
    ("logs", "panther_logs"),
    ("cloud_security", "panther_cloudsecurity"),
    ("rules", "panther_rule_matches"),
    ("rule_errors", "panther_rule_errors"),
];

/// An hour of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hour {
    database: &'static str,
    table: String,
    date: Date,
    hour: i8,
    folder: String,
}

/// Objects and bytes that came back, by hour and table.
#[derive(Debug, Default)]
pub struct Hours {
    touched: BTreeMap<Hour, (u64, u64)>,
}

#[derive(Serialize)]
struct Line<'a> {
    database: &'a str,
    table: &'a str,
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    partition_time: i64,
    location: String,
    objects: u64,
    bytes: u64,
}

impl Hours {
    /// Counts an object; false: it is no processed data.
    pub fn add(&mut self, key: &str, bytes: u64) -> bool {
        let Some(hour) = hour_of(key) else { return false };
        let sums = self.touched.entry(hour).or_default();
        *sums = (sums.0 + 1, sums.1 + bytes);
        true
    }

    /// The lines of the file.
    pub fn lines(&self, bucket: &str) -> impl Iterator<Item = String> {
        self.touched.iter().map(move |(hour, (objects, bytes))| {
            let start = hour.date.at(hour.hour, 0, 0, 0).to_zoned(TimeZone::UTC);
            let line = Line {
                database: hour.database,
                table: &hour.table,
                year: hour.date.year(),
                month: hour.date.month(),
                day: hour.date.day(),
                hour: hour.hour,
                partition_time: start.map(|start| start.timestamp().as_second()).unwrap_or_default(),
                location: format!("s3://{bucket}/{}", hour.folder),
                objects: *objects,
                bytes: *bytes,
            };
            // Strings and numbers always serialise.
            serde_json::to_string(&line).unwrap_or_default()
        })
    }
}

/// The hour whose folder the key lies in.
fn hour_of(key: &str) -> Option<Hour> {
    let mut parts = key.split('/');
    let first = parts.next()?;
    let (_, database) = DATABASES.into_iter().find(|(part, _)| *part == first)?;
    let table = parts.next().filter(|table| !table.is_empty())?;
    let mut number = |name: &str| parts.next()?.strip_prefix(name)?.strip_prefix('=')?.parse::<i16>().ok();
    let (year, month, day, hour) = (number("year")?, number("month")?, number("day")?, number("hour")?);
    let small = |number: i16| i8::try_from(number).ok();
    let date = Date::new(year, small(month)?, small(day)?).ok()?;
    // The object's own name must follow.
    parts.next()?;
    let end = key.match_indices('/').nth(5)?.0;
    let hour = small(hour).filter(|hour| (0..24).contains(hour))?;
    Some(Hour { database, table: table.to_owned(), date, hour, folder: key[..=end].to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_counted_by_the_hour_of_their_folder() {
        let mut hours = Hours::default();
        let folder = "logs/aws_cloudtrail/year=2026/month=01/day=31/hour=05/";
        assert!(hours.add(&format!("{folder}a.json.gz"), 10) && hours.add(&format!("{folder}b.json.gz"), 5));
        assert!(hours.add("rules/okta/year=2026/month=02/day=01/hour=00/rule_id=A.B/x.json.gz", 1));
        for other in [
            "AWSLogs/1/CloudTrail/x.gz",
            "logs/t/year=2026/month=13/day=01/hour=00/x",
            "logs/t/year=2026/month=1/day=1/hour=24/x",
            "logs/t/year=2026/month=1/day=1/hour=3",
            "logs//year=2026/month=1/day=1/hour=3/x",
        ] {
            assert!(!hours.add(other, 1), "{other}");
        }
        let lines: Vec<String> = hours.lines("b").collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[0],
            "{\"database\":\"panther_logs\",\"table\":\"aws_cloudtrail\",\"year\":2026,\"month\":1,\"day\":31,\
             \"hour\":5,\"partition_time\":1769835600,\"location\":\"s3://b/logs/aws_cloudtrail/year=2026/month=01/\
             day=31/hour=05/\",\"objects\":2,\"bytes\":15}"
        );
    }
}
