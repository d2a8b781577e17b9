//! Pace, limits, loops and back-pressure.

use std::time::Duration;

use super::{Scene, summary};

#[test]
fn a_limit_holds_exactly_in_a_loop() {
    let scene = Scene::with_objects(4);
    let outcome = scene.forced().args(["--loop", "--loop-delay", "0", "--limit", "10", "--json"]).run();
    outcome.code(0);
    assert_eq!(summary(&outcome, "done"), 10);
    assert_eq!(scene.arrived().into_values().sum::<usize>(), 10, "two whole passes and a half");
}

#[test]
fn a_loop_over_nothing_does_not_spin() {
    let scene = Scene::new();
    let proxy = crate::support::FaultProxy::before(&scene.sandbox.endpoint("s3"));
    let tool = scene.forced().env("AWS_ENDPOINT_URL_S3", proxy.url());
    tool.args(["--loop", "--loop-delay", "500ms", "--duration", "2s"]).run().code(0);
    let calls = proxy.calls("ListObjectsV2");
    assert!(calls <= 15, "some calls for each of five passes, not {calls}");
}

#[test]
fn limits_go_on_where_the_last_run_stopped() {
    let scene = Scene::with_objects(5);
    for expected in [2, 2, 1] {
        let outcome = scene.forced().args(["--limit", "2", "--json"]).run();
        outcome.code(0);
        assert_eq!(summary(&outcome, "done"), expected);
    }
    assert_eq!(scene.arrived().into_values().collect::<Vec<_>>(), [1; 5]);
}

#[test]
fn bytes_have_a_pace_of_their_own() {
    let scene = Scene::with_objects(4);
    let outcome = scene.forced().args(["--bytes-per-second", "5", "--json"]).run();
    outcome.code(0);
    assert!(outcome.elapsed >= Duration::from_secs(3), "20 bytes at 5 a second: {outcome}");
    assert_eq!(summary(&outcome, "bytes"), 20);
}

#[test]
fn a_full_queue_makes_it_wait() {
    let scene = Scene::with_objects(6);
    scene.sandbox.sqs().send_numbered(&scene.url, 3);
    let mut running = scene.forced().args(["--max-backlog", "5", "--json"]).spawn();
    running.wait_for_stderr("pausing");
    let before: usize = scene.sandbox.sqs().drain(&scene.url).len();
    assert!((4..=5).contains(&before), "no more than the backlog allows: {before}");
    let outcome = running.wait();
    outcome.code(0).stderr_has("going on");
    assert_eq!(summary(&outcome, "done"), 6);
}

#[test]
fn an_interrupt_sends_what_waits_and_counts_it() {
    let scene = Scene::with_objects(50);
    let mut running = scene.forced().args(["--rate", "5", "--json", "-v"]).spawn();
    running.wait_for_stderr("p/0006.log").signal("INT");
    let outcome = running.wait();
    outcome.code(130).stdout_has("interrupted");
    let done = summary(&outcome, "done");
    assert!((5..50).contains(&done), "{outcome}");
    assert_eq!(scene.arrived().len() as u64, done, "what is counted has arrived, and nothing else");
    let rest = scene.forced().args(["--json"]).run();
    rest.code(0).stderr_has("goes on");
    assert_eq!(summary(&rest, "done"), 50 - done);
}
