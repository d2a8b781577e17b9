//! Lines of the originals: the filter without a command, and `customlogs`.

use super::{Scene, log, sizes};

/// A line of a built-in type.
const LINE: &str = r#"{"time":"2026-01-02T03:04:05Z"}"#;

fn alb() -> String {
    "http 2026-01-02T03:04:05.000000Z app/lb/50dc6c495c0c9188 192.0.2.1:2817 192.0.2.2:80 0.000 0.001 0.000 200 200 34 366 \
     \"GET http://www.example.com:80/ HTTP/1.1\" \"curl/7.46.0\" - - \
     arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/targets/73e2d6bc24d8a067 \
     \"Root=1-58337262-36d228ad5d99923122bbe354\" \"-\" \"-\" 0 2026-01-02T03:04:05.000000Z \"forward\" \"-\" \"-\" \
     \"192.0.2.2:80\" \"200\" \"-\" \"-\"\n"
        .to_owned()
}

#[test]
fn without_a_command_it_is_a_filter_into_the_data_lake() {
    let scene = Scene::new();
    let flags = ["-debug", "-source-id", "id", "-source-label=label"];
    let outcome = scene.tool(&flags).stdin(format!("{LINE}\n\n{}", alb())).run();
    outcome.code(3).stderr_has("stdin:1: parse error");
    let events = outcome.stdout_json_lines();
    assert_eq!(events.len(), 1, "a bad line does not end it\n{outcome}");
    let event = &events[0];
    assert_eq!((&event["p_log_type"], &event["p_source_id"]), (&"AWS.ALB".into(), &"id".into()));
    assert_eq!(event["p_event_time"], "2026-01-02 03:04:05.000000000");
    scene.tool(&[]).stdin("").run().code(0).stdout_empty();
}

#[test]
fn a_word_that_is_no_command_is_told() {
    let scene = Scene::new();
    scene.tool(&["pasre", "x"]).run().code(2).stderr_has("`pasre`").stderr_has("`parse`");
    scene.tool(&["parse", "--sourceid", "x"]).run().code(2).stderr_has("--source-id");
}

#[test]
fn customlogs_lines_parse() {
    let scene = Scene::new();
    scene.write("in.jsonl", log(1));
    for line in [
        &["-s", "schema.yml", "in.jsonl"][..],
        &["in.jsonl", "-s=schema.yml"],
        &["-schema-file", "schema.yml", "parse", "in.jsonl"],
    ] {
        let outcome = scene.tool(line).run();
        assert_eq!(sizes(outcome.code(0)), [1], "{line:?}");
        assert_eq!(outcome.stdout_json_lines()[0]["p_log_type"], "Custom.Test");
    }
    scene.tool(&["-s", "schema.yml", "-o", "out.jsonl", "in.jsonl"]).run().code(0);
    assert_eq!(std::fs::read_to_string(scene.home.path().join("out.jsonl")).expect("events").lines().count(), 1);
}

#[test]
fn shared_flags_stand_before_and_after_the_command() {
    let scene = Scene::new();
    for line in [
        &["-q", "--json", "parse", "--path", "schema.yml"][..],
        &["parse", "-path", "schema.yml", "-q", "-json"],
        &["--path", "schema.yml", "parse", "-json=true", "-q"],
    ] {
        let outcome = scene.tool(line).stdin(log(1)).run();
        outcome.code(0).stderr_has("\"status\": \"done\"");
        assert_eq!(sizes(&outcome), [1], "{line:?}");
    }
}
