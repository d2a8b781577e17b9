//! A run that is cut short, and the same command again.

use std::time::Duration;

use super::scene::{Scene, number, report};
use crate::support::full_disk::{DEV_FULL, FullDisk};
use crate::support::{Fault, Outcome, faults};

/// Kills in the gate, and in full.
const KILLS: usize = 5;
const KILLS_IN_FULL: usize = 50;

#[test]
fn after_a_kill_at_any_moment_the_same_command_goes_on() {
    const MESSAGES: usize = 150;
    for round in 0..faults(KILLS, KILLS_IN_FULL) {
        let scene = Scene::with(MESSAGES);
        // Slow enough that the moment falls into the work.
        scene.proxy.inject(Fault::Delay(Duration::from_millis(15)).on_any());
        let moment = Duration::from_millis(fastrand::u64(60..900));
        let killed = scene.moving(&["--concurrency", "3"]).spawn().kill9_after(moment);
        scene.proxy.heal();
        let again = scene.moving(&[]).run();
        assert_eq!(again.code, Some(0), "round {round}, killed after {moment:?}\n{killed}\n{again}");
        let counted = number(&report(&again), "duplicates_possible");
        let drained = scene.drained();
        drained.nothing_lost(MESSAGES, counted);
        assert!(drained.at_source.is_empty(), "round {round}: the second run moves what is left");
    }
}

#[test]
fn control_c_finishes_what_is_in_flight() {
    let scene = Scene::with(100);
    scene.proxy.inject(Fault::Delay(Duration::from_millis(100)).on("SendMessageBatch"));
    let mut running = scene.moving(&["--concurrency", "2"]).spawn();
    running.wait_until("two batches are sent", |_| scene.proxy.calls("SendMessageBatch") >= 2);
    running.signal("INT");
    let outcome = running.wait();
    let report = report(outcome.code(130).stderr_has("stopping"));
    assert_eq!(report["status"], "interrupted");
    let (done, left) = (number(&report, "done"), number(&report, "left"));
    assert!((10..100).contains(&done) && done + left == 100, "{outcome}");
    let counts = scene.sqs().counts(&scene.from_url);
    assert_eq!((counts.visible as u64, counts.in_flight), (left, 0), "what was not sent is given back");
    let drained = scene.drained();
    drained.nothing_lost(100, 0);
    assert_eq!(drained.at_target.len() as u64, done);
}

#[test]
fn a_second_run_on_the_same_journal_is_refused() {
    let scene = Scene::with(30);
    scene.proxy.inject(Fault::Delay(Duration::from_secs(2)).on("SendMessageBatch"));
    let mut first = scene.moving(&[]).spawn();
    first.wait_until("work has begun", |_| scene.proxy.calls("ReceiveMessage") > 0);
    let second = scene.moving(&[]).run();
    second.code(1).stderr_has("in use by another run");
    first.wait().code(0);
    scene.drained().all_moved_once(30);
}

#[test]
fn a_journal_that_cannot_be_begun_changes_nothing() {
    let scene = Scene::with(10);
    scene.moving(&["--journal", DEV_FULL]).run().code(1);
    assert_eq!(scene.sqs().counts(&scene.from_url).visible, 10);
    scene.drained();
}

fn on_a_full_disk(scene: &Scene) -> Outcome {
    let disk = FullDisk::with_room(4096);
    let journal = disk.path().join("journal.jsonl");
    let outcome = scene.moving(&["--journal", journal.to_str().expect("path")]).on_disk(&disk).run();
    outcome.stderr_has(disk.error_text());
    outcome
}

#[test]
fn a_disk_that_fills_up_under_the_journal_loses_nothing() {
    let scene = Scene::with(400);
    let outcome = on_a_full_disk(&scene);
    assert!(matches!(outcome.code, Some(1 | 3)), "{outcome}");
    let report = report(&outcome);
    let drained = scene.drained();
    drained.nothing_lost(400, 0);
    assert!(!drained.at_source.is_empty(), "the run stopped: {outcome}");
    assert_eq!(drained.at_target.len() as u64, number(&report, "done"));
}

#[test]
fn without_a_journal_nothing_is_written() {
    let scene = Scene::with(10);
    scene.moving(&["--no-journal"]).run().code(0);
    assert!(!scene.home.state().join("opstools").exists());
    scene.drained().all_moved_once(10);
}

#[test]
fn the_journal_traces_each_message() {
    let scene = Scene::with(10);
    let file = scene.home.path().join("j.jsonl");
    scene.moving(&["--journal", file.to_str().expect("path")]).run().code(0);
    let text = std::fs::read_to_string(file).expect("journal");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let confirmed: Vec<_> = lines.iter().filter(|line| line["type"] == "confirmed").collect();
    assert_eq!(confirmed.len(), 10);
    assert!(confirmed.iter().all(|line| line["id"] != line["to_id"]));
    assert_eq!(lines.last().map(|line| line["type"].clone()), Some("end".into()));
    assert!(!text.contains("body-"), "bodies stay out");
    scene.drained();
}
