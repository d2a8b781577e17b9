//! When a run ends: not before everything is seen, and not in a circle.

use std::time::Duration;

use super::scene::{Scene, number, report};
use crate::support::{Fault, Message};

#[test]
fn messages_that_come_back_are_not_moved_again() {
    let scene = Scene::with(5);
    // A consumer that still fails: everything it gets is in the dead-letter queue again.
    let running = scene.moving(&["--rate", "1"]).spawn();
    std::thread::sleep(Duration::from_millis(2_500));
    scene.sqs().send(&scene.from_url, &[Message::new("bounced-1"), Message::new("bounced-2")]);
    let outcome = running.wait();
    let report = report(outcome.code(0));
    assert_eq!((number(&report, "done"), number(&report, "bounced"), number(&report, "left")), (5, 2, 0));
    assert!(report["next"].as_str().is_some_and(|next| next.contains("consumer still fails")), "{outcome}");
    let drained = scene.drained();
    assert_eq!((drained.at_target.len(), drained.at_source.len()), (5, 2));
}

#[test]
fn the_services_clock_decides_about_bounces() {
    for now in ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
        let scene = Scene::with(5);
        let running = scene.moving(&["--rate", "1"]).env("OPSTOOLS_NOW", now).spawn();
        std::thread::sleep(Duration::from_millis(2_500));
        scene.sqs().send(&scene.from_url, &[Message::new("bounced")]);
        let outcome = running.wait();
        let report = report(outcome.code(0).stderr_has("this machine's clock is"));
        assert_eq!((number(&report, "done"), number(&report, "bounced")), (5, 1), "{now}");
        scene.drained();
    }
}

#[test]
fn follow_takes_what_comes_back_until_it_is_stopped() {
    let scene = Scene::with(3);
    let mut running = scene.moving(&["--follow"]).spawn();
    running.wait_until("the first are deleted", |_| scene.proxy.calls("DeleteMessageBatch") > 0);
    std::thread::sleep(Duration::from_millis(1_500));
    scene.sqs().send(&scene.from_url, &[Message::new("later")]);
    running.wait_until("the later one is deleted", |_| scene.proxy.calls("DeleteMessageBatch") > 1);
    running.signal("INT");
    let report = report(running.wait().code(130));
    assert_eq!(number(&report, "done"), 4);
}

#[test]
fn what_others_have_in_flight_is_waited_for() {
    let scene = Scene::with(20);
    let taken = scene.sqs();
    let receive =
        taken.client().receive_message().queue_url(&scene.from_url).max_number_of_messages(10).visibility_timeout(3);
    let received = crate::support::loopback::wait(receive.send()).expect("receive");
    assert!(!received.messages().is_empty());
    let report = report(scene.moving(&[]).run().code(0));
    assert_eq!((number(&report, "done"), number(&report, "left")), (20, 0));
    scene.drained().all_moved_once(20);
}

#[test]
fn what_others_keep_in_flight_is_reported() {
    let scene = Scene::with(20);
    let taken = scene.sqs();
    let receive =
        taken.client().receive_message().queue_url(&scene.from_url).max_number_of_messages(10).visibility_timeout(30);
    let held = crate::support::loopback::wait(receive.send()).expect("receive").messages().len() as u64;
    let outcome = scene.moving(&[]).run();
    let report = report(outcome.code(3).stderr_has("are in flight"));
    assert_eq!((number(&report, "done"), number(&report, "left")), (20 - held, held));
    let mine = held as usize;
    assert_eq!(scene.sqs().drain(&scene.to_url).len(), 20 - mine);
}

#[test]
fn a_duration_ends_the_run_well() {
    let scene = Scene::with(40);
    let outcome = scene.moving(&["--rate", "5", "--duration", "2s"]).run();
    let report = report(outcome.code(0));
    assert!(number(&report, "done") < 40 && number(&report, "left") > 0, "{outcome}");
    assert_eq!(number(&report, "done") + number(&report, "left"), 40);
    scene.drained().nothing_lost(40, 0);
}

#[test]
fn a_poll_that_lies_does_not_end_the_run() {
    let scene = Scene::with(30);
    // The first poll is refused by the proxy for a moment; the counts say that there is more.
    scene.proxy.inject(Fault::Throttle.on("ReceiveMessage").first(3));
    let report = report(scene.moving(&["--concurrency", "1"]).run().code(0));
    assert_eq!(number(&report, "done"), 30);
    scene.drained().all_moved_once(30);
}
