//! Manifests, lists and reports: files that other machines and other tools read.

use super::bucket::{Keys, NAME, data, marker};
use super::{Scene, deleted, summary};
use crate::support::Fault;

#[test]
fn manifests_are_worked_off_by_as_many_machines() {
    let mut keys = deleted(2_500, 1);
    keys.insert("p/orphan".to_owned(), vec![marker("o", 50)]);
    let scene = Scene::with(keys, 1_000);
    let prefix = scene.home.path().join("plan").display().to_string();
    let path = format!("s3://{NAME}/p/");
    let split = scene.tool().args(["--s3path", &path, "--split", "3", "--manifests", &prefix, "--json"]).run();
    split.code(0).stdout_has("--from-manifest");
    assert_eq!(summary(&split, "done"), 2_500);
    assert_eq!(scene.count_back(), 0, "splitting changes nothing");
    let mut total = 0;
    for part in 1..=3 {
        let manifest = format!("{prefix}-{part}-of-3.jsonl");
        scene.tool().args(["--from-manifest", &manifest]).run().code(6).stderr_has(NAME);
        let line = ["--from-manifest", &manifest, "--confirm", NAME, "--json"];
        let outcome = scene.tool().args(line).run();
        outcome.code(0);
        assert!(summary(&outcome, "done") > 0, "part {part} has work");
        total += summary(&outcome, "done");
    }
    assert_eq!((total, scene.count_back()), (2_500, 2_500));
    scene.assert_harmless();
    assert_eq!(scene.bucket.keys()["p/orphan"].len(), 1);
}

#[test]
fn a_manifest_that_was_changed_is_refused() {
    let scene = Scene::deleted(3, 1);
    let prefix = scene.home.path().join("plan").display().to_string();
    let path = format!("s3://{NAME}/p/");
    scene.tool().args(["--s3path", &path, "--split", "1", "--manifests", &prefix]).run().code(0);
    let manifest = format!("{prefix}-1-of-1.jsonl");
    let whole = std::fs::read_to_string(&manifest).expect("the manifest");
    for (broken, said) in [
        (whole.replace("\"m1-0\"", "\"v1\""), "not those that were written"),
        (whole.lines().take(3).collect::<Vec<_>>().join("\n"), "cut short"),
        ("nonsense\n".to_owned(), "does not begin"),
        (String::new(), "empty"),
    ] {
        std::fs::write(&manifest, broken).expect("writable");
        let outcome = scene.tool().args(["--from-manifest", &manifest, "--confirm", NAME]).run();
        outcome.code(1).stderr_has(said).stderr_has(&manifest);
    }
    assert_eq!(scene.count_back(), 0);
    scene.assert_harmless();
}

#[test]
fn lists_name_what_came_back_for_the_tools_that_follow() {
    let folder = "p/../logs/aws_cloudtrail/year=2026/month=01/day=31/hour=05/";
    let processed = folder.trim_start_matches("p/../");
    let names = [
        format!("{processed}a.json.gz"),
        format!("{processed}b.json.gz"),
        "rules/okta/year=2026/month=02/day=01/hour=00/rule_id=A/x.json.gz".to_owned(),
    ];
    let keys: Keys = names.iter().map(|key| (key.clone(), vec![marker("m", 20), data("v", 10)])).collect();
    let scene = Scene::with(keys, 1_000);
    let (list, hours) =
        (scene.home.path().join("list").display().to_string(), scene.home.path().join("hours").display().to_string());
    let path = format!("s3://{NAME}");
    let line =
        ["--s3path", &path, "--whole-bucket", "--confirm", NAME, "--restored", &list, "--hours", &hours, "--json"];
    scene.tool().args(line).run().code(0).stdout_has("s3queue --from-file").stdout_has("s3sns");
    let first: serde_json::Value =
        serde_json::from_str(std::fs::read_to_string(&list).expect("the list").lines().next().expect("a line"))
            .expect("JSON");
    assert_eq!(
        first,
        serde_json::json!({ "bucket": NAME, "key": names[0], "size": 5, "last_modified": "1970-01-01T00:00:10Z",
                            "etag": "etag-v", "storage_class": "STANDARD", "version_id": "v" })
    );
    let hours: Vec<serde_json::Value> = std::fs::read_to_string(&hours)
        .expect("the hours")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(hours.len(), 2);
    assert_eq!(
        (hours[0]["table"].as_str(), hours[0]["objects"].as_u64(), hours[0]["bytes"].as_u64()),
        (Some("aws_cloudtrail"), Some(2), Some(10))
    );
    assert_eq!(hours[1]["database"], "panther_rule_matches");
}

#[test]
fn what_is_passed_over_is_written_with_its_reason() {
    let keys: Keys = [
        ("p/before", vec![marker("b", 5), data("v", 1)]),
        ("p/again", vec![marker("x", 90), marker("y", 20), data("v", 1)]),
        ("p/orphan", vec![marker("o", 20)]),
        ("p/live", vec![data("v", 1)]),
        ("p/back", vec![marker("z", 20), data("v", 1)]),
    ]
    .map(|(key, entries)| (key.to_owned(), entries))
    .into();
    let scene = Scene::with(keys, 2);
    let (skipped, orphans) = (
        scene.home.path().join("skipped").display().to_string(),
        scene.home.path().join("orphans").display().to_string(),
    );
    let line = [
        "--since",
        "1970-01-01T00:00:10Z",
        "--until",
        "1970-01-01T00:01:00Z",
        "--skipped",
        &skipped,
        "--orphans",
        &orphans,
    ];
    let outcome = scene.undelete().args(line).run();
    outcome.code(0);
    for (name, count) in [
        ("total", 5),
        ("done", 1),
        ("skipped", 2),
        ("deleted_before", 1),
        ("deleted_again", 1),
        ("orphans", 1),
        ("live", 1),
        ("markers_removed", 1),
    ] {
        assert_eq!(summary(&outcome, name), count, "{name}: {outcome}");
    }
    let skipped = std::fs::read_to_string(&skipped).expect("the file");
    assert!(
        skipped.contains("\"key\":\"p/before\",\"reason\":\"deleted_before\"")
            && skipped.contains("\"reason\":\"deleted_again\""),
        "{skipped}"
    );
    let orphans = std::fs::read_to_string(&orphans).expect("the file");
    assert!(orphans.contains("\"key\":\"p/orphan\"") && orphans.lines().count() == 1, "{orphans}");
}

/// The list may be the only trace of objects that nobody was told of: the same command once more finds nothing to bring back.
#[test]
fn the_list_of_an_earlier_run_is_kept() {
    let scene = Scene::deleted(3, 1);
    let path = |name: &str| scene.home.path().join(name);
    let (list, hours) = (path("list").display().to_string(), path("hours").display().to_string());
    let run = || scene.undelete().args(["--restored", &list, "--hours", &hours]).run();
    let lines = |path: &std::path::Path| std::fs::read_to_string(path).expect("a list").lines().count();
    run().code(0);
    assert_eq!(lines(&path("list")), 3);
    run().code(0).stderr_has("list.1");
    assert_eq!((lines(&path("list")), lines(&path("list.1"))), (0, 3));
    run().code(0);
    assert!(!path("list.2").exists(), "an empty list is not kept");
}

#[test]
fn lists_that_cannot_be_written_stop_the_run_before_it_begins() {
    let scene = Scene::deleted(3, 1);
    for flag in ["--restored", "--hours", "--orphans", "--skipped"] {
        scene.undelete().args([flag, "/nonexistent/list"]).run().code(1).stderr_has("/nonexistent/list");
        assert_eq!(scene.count_back(), 0, "{flag}");
    }
}

/// The id `null` is a marker when the manifest is written; versioning is suspended, somebody writes, versioning is enabled again.
#[test]
fn a_null_marker_of_an_old_manifest_that_became_data_is_left_alone() {
    let keys = ["a", "b"].map(|key| (format!("p/{key}"), vec![marker("null", 20), data("v", 10)]));
    let scene = Scene::with(keys.into(), 1_000);
    let prefix = scene.home.path().join("plan").display().to_string();
    let path = format!("s3://{NAME}/p/");
    scene.tool().args(["--s3path", &path, "--split", "1", "--manifests", &prefix]).run().code(0);
    scene.bucket.state().keys.insert("p/a".to_owned(), vec![data("null", 500), data("v", 10)]);
    let manifest = format!("{prefix}-1-of-1.jsonl");
    let outcome = scene.tool().args(["--from-manifest", &manifest, "--confirm", NAME, "--json"]).run();
    outcome.code(3).stdout_has("WrittenMeanwhile");
    scene.assert_harmless();
    assert_eq!(scene.bucket.shown()["p/a"].as_deref(), Some("null"));
    assert_eq!(scene.bucket.shown()["p/b"].as_deref(), Some("v"));
}

#[test]
fn a_split_that_fails_leaves_the_manifests_of_before() {
    let scene = Scene::deleted(30, 1);
    scene.bucket.state().page = 10;
    let prefix = scene.home.path().join("plan").display().to_string();
    let line = ["--s3path", &format!("s3://{NAME}/p/"), "--split", "2", "--manifests", &prefix];
    scene.tool().args(line).run().code(0);
    let manifest = format!("{prefix}-1-of-2.jsonl");
    let before = std::fs::read_to_string(&manifest).expect("the manifest");
    let proxy = scene.proxy();
    proxy.inject(Fault::AccessDenied("no".to_owned()).on("ListObjectVersions").after(1));
    super::at(&scene.home, &proxy.url()).args(line).run().code(5);
    assert_eq!(std::fs::read_to_string(&manifest).expect("the manifest"), before);
    let names = std::fs::read_dir(scene.home.path())
        .expect("the home")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let left: Vec<_> = names.filter(|name| name.ends_with(".unfinished")).collect();
    assert!(left.is_empty(), "{left:?}");
}
