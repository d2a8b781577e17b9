//! Built-in types from end to end: schema, format, rules, classification, written events.

use std::collections::BTreeSet;

use serde_json::Value;

use super::catalogue;
use super::classify::Classifier;
use super::event::{Origin, ParseTime, Run, Stamp};
use super::layout::Encoding;
use super::native::{Now, examples};
use super::row_id::RowIds;
use super::sink::Sink;
use super::time::Instant;

/// Types whose logs another type accepts, too: the formats cannot be told apart.
const ALIKE: [(&str, &str); 13] = [
    ("Apache.AccessCommon", "Fastly.Access"),
    ("Apache.AccessCombined", "Nginx.Access"),
    ("GitLab.Git", "GitLab.Integrations"),
    ("GitLab.Git", "GitLab.Exceptions"),
    ("GitLab.API", "GitLab.Production"),
    ("Fluentd.Syslog3164", "Fluentd.Syslog5424"),
    ("Duo.Administrator", "Duo.OfflineEnrollment"),
    ("CiscoUmbrella.DNS", "CiscoUmbrella.CloudFirewall"),
    ("CiscoUmbrella.DNS", "CiscoUmbrella.Proxy"),
    ("CiscoUmbrella.DNS", "AWS.AuroraMySQLAudit"),
    ("Cloudflare.HttpRequest", "Cloudflare.Firewall"),
    ("Slack.AccessLogs", "Slack.IntegrationLogs"),
    ("Osquery.Differential", "Osquery.Snapshot"),
];

const NOW: Now = Now { year: 2026, month: 11 };

fn classifier(encoding: Encoding, names: &[&str]) -> Classifier {
    let schemas: Vec<_> = names.iter().map(|name| catalogue::built_in(name).expect("built in")).collect();
    Classifier::new(catalogue::parsers(&schemas, encoding, NOW).expect("ready"))
}

fn events(classifier: &mut Classifier, line: &str) -> Result<Vec<Value>, String> {
    let (mut sink, origin, row_ids) = (Sink::default(), Origin::default(), RowIds::new([1; 6], 0));
    let run = Run { origin: &origin, row_ids: &row_ids };
    let now = Instant::utc(1_795_000_000, 0);
    let stamp = Stamp { run, now, parsed: &ParseTime::new(&now) };
    classifier.parse(line, None, &mut sink, stamp).map_err(|failed| format!("{failed:?}"))?;
    let text = String::from_utf8(sink.bytes).expect("UTF-8");
    Ok(text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

fn all_names() -> Vec<&'static str> {
    catalogue::names().collect()
}

#[test]
fn each_type_makes_the_events_of_its_examples() {
    for example in examples::all() {
        for encoding in [Encoding::Plain, Encoding::DataLake] {
            let mut classifier = classifier(encoding, &[example.log_type]);
            let lines = example.lines.iter();
            let got: Vec<Value> = lines
                .flat_map(|line| {
                    events(&mut classifier, line).unwrap_or_else(|why| panic!("{}: {why}", example.log_type))
                })
                .collect();
            assert!(got.iter().all(|event| event["p_log_type"] == example.log_type), "{}", example.log_type);
            if encoding == Encoding::DataLake {
                let times: Vec<&str> = got.iter().filter_map(|event| event["p_event_time"].as_str()).collect();
                assert_eq!(times, example.events, "{}", example.log_type);
            }
        }
    }
}

#[test]
fn among_all_types_each_example_finds_its_own_or_one_that_is_alike() {
    let mut classifier = classifier(Encoding::DataLake, &all_names());
    for example in examples::all() {
        classifier.reset();
        for line in example.lines {
            for event in events(&mut classifier, line).expect("some type accepts it") {
                let got = event["p_log_type"].as_str().expect("a name");
                let alike = |(one, other): &(&str, &str)| {
                    BTreeSet::from([*one, *other]) == BTreeSet::from([got, example.log_type])
                };
                assert!(got == example.log_type || ALIKE.iter().any(alike), "{} as {got}", example.log_type);
            }
        }
    }
}

#[test]
fn what_nobody_accepts_leaves_nothing_behind_and_names_the_nearest() {
    let mut classifier = classifier(Encoding::DataLake, &all_names());
    for line in ["{}", "[]", "null", "\"x\"", "{", "hello", "{\"published\":1,\"uuid\":\"a\"}", "<13>hello", "\u{0}"] {
        assert!(events(&mut classifier, line).is_err(), "{line}");
    }
    let why = events(&mut classifier, "{\"published\":1,\"uuid\":\"a\",\"eventType\":\"b\"}").expect_err("no time");
    assert!(why.contains("nearest: Some"), "{why}");
}

#[test]
fn a_document_of_records_is_all_or_nothing() {
    let example = examples::all().into_iter().find(|example| example.log_type == "AWS.CloudTrail").expect("one");
    let event = example.lines[0];
    let mut classifier = classifier(Encoding::DataLake, &["AWS.CloudTrail"]);
    assert_eq!(events(&mut classifier, &format!("{{\"Records\":[{event},{event}]}}")).map(|list| list.len()), Ok(2));
    assert!(events(&mut classifier, &format!("{{\"Records\":[{event},{{}}]}}")).is_err());
}
