//! Everything that can fail on the way: after each, what the report says came back is back, and nothing else was touched.

use super::bucket::{NAME, data, marker};
use super::{Scene, summary};
use crate::support::full_disk::{DEV_FULL, FullDisk};
use crate::support::{Fault, faults};

/// Markers on each key: a request carries so many of a thousand markers, so that there are several requests.
const STACK: usize = 40;
const KEYS: usize = 200;

#[test]
fn faults_of_the_deletes_lose_nothing() {
    let faults = [Fault::Throttle, Fault::Error500, Fault::ResetBefore, Fault::ApplyThenReset, Fault::CutBody];
    for fault in faults {
        let scene = Scene::deleted(KEYS, STACK);
        let proxy = scene.proxy();
        proxy.inject(fault.clone().on("DeleteObjects").every(3));
        let outcome = scene.behind(&proxy).run();
        outcome.code(0);
        assert_eq!(summary(&outcome, "done"), KEYS as u64, "{fault:?}");
        scene.assert_all_back();
    }
}

/// One call in seven or so fails, whatever it asks for. The pages of a list follow each other, so each fault of theirs is waited
/// for: a test of its own for each fault, and more pages where there is time.
#[track_caller]
fn nothing_is_lost_when_any_call_may_fail(fault: Fault) {
    let scene = Scene::deleted(KEYS, STACK);
    scene.bucket.state().page = faults(200, 50);
    let proxy = scene.proxy();
    proxy.inject(fault.on_any().percent(15, 7));
    let outcome = scene.behind(&proxy).args(["--verify", "all"]).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "verified")), (KEYS as u64, KEYS as u64));
    let calls: usize =
        ["ListObjectVersions", "DeleteObjects", "HeadObject"].into_iter().map(|action| proxy.calls(action)).sum();
    let arrived: usize = scene.bucket.state().calls.values().sum();
    assert!(calls > arrived + 10, "{calls} calls, of which {arrived} arrived: hardly one was struck");
    scene.assert_all_back();
}

#[test]
fn throttled_calls_lose_nothing() {
    nothing_is_lost_when_any_call_may_fail(Fault::Throttle);
}

#[test]
fn calls_that_fail_inside_lose_nothing() {
    nothing_is_lost_when_any_call_may_fail(Fault::Error500);
}

#[test]
fn calls_that_are_cut_off_lose_nothing() {
    nothing_is_lost_when_any_call_may_fail(Fault::ResetBefore);
}

#[test]
fn entries_that_fail_are_tried_again_alone() {
    let scene = Scene::deleted(KEYS, 1);
    for (key, code, times) in
        [("p/0003", "InternalError", 2), ("p/0004", "SlowDown", 1), ("p/0005", "AccessDenied", 99)]
    {
        scene.bucket.state().refused.insert(key.to_owned(), (code, times));
    }
    let outcome = scene.undelete().run();
    outcome.code(3).stdout_has("AccessDenied").stdout_has("p/0005");
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "failed")), (KEYS as u64 - 1, 1));
    assert_eq!(scene.bucket.state().refused["p/0005"].1, 98, "a denial is not tried again");
    scene.bucket.state().refused.clear();
    let rest = scene.undelete().run();
    rest.code(0);
    assert_eq!(summary(&rest, "done"), 1, "the same command tries again what failed, and nothing else: {rest}");
    scene.assert_all_back();
}

#[test]
fn a_denial_in_the_middle_ends_with_code_5_and_true_counts() {
    for fault in [Fault::AccessDenied("not any more".to_owned()), Fault::ExpiredToken] {
        let scene = Scene::deleted(KEYS, STACK);
        let proxy = scene.proxy();
        proxy.inject(fault.clone().on("DeleteObjects").after(2));
        let outcome = scene.behind(&proxy).args(["--concurrency", "1"]).run();
        outcome.code(5);
        assert_eq!(summary(&outcome, "done") as usize, scene.count_back(), "{fault:?}");
        assert!(scene.count_back() < KEYS);
        proxy.heal();
        scene.behind(&proxy).run().code(0);
        scene.assert_all_back();
    }
}

#[test]
fn who_may_not_list_or_not_look_is_told() {
    let scene = Scene::deleted(5, 1);
    let proxy = scene.proxy();
    proxy.inject(Fault::AccessDenied("no".to_owned()).on("ListObjectVersions"));
    scene.behind(&proxy).run().code(5).stderr_has("s3:ListBucketVersions").stderr_has(NAME);
    proxy.heal();
    proxy.inject(Fault::AccessDenied("no".to_owned()).on("HeadObject"));
    let outcome = scene.behind(&proxy).run();
    outcome.code(0).stderr_has("cannot be looked at");
    assert_eq!(summary(&outcome, "not_verified"), 1);
    scene.assert_all_back();
}

#[test]
fn somebody_who_writes_or_deletes_meanwhile_is_reported() {
    let scene = Scene::deleted(3, 1);
    let proxy = scene.proxy();
    proxy.inject(Fault::Delay(std::time::Duration::from_secs(2)).on("DeleteObjects"));
    let mut running = scene.behind(&proxy).args(["--verify", "all"]).spawn();
    running.wait_until("the list", |_| {
        scene.journal().exists() && std::fs::read_to_string(scene.journal()).is_ok_and(|text| text.contains("intent"))
    });
    {
        let mut state = scene.bucket.state();
        state.keys.get_mut("p/0001").expect("the key").insert(0, data("newer", 500));
        state.keys.get_mut("p/0002").expect("the key").insert(0, marker("again", 500));
    }
    let outcome = running.wait();
    outcome.code(3).stdout_has("WrittenMeanwhile").stdout_has("DeletedMeanwhile");
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "failed")), (1, 2));
    scene.assert_harmless();
}

/// With suspended versioning the id `null` may be data a moment later: it is looked at again right before the delete.
#[test]
fn a_null_marker_that_became_data_is_left_alone() {
    let keys = ["a", "b"].map(|key| (format!("p/{key}"), vec![marker("null", 20), data("v", 10)]));
    let scene = Scene::with(keys.into(), 1_000);
    scene.bucket.state().versioning = "Suspended".to_owned();
    let proxy = scene.proxy();
    proxy.inject(Fault::Delay(std::time::Duration::from_secs(2)).on("HeadObject"));
    let mut running = scene.behind(&proxy).args(["--allow-suspended"]).spawn();
    running.wait_until("the intent", |_| {
        std::fs::read_to_string(scene.journal()).is_ok_and(|text| text.contains("intent"))
    });
    scene.bucket.state().keys.insert("p/a".to_owned(), vec![data("null", 500), data("v", 10)]);
    let outcome = running.wait();
    outcome.code(3).stdout_has("WrittenMeanwhile");
    scene.assert_harmless();
    assert_eq!(scene.bucket.shown()["p/a"].as_deref(), Some("null"));
    assert_eq!(scene.bucket.shown()["p/b"].as_deref(), Some("v"));
}

#[test]
fn a_full_disk_under_the_journal_stops_before_anything_is_lost() {
    let scene = Scene::deleted(KEYS, STACK);
    scene.undelete().args(["--journal", DEV_FULL]).run().code(1).stderr_has(DEV_FULL);
    assert_eq!(scene.count_back(), 0, "nothing happens that cannot be written down");
    let disk = FullDisk::with_room(200_000);
    let journal = disk.path().join("j.jsonl");
    let line = ["--journal", journal.to_str().expect("text"), "--concurrency", "1"];
    let outcome = scene.undelete().args(line).on_disk(&disk).run();
    outcome.code(1).stderr_has("journal");
    let text = std::fs::read_to_string(&journal).expect("the journal");
    let announced = |key: &str| text.contains(&format!("\"key\":\"{key}\""));
    let back: Vec<_> = scene.bucket.shown().into_iter().filter(|(_, shown)| shown.is_some()).collect();
    assert!(!back.is_empty() && back.len() < KEYS, "{}", back.len());
    assert!(back.iter().all(|(key, _)| announced(key)), "each change was announced before");
    assert_eq!(summary(&outcome, "done"), back.len() as u64, "what is counted is back, and nothing else");
    scene.assert_harmless();
}

#[test]
fn too_many_errors_end_with_code_7() {
    let scene = Scene::deleted(KEYS, STACK);
    for number in 0..50 {
        scene.bucket.state().refused.insert(format!("p/{number:04}"), ("AccessDenied", usize::MAX));
    }
    let errors = scene.home.path().join("errors.jsonl").display().to_string();
    let outcome = scene.undelete().args(["--max-errors", "10", "--concurrency", "1", "--errors", &errors]).run();
    assert!(matches!(outcome.code, Some(5 | 7)), "{outcome}");
    let written = std::fs::read_to_string(&errors).expect("the file of errors");
    assert_eq!(written.lines().count() as u64, summary(&outcome, "failed"));
    assert_eq!(scene.count_back() as u64, summary(&outcome, "done"));
}

/// Faults by chance on every call, run after run, until one ends well: the end is the same.
#[test]
fn whatever_happens_on_the_way_the_end_is_the_same() {
    for seed in 0..faults(2, 20) as u64 {
        let scene = Scene::deleted(60, STACK);
        scene.bucket.state().page = 100;
        let proxy = scene.proxy();
        proxy.inject(Fault::ApplyThenReset.on("DeleteObjects").percent(30, seed));
        proxy.inject(Fault::AccessDenied("now and then".to_owned()).on("DeleteObjects").percent(30, seed + 1));
        let mut last = None;
        for _ in 0..30 {
            let outcome = scene.behind(&proxy).args(["--max-attempts", "2", "--concurrency", "2"]).run();
            scene.assert_harmless();
            let ended = outcome.code == Some(0);
            last = Some(outcome);
            if ended {
                break;
            }
        }
        last.expect("a run").code(0);
        scene.assert_all_back();
    }
}
