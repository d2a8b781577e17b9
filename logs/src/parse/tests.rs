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

/// The one event of a line of a type.
fn event(log_type: &str, line: &str) -> Result<Value, String> {
    let mut events = events(&mut classifier(Encoding::DataLake, &[log_type]), line)?;
    assert_eq!(events.len(), 1, "{line}");
    Ok(events.remove(0))
}

#[test]
fn texts_of_some_fields_are_decoded_otherwise_than_their_type() {
    let file = r#""event_id":"1","event_type":"LOGIN","type":"event""#;
    let loose = event("Box.Event", &format!("{{{file},\"session_id\":7,\"ip_address\":true}}")).expect("an event");
    assert_eq!((&loose["session_id"], &loose["ip_address"]), (&"7".into(), &"true".into()));
    assert!(event("Box.Event", &format!("{{{}}}", file.replace("\"1\"", "1"))).is_err());
    let audit = r#"{"event":"exec","code":"T1","time":"2024-03-05T08:15:30Z","uid":"u","login":7,"argv":["-l"]}"#;
    assert_eq!(event("Gravitational.TeleportAudit", audit).expect("an event")["login"], "7");
    assert!(event("Gravitational.TeleportAudit", &audit.replace("\"-l\"", "1")).is_err());
}

#[test]
fn the_payload_of_an_unknown_sensor_event_is_its_json_alone() {
    let line = "{\"event_simpleName\":\"Other\",\"name\":\"n\"}";
    let unknown = event("Crowdstrike.Unknown", &format!("{line} and more")).expect("an event");
    assert_eq!(unknown["unknown_payload"], serde_json::from_str::<Value>(line).expect("JSON"));
}

#[test]
fn addresses_that_name_sessions_are_no_column_of_cloudtrail() {
    let example = examples::all().into_iter().find(|example| example.log_type == "AWS.CloudTrail").expect("one");
    let line = example.lines[0].replace("assumed-role/ops/amy", "assumed-role/ops/amy@example.com");
    let cloudtrail = event("AWS.CloudTrail", &line).expect("an event");
    assert_eq!(cloudtrail["p_any_aws_arns"][0], "arn:aws:iam::111122223333:role/ops");
    assert!(cloudtrail.get("p_any_emails").is_none(), "{cloudtrail}");
}

#[test]
fn what_only_looks_like_json_is_told_as_json() {
    let mut classifier = classifier(Encoding::DataLake, &all_names());
    for line in ["{\"a\":1,", "[1,2]"] {
        let why = events(&mut classifier, line).expect_err(line);
        assert!(why.contains("Malformed") || why.contains("NoObject"), "{why}");
    }
}

#[test]
fn a_line_of_another_type_is_not_swallowed_by_an_entry_of_many_lines() {
    let mut classifier = classifier(Encoding::DataLake, &["Juniper.Access", "Juniper.Postgres"]);
    let line = |log_type: &str| {
        let found = examples::all().into_iter().find(|example| example.log_type == log_type);
        found.expect("an example").lines[0]
    };
    for (line, expected) in [
        (line("Juniper.Access"), Some("Juniper.Access")),
        ("Cookie: a=b", None),
        (line("Juniper.Postgres"), Some("Juniper.Postgres")),
        ("Cookie: a=b", None),
    ] {
        let events = events(&mut classifier, line).expect("taken");
        assert_eq!(events.first().and_then(|event| event["p_log_type"].as_str()), expected, "{line}");
    }
}

#[test]
fn a_header_with_unknown_names_is_remarked() {
    let mut classifier = classifier(Encoding::DataLake, &["AWS.VPCFlow"]);
    let header = "version account-id srcaddr dstaddr flow-direction start end log-status";
    assert_eq!(events(&mut classifier, header), Ok(Vec::new()));
    let remarks: Vec<_> = classifier.remarks().map(|(log_type, remark)| format!("{log_type}: {remark}")).collect();
    assert_eq!(remarks, ["AWS.VPCFlow: the header names columns that are not known, and left out: `flow-direction`"]);
    classifier.reset();
    assert_eq!(classifier.remarks().count(), 0);
}

#[test]
fn the_first_instant_of_the_calendar_is_no_time() {
    let apache = r#"10.0.0.1 - - [01/Jan/0001:00:00:00 +0000] "GET / HTTP/1.1" 200 1"#;
    let event = event("Apache.AccessCommon", apache).expect("an event");
    assert_eq!((event.get("request_time"), &event["p_event_time"]), (None, &event["p_parse_time"]));
    let nginx = r#"10.0.0.1 - - [01/Jan/0001:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-""#;
    let umbrella = r#""0001-01-01 00:00:00","c","10.0.0.1","5","10.0.0.2","4","x","y""#;
    for (log_type, line) in [("Nginx.Access", nginx), ("CiscoUmbrella.IP", umbrella)] {
        let line_of_today = line.replace("0001", "2021");
        assert!(self::event(log_type, line).is_err(), "{log_type}");
        assert!(self::event(log_type, &line_of_today).is_ok(), "{log_type}");
    }
}

#[test]
fn numbers_of_text_formats_are_digits_where_no_sign_can_be() {
    for (log_type, good, wrong) in [
        (
            "Syslog.RFC5424",
            "<165>1 2003-10-11T22:14:15.003Z h a - - - x",
            "<165>01 2003-10-11T22:14:15.003Z h a - - - x",
        ),
        (
            "Syslog.RFC5424",
            "<165>1 2003-10-11T22:14:15+01:00 h a - - - x",
            "<165>1 2003-10-11T22:14:15+24:00 h a - - - x",
        ),
        ("Syslog.RFC3164", "<13>2003-10-11T22:14:15.1Z h app: x", "<13>2003-10-11T22:14:15.1234567Z h app: x"),
        (
            "Juniper.Postgres",
            "Mar 2 10:00:00 h postgres[1]: [4-1] 00000 s LOG: x",
            "Mar 2 10:00:00 h postgres[-1]: [4-1] 00000 s LOG: x",
        ),
        (
            "CiscoUmbrella.IP",
            r#""2021-01-01 00:00:00","c","10.0.0.1","5","10.0.0.2","4","x","y""#,
            r#""2021-01-01 00:00:00","c","10.0.0.1","+5","10.0.0.2","4","x","y""#,
        ),
    ] {
        assert!(event(log_type, good).is_ok(), "{good}");
        assert!(event(log_type, wrong).is_err(), "{wrong}");
    }
    let mut flow = classifier(Encoding::DataLake, &["AWS.VPCFlow"]);
    events(&mut flow, "version account-id srcaddr start end log-status").expect("a header");
    assert!(events(&mut flow, "2 123456789012 10.0.0.1 1573642242 1573642243 OK").is_ok());
    assert!(events(&mut flow, "2 -12345678901 10.0.0.1 1573642242 1573642243 OK").is_err());
}
