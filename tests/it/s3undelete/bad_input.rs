//! Bad input: an error that names the object and the next step, the right code, and nothing changed.

use super::bucket::{NAME, data, marker};
use super::{Scene, summary};

#[test]
fn malformed_lines_are_usage_errors() {
    let scene = Scene::deleted(1, 1);
    let path = format!("s3://{NAME}/p/");
    let whole = format!("s3://{NAME}");
    let plan = scene.home.path().join("plan").display().to_string();
    scene.tool().args(["--s3path", &path, "--split", "1", "--manifests", &plan]).run().code(0);
    let manifest = format!("{plan}-1-of-1.jsonl");
    let table: [(&[&str], &str); 18] = [
        (&["--s3path", "bucket/prefix"], "s3://bucket/prefix"),
        (&["--s3path", &whole], "--whole-bucket"),
        (&["--s3path", &path, "--since", "yesterday"], "--start"),
        (&["--s3path", &path, "--since", "2026-01-02", "--until", "2026-01-01"], "--end"),
        (&["--s3path", &path, "--include", "re:("], "--include"),
        (&["--s3path", &path, "--rate=-1"], "0.5 or 200"),
        (&["--s3path", &path, "--split", "0"], "above 0"),
        (&["--s3path", &path, "--manifests", "x"], "--split"),
        (&["--s3path", &path, "--marker-version-id", ""], "empty"),
        (&["--s3path", &path, "--no-journal", "--restored", "x"], "journal"),
        (&["--s3path", &path, "--from-manifest", "x"], "more than one way"),
        (&["--s3path", &path, "--undo", "x"], "stands alone"),
        (&["--undo", "x", "--include", "p/a*"], "no part of it"),
        (&["--undo", "x", "--deep"], "no part of it"),
        (&["--undo", "x", "--restored", "y"], "no lists"),
        (&["--from-manifest", &manifest, "--skipped", "y"], "too late"),
        (&["--s3path", &path, "--verify", "some"], "--verify"),
        (&[], "--s3path"),
    ];
    for (line, expected) in table {
        scene.tool().args(["--confirm", NAME]).args(line).run().code(2).stderr_has(expected).stdout_empty();
    }
    assert_eq!(scene.count_back(), 0);
}

#[test]
fn nothing_happens_without_the_buckets_name() {
    let scene = Scene::deleted(3, 1);
    let path = format!("s3://{NAME}/p/");
    let journal = scene.journal().display().to_string();
    for line in [&["--yes"][..], &["--confirm", "other"], &["--confirm", "p/"], &["--no-input"]] {
        scene.tool().args(["--s3path", &path, "--journal", &journal]).args(line).run().code(6).stderr_has(NAME);
    }
    assert_eq!(scene.count_back(), 0);
    assert!(!scene.journal().exists() || std::fs::read(scene.journal()).is_ok_and(|bytes| bytes.is_empty()));
    let mut terminal = scene.tool().args(["--s3path", &path, "--journal", &journal]).terminal();
    terminal.expect("Type `versions`").send_line("yes");
    terminal.wait().code(6).stderr_has("nothing was changed");
    scene.undelete().args(["--dry-run"]).run().code(0);
    assert_eq!(scene.count_back(), 0);
    scene.undelete().run().code(0);
    scene.assert_all_back();
    let undo = scene.tool().args(["--undo", &journal]).run();
    undo.code(6).stderr_has(NAME);
    scene.assert_all_back();
}

#[test]
fn buckets_that_keep_no_versions_or_suspended_them() {
    let scene = Scene::deleted(2, 1);
    scene.bucket.state().versioning = String::new();
    scene.undelete().run().code(1).stderr_has("keeps no versions");
    scene.bucket.state().versioning = "Suspended".to_owned();
    scene.undelete().run().code(1).stderr_has("--allow-suspended");
    assert_eq!(scene.count_back(), 0);
    scene.undelete().args(["--allow-suspended"]).run().code(0).stderr_has("suspended");
    scene.assert_all_back();
}

#[test]
fn a_bucket_that_is_gone_is_named() {
    let scene = Scene::deleted(1, 1);
    scene
        .tool()
        .args(["--s3path", "s3://no-such-bucket/p/", "--confirm", "no-such-bucket"])
        .run()
        .code(1)
        .stderr_has("no-such-bucket");
    scene.undelete().args(["--expect-account", "999999999999"]).run().code(1).stderr_has("wrong account");
    scene.undelete().args(["--region", "mars-1"]).run().code(1).stderr_has("mars-1");
    // The bucket's own region, whatever was typed.
    let elsewhere = scene.undelete().args(["--region", "us-west-2"]).run();
    elsewhere.code(0);
    assert_eq!(elsewhere.stdout_json()["identity"]["region"], "eu-central-1");
}

#[test]
fn a_bucket_that_wants_a_code_gets_it_and_nobody_else_does() {
    let scene = Scene::deleted(3, 1);
    scene.bucket.state().mfa = Some("arn:aws:iam::111122223333:mfa/ops 987654".to_owned());
    let serial = "arn:aws:iam::111122223333:mfa/ops";
    scene.undelete().run().code(2).stderr_has("--mfa");
    scene.undelete().args(["--mfa", &format!("{serial}-987654")]).run().code(2).nowhere("987654");
    let wrong = scene.undelete().args(["--mfa", &format!("{serial} 123450")]).run();
    wrong.code(5).nowhere("123450");
    assert_eq!(scene.count_back(), 0);
    let errors = scene.home.path().join("errors.jsonl").display().to_string();
    let right = scene.undelete().args(["--mfa", &format!("{serial} 987654"), "-v", "-v", "--errors", &errors]).run();
    right.code(0).nowhere("987654");
    scene.assert_all_back();
    for file in [scene.journal().display().to_string(), errors] {
        let text = std::fs::read_to_string(file).expect("the file");
        assert!(!text.contains("987654") && !text.contains("123450"), "{text}");
    }
}

#[test]
fn rules_that_will_delete_again_are_told() {
    let scene = Scene::deleted(1, 1);
    scene.bucket.state().lifecycle = Some(
        "<LifecycleConfiguration><Rule><ID>week</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter>\
         <Expiration><Days>7</Days></Expiration><NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays>\
         </NoncurrentVersionExpiration></Rule><Rule><ID>other</ID><Status>Enabled</Status><Filter><Prefix>q/</Prefix>\
         </Filter><Expiration><Days>1</Days></Expiration></Rule><Rule><ID>off</ID><Status>Disabled</Status>\
         <Filter><Prefix></Prefix></Filter><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"
            .to_owned(),
    );
    let outcome = scene.undelete().args(["--dry-run"]).run();
    outcome.code(0).stderr_has("rule `week`").stderr_has("7 days after it was deleted");
    outcome.nowhere("`other`").nowhere("`off`");
}

#[test]
fn more_than_was_allowed_is_nothing_at_all() {
    let scene = Scene::deleted(30, 1);
    scene
        .undelete()
        .args(["--max-restore", "29"])
        .run()
        .code(1)
        .stderr_has("more than 29")
        .stderr_has("nothing was changed");
    assert_eq!(scene.count_back(), 0);
    scene.undelete().args(["--max-restore", "30"]).run().code(0);
    assert_eq!(scene.count_back(), 30);
}

#[test]
fn journals_of_others_are_refused() {
    let scene = Scene::deleted(2, 1);
    let notes = scene.home.write("notes.txt", "my notes\n").display().to_string();
    scene.undelete().args(["--journal", &notes]).run().code(1).stderr_has("no journal");
    let undone = scene.tool().args(["--undo", &notes, "--confirm", NAME]).run();
    undone.code(1).stderr_has("no journal").nowhere("--fresh").nowhere("--journal");
    scene.tool().args(["--undo", "none.jsonl", "--confirm", NAME]).run().code(1).stderr_has("none.jsonl");
    let empty = scene.home.write("empty", "").display().to_string();
    scene.tool().args(["--undo", &empty, "--confirm", NAME]).run().code(1).stderr_has("no journal");
    scene.undelete().args(["--limit", "1"]).run().code(0);
    scene.undelete().args(["--since", "1970-01-01"]).run().code(1).stderr_has("another plan");
    assert_eq!(std::fs::read_to_string(&notes).expect("still there"), "my notes\n");
}

#[test]
fn archived_objects_come_back_and_are_counted() {
    let mut archived = data("v", 10);
    archived.data.as_mut().expect("data").class = "DEEP_ARCHIVE";
    let scene = Scene::with([("p/a".to_owned(), vec![marker("m", 20), archived])].into(), 1_000);
    let outcome = scene.undelete().run();
    outcome.code(0).stdout_has("RestoreObject");
    assert_eq!(summary(&outcome, "archived"), 1);
    scene.assert_all_back();
}

#[test]
fn a_place_without_any_key_is_said_to_have_none() {
    let scene = Scene::deleted(2, 1);
    let path = format!("s3://{NAME}/q/");
    let line = ["--s3path", &path, "--confirm", NAME];
    scene.tool().args(line).run().code(0).stdout_has("no key").stdout_has("/q/");
    scene.tool().args(line).args(["--dry-run", "--fresh"]).run().code(0).stderr_has("no key");
    let plan = scene.home.path().join("plan").display().to_string();
    let split = scene.tool().args(line).args(["--split", "2", "--manifests", &plan]).run();
    split.code(0).stdout_has("no key").nowhere("--from-manifest");
    scene.undelete().run().code(0);
    scene.undelete().run().code(0).nowhere("no key");
    let path = format!("s3://{NAME}/p/");
    let split = scene.tool().args(["--s3path", &path, "--split", "2", "--manifests", &plan]).run();
    split.code(0).nowhere("--from-manifest").nowhere("no key");
}

/// Keys are other people's: shown raw, one could write on the operator's screen what it likes.
#[test]
fn a_key_cannot_steer_the_terminal() {
    let key = "p/\u{1b}[2J\u{1b}]0;x\u{7}";
    let scene = Scene::with([(key.to_owned(), vec![marker("m", 20), data("v", 10)])].into(), 1_000);
    scene.bucket.state().refused.insert(key.to_owned(), ("InternalError", usize::MAX));
    let line = ["--s3path", &format!("s3://{NAME}/p/"), "--confirm", NAME, "-v", "--max-attempts", "1"];
    scene.tool().args(line).run().code(3).stdout_has("[2J").nowhere("\u{1b}");
    scene.bucket.state().refused.clear();
    scene.tool().args(line).run().code(0).stderr_has("[2J").nowhere("\u{1b}");
}
