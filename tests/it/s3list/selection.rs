//! Which objects become rows.

use super::{Scene, column, csv_rows, report, set, summary};
use crate::support::{Sandbox, tool};

#[test]
fn filters_leave_out_and_count() {
    let scene = Scene::with(["p/a.log", "p/b.log", "p/c.txt", "p/d/e.log"]);
    scene.sandbox.s3().put(&scene.bucket, [("p/big.log", "x".repeat(100)), ("p/empty.log", String::new())]);
    scene.sandbox.s3().put(&scene.bucket, [("p/folder/", "content")]);
    let table: [(&[&str], &[&str]); 9] = [
        (&[], &["p/a.log", "p/b.log", "p/big.log", "p/c.txt", "p/d/e.log"]),
        (&["--include", "*.log"], &["p/a.log", "p/b.log", "p/big.log", "p/d/e.log"]),
        (&["--exclude", "re:/[ab]"], &["p/c.txt", "p/d/e.log"]),
        (&["--min-size", "6"], &["p/big.log"]),
        (&["--max-size", "5"], &["p/a.log", "p/b.log", "p/c.txt", "p/d/e.log"]),
        (&["--start-after", "p/c"], &["p/c.txt", "p/d/e.log"]),
        (&["--end", "2001-01-01"], &[]),
        (&["--start", "2001-01-01", "--include", "p/a*"], &["p/a.log"]),
        (&["--include-empty", "--include", "p/{empty,folder}*"], &["p/empty.log", "p/folder/"]),
    ];
    for (flags, expected) in table {
        let outcome = scene.tool().args([&scene.path("p/")]).args(flags).run();
        outcome.code(0);
        assert_eq!(column(&outcome, "key"), set(expected.iter().copied()), "{flags:?}");
        assert_eq!(summary(&outcome, "done") + summary(&outcome, "skipped"), summary(&outcome, "total"), "{flags:?}");
    }
}

#[test]
fn a_limit_is_exact_and_takes_the_first() {
    let scene = Scene::with((0..30).map(|number| format!("p/{number:02}")));
    let outcome = scene.tool().args([&scene.path("p/"), "--limit", "7"]).run();
    outcome.code(0);
    assert_eq!(column(&outcome, "key"), set((0..7).map(|number| format!("p/{number:02}"))));
    let planned = scene.tool().args([&scene.path("p/"), "--limit", "7", "--dry-run"]).run();
    planned.code(0).stdout_empty();
    let report = report(&planned);
    assert_eq!((&report["status"], &report["plan"]["estimate"]["items"]), (&"planned".into(), &7.into()));
    assert_eq!(report["summary"]["total"], 0);
}

#[test]
fn several_paths_are_listed_once_each() {
    let scene = Scene::with(["a/1", "a/b/2", "c/3", "d/4"]);
    let paths = [scene.path("a/b/"), scene.path("a/"), scene.path("c/"), scene.path("a/")];
    let outcome = scene.tool().args(&paths[..3]).args(["--s3path", &paths[3]]).run();
    outcome.code(0);
    assert_eq!(column(&outcome, "key"), set(["a/1", "a/b/2", "c/3"]));
}

#[test]
fn sources_are_chosen_by_each_flag() {
    let sandbox = Sandbox::shared();
    let buckets = |flags: &[&str]| {
        let outcome = tool("s3list").sandbox(sandbox).args(["-q", "--json"]).args(flags).run();
        outcome.code(0);
        csv_rows(&outcome.stdout)
            .into_iter()
            .map(|row| row["source_label"].clone())
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(buckets(&["--label", "Acme CloudTrail"]), set(["Acme CloudTrail"]));
    assert_eq!(buckets(&["--source-label", "Acme CloudTrail*"]), set(["Acme CloudTrail", "Acme CloudTrail Virginia"]));
    assert_eq!(
        buckets(&["--log-type", "AWS.VPCFlow", "--log-type", "Custom.Odd"]),
        set(["Acme Applications", "Acme VPC flow"])
    );
    let outcome = tool("s3list").sandbox(sandbox).args(["--label", "Acme CloudTrial"]).run();
    outcome.code(1).stderr_has("Acme CloudTrail");
    tool("s3list").sandbox(sandbox).args(["--type", "gcp-pubsub"]).run().code(1).stderr_has("no source to list");
}

#[test]
fn a_path_needs_no_sources() {
    let scene = Scene::with(["p/1"]);
    let outcome = scene.tool().env("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9").args(["--max-attempts", "1"]);
    let outcome = outcome.env("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9").args([&scene.path("p/")]).run();
    outcome.code(0);
    let rows = csv_rows(&outcome.stdout);
    assert_eq!((rows[0]["key"].as_str(), rows[0]["source_id"].as_str()), ("p/1", ""));
    assert!(
        report(&outcome)["plan"]["warnings"][0].as_str().is_some_and(|text| text.contains("do not name their sources"))
    );
    let known = scene.tool().args([&scene.path("p/")]).run();
    assert_eq!(csv_rows(&known.stdout)[0]["source_id"], "unmatched");
}
