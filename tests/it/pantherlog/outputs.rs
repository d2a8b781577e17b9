//! Where events, rejected logs and reports go.

use std::io::Read;

use super::{Scene, log, report, sizes};
use crate::support::full_disk::DEV_FULL;

const BAD: &str = "{\"time\":\"yesterday\"}\n";

#[test]
fn events_have_the_encoding_and_the_source_that_were_asked_for() {
    let scene = Scene::new();
    let plain = scene.parse(&["--source-id", "i", "--source-label", "l"]).stdin(log(1)).run();
    let event = &plain.stdout_json_lines()[0];
    assert_eq!((&event["user.name"], &event["time"]), (&"ada".into(), &"2026-01-02T03:04:05Z".into()));
    assert_eq!((&event["p_source_id"], &event["p_source_label"]), (&"i".into(), &"l".into()));
    assert_eq!(
        (&event["p_any_usernames"], &event["p_parse_time"]),
        (&["ada"][..].into(), &"2026-11-20T00:00:00Z".into())
    );
    let lake = scene.parse(&["--encoding", "datalake"]).stdin(log(1)).run();
    let event = &lake.stdout_json_lines()[0];
    assert_eq!((&event["user_name"], &event["time"]), (&"ada".into(), &"2026-01-02 03:04:05.000000000".into()));
}

#[test]
fn a_good_run_says_one_line_and_nothing_when_quiet() {
    let scene = Scene::new();
    let outcome = scene.parse(&[]).stdin(log(1)).run();
    assert!(outcome.stderr_text().starts_with("done: 1 done"), "{outcome}");
    assert!(!outcome.stderr_text().contains("Plan"), "{outcome}");
    assert_eq!(scene.parse(&["-q"]).stdin(log(1)).run().stderr_text(), "");
    scene.parse(&["-v"]).stdin(log(1)).run().stderr_has("Plan: parse stdin");
    scene.parse(&["-n"]).stdin(log(1)).run().code(0).stderr_has("Plan: parse stdin").stdout_empty();
}

#[test]
fn a_rejected_log_names_its_place_and_its_schema_and_the_run_goes_on() {
    let scene = Scene::new();
    scene.write("in.jsonl", log(1) + BAD + &log(2));
    let outcome = scene.parse(&["in.jsonl", "--rejects", "bad.jsonl"]).run();
    outcome
        .code(3)
        .stderr_has("in.jsonl:2: parse error: Custom.Schema: `time`")
        .stderr_has("partly done: 2 done, 1 failed");
    assert_eq!(sizes(&outcome), [1, 2]);
    let rejects = scene.home.path().join("bad.jsonl");
    assert_eq!(std::fs::read_to_string(&rejects).expect("rejects"), BAD);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&rejects).expect("rejects").permissions().mode() & 0o777, 0o600);
    }
    let quiet = scene.parse(&["in.jsonl", "-q"]).run();
    quiet.code(3).stderr_has("parse error");
}

#[test]
fn after_ten_rejected_logs_they_are_counted_and_a_bound_stops_the_run() {
    let scene = Scene::new();
    scene.write("in.jsonl", BAD.repeat(1_000));
    let outcome = scene.parse(&["in.jsonl"]).run();
    outcome.code(3).stderr_has("in.jsonl:10: parse error").stderr_has("1,000 x parse error");
    assert!(!outcome.stderr_text().contains("in.jsonl:11:"), "{outcome}");
    scene.parse(&["in.jsonl", "--max-errors", "5"]).run().code(7);
    scene.parse(&["in.jsonl", "--errors", "errors.jsonl"]).run().code(3);
    let errors = std::fs::read_to_string(scene.home.path().join("errors.jsonl")).expect("errors");
    assert_eq!(errors.lines().count(), 1_000);
}

#[test]
fn the_report_is_json_beside_the_events_and_on_stdout_without_them() {
    let scene = Scene::new();
    scene.write("in.jsonl", log(1) + BAD);
    let beside = scene.parse(&["in.jsonl", "--json", "-q"]).run();
    assert_eq!(sizes(beside.code(3)), [1]);
    let summary = &report(&beside)["summary"];
    assert_eq!((&summary["total"], &summary["done"], &summary["failed"]), (&2.into(), &1.into(), &1.into()));
    for (name, unpack) in [
        ("out.jsonl", (|bytes| bytes) as fn(Vec<u8>) -> Vec<u8>),
        ("out.jsonl.gz", |bytes| {
            let mut text = Vec::new();
            flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut text).expect("gzip");
            text
        }),
        ("out.jsonl.zst", |bytes| zstd::decode_all(&bytes[..]).expect("zstd")),
    ] {
        let outcome = scene.parse(&["in.jsonl", "--json", "-o", name]).run();
        assert_eq!(outcome.code(3).stdout_json()["summary"]["done"], 1);
        let text = unpack(std::fs::read(scene.home.path().join(name)).expect("events"));
        assert_eq!(String::from_utf8(text).expect("text").lines().count(), 1, "{name}");
    }
}

#[test]
fn statistics_count_each_type() {
    let scene = Scene::new();
    let outcome = scene.parse(&["--stats", "--json", "-q"]).stdin(log(1) + &log(2) + BAD).run();
    let types = &report(outcome.code(3))["log_types"];
    assert_eq!((&types[0]["log_type"], &types[0]["logs"]), (&"Custom.Schema".into(), &2.into()), "{outcome}");
    scene.parse(&["--stats"]).stdin(log(1)).run().stderr_has("LOG_TYPE");
}

#[test]
fn no_run_writes_over_its_own_input() {
    let scene = Scene::new();
    let input = scene.write("in.jsonl", log(1));
    for flags in [&["-o", "in.jsonl"][..], &["--rejects", "./in.jsonl"], &["-o", "x", "--rejects", "x"]] {
        scene.parse(&["in.jsonl"]).args(flags).run().code(2).stdout_empty();
        assert_eq!(std::fs::read_to_string(&input).expect("input"), log(1));
    }
    scene.write("kept", "from an earlier run");
    scene.parse(&["in.jsonl", "-n", "--rejects", "kept"]).run().code(0);
    assert_eq!(std::fs::read_to_string(scene.home.path().join("kept")).expect("rejects"), "from an earlier run");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let scene = Scene::new();
    scene.write("many.jsonl", (0..30_000).map(log).collect::<String>());
    let outcome = scene.parse(&["many.jsonl"]).stdout_closing_after(10).run();
    outcome.code(0);
    assert_eq!(outcome.stderr_text(), "");
}

#[test]
fn an_output_that_takes_nothing_is_an_error() {
    let scene = Scene::new();
    scene.parse(&["-o", DEV_FULL]).stdin(log(1)).run().code(1).stderr_has("cannot write the output");
    scene.parse(&["-o", "/nowhere/events"]).stdin(log(1)).run().code(1).stderr_has("/nowhere/events");
    scene.parse(&["--rejects", "/nowhere/bad"]).stdin(log(1)).run().code(1).stderr_has("/nowhere/bad");
}
