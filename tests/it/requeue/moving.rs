//! The main path: what is in a dead-letter queue goes back, all of it, once.

use super::scene::{Scene, number, report};
use crate::support::{Message, Queues, Sandbox, tool};

#[test]
fn everything_moves_once_and_the_report_says_so() {
    let scene = Scene::with(237);
    let outcome = scene.moving(&[]).run();
    let report = report(outcome.code(0));
    assert_eq!((number(&report, "total"), number(&report, "done"), number(&report, "left")), (237, 237, 0));
    assert_eq!(report["status"], "done");
    assert_eq!(report["identity"]["account"], scene.sandbox.account());
    scene.drained().all_moved_once(237);
}

#[test]
fn an_empty_queue_is_done_at_once() {
    let scene = Scene::new();
    let outcome = scene.moving(&["--wait", "20s"]).run();
    assert_eq!(number(&report(outcome.code(0)), "done"), 0);
    assert!(scene.proxy.calls("ReceiveMessage") <= 2, "nobody is busy: nothing is waited for: {outcome}");
}

#[test]
fn the_dead_letter_queue_is_found_by_the_redrive_policy() {
    let sandbox = Sandbox::shared();
    let name = sandbox.name("updater-queue");
    // As Panther names that of its data catalog updater: neither rule of the original finds it from this name.
    let odd = sandbox.name("odd");
    let sqs = sandbox.sqs();
    let from = sqs.create(&odd);
    let policy = serde_json::json!({ "deadLetterTargetArn": sqs.arn(&from), "maxReceiveCount": 3 }).to_string();
    let to = sqs.create_with(&name, &[(aws_sdk_sqs::types::QueueAttributeName::RedrivePolicy, policy)]);
    sqs.send_numbered(&from, 5);
    let outcome = tool("requeue").sandbox(sandbox).args(["--to.q", &name]).run();
    outcome.code(0).stderr_has("by the redrive policy of");
    assert_eq!((sqs.drain(&to).len(), sqs.drain(&from).len()), (5, 0));
}

#[test]
fn without_a_policy_both_naming_rules_are_tried() {
    let sandbox = Sandbox::shared();
    let (sqs, stem) = (sandbox.sqs(), sandbox.name("x"));
    let from = sqs.create(&format!("{stem}-dlq"));
    let to = sqs.create(&format!("{stem}-queue"));
    sqs.send_numbered(&from, 3);
    let outcome = tool("requeue").sandbox(sandbox).args(["-to.q", &format!("{stem}-queue")]).run();
    outcome.code(0).stderr_has("by the naming rules");
    assert_eq!(sqs.drain(&to).len(), 3);
}

#[test]
fn the_target_of_a_dead_letter_queue_is_found() {
    let scene = Scene::with(4);
    let outcome = scene.tool().args(["--from.q", &scene.from]).run();
    outcome.code(0).stderr_has("whose redrive policy names it");
    scene.drained().all_moved_once(4);
}

#[test]
fn old_runbooks_keep_working() {
    let scene = Scene::with(30);
    let line = ["-from.q", &scene.from, "-to.q", &scene.to, "-interactive=false", "-verbose"];
    let outcome = scene.tool().args(line).run();
    outcome.code(0).stderr_has(&format!("move messages from `{}` to `{}`", scene.from, scene.to));
    outcome.stdout_has("done: 30 done");
    scene.drained().all_moved_once(30);
}

#[test]
fn queues_are_named_by_url_and_arn_too() {
    let scene = Scene::with(6);
    let arn = scene.sqs().arn(&scene.to_url);
    let outcome = scene.tool().args(["--from.q", &scene.from_url, "--to.q", &arn]).run();
    outcome.code(0);
    scene.drained().all_moved_once(6);
}

#[test]
fn a_dry_run_touches_no_message() {
    let scene = Scene::with(12);
    let outcome = scene.moving(&["--dry-run"]).run();
    let report = report(outcome.code(0));
    assert_eq!((report["status"].as_str(), report["plan"]["estimate"]["items"].as_u64()), (Some("planned"), Some(12)));
    assert_eq!(number(&report, "total"), 0);
    for action in ["ReceiveMessage", "SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"] {
        assert_eq!(scene.proxy.calls(action), 0, "{action}");
    }
    assert_eq!(scene.sqs().counts(&scene.from_url).visible, 12);
}

#[test]
fn a_copy_leaves_the_source_as_it_was() {
    let scene = Scene::with(25);
    let report = report(scene.moving(&["--copy"]).run().code(0));
    assert_eq!(number(&report, "done"), 25);
    assert_eq!(scene.sqs().counts(&scene.from_url).visible, 25, "all are given back at once");
    let drained = scene.drained();
    assert_eq!((drained.at_target.len(), drained.at_source.len()), (25, 25));
    assert!(drained.at_target.values().all(|copies| copies.len() == 1));
}

#[test]
fn a_limit_is_exact() {
    let scene = Scene::with(60);
    let report = report(scene.moving(&["--limit", "23"]).run().code(0));
    assert_eq!((number(&report, "done"), number(&report, "left")), (23, 37));
    let drained = scene.drained();
    assert_eq!((drained.at_target.len(), drained.at_source.len()), (23, 37));
}

#[test]
fn a_rate_is_kept() {
    let scene = Scene::with(30);
    let outcome = scene.moving(&["--rate", "10"]).run();
    outcome.code(0);
    assert!(outcome.elapsed.as_secs_f64() > 1.8, "the third batch of ten waits for two seconds: {outcome}");
    scene.drained().all_moved_once(30);
}

#[test]
fn requests_stay_within_what_sqs_takes() {
    let scene = Scene::new();
    let large: Vec<_> = (0..10).map(|n| Message::new(format!("{n}{}", "x".repeat(200_000)))).collect();
    for message in &large {
        scene.sqs().send(&scene.from_url, std::slice::from_ref(message));
    }
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!(number(&report, "done"), 10);
    assert_eq!(scene.drained().at_target.len(), 10);
}

#[test]
fn messages_move_between_regions() {
    let scene = Scene::new();
    let sandbox = scene.sandbox;
    let away = Queues::at(&sandbox.endpoint("sqs"), "us-west-2", sandbox.access_key(), sandbox.secret_key());
    let there = away.create(&scene.from);
    away.send_numbered(&there, 15);
    let report = report(scene.moving(&["--from-region", "us-west-2"]).run().code(0));
    assert_eq!(number(&report, "done"), 15);
    assert_eq!((scene.sqs().drain(&scene.to_url).len(), away.drain(&there).len()), (15, 0));
}

#[test]
fn each_side_can_have_its_own_role() {
    let scene = Scene::with(6);
    let role = format!("arn:aws:iam::{}:role/panther-operator", scene.sandbox.account());
    let report = report(scene.moving(&["--to-role-arn", &role]).run().code(0));
    assert_eq!(number(&report, "done"), 6);
    let log = scene.proxy.log();
    let signer = |action: &str| log.iter().find(|call| call.action == action).and_then(|call| call.access_key.clone());
    assert_eq!(signer("ReceiveMessage").as_deref(), Some(scene.sandbox.access_key()));
    assert_ne!(signer("SendMessageBatch").as_deref(), Some(scene.sandbox.access_key()));
    scene.drained().all_moved_once(6);
}

/// `--all` means all of a region: each test of it has one to itself.
fn alone_in(region: &str) -> Queues {
    let sandbox = Sandbox::shared();
    Queues::at(&sandbox.endpoint("sqs"), region, sandbox.access_key(), sandbox.secret_key())
}

#[test]
fn one_command_serves_every_panther_queue_with_dead_letters() {
    let (sandbox, sqs) = (Sandbox::shared(), alone_in("us-west-1"));
    let names = [sandbox.name("panther-a"), sandbox.name("panther-b"), sandbox.name("panther-c")];
    let queues: Vec<(String, String)> = names.iter().map(|name| sqs.create_with_dlq(name, 3)).collect();
    sqs.send_numbered(&queues[0].1, 12);
    sqs.send_numbered(&queues[1].1, 7);
    let outcome = tool("requeue").sandbox(sandbox).args(["--all", "--wait", "1s", "--region", "us-west-1"]).run();
    outcome.code(0).stderr_has(&names[0]).stderr_has(&names[1]);
    assert_eq!(sqs.drain(&queues[0].0).len(), 12);
    assert_eq!(sqs.drain(&queues[1].0).len(), 7);
}

#[test]
fn discarding_everywhere_needs_the_accounts_id() {
    let (sandbox, sqs) = (Sandbox::shared(), alone_in("us-east-2"));
    let (_, dead_letters) = sqs.create_with_dlq(&sandbox.name("panther-a"), 3);
    sqs.send_numbered(&dead_letters, 5);
    let all = || tool("requeue").sandbox(sandbox).args(["--all", "--discard", "--region", "us-east-2", "--wait", "1s"]);
    all().run().code(6).stderr_has(&format!("--confirm {}", sandbox.account()));
    assert_eq!(sqs.counts(&dead_letters).visible, 5);
    all().args(["--confirm", sandbox.account()]).run().code(0);
    assert!(sqs.drain(&dead_letters).is_empty());
}
