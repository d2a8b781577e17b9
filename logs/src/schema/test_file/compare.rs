//! Events against what a test expects of them.
//!
//! The rules: as many events as expected, in order; the same log type; the same instant as event time, or the parse
//! time where none is expected; a parse time and a row id, whatever they are; and everything else equal as JSON, where
//! the order of keys means nothing and that of lists everything. A member that is `null` is as good as absent, on
//! either side: some versions of Panther write them for values of type `json`, and some do not.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Number, Value as Json};

const LOG_TYPE: &str = "p_log_type";
const EVENT_TIME: &str = "p_event_time";
const PARSE_TIME: &str = "p_parse_time";
const ROW_ID: &str = "p_row_id";

/// Longer values are cut in a message: the first difference in them is elsewhere told by its path.
const SHOWN: usize = 300;

/// One way in which events are not what was expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Which event, from 0; none where their number is wrong.
    pub event: Option<usize>,
    /// Where in the event, as `a.b[2]`.
    pub path: String,
    /// What was expected; none where nothing was.
    pub expected: Option<Json>,
    /// What came; none where nothing did.
    pub got: Option<Json>,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event {
            Some(event) => write!(out, "event {}: `{}`: ", event + 1, self.path)?,
            None => write!(out, "{}: ", self.path)?,
        }
        match (&self.expected, &self.got) {
            (Some(expected), Some(got)) => write!(out, "expected {}, got {}", shown(expected), shown(got)),
            (Some(expected), None) => write!(out, "expected {}, got nothing", shown(expected)),
            (None, Some(got)) => write!(out, "expected nothing, got {}", shown(got)),
            (None, None) => out.write_str("missing or empty"),
        }
    }
}

fn shown(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// All differences; none if the events are as expected.
#[must_use]
pub fn compare(expected: &[Json], events: &[Json]) -> Vec<Difference> {
    let mut found = Vec::new();
    if expected.len() != events.len() {
        let (path, count) = ("number of events".to_owned(), |events: &[Json]| Some(Json::from(events.len())));
        found.push(Difference { event: None, path, expected: count(expected), got: count(events) });
    }
    for (index, (expected, event)) in expected.iter().zip(events).enumerate() {
        let mut differences = Differences { event: index, found: &mut found };
        differences.event(expected, event);
    }
    found
}

struct Differences<'f> {
    event: usize,
    found: &'f mut Vec<Difference>,
}

impl Differences<'_> {
    fn push(&mut self, path: &str, expected: Option<&Json>, got: Option<&Json>) {
        let (expected, got) = (expected.cloned(), got.cloned());
        self.found.push(Difference { event: Some(self.event), path: path.to_owned(), expected, got });
    }

    fn event(&mut self, expected: &Json, event: &Json) {
        let (Json::Object(expected), Json::Object(event)) = (expected, event) else {
            return self.value("", expected, event);
        };
        self.member("", LOG_TYPE, expected.get(LOG_TYPE), event.get(LOG_TYPE));
        self.event_time(expected, event);
        for name in [PARSE_TIME, ROW_ID] {
            if event.get(name).and_then(Json::as_str).unwrap_or_default().is_empty() {
                self.push(name, None, None);
            }
        }
        self.members("", expected, event, |name| ![LOG_TYPE, EVENT_TIME, PARSE_TIME, ROW_ID].contains(&name));
    }

    fn event_time(&mut self, expected: &Map<String, Json>, event: &Map<String, Json>) {
        // An event without a time of its own has that of its parsing.
        let wanted = expected.get(EVENT_TIME).filter(|time| !time.is_null()).or_else(|| event.get(PARSE_TIME));
        let got = event.get(EVENT_TIME);
        if !wanted.is_some_and(|wanted| got.is_some_and(|got| same_instant(wanted, got))) {
            self.push(EVENT_TIME, wanted, got);
        }
    }

    fn value(&mut self, path: &str, expected: &Json, got: &Json) {
        match (expected, got) {
            (Json::Object(expected), Json::Object(got)) => self.members(path, expected, got, |_| true),
            (Json::Array(expected), Json::Array(got)) => self.elements(path, expected, got),
            (Json::Number(one), Json::Number(other)) if same_number(one, other) => {}
            _ if expected == got => {}
            _ => self.push(path, Some(expected), Some(got)),
        }
    }

    fn elements(&mut self, path: &str, expected: &[Json], got: &[Json]) {
        for index in 0..expected.len().max(got.len()) {
            let path = format!("{path}[{index}]");
            match (expected.get(index), got.get(index)) {
                (Some(expected), Some(got)) => self.value(&path, expected, got),
                (expected, got) => self.push(&path, expected, got),
            }
        }
    }

    /// Members in the order of the expectation, then those that nobody expected.
    fn members(
        &mut self,
        path: &str,
        expected: &Map<String, Json>,
        got: &Map<String, Json>,
        counts: impl Fn(&str) -> bool,
    ) {
        for (name, value) in expected.iter().filter(|(name, _)| counts(name)) {
            self.member(path, name, Some(value), got.get(name));
        }
        for (name, value) in got.iter().filter(|(name, _)| counts(name) && !expected.contains_key(*name)) {
            self.member(path, name, None, Some(value));
        }
    }

    fn member(&mut self, path: &str, name: &str, expected: Option<&Json>, got: Option<&Json>) {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let there = |value: Option<&Json>| value.is_some_and(|value| !value.is_null());
        match (expected, got) {
            (Some(expected), Some(got)) if there(Some(expected)) && there(Some(got)) => {
                self.value(&path, expected, got)
            }
            (expected, got) if there(expected) || there(got) => self.push(&path, expected, got),
            _ => {}
        }
    }
}

/// The same number, however it is written: `1` and `1.0`.
fn same_number(one: &Number, other: &Number) -> bool {
    let whole = |number: &Number| number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

/// The same point in time, whatever its zone and its zeros.
fn same_instant(one: &Json, other: &Json) -> bool {
    let instant = |value: &Json| value.as_str().and_then(instant_of);
    match (instant(one), instant(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// RFC 3339, or the layout of the data lake, in which older types write their times in both encodings.
fn instant_of(text: &str) -> Option<Timestamp> {
    let in_utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    text.parse().ok().or_else(|| in_utc(text.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: &str = "2026-01-02T03:04:05Z";

    fn event(own: Json) -> Json {
        let mut event = json!({
            LOG_TYPE: "A.B", ROW_ID: "01", EVENT_TIME: "2021-01-01T00:00:00Z", PARSE_TIME: NOW,
        });
        event.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        event
    }

    fn differences(expected: Json, got: Json) -> Vec<String> {
        compare(&[event(expected)], &[event(got)]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn order_of_keys_means_nothing_and_that_of_lists_everything() {
        let one = json!({"a": 1, "b": {"c": [1, 2.0], "d": null}});
        let other = json!({"b": {"c": [1.0, 2]}, "a": 1, "e": null});
        assert_eq!(differences(one, other), [""; 0]);
        let found = differences(json!({"a": [1, 2]}), json!({"a": [2, 1, 3]}));
        assert_eq!(
            found,
            [
                "event 1: `a[0]`: expected 1, got 2",
                "event 1: `a[1]`: expected 2, got 1",
                "event 1: `a[2]`: expected nothing, got 3",
            ]
        );
    }

    #[test]
    fn every_difference_is_told_with_its_path() {
        let found = differences(
            json!({"a": {"b": [{"c": "x"}]}, "gone": true, "t": true}),
            json!({"a": {"b": [{"c": "y"}]}, "new": "n", "t": 1}),
        );
        assert_eq!(
            found,
            [
                "event 1: `a.b[0].c`: expected \"x\", got \"y\"",
                "event 1: `gone`: expected true, got nothing",
                "event 1: `t`: expected true, got 1",
                "event 1: `new`: expected nothing, got \"n\"",
            ]
        );
        assert_eq!(differences(json!({"a": [null]}), json!({"a": [0]})), ["event 1: `a[0]`: expected null, got 0"]);
        let long = "x".repeat(1000);
        assert!(differences(json!({"a": long}), json!({}))[0].len() < 400);
    }

    #[test]
    fn the_envelope_has_rules_of_its_own() {
        let same = json!({EVENT_TIME: "2021-01-01T01:00:00.000+01:00", PARSE_TIME: "x", ROW_ID: "y"});
        assert_eq!(differences(same, json!({})), [""; 0]);
        assert_eq!(differences(json!({}), json!({EVENT_TIME: "2021-01-01 00:00:00.000000000"})), [""; 0]);
        let found = differences(json!({LOG_TYPE: "A.C"}), json!({PARSE_TIME: "", ROW_ID: null}));
        assert_eq!(
            found,
            [
                "event 1: `p_log_type`: expected \"A.C\", got \"A.B\"",
                "event 1: `p_parse_time`: missing or empty",
                "event 1: `p_row_id`: missing or empty",
            ]
        );
        assert_eq!(
            differences(json!({EVENT_TIME: "2021-01-02T00:00:00Z"}), json!({})),
            ["event 1: `p_event_time`: expected \"2021-01-02T00:00:00Z\", got \"2021-01-01T00:00:00Z\""]
        );
    }

    #[test]
    fn without_an_expected_time_the_event_has_that_of_its_parsing() {
        let mut expected = event(json!({}));
        expected.as_object_mut().unwrap().remove(EVENT_TIME);
        assert_eq!(compare(&[expected.clone()], &[event(json!({EVENT_TIME: NOW}))]), []);
        assert_eq!(compare(&[expected], &[event(json!({}))])[0].path, EVENT_TIME);
    }

    #[test]
    fn the_number_of_events_counts() {
        let found = compare(&[event(json!({}))], &[]);
        assert_eq!(found[0].to_string(), "number of events: expected 1, got 0");
        assert_eq!(compare(&[], &[]), []);
    }

    #[test]
    fn big_numbers_are_not_rounded() {
        assert_eq!(differences(json!({"a": 9007199254740993_i64}), json!({"a": 9007199254740992_i64})).len(), 1);
    }
}
