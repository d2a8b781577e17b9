//! A service in trouble: throttling, errors, resets and lost answers, on every call.

use super::scene::{Scene, number, report};
use crate::support::Fault;

const CALLS: [&str; 4] = ["ReceiveMessage", "SendMessageBatch", "DeleteMessageBatch", "GetQueueAttributes"];

#[test]
fn throttling_slows_down_and_loses_nothing() {
    for call in CALLS {
        let scene = Scene::with(40);
        scene.proxy.inject(Fault::Throttle.on(call).first(2));
        let report = report(scene.moving(&[]).run().code(0));
        assert_eq!((number(&report, "done"), number(&report, "duplicates_possible")), (40, 0), "{call}");
        scene.drained().all_moved_once(40);
    }
}

#[test]
fn internal_errors_and_resets_by_chance_lose_nothing() {
    let scene = Scene::with(120);
    for call in CALLS {
        scene.proxy.inject(Fault::Error500.on(call).percent(10, 7));
        scene.proxy.inject(Fault::ResetBefore.on(call).percent(10, 8));
    }
    let report = report(scene.moving(&["--concurrency", "8"]).run().code(0));
    scene.drained().nothing_lost(120, number(&report, "duplicates_possible"));
}

#[test]
fn a_send_whose_answer_is_lost_is_counted_as_a_possible_duplicate() {
    let scene = Scene::with(30);
    scene.proxy.inject(Fault::ApplyThenReset.on("SendMessageBatch").nth(2));
    let report = report(scene.moving(&["--concurrency", "1"]).run().code(0));
    assert_eq!((number(&report, "done"), number(&report, "duplicates_possible")), (30, 10));
    scene.drained().nothing_lost(30, 10);
}

#[test]
fn a_delete_whose_answer_is_lost_is_no_loss_and_no_duplicate() {
    let scene = Scene::with(30);
    scene.proxy.inject(Fault::ApplyThenReset.on("DeleteMessageBatch").every(2));
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!((number(&report, "done"), number(&report, "duplicates_possible")), (30, 0));
    scene.drained().all_moved_once(30);
}

#[test]
fn a_receive_whose_answer_is_lost_is_waited_for() {
    let scene = Scene::new();
    // Ten seconds would be the queue's own; the lost messages come back after those of `--visibility`.
    scene.sqs().send_numbered(&scene.from_url, 30);
    scene.proxy.inject(Fault::ApplyThenReset.on("ReceiveMessage").nth(1));
    let report = report(scene.moving(&["--concurrency", "2"]).run().code(0));
    assert_eq!(number(&report, "done"), 30);
    scene.drained().all_moved_once(30);
}

#[test]
fn answers_cut_in_half_lose_nothing() {
    let scene = Scene::with(30);
    scene.proxy.inject(Fault::CutBody.on("SendMessageBatch").nth(1));
    scene.proxy.inject(Fault::CutBody.on("DeleteMessageBatch").nth(2));
    let report = report(scene.moving(&["--concurrency", "1"]).run().code(0));
    scene.drained().nothing_lost(30, number(&report, "duplicates_possible"));
}

#[test]
fn a_message_delivered_twice_is_sent_once() {
    let scene = Scene::with(30);
    scene.proxy.inject(Fault::DuplicateDelivery.on("ReceiveMessage").first(2));
    let report = report(scene.moving(&["--concurrency", "1"]).run().code(0));
    assert_eq!(number(&report, "done"), 30);
    scene.drained().all_moved_once(30);
}

#[test]
fn slow_calls_keep_their_messages_invisible() {
    let scene = Scene::with(20);
    // Longer than `--visibility`: without extension the messages would come back and be sent twice.
    scene.proxy.inject(Fault::Delay(std::time::Duration::from_secs(5)).on("SendMessageBatch").first(2));
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!(number(&report, "done"), 20);
    assert!(scene.proxy.calls("ChangeMessageVisibilityBatch") > 0);
    scene.drained().all_moved_once(20);
}

#[test]
fn credentials_that_expire_in_mid_run_end_it_with_true_counts() {
    let scene = Scene::with(200);
    scene.proxy.inject(Fault::ExpiredToken.on_any().after(20));
    let outcome = scene.moving(&["--concurrency", "4"]).run();
    let first = report(outcome.code(5).stderr_has("expired"));
    let (done, left) = (number(&first, "done"), number(&first, "left"));
    assert!(done < 200 && left > 0, "{outcome}");
    scene.proxy.heal();
    std::thread::sleep(std::time::Duration::from_secs(3));
    let second = report(scene.moving(&[]).run().code(0));
    scene.drained().nothing_lost(200, number(&first, "duplicates_possible") + number(&second, "duplicates_possible"));
}

#[test]
fn a_target_that_may_not_be_sent_to_stops_the_run_and_everything_stays() {
    let scene = Scene::with(30);
    let denied = "User is not authorized to perform: kms:GenerateDataKey on the resource";
    scene.proxy.inject(Fault::AccessDenied(denied.to_owned()).on("SendMessageBatch"));
    let outcome = scene.moving(&[]).run();
    let report = report(outcome.code(5).stderr_has("KMS key"));
    assert_eq!((number(&report, "done"), number(&report, "failed"), number(&report, "left")), (0, 0, 30));
    assert_eq!(scene.drained().at_source.len(), 30);
}

#[test]
fn a_target_that_is_never_reached_stops_the_run() {
    let scene = Scene::with(60);
    scene.proxy.inject(Fault::Error500.on("SendMessageBatch"));
    let outcome = scene.moving(&["--max-attempts", "2", "--concurrency", "1"]).run();
    assert_ne!(outcome.code, Some(0), "{outcome}");
    let drained = scene.drained();
    assert_eq!((drained.at_target.len(), drained.at_source.len()), (0, 60));
}
