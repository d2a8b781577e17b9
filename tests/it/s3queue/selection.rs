//! Which objects: sources, filters, date folders.

use super::{Scene, summary};
use crate::support::Outcome;

fn estimate(outcome: &Outcome) -> u64 {
    outcome.stdout_json()["plan"]["estimate"]["items"].as_u64().expect("a dry run has an estimate")
}

#[test]
fn a_source_by_its_label_is_all_its_prefixes_and_nothing_else() {
    let scene = Scene::new();
    let outcome = scene.tool().args(["--source-label", "Acme CloudTrail", "--json"]).run();
    outcome.code(0);
    assert!(summary(&outcome, "no_source") > 0, "digests are excluded, Virginia is another source's: {outcome}");
    let judged = scene.consumed();
    assert_eq!(judged.len() as u64, summary(&outcome, "done"));
    let sources: std::collections::BTreeSet<&str> =
        judged.iter().filter_map(|object| object["source_id"].as_str()).collect();
    assert_eq!(sources.len(), 1, "{sources:?}");
    assert!(judged.iter().all(|object| object["outcome"] == "ingested"));
}

#[test]
fn a_path_wider_than_its_sources_is_what_they_read() {
    let scene = Scene::new();
    let path = "s3://acme-cloudtrail-444455556666/AWSLogs";
    let outcome = scene.tool().args(["-s3path", path, "-interactive=false", "--json"]).run();
    outcome.code(0).stderr_has("no source reads all of").stderr_has("source `Acme CloudTrail`");
    let judged = scene.consumed();
    assert_eq!(judged.len() as u64, summary(&outcome, "done"));
    assert!(!judged.is_empty() && judged.iter().all(|object| object["outcome"] == "ingested"));
}

#[test]
fn a_bucket_that_only_the_sources_role_may_list() {
    let scene = Scene::new();
    let own = scene.tool().args(["--source-label", "Acme Restricted", "--dry-run"]).run();
    own.code(5).stderr_has("s3:ListBucket");
    let assumed = scene.tool().args(["--source-label", "Acme Restricted", "--assume-source-role", "--json"]).run();
    assumed.code(0);
    assert!(summary(&assumed, "done") > 0);
}

#[test]
fn what_sources_share_is_not_replayed_by_accident() {
    let scene = Scene::new();
    let refused = scene.tool().args(["--source-label", "Okta forwarder"]).run();
    refused.code(1).stderr_has("Osquery fleet").stderr_has("--all-sources-of-prefix");
    scene.tool().args(["--source-label", "Okta forwarder", "--all-sources-of-prefix"]).run().code(0);
}

#[test]
fn filters_by_key_size_and_position() {
    let scene = Scene::new();
    let s3 = scene.sandbox.s3();
    s3.put(&scene.bucket, [("p/a.gz", "x"), ("p/b.gz", "xxxxx"), ("p/c.txt", "xxx"), ("p/d/e.gz", "xxxx")]);
    let table: [(&[&str], u64); 8] = [
        (&[], 4),
        (&["--include", "*.gz"], 3),
        (&["--exclude", "*.gz"], 1),
        (&["--include", "re:^p/[a-c]\\."], 3),
        (&["--include", "*.gz", "--exclude", "p/d/*"], 2),
        (&["--min-size", "4"], 2),
        (&["--max-size", "3"], 2),
        (&["--start-after", "p/b.gz"], 2),
    ];
    for (flags, expected) in table {
        let outcome = scene.forced().args(flags).args(["--dry-run", "--json"]).run();
        outcome.code(0);
        assert_eq!(estimate(&outcome), expected, "{flags:?}");
    }
    let sent = scene.forced().args(["--include", "*.txt", "--json"]).run();
    assert_eq!((summary(&sent, "done"), summary(&sent, "filtered"), summary(&sent, "skipped")), (1, 3, 3));
}

#[test]
fn times_of_last_modification_are_half_open() {
    let scene = Scene::with_objects(2);
    for (flags, expected) in [(["--start", "1h ago"], 2), (["--end", "1h ago"], 0)] {
        let outcome = scene.forced().args(flags).args(["--dry-run", "--json"]).run();
        assert_eq!(estimate(&outcome), expected, "{flags:?}");
    }
}

#[test]
fn archived_objects_are_left_out_unless_asked_for() {
    let scene = Scene::new();
    let path = ["--s3path", "s3://acme-application-logs/payments/year=2025/"];
    let outcome = scene.tool().args(path).args(["--json"]).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "archived")), (0, 6), "{outcome}");
    let all = scene.tool().args(path).args(["--include-archived", "--dry-run", "--json"]).run();
    assert_eq!(estimate(&all), 6);
}

#[test]
fn date_folders_are_chosen_by_their_names() {
    let scene = Scene::new();
    let days = ["2026/03/01", "2026/03/02", "2026/03/03"];
    scene.put(days.iter().flat_map(|day| (0..3).map(move |n| format!("p/AWSLogs/1/CloudTrail/eu/{day}/{n}.gz"))));
    let range = ["--partitions", "--start", "2026-03-02", "--end", "2026-03-03"];
    scene.forced().args(range).run().code(0);
    let arrived = scene.arrived();
    assert_eq!(arrived.len(), 3);
    assert!(arrived.keys().all(|key| key.contains("/2026/03/02/")), "{arrived:?}");
    scene.forced().args(["--partitions"]).run().code(2).stderr_has("--start");
}

#[test]
fn several_paths_and_what_lies_within_another() {
    let scene = Scene::new();
    scene.put(["p/1", "p/q/2", "r/3"].map(str::to_owned));
    let paths = [scene.path("p/"), scene.path("p/q/"), scene.path("r/")];
    let outcome = paths.iter().fold(scene.tool().args(["--force"]), |tool, path| tool.args(["--s3path", path])).run();
    outcome.code(0).stderr_has("lies within another path");
    assert_eq!(scene.arrived().into_values().collect::<Vec<_>>(), [1, 1, 1]);
}
