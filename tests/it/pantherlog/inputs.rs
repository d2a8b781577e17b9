//! Where logs come from and what a log is: files, stdin, packed ones, each way of cutting.

use std::io::Write;

use super::{Scene, log, sizes};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes every byte");
    encoder.finish().expect("memory takes every byte")
}

#[test]
fn files_and_stdin_come_in_the_order_of_the_line() {
    let scene = Scene::new();
    scene.write("one.jsonl", log(1));
    scene.write("two.gz", gzip(&(log(2) + "\r\n" + &log(3))));
    scene.write("three.zst", zstd::encode_all(log(4).as_bytes(), 1).expect("packed"));
    let outcome = scene.parse(&["two.gz", "-", "one.jsonl", "three.zst"]).stdin(log(9)).run();
    outcome.code(0);
    assert_eq!(sizes(&outcome), [2, 3, 9, 1, 4]);
}

#[test]
fn nothing_on_stdin_is_no_event() {
    let scene = Scene::new();
    scene.parse(&[]).stdin("").run().code(0).stdout_empty();
    scene.parse(&[]).stdin("\n \n\r\n").run().code(0).stdout_empty();
    scene.parse(&["-", "-"]).run().code(2).stderr_has("stdin");
}

#[test]
fn many_logs_keep_their_order_on_many_threads() {
    let scene = Scene::new();
    let text: String = (0..30_000).map(log).collect();
    scene.write("many.jsonl", &text);
    for threads in ["1", "2", "8"] {
        let outcome = scene.parse(&["many.jsonl", "--threads", threads]).run();
        outcome.code(0);
        assert!(sizes(&outcome).into_iter().eq(0..30_000), "{threads} threads");
        let piped = scene.parse(&["--threads", threads]).stdin(text.as_str()).run();
        assert_eq!(sizes(&piped).len(), 30_000);
    }
}

#[test]
fn each_way_of_cutting() {
    let scene = Scene::new();
    let (one, two) = (log(1).trim().to_owned(), log(2).trim().to_owned());
    let message = |log: &str| format!("{{\"id\":\"1\",\"timestamp\":1,\"message\":{}}}", serde_json::json!(log));
    let envelope = format!(
        "{{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"111122223333\",\"logGroup\":\"g\",\"logStream\":\"s\",\
         \"subscriptionFilters\":[\"f\"],\"logEvents\":[{},{}]}}",
        message(&one),
        message(&two)
    );
    let xml = "<all><e><time>2026-01-02T03:04:05Z</time><size>1</size></e><e><time>2026-01-02T03:04:05Z</time><size>2</size></e></all>";
    let table: [(&[&str], String); 8] = [
        (&[], format!("{one}\n{two}")),
        (&[], format!("[{one},\n{two}]")),
        (&["--stream", "lines"], format!("{one}\r\n{two}\r\n")),
        (&["--stream", "json"], format!("{one}{two}")),
        (
            &["--stream", "json-array", "--json-array-envelope-field", "a.b"],
            format!("{{\"a\":{{\"b\":[{one},{two}]}}}}"),
        ),
        (&["--stream", "cloudtrail"], format!("{{\"Records\":[{one},{two}]}}")),
        (&["--stream", "cloudwatch-logs", "--retain-envelope-fields"], envelope),
        (&["--stream", "xml", "--xml-root-element", "all"], xml.to_owned()),
    ];
    for (flags, text) in table {
        let outcome = scene.parse(flags).stdin(text).run();
        outcome.code(0);
        assert_eq!(sizes(&outcome), [1, 2], "{flags:?}");
        assert_eq!(outcome.stdout_text().contains("p_header"), flags.contains(&"--retain-envelope-fields"));
    }
    let wrong = scene.parse(&["--xml-root-element", "all"]).run();
    wrong.code(2).stderr_has("--stream xml");
}

#[test]
fn records_are_split_where_the_name_says_so_or_nothing_takes_them_whole() {
    let scene = Scene::new();
    let document = format!("{{\"Records\":[{},{}]}}", log(1).trim(), log(2).trim());
    assert_eq!(sizes(scene.parse(&[]).stdin(document.as_str()).run().code(0)), [1, 2]);
    let name = "111122223333_CloudTrail_eu-west-1_20260102T0305Z_abc.json.gz";
    scene.write(name, gzip(&document));
    assert_eq!(sizes(scene.parse(&[name]).run().code(0)), [1, 2]);
    scene.parse(&["--stream", "lines"]).stdin(document.as_str()).run().code(3).stdout_empty();
    // Insights of CloudTrail come as whole documents, whatever the name of their file.
    let insight = r#"{"Records":[{"eventVersion":"1.07","eventTime":"2026-01-05T08:15:30Z","awsRegion":"eu-west-1","eventId":"e","eventType":"AwsCloudTrailInsight","recipientAccountId":"111122223333","sharedEventId":"s","insightDetails":{"state":"Start","eventSource":"s","eventName":"n","insightType":"ApiCallRateInsight"},"eventCategory":"Insight"}]}"#;
    scene.write(name, gzip(insight));
    let outcome = scene.tool(&["parse", "--log-types", "AWS.CloudTrailInsight", name]).run();
    assert_eq!(outcome.code(0).stdout_text().lines().count(), 1);
}

#[test]
fn text_that_begins_as_json_does_is_text_where_all_log_types_are() {
    let scene = Scene::new();
    scene.write(
        "bracket.yml",
        "parser: {fastmatch: {match: ['[%{n}]|%{rest}']}}\nfields: [{name: n, type: string}, {name: rest, type: string}]\n",
    );
    let outcome = scene.tool(&["parse", "--path", "bracket.yml"]).stdin("[{\"a\":1}]|x\n[\n[2]|y\n").run();
    outcome.code(3);
    let rests: Vec<_> = outcome.stdout_json_lines().into_iter().map(|event| event["rest"].clone()).collect();
    assert_eq!(rests, ["x", "y"]);
}

#[test]
fn a_log_is_parsed_when_it_is_typed_and_the_end_ends() {
    let scene = Scene::new();
    let mut terminal = scene.parse(&[]).stdout_apart().terminal();
    terminal.expect("^D");
    terminal.send_line(log(7).trim());
    terminal.running().wait_for_stdout("\"size\":7");
    terminal.control('d');
    terminal.wait().code(0);
}

#[test]
fn an_interrupt_writes_what_is_parsed_and_nothing_of_a_torn_log() {
    let scene = Scene::new();
    let pipe = scene.home.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let mut running = scene.parse(&["pipe", "-o", "events.jsonl", "--json"]).spawn();
    let mut writer = std::fs::OpenOptions::new().write(true).open(&pipe).expect("a reader is there");
    writer.write_all((log(1) + &log(2) + "{\"time\":\"2026-").as_bytes()).expect("written");
    let events = scene.home.path().join("events.jsonl");
    running.wait_until("the events are written", |_| {
        std::fs::read_to_string(&events).is_ok_and(|text| text.lines().count() == 2)
    });
    running.signal("INT");
    let outcome = running.wait();
    outcome.code(130);
    assert_eq!(std::fs::read_to_string(&events).expect("events").lines().count(), 2);
    let report = outcome.stdout_json();
    assert_eq!((&report["summary"]["done"], &report["summary"]["failed"]), (&2.into(), &0.into()), "{outcome}");
}
