//! What `s3list` writes, `s3queue` reads: every form, unchanged, key by key.

use std::collections::BTreeSet;

use super::Scene;
use crate::support::{Sandbox, tool};

/// The odd keys of the seeded bucket, which the log processor can read.
const ODD: [&str; 8] =
    ["a b.log", "a+b.log", "100%.log", "a%20b.log", "ü/日本.json.gz", "x=1/y&z<q>.gz", "new\nline.log", "what?#.log"];

/// Every object that the queue tells of.
fn told(sandbox: &Sandbox, url: &str) -> BTreeSet<String> {
    let bodies = sandbox.sqs().drain(url);
    bodies.keys().flat_map(|body| crate::s3queue::named_objects(body)).map(|(_, key, _)| key).collect()
}

#[test]
fn a_list_in_each_form_feeds_s3queue_unchanged() {
    let sandbox = Sandbox::shared();
    for (format, breaks) in [("csv", true), ("jsonl", true), ("plain", false)] {
        let queue = sandbox.name("queue");
        let url = sandbox.sqs().create(&queue);
        let path = "s3://acme-application-logs/odd/";
        let list = tool("s3list").sandbox(sandbox).args(["-q", "--format", format, path, "-o", "-"]).run();
        list.code(if breaks { 0 } else { 3 });
        let feed = tool("s3queue").sandbox(sandbox).args(["--queue", &queue, "--from-file", "-", "--json"]);
        let outcome = feed.stdin(list.stdout.clone()).run();
        outcome.code(0);
        let expected: BTreeSet<String> =
            ODD.iter().filter(|name| breaks || !name.contains('\n')).map(|name| format!("odd/{name}")).collect();
        assert_eq!(told(sandbox, &url), expected, "{format}");
    }
}

#[test]
fn a_compressed_list_feeds_s3queue_and_versions_name_what_is_current() {
    let scene = Scene::with(["p/1", "p/2", "p/3,\"x\""]);
    let queue = scene.sandbox.name("queue");
    let url = scene.sandbox.sqs().create(&queue);
    for (file, flags) in [("list.csv.gz", &[][..]), ("versions.jsonl.gz", &["--versions", "--format", "jsonl"][..])] {
        let file = scene.home.path().join(file).display().to_string();
        scene.tool().args([&scene.path("p/"), "-o", &file]).args(flags).run().code(0);
        let feed = tool("s3queue").sandbox(scene.sandbox).args(["--force", "--queue", &queue, "--from-file", &file]);
        feed.run().code(0);
        assert_eq!(told(scene.sandbox, &url), super::set(["p/1", "p/2", "p/3,\"x\""]), "{file}");
    }
}

#[test]
fn a_list_becomes_another_list() {
    let scene = Scene::with(["p/1", "p/2"]);
    let jsonl = scene.tool().args([&scene.path("p/"), "--format", "jsonl"]).run();
    let csv = scene.tool().args(["--from-file", "-"]).stdin(jsonl.stdout.clone()).run();
    csv.code(0);
    let direct = scene.tool().args([&scene.path("p/")]).run();
    assert_eq!(super::csv_rows(&csv.stdout), super::csv_rows(&direct.stdout));
}
