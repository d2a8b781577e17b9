//! FIFO queues: order within each group, whatever fails.

use std::collections::BTreeMap;

use super::scene::{Scene, number, report};
use crate::support::{Fault, Message};

/// Messages of several groups, mixed.
fn mixed(groups: usize, each: usize) -> Vec<Message> {
    let one = |number: usize| {
        Message::new(format!("g{}-{:03}", number % groups, number / groups))
            .group(&format!("g{}", number % groups), &format!("d{number}"))
    };
    (0..groups * each).map(one).collect()
}

/// The bodies of each group in the order in which the target gives them out.
fn in_order(scene: &Scene) -> BTreeMap<String, Vec<String>> {
    let sqs = scene.sqs();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    loop {
        let receive = sqs.client().receive_message().queue_url(&scene.to_url).max_number_of_messages(1);
        let received = crate::support::loopback::wait(receive.send()).expect("receive");
        let Some(message) = received.messages().first() else { return found };
        let body = message.body().unwrap_or_default().to_owned();
        let group = body.split('-').next().unwrap_or_default().to_owned();
        found.entry(group).or_default().push(body);
        let handle = message.receipt_handle().unwrap_or_default();
        let delete = sqs.client().delete_message().queue_url(&scene.to_url).receipt_handle(handle);
        crate::support::loopback::wait(delete.send()).expect("delete");
    }
}

fn assert_order(found: &BTreeMap<String, Vec<String>>) {
    for (group, bodies) in found {
        assert!(bodies.is_sorted(), "{group}: {bodies:?}");
    }
}

#[test]
fn each_group_arrives_in_order() {
    let scene = Scene::fifo();
    scene.sqs().send(&scene.from_url, &mixed(4, 12));
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!(number(&report, "done"), 48);
    let found = in_order(&scene);
    assert_order(&found);
    assert_eq!(found.values().map(Vec::len).sum::<usize>(), 48);
}

#[test]
fn entries_that_fail_for_a_while_keep_the_order() {
    let scene = Scene::fifo();
    scene.sqs().send(&scene.from_url, &mixed(3, 10));
    let fault = Fault::FailEntries { every: 4, code: "InternalError", sender_fault: false };
    scene.proxy.inject(fault.on("SendMessageBatch"));
    scene.proxy.inject(Fault::ApplyThenReset.on("SendMessageBatch").every(5));
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!((number(&report, "done"), number(&report, "duplicates_possible")), (30, 0));
    let found = in_order(&scene);
    assert_order(&found);
    assert_eq!(found.values().map(Vec::len).sum::<usize>(), 30, "deduplication swallows the second copies");
}

#[test]
fn what_follows_a_refused_message_of_its_group_waits() {
    let scene = Scene::fifo();
    scene.sqs().send(&scene.from_url, &mixed(2, 6));
    let fault =
        Fault::FailEntriesWith { text: "g0-002".to_owned(), code: "InvalidMessageContents", sender_fault: true };
    scene.proxy.inject(fault.on("SendMessageBatch"));
    let report = report(scene.moving(&[]).run().code(3));
    assert_eq!(number(&report, "failed"), 1);
    let drained = scene.drained();
    assert_eq!(drained.at_target.keys().filter(|body| body.starts_with("g1")).count(), 6);
    let g0: Vec<_> = drained.at_target.keys().filter(|body| body.starts_with("g0")).collect();
    assert_eq!(g0, ["g0-000", "g0-001"]);
    assert_eq!(drained.at_source.len(), 4);
}

#[test]
fn new_deduplication_ids_pass_the_five_minutes() {
    let scene = Scene::fifo();
    let message = Message::new("again").group("g", "same");
    // The target had it moments ago, took it, and its consumer failed.
    scene.sqs().send(&scene.to_url, std::slice::from_ref(&message));
    scene.sqs().drain(&scene.to_url);
    scene.sqs().send(&scene.from_url, std::slice::from_ref(&message));
    let report = report(scene.moving(&["--new-dedup-id"]).run().code(0));
    assert_eq!(number(&report, "done"), 1);
    let drained = scene.drained();
    assert_eq!(drained.at_target["again"].len(), 1);
    assert_ne!(drained.at_target["again"][0].deduplication.as_deref(), Some("same"));
}

#[test]
fn a_standard_queues_messages_need_a_group_for_a_fifo_queue() {
    let (standard, fifo) = (Scene::with(3), Scene::fifo());
    let outcome =
        standard.tool().args(["--from.q", &standard.from, "--to.q", &fifo.to, "--json", "--wait", "1s"]).run();
    let report = report(outcome.code(3).stderr_has("messages without a group id stay"));
    assert_eq!(report["errors"][0]["code"], "NoMessageGroup");
    assert_eq!(standard.drained().at_source.len(), 3);
}

#[test]
fn a_fifo_queues_messages_go_to_a_standard_queue_with_a_warning() {
    let (fifo, standard) = (Scene::fifo(), Scene::new());
    fifo.sqs().send(&fifo.from_url, &mixed(2, 3));
    let outcome = fifo.tool().args(["--from.q", &fifo.from, "--to.q", &standard.to, "--wait", "1s"]).run();
    outcome.code(0).stderr_has("order and deduplication end there");
    assert_eq!(standard.drained().at_target.len(), 6);
}

#[test]
fn filters_on_a_fifo_queue_need_a_word() {
    let scene = Scene::fifo();
    scene.moving(&["--filter-body", "x"]).run().code(2).stderr_has("--ignore-order");
}

#[test]
fn a_dump_of_a_fifo_queue_is_loaded_in_order() {
    let scene = Scene::fifo();
    scene.sqs().send(&scene.from_url, &mixed(3, 8));
    let dump = scene.home.path().join("dump.jsonl");
    let file = dump.to_str().expect("path");
    let save = scene.tool().args(["--from.q", &scene.from, "--save", file, "--discard", "--confirm", &scene.from]);
    save.run().code(0);
    scene.tool().args(["--load", file, "--to.q", &scene.to]).run().code(0);
    let found = in_order(&scene);
    assert_order(&found);
    assert_eq!(found.values().map(Vec::len).sum::<usize>(), 24);
}
