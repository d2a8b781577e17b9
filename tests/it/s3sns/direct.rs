//! One queue alone: the same messages, and nobody else hears of them.

use super::{HOUR, Scene, summary};

#[test]
fn the_catalog_alone_is_told() {
    let scene = Scene::with_logs(15);
    let outcome = scene.whole().args(["--direct-queue", &scene.catalog.name, "--json"]).run();
    outcome.code(0).nowhere("DUPLICATE");
    assert_eq!(summary(&outcome, "done"), 15);
    let heard = scene.heard(&scene.catalog);
    assert!(heard.len() == 15 && heard.iter().all(|heard| heard.attributes.is_none()), "{heard:?}");
    for other in [&scene.open, &scene.rules, &scene.events] {
        assert_eq!(scene.waiting(other), 0, "{}", other.name);
    }
}

#[test]
fn the_rules_engine_gets_the_id_that_it_needs() {
    let scene = Scene::with_logs(3);
    scene.put([
        format!("rules/aws_cloudtrail/{HOUR}/rule_id=r/x"),
        format!("cloud_security/compliance_history/{HOUR}/y"),
    ]);
    let outcome = scene.whole().args(["--direct-queue", &scene.rules.name, "--json"]).run();
    outcome.code(0).stderr_has("DUPLICATE ALERTS");
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "not_for_rules_engine")), (4, 1));
    let judged = scene.judged(&scene.rules.name);
    let types: Vec<&str> = judged.iter().filter_map(|object| object["log_type"].as_str()).collect();
    assert!(judged.iter().all(|object| object["outcome"] == "ingested"), "{judged:?}");
    assert_eq!(types.iter().filter(|name| **name == "AWS.CloudTrail").count(), 3);
    assert!(types.contains(&"Compliance.History"));
}

#[test]
fn a_queue_is_named_in_three_ways_and_must_be_a_standard_one() {
    let scene = Scene::with_logs(1);
    let arn = scene.sandbox.sqs().arn(&scene.catalog.url);
    for name in [&scene.catalog.name, &scene.catalog.url, &arn] {
        scene.whole().args(["--direct-queue", name]).run().code(0);
    }
    assert_eq!(scene.heard(&scene.catalog).len(), 3);
    let fifo = scene.sandbox.name("fifo");
    scene.sandbox.sqs().create_fifo(&fifo);
    scene.whole().args(["--direct-queue", &format!("{fifo}.fifo")]).run().code(1).stderr_has("FIFO");
    let missing = scene.sandbox.name("missing");
    scene.whole().args(["--direct-queue", &missing]).run().code(1).stderr_has(&missing);
    scene.whole().args(["--direct-queue", &arn, "--account", "999999999999"]).run().code(1);
}

#[test]
fn a_full_queue_makes_it_wait() {
    let scene = Scene::with_logs(6);
    scene.sandbox.sqs().send_numbered(&scene.catalog.url, 3);
    let line = ["--direct-queue", &scene.catalog.name, "--max-backlog", "5", "--json"];
    let mut running = scene.whole().args(line).spawn();
    running.wait_for_stderr("pausing");
    let before = scene.sandbox.sqs().drain(&scene.catalog.url).len();
    assert!((4..=5).contains(&before), "no more than the backlog allows: {before}");
    let outcome = running.wait();
    outcome.code(0).stderr_has("going on");
    assert_eq!(summary(&outcome, "done"), 6);
    scene.whole().args(["--max-backlog", "5"]).run().code(2).stderr_has("--direct-queue");
}

#[test]
fn the_queue_of_raw_logs_is_not_told_of_processed_data() {
    let scene = Scene::with_logs(1);
    let line = ["--direct-queue", "panther-input-data-notifications-queue"];
    scene.whole().args(line).run().code(1).stderr_has("s3queue").stderr_has("raw logs");
}
