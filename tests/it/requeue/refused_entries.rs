//! Batches of which SQS takes only a part: exactly what was taken is deleted.

use super::scene::{Scene, number, report};
use crate::support::{Fault, Message};

fn refuse(text: &str, code: &'static str, sender_fault: bool) -> Fault {
    Fault::FailEntriesWith { text: text.to_owned(), code, sender_fault }
}

#[test]
fn three_of_ten_refused_means_seven_deleted() {
    let scene = Scene::new();
    let poison = |number: usize| if [2, 5, 9].contains(&number) { " poison" } else { "" };
    let messages: Vec<Message> = (0..10).map(|n| Message::new(format!("body-{n:05}{}", poison(n)))).collect();
    scene.sqs().send(&scene.from_url, &messages);
    scene.proxy.inject(refuse("poison", "InvalidMessageContents", true).on("SendMessageBatch"));
    let report = report(scene.moving(&[]).run().code(3));
    assert_eq!((number(&report, "done"), number(&report, "failed")), (7, 3));
    assert_eq!(report["errors"][0]["code"], "InvalidMessageContents");
    let counts = scene.sqs().counts(&scene.from_url);
    assert_eq!((counts.visible, counts.in_flight), (3, 0), "what is refused is given back");
    let drained = scene.drained();
    assert_eq!((drained.at_target.len(), drained.at_source.len()), (7, 3));
    assert!(drained.at_source.keys().all(|body| body.ends_with("poison")));
    assert!(drained.at_target.values().chain(drained.at_source.values()).all(|copies| copies.len() == 1));
}

#[test]
fn entries_that_fail_for_a_while_are_sent_again() {
    let scene = Scene::with(40);
    let fault = Fault::FailEntries { every: 3, code: "InternalError", sender_fault: false };
    scene.proxy.inject(fault.on("SendMessageBatch"));
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!(number(&report, "done"), 40);
    scene.drained().all_moved_once(40);
}

#[test]
fn deletes_that_fail_are_repeated_and_nothing_is_sent_twice() {
    let scene = Scene::with(40);
    let fault = Fault::FailEntries { every: 3, code: "InternalError", sender_fault: false };
    scene.proxy.inject(fault.on("DeleteMessageBatch"));
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!((number(&report, "done"), number(&report, "delete_failed")), (40, 0));
    scene.drained().all_moved_once(40);
}

#[test]
fn a_receipt_that_is_no_longer_good_is_replaced_by_the_next() {
    let scene = Scene::with(20);
    let fault = Fault::FailEntries { every: 2, code: "ReceiptHandleIsInvalid", sender_fault: true };
    scene.proxy.inject(fault.on("DeleteMessageBatch").first(2));
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!(number(&report, "done"), 20);
    scene.drained().all_moved_once(20);
}

#[test]
fn deletes_that_never_work_are_named_and_not_repeated_by_the_next_run() {
    let scene = Scene::with(10);
    scene.proxy.inject(
        Fault::FailEntries { every: 1, code: "ReceiptHandleIsInvalid", sender_fault: true }.on("DeleteMessageBatch"),
    );
    let first = report(scene.moving(&[]).run().code(3));
    assert_eq!((number(&first, "delete_failed"), number(&first, "done")), (10, 0));
    scene.proxy.heal();
    let second = scene.moving(&[]).run();
    let second = report(second.code(0).stderr_has("10 messages sent but not deleted"));
    assert_eq!(number(&second, "done"), 10);
    scene.drained().all_moved_once(10);
}

#[test]
fn a_message_too_large_for_the_target_stays() {
    let scene = Scene::with(9);
    let small = aws_sdk_sqs::types::QueueAttributeName::MaximumMessageSize;
    let to = scene.sandbox.name("small");
    let to_url = scene.sqs().create_with(&to, &[(small, "2048".to_owned())]);
    scene.sqs().send(&scene.from_url, &[Message::new("x".repeat(4_000))]);
    let outcome = scene.tool().args(["--from.q", &scene.from, "--to.q", &to, "--json", "--wait", "1s"]).run();
    let report = report(outcome.code(3));
    assert_eq!((number(&report, "done"), number(&report, "failed")), (9, 1));
    assert_eq!(report["errors"][0]["code"], "Oversize");
    assert_eq!(scene.sqs().drain(&to_url).len(), 9);
    assert_eq!(scene.sqs().drain(&scene.from_url).len(), 1);
}

#[test]
fn the_errors_file_names_each_and_no_body() {
    let scene = Scene::with(10);
    scene.proxy.inject(refuse("body-0000", "InvalidMessageContents", true).on("SendMessageBatch"));
    let file = scene.home.path().join("errors.jsonl");
    scene.moving(&["--errors", file.to_str().expect("path")]).run().code(3);
    let text = std::fs::read_to_string(file).expect("errors");
    assert_eq!(text.lines().count(), 10);
    assert!(!text.contains("body-"), "{text}");
}

#[test]
fn too_many_errors_stop_the_run() {
    let scene = Scene::with(60);
    scene.proxy.inject(refuse("body-", "InvalidMessageContents", true).on("SendMessageBatch"));
    let outcome = scene.moving(&["--max-errors", "10", "--concurrency", "1"]).run();
    let report = report(outcome.code(7));
    assert_eq!(number(&report, "failed"), 10);
    assert_eq!(scene.drained().at_source.len(), 60);
}
