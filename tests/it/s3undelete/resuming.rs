//! `kill -9`, ^C, and the same command again: the same end, and lists that name each object once.

use std::collections::BTreeMap;
use std::time::Duration;

use super::bucket::{NAME, marker};
use super::{Scene, summary};
use crate::support::kills::{ended, until_done};
use crate::support::{Fault, faults};

const STACK: usize = 40;
const KEYS: usize = 150;

fn listed(path: &str) -> BTreeMap<String, usize> {
    let text = std::fs::read_to_string(path).expect("the list");
    let mut keys = BTreeMap::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        *keys.entry(line["key"].as_str().expect("a key").to_owned()).or_default() += 1;
    }
    keys
}

#[test]
fn killed_at_any_moment_it_ends_in_the_same_state() {
    let mut dice = fastrand::Rng::with_seed(11);
    let mut kills = 0;
    let wanted = faults(5, 50);
    while kills < wanted {
        let scene = Scene::deleted(KEYS, STACK);
        scene.bucket.state().page = 97;
        let proxy = scene.proxy();
        proxy.inject(Fault::Delay(Duration::from_millis(60)).on("DeleteObjects"));
        let list = scene.home.path().join("restored").display().to_string();
        let command = || scene.behind(&proxy).args(["--concurrency", "2", "--restored", &list]);
        let done = until_done(command, 50..600, &mut dice, || ended(&scene.journal()));
        let Some((outcome, killed)) = done else { continue };
        outcome.code(0);
        kills += killed;
        scene.assert_all_back();
        let listed = listed(&list);
        assert_eq!(listed.len(), KEYS, "after {killed} kills: {outcome}");
        assert!(listed.values().all(|count| *count == 1), "{listed:?}");
        let undone = scene.undo();
        undone.code(0);
        assert_eq!(scene.count_back(), 0, "after {killed} kills and an undo: {undone}");
        assert!(scene.bucket.state().lost.is_empty());
    }
}

#[test]
fn an_undo_that_is_killed_goes_on_too() {
    let scene = Scene::deleted(KEYS, STACK);
    scene.undelete().run().code(0);
    let proxy = scene.proxy();
    proxy.inject(Fault::Delay(Duration::from_millis(60)).on("DeleteObjects"));
    let journal = scene.journal().display().to_string();
    let command = || super::at(&scene.home, &proxy.url()).args(["--undo", &journal, "--confirm", NAME, "--json"]);
    // An undo that has ended finds nothing to do: the same command may be given again at any moment.
    let done = until_done(command, 50..600, &mut fastrand::Rng::with_seed(3), || false);
    let (outcome, _) = done.expect("some run is not killed");
    outcome.code(0);
    assert_eq!(scene.count_back(), 0);
    assert!(scene.bucket.keys().values().all(|entries| entries.len() == 2), "one marker each");
}

#[test]
fn an_interrupt_drains_and_the_same_command_goes_on() {
    let scene = Scene::deleted(KEYS, STACK);
    let proxy = scene.proxy();
    proxy.inject(Fault::Delay(Duration::from_millis(300)).on("DeleteObjects"));
    let mut running = scene.behind(&proxy).args(["--concurrency", "1"]).spawn();
    running.wait_until("the first batch", |_| scene.count_back() > 0);
    running.signal("INT");
    let outcome = running.wait();
    outcome.code(130);
    assert_eq!(summary(&outcome, "done") as usize, scene.count_back(), "{outcome}");
    assert!(scene.count_back() < KEYS);
    proxy.heal();
    let rest = scene.behind(&proxy).run();
    rest.code(0).stderr_has("goes on");
    assert_eq!(scene.count_back(), KEYS);
    scene.assert_all_back();
}

#[test]
fn two_runs_do_not_share_a_journal() {
    let scene = Scene::deleted(KEYS, STACK);
    let proxy = scene.proxy();
    proxy.inject(Fault::Delay(Duration::from_secs(1)).on("DeleteObjects"));
    let mut first = scene.behind(&proxy).args(["--concurrency", "1"]).spawn();
    first.wait_until("the journal", |_| {
        std::fs::read_to_string(scene.journal()).is_ok_and(|text| text.contains("intent"))
    });
    scene.undelete().run().code(1).stderr_has("in use by another run");
    scene.undo().code(1).stderr_has("in use by another run");
    first.signal("TERM");
    first.wait().code(143);
}

#[test]
fn limits_count_per_run_and_the_rest_follows() {
    let scene = Scene::deleted(30, 1);
    let first = scene.undelete().args(["--limit", "10"]).run();
    first.code(0);
    assert_eq!((summary(&first, "done"), scene.count_back()), (10, 10));
    let planned = scene.undelete().args(["--dry-run"]).run();
    assert_eq!(
        planned.stdout_json()["plan"]["estimate"],
        serde_json::json!({ "items": 20, "bytes": 100, "exact": true })
    );
    let second = scene.undelete().args(["--rate", "1000"]).run();
    second.code(0);
    assert_eq!((summary(&second, "done"), scene.count_back()), (20, 30));
    let journals = std::fs::read_dir(scene.home.path()).expect("the home").count();
    scene.undelete().run().code(0).stderr_has("nothing more changes");
    scene.undelete().run().code(0);
    let kept = std::fs::read_dir(scene.home.path()).expect("the home").count() - journals;
    assert_eq!(kept, 2, "each ended journal is kept: it is the way back");
}

/// An unfinished journal may be of yesterday, and the keys of its finished ranges deleted once more today.
#[test]
fn what_was_deleted_after_the_run_that_goes_on_is_said_to_be_passed_over() {
    let scene = Scene::deleted(30, 1);
    scene.bucket.state().refused.insert("p/0029".to_owned(), ("AccessDenied", 1));
    scene.bucket.state().page = 10;
    scene.undelete().run().code(3);
    scene.bucket.state().keys.get_mut("p/0001").expect("the key").insert(0, marker("again", 4_000_000_000));
    scene.bucket.state().keys.get_mut("p/0029").expect("the key").remove(0);
    let rest = scene.undelete().run();
    rest.code(0).stderr_has("passed over where that run was done").stdout_has("--fresh");
    assert_eq!(scene.bucket.shown()["p/0001"], None);
    scene.undelete().args(["--fresh"]).run().code(0).nowhere("passed over where");
    scene.assert_all_back();
}
