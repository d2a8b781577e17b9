//! `kill -9` and the same command again: everything arrives, and what may come twice is counted.

use std::time::Duration;

use super::{Scene, summary};
use crate::support::kills::until_done;
use crate::support::{Fault, faults};

const OBJECTS: usize = 300;

#[test]
fn killed_at_any_moment_it_goes_on_where_it_was() {
    let mut dice = fastrand::Rng::with_seed(5);
    let mut kills = 0;
    let wanted = faults(5, 50);
    while kills < wanted {
        let scene = Scene::with_objects(OBJECTS);
        let proxy = scene.sqs_proxy();
        proxy.inject(Fault::Delay(Duration::from_millis(20)).on("SendMessageBatch"));
        let command = || scene.behind(&proxy).args(["--concurrency", "2", "-interactive=false", "--json"]);
        let done = until_done(command, 100..700, &mut dice, || scene.home.journal_ended());
        let Some((outcome, killed)) = done else { continue };
        outcome.code(0);
        kills += killed;
        let arrived = scene.arrived();
        assert_eq!(arrived.len(), OBJECTS, "after {killed} kills");
        let twice = (arrived.values().sum::<usize>() - OBJECTS) as u64;
        let counted = summary(&outcome, "duplicates_possible");
        assert!(twice <= counted, "{twice} came twice, {counted} were counted\n{outcome}");
        assert!(counted <= 20 * killed as u64, "never more than was in flight: {counted} after {killed} kills");
    }
}

#[test]
fn a_named_journal_is_continued_and_a_finished_one_begins_anew() {
    let scene = Scene::with_objects(30);
    let journal = scene.home.path().join("j.jsonl").display().to_string();
    let command = || scene.forced().args(["-interactive=false", "--journal", &journal, "--json"]);
    let first = command().args(["--limit", "10"]).run();
    first.code(0);
    assert_eq!(summary(&first, "done"), 10);
    let planned = command().args(["--dry-run"]).run();
    assert_eq!(planned.stdout_json()["plan"]["estimate"]["items"], 20, "what is left: {planned}");
    let second = command().run();
    second.code(0).stderr_has("goes on");
    assert_eq!(summary(&second, "done"), 20);
    let arrived = scene.arrived();
    assert!(arrived.len() == 30 && arrived.values().all(|count| *count == 1), "{arrived:?}");
    let again = command().run();
    again.code(0).stderr_has("everything is notified once more");
    assert_eq!(summary(&again, "done"), 30, "that run had ended: all again");
}

#[test]
fn two_runs_do_not_share_a_journal() {
    let scene = Scene::with_objects(30);
    let mut first = scene.forced().args(["--rate", "10", "-v"]).spawn();
    first.wait_for_stderr("p/0001.log");
    scene.forced().run().code(1).stderr_has("in use by another run");
    first.signal("TERM");
    first.wait().code(143);
}

#[test]
fn a_foreign_journal_is_refused() {
    let scene = Scene::with_objects(3);
    let foreign = scene.home.write("notes.txt", "my notes\n").display().to_string();
    scene.forced().args(["--journal", &foreign]).run().code(1).stderr_has("no journal");
    let journal = scene.home.path().join("j.jsonl").display().to_string();
    scene.forced().args(["--journal", &journal, "--limit", "1"]).run().code(0);
    let other = scene.tool().args(["--force", "--s3path", &scene.path("q/"), "--journal", &journal]);
    other.run().code(1).stderr_has("another plan");
    assert_eq!(std::fs::read_to_string(&foreign).expect("still there"), "my notes\n");
}

#[test]
fn without_a_journal_nothing_is_remembered() {
    let scene = Scene::with_objects(3);
    for _ in 0..2 {
        let outcome = scene.forced().args(["--no-journal", "--json"]).run();
        outcome.code(0).stderr_has("cannot be continued");
        assert_eq!(summary(&outcome, "done"), 3);
    }
    assert!(!scene.home.state().join("opstools").exists());
}

/// Several pages, listed in parallel and finished in any order.
#[test]
fn many_pages_are_continued_too() {
    let scene = Scene::new();
    let keys: Vec<String> = (0..1_300).map(|number| format!("p/{}/{number:05}.log", number % 7)).collect();
    scene.put(keys.clone());
    let command = || scene.forced().args(["--concurrency", "4", "--json"]);
    let done = until_done(command, 100..700, &mut fastrand::Rng::with_seed(3), || scene.home.journal_ended());
    // Killed when all was done: nothing to continue.
    let Some((outcome, killed)) = done else { return };
    outcome.code(0);
    let arrived = scene.arrived();
    assert_eq!(arrived.len(), keys.len(), "after {killed} kills");
    let twice = (arrived.values().sum::<usize>() - keys.len()) as u64;
    assert!(twice <= summary(&outcome, "duplicates_possible"), "{twice} came twice: {outcome}");
}

#[test]
fn a_list_is_continued_by_its_rows() {
    let scene = Scene::new();
    let rows: String = (0..200).map(|number| format!("s3://{}/p/{number}\n", scene.bucket)).collect();
    let file = scene.home.write("list", rows).display().to_string();
    let proxy = scene.sqs_proxy();
    proxy.inject(Fault::Delay(Duration::from_millis(20)).on("SendMessageBatch"));
    let command = || {
        let tool = scene.tool().env("AWS_ENDPOINT_URL_SQS", proxy.url());
        tool.args(["--force", "--from-file", &file, "--concurrency", "1", "--json"])
    };
    let done = until_done(command, 100..700, &mut fastrand::Rng::with_seed(9), || scene.home.journal_ended());
    // Killed when all was done: nothing to continue.
    let Some((outcome, killed)) = done else { return };
    outcome.code(0);
    let arrived = scene.arrived();
    assert_eq!(arrived.len(), 200, "after {killed} kills");
    let twice = (arrived.values().sum::<usize>() - 200) as u64;
    assert!(twice <= summary(&outcome, "duplicates_possible"), "{twice} came twice: {outcome}");
}
