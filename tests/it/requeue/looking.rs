//! `--peek` and `--summary`: what is in a queue, without taking it.

use super::scene::Scene;
use crate::support::Message;

fn looked_at(scene: &Scene, flags: &[&str]) -> crate::support::Tool {
    scene.tool().args(["--from.q", &scene.from, "--wait", "1s"]).args(flags)
}

#[test]
fn a_peek_shows_some_and_gives_all_back() {
    let scene = Scene::with(20);
    let outcome = looked_at(&scene, &["--peek", "7"]).run();
    outcome.code(0).stderr_has("raises the receive count");
    assert_eq!(outcome.stdout_text().lines().count(), 8, "a header and seven rows: {outcome}");
    let lines = looked_at(&scene, &["--peek", "100", "--format", "jsonl"]).run();
    let lines = lines.code(0).stdout_json_lines();
    assert_eq!(lines.len(), 20);
    assert!(lines[0]["body"].as_str().is_some_and(|body| body.starts_with("body-")));
    let all = looked_at(&scene, &["--peek", "3", "--json"]).run();
    assert_eq!(all.code(0).stdout_json().as_array().map(Vec::len), Some(3));
    let counts = scene.sqs().counts(&scene.from_url);
    assert_eq!((counts.visible, counts.in_flight), (20, 0));
    scene.drained();
}

#[test]
fn a_summary_counts_by_origin() {
    let scene = Scene::new();
    let record = |key: &str| {
        let event = format!(
            "{{\"Records\":[{{\"s3\":{{\"bucket\":{{\"name\":\"acme\"}},\"object\":{{\"key\":\"{key}\"}}}}}}]}}"
        );
        Message::new(serde_json::json!({ "Type": "Notification", "Message": event }).to_string())
    };
    let mut messages: Vec<Message> = (0..12).map(|n| record(&format!("AWSLogs/1/CloudTrail/{n}.gz"))).collect();
    messages.extend((0..5).map(|n| Message::new(format!("{n}")).text("type", "LogData").text("id", "AWS.CloudTrail")));
    scene.sqs().send(&scene.from_url, &messages);
    let outcome = looked_at(&scene, &["--summary", "--json"]).run();
    let groups = outcome.code(0).stdout_json();
    assert_eq!(groups[0]["messages"], 12);
    assert_eq!(groups[0]["place"], "s3://acme/AWSLogs/1/CloudTrail/");
    assert_eq!((&groups[1]["messages"], &groups[1]["id"]), (&5.into(), &"AWS.CloudTrail".into()));
    let time = |name: &str| groups[1][name].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    assert!(time("oldest").is_some() && time("oldest") <= time("newest"), "{groups}");
    assert_eq!(scene.sqs().counts(&scene.from_url).visible, 17);
    scene.drained();
}

#[test]
fn a_look_into_an_empty_queue_is_no_error() {
    let scene = Scene::new();
    looked_at(&scene, &["--summary"]).run().code(0).stderr_has("nothing to do");
}

#[test]
fn a_reader_that_goes_away_ends_a_look_quietly() {
    let scene = Scene::new();
    let long: Vec<Message> = (0..60).map(|n| Message::new(format!("{n}-{}", "x".repeat(20_000)))).collect();
    scene.sqs().send(&scene.from_url, &long);
    let outcome = looked_at(&scene, &["--peek", "60", "--format", "jsonl"]).stdout_closing_after(1_000).run();
    outcome.code(0);
    let counts = scene.sqs().counts(&scene.from_url);
    assert_eq!((counts.visible, counts.in_flight), (60, 0), "given back all the same");
    scene.drained();
}
