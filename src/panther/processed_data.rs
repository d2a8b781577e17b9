//! Layout of processed data: what a key says of its data type, table, hour and rule.
//!
//! `logs/{table}/year=Y/month=M/day=D/hour=H/{file}`, and for rules one more folder, `rule_id={id}`. Subscribers of the
//! topic of processed data filter by data type and by an id that follows from the key alone, except for the log type, whose
//! table name does not give it back.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::time::Range;

/// The topic that tells subscribers of processed data.
pub const PROCESSED_DATA_TOPIC: &str = "panther-processed-data-notifications";

/// The queue of the rules engine; each of its messages must have the attribute `id`, or the whole batch fails.
pub const RULES_QUEUE: &str = "panther-rules-engine-queue";

/// What the folder of a rule is called.
const RULE: &str = "rule_id=";

/// Names of the folders of an hour, in order.
const HOUR: [&str; 4] = ["year=", "month=", "day=", "hour="];

/// The four kinds of processed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataType {
    /// Logs.
    LogData,
    /// Compliance and resource history.
    CloudSecurity,
    /// What rules matched.
    RuleMatches,
    /// Where rules failed.
    RuleErrors,
}

impl DataType {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::LogData, Self::CloudSecurity, Self::RuleMatches, Self::RuleErrors];

    /// Its name, as the attribute `type` of a notification has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LogData => "LogData",
            Self::CloudSecurity => "CloudSecurity",
            Self::RuleMatches => "RuleMatches",
            Self::RuleErrors => "RuleErrors",
        }
    }

    /// Its folder, the first part of a key.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::LogData => "logs",
            Self::CloudSecurity => "cloud_security",
            Self::RuleMatches => "rules",
            Self::RuleErrors => "rule_errors",
        }
    }

    /// Whether the rules engine reads it.
    #[must_use]
    pub const fn runs_rules(self) -> bool {
        matches!(self, Self::LogData | Self::CloudSecurity)
    }

    /// The data type of this name or folder, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let named = |kind: &Self| text.eq_ignore_ascii_case(kind.name()) || text.eq_ignore_ascii_case(kind.folder());
        Self::ALL.into_iter().find(named)
    }
}

/// What a key says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessedKey<'a> {
    /// The kind of data.
    pub data_type: DataType,
    /// The table.
    pub table: &'a str,
    /// The beginning of its hour, if the key has a whole one.
    pub hour: Option<Timestamp>,
    /// The rule, as it stands in the key.
    pub rule_id: Option<&'a str>,
}

impl<'a> ProcessedKey<'a> {
    /// Reads a key; `None` is no processed data.
    #[must_use]
    pub fn read(key: &'a str) -> Option<Self> {
        let (folder, rest) = key.split_once('/')?;
        let data_type = DataType::ALL.into_iter().find(|kind| kind.folder() == folder)?;
        let (table, rest) = rest.split_once('/')?;
        if table.is_empty() {
            return None;
        }
        Some(Self { data_type, table, hour: hour(rest), rule_id: rule_id(rest) })
    }

    /// Whether its hour overlaps the range; a key without an hour overlaps only a range that is open on both sides.
    #[must_use]
    pub fn is_within(&self, range: &Range) -> bool {
        let Some(start) = self.hour else { return range.is_open() };
        let end = start.checked_add(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX);
        range.start.is_none_or(|first| end > first) && range.end.is_none_or(|last| start < last)
    }
}

fn hour(rest: &str) -> Option<Timestamp> {
    let mut parts = rest.split('/');
    let mut values = [0_i16; HOUR.len()];
    for (value, name) in values.iter_mut().zip(HOUR) {
        *value = parts.next()?.strip_prefix(name)?.parse().ok()?;
    }
    let small = |value: i16| i8::try_from(value).ok();
    let date = Date::new(values[0], small(values[1])?, small(values[2])?).ok()?;
    let hour = small(values[3]).filter(|hour| (0..24).contains(hour))?;
    Some(date.at(hour, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// The id is written raw, so it may hold slashes: it reaches to the file's name.
fn rule_id(rest: &str) -> Option<&str> {
    let (folders, _file) = rest.rsplit_once('/')?;
    let begin = folders.find(RULE).filter(|begin| *begin == 0 || folders.as_bytes()[begin - 1] == b'/')?;
    Some(&folders[begin + RULE.len()..]).filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        text.parse().ok()
    }

    #[test]
    fn keys_say_what_they_hold() {
        let hour = "year=2026/month=03/day=01/hour=09";
        let table = [
            (format!("logs/aws_cloudtrail/{hour}/f.json.gz"), DataType::LogData, "aws_cloudtrail", None),
            (format!("cloud_security/resource_history/{hour}/f"), DataType::CloudSecurity, "resource_history", None),
            (format!("rules/t/{hour}/rule_id=A.Rule/f"), DataType::RuleMatches, "t", Some("A.Rule")),
            (format!("rule_errors/t/{hour}/rule_id=a%20b/c/f"), DataType::RuleErrors, "t", Some("a%20b/c")),
        ];
        for (key, data_type, name, rule_id) in table {
            let expected = ProcessedKey { data_type, table: name, hour: at("2026-03-01T09:00:00Z"), rule_id };
            assert_eq!(ProcessedKey::read(&key), Some(expected), "{key}");
        }
    }

    #[test]
    fn what_is_no_processed_data_is_told_apart() {
        for key in ["", "logs", "logs/", "logs//x", "logs/table", "Logs/t/x", "else/t/x"] {
            assert_eq!(ProcessedKey::read(key), None, "{key}");
        }
        for rest in ["f", "year=2026/month=13/day=01/hour=00/f", "year=2026/month=01/day=01/hour=24/f", "year=2026/f"] {
            let key = format!("logs/t/{rest}");
            assert_eq!(ProcessedKey::read(&key).and_then(|key| key.hour), None, "{key}");
        }
        let without = ProcessedKey::read("rules/t/year=2026/xrule_id=a/f").expect("a rule match");
        assert_eq!(without.rule_id, None);
    }

    #[test]
    fn an_hour_is_taken_when_it_overlaps() {
        let key = "logs/t/year=2026/month=03/day=01/hour=09/f";
        let read = ProcessedKey::read(key).expect("log data");
        let table = [
            (None, None, true),
            (Some("2026-03-01T09:30:00Z"), None, true),
            (Some("2026-03-01T10:00:00Z"), None, false),
            (None, Some("2026-03-01T09:00:00Z"), false),
            (Some("2026-03-01T09:00:00Z"), Some("2026-03-01T09:00:01Z"), true),
        ];
        for (start, end, expected) in table {
            let range = Range { start: start.and_then(at), end: end.and_then(at) };
            assert_eq!(read.is_within(&range), expected, "{start:?} {end:?}");
        }
        let without = ProcessedKey::read("logs/t/f").expect("log data");
        assert!(without.is_within(&Range::default()));
        assert!(!without.is_within(&Range { start: at("2026-03-01T09:00:00Z"), end: None }));
    }

    #[test]
    fn data_types_are_named_by_name_or_folder() {
        for kind in DataType::ALL {
            assert_eq!(DataType::parse(kind.name()), Some(kind));
            assert_eq!(DataType::parse(&kind.folder().to_uppercase()), Some(kind));
        }
        assert_eq!(DataType::parse("log"), None);
    }
}
