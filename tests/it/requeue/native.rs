//! `--native`: SQS moves by itself, followed and cancelled from here.

use std::time::Duration;

use super::scene::{Scene, number, report};

#[test]
fn sqs_moves_everything() {
    let scene = Scene::with(30);
    let report = report(scene.moving(&["--native"]).run().code(0));
    assert_eq!((number(&report, "done"), number(&report, "left")), (30, 0));
    assert_eq!(scene.proxy.calls("ReceiveMessage"), 0);
    scene.drained().all_moved_once(30);
}

#[test]
fn control_c_cancels_the_task() {
    let scene = Scene::with(60);
    let mut running = scene.moving(&["--native", "--rate", "5"]).spawn();
    running.wait_until("the task is looked at", |_| scene.proxy.calls("ListMessageMoveTasks") > 2);
    std::thread::sleep(Duration::from_millis(500));
    running.signal("INT");
    let outcome = running.wait();
    let report = report(outcome.code(130));
    assert!(number(&report, "done") < 60, "{outcome}");
    assert_eq!(scene.proxy.calls("CancelMessageMoveTask"), 1);
    scene.drained().nothing_lost(60, 0);
}

#[test]
fn a_second_task_is_refused() {
    let scene = Scene::with(60);
    let mut first = scene.moving(&["--native", "--rate", "5"]).spawn();
    first.wait_until("the task runs", |_| scene.proxy.calls("ListMessageMoveTasks") > 2);
    scene.moving(&["--native"]).run().code(1).stderr_has("a move task");
    first.signal("INT");
    first.wait().code(130);
    scene.drained().nothing_lost(60, 0);
}

#[test]
fn a_task_that_fails_says_why() {
    let scene = Scene::new();
    let sqs = scene.sqs();
    // Two queues share the dead-letter queue, and these messages came from neither: SQS cannot tell where to.
    let policy =
        serde_json::json!({ "deadLetterTargetArn": sqs.arn(&scene.from_url), "maxReceiveCount": 3 }).to_string();
    let redrive = aws_sdk_sqs::types::QueueAttributeName::RedrivePolicy;
    sqs.create_with(&scene.sandbox.name("second"), &[(redrive, policy)]);
    sqs.send_numbered(&scene.from_url, 3);
    let outcome = scene.tool().args(["--from.q", &scene.from, "--native"]).run();
    outcome.code(1).stderr_has("CouldNotDetermineMessageSource");
    assert_eq!(scene.drained().at_source.len(), 3);
}

#[test]
fn only_a_dead_letter_queue_can_be_moved_natively() {
    let scene = Scene::new();
    let line = ["--from.q", &scene.to, "--to.q", &scene.from, "--native"];
    scene.tool().args(line).run().code(1).stderr_has("nobody's dead-letter queue");
}

#[test]
fn what_a_move_task_cannot_do_is_a_usage_error() {
    let table: [&[&str]; 5] =
        [&["--rate", "501"], &["--rate", "0.5"], &["--filter-body", "x"], &["--limit", "5"], &["--copy"]];
    for flags in table {
        let scene = Scene::new();
        scene.moving(&["--native"]).args(flags).run().code(2);
    }
}
