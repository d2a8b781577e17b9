//! The way back: what it must never take away, and what it leaves behind when it is stopped.

use super::bucket::{NAME, data, marker};
use super::{Scene, summary};
use crate::support::Fault;

/// To delete a key without a version id removes its version `null` for ever where versioning is suspended, and everything
/// where there is none.
#[test]
fn an_undo_never_removes_data() {
    let null = ("p/null".to_owned(), vec![marker("m", 20), data("null", 10)]);
    let below = ("p/below".to_owned(), vec![marker("m", 20), data("v", 15), data("null", 10)]);
    let other = ("p/other".to_owned(), vec![marker("m", 20), data("v", 10)]);
    let scene = Scene::with([null, below, other].into(), 1_000);
    scene.undelete().run().code(0);
    scene.bucket.state().versioning = "Suspended".to_owned();
    scene.undo().code(1).stderr_has("suspended").stderr_has("--allow-suspended");
    assert_eq!(scene.count_back(), 3);
    let undone = scene.undo_with(&["--allow-suspended"]);
    undone.code(3).stdout_has("NullVersion");
    assert_eq!((summary(&undone, "done"), summary(&undone, "failed")), (1, 2), "{undone}");
    assert_eq!(scene.bucket.shown()["p/other"], None);
    scene.bucket.state().versioning = String::new();
    scene.undo_with(&["--allow-suspended"]).code(1).stderr_has("keeps no versions");
    assert!(scene.bucket.state().lost.is_empty(), "{:?}", scene.bucket.state().lost);
    scene.bucket.state().versioning = "Enabled".to_owned();
    scene.undo().code(0);
    assert_eq!(scene.count_back(), 0);
    assert!(scene.bucket.state().lost.is_empty());
}

/// Else the first command would pass over what it had brought back and the undo had deleted again.
#[test]
fn after_an_undo_that_was_stopped_the_first_command_brings_everything_back() {
    let scene = Scene::deleted(30, 1);
    scene.undelete().args(["--limit", "20"]).run().code(0);
    scene.undo_with(&["--limit", "5"]).code(0);
    assert_eq!(scene.count_back(), 15);
    let again = scene.undelete().run();
    again.code(0).nowhere("goes on");
    assert_eq!(summary(&again, "done"), 15);
    assert_eq!(scene.count_back(), 30);
    assert!(scene.bucket.state().lost.is_empty());
}

#[test]
fn an_undo_that_may_not_ask_for_versioning_deletes_nothing() {
    let scene = Scene::deleted(3, 1);
    scene.undelete().run().code(0);
    let proxy = scene.proxy();
    proxy.inject(Fault::AccessDenied("no".to_owned()).on("GetBucketVersioning"));
    let journal = scene.journal().display().to_string();
    let denied = super::at(&scene.home, &proxy.url()).args(["--undo", &journal, "--confirm", NAME]).run();
    denied.code(5).stderr_has("s3:GetBucketVersioning");
    assert_eq!(scene.count_back(), 3);
}

/// Each run of a command begins a journal of its own, and the one before it gets a number.
#[test]
fn an_undo_names_the_journals_of_earlier_runs() {
    let scene = Scene::deleted(3, 1);
    scene.undelete().run().code(0);
    scene.undelete().run().code(0);
    let undone = scene.undo();
    undone.code(0).stderr_has("j.jsonl.1");
    assert_eq!((summary(&undone, "done"), scene.count_back()), (0, 3));
    let journal = format!("{}.1", scene.journal().display());
    scene.tool().args(["--undo", &journal, "--confirm", NAME]).run().code(0);
    assert_eq!(scene.count_back(), 0);
}
