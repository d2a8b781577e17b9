//! Objects from lists: files in each form, and inventories.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};

use super::{Scene, named_objects, summary};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn md5(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_file_in_each_form() {
    let csv = "bucket,key,size\nacme-application-logs,odd/a b.log,5\nacme-application-logs,odd/100%.log,6\n";
    let json = "{\"bucket\":\"acme-application-logs\",\"key\":\"odd/a b.log\",\"size\":5}\n\
                {\"bucket\":\"acme-application-logs\",\"key\":\"odd/100%.log\",\"size\":6}\n";
    let uris = "s3://acme-application-logs/odd/a b.log\ns3://acme-application-logs/odd/100%.log\n";
    for text in [csv.into(), json.into(), uris.into(), gzip(csv)] {
        let scene = Scene::new();
        let file = scene.home.write("list", &text);
        let outcome = scene.tool().args(["--from-file", &file.display().to_string(), "--json"]).run();
        outcome.code(0);
        let judged = scene.consumed();
        assert_eq!(judged.len(), 2, "{outcome}");
        assert!(judged.iter().all(|object| object["outcome"] == "ingested"), "{judged:?}");
    }
}

#[test]
fn stdin_is_a_list_too_and_no_answer_to_a_prompt() {
    let scene = Scene::new();
    let list = "s3://acme-application-logs/odd/a b.log\ns3://unknown-bucket/x\n";
    let outcome = scene.tool().args(["--from-file", "-", "--json"]).stdin(list).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "no_source")), (1, 1), "{outcome}");
}

#[test]
fn rows_that_cannot_be_read_are_told_and_met_again() {
    let scene = Scene::new();
    let list = format!("s3://{0}/p/1\nnonsense\ns3://{0}/p/2\n", scene.bucket);
    let file = scene.home.write("list", list).display().to_string();
    let line = ["--force", "--from-file", &file, "--json"];
    let first = scene.tool().args(line).run();
    first.code(3).stdout_has("MalformedRow");
    assert_eq!((summary(&first, "done"), summary(&first, "failed")), (2, 1));
    let again = scene.tool().args(line).run();
    again.code(3);
    assert_eq!((summary(&again, "done"), summary(&again, "failed")), (0, 1), "what is done is not sent twice");
    let changed = format!("s3://{0}/p/1\ns3://{0}/p/3\n", scene.bucket);
    scene.home.write("list", changed);
    let other = scene.tool().args(line).run();
    assert_eq!(summary(&other, "done"), 2, "another content is another plan");
}

#[test]
fn a_filter_that_the_list_cannot_answer_is_refused() {
    let scene = Scene::new();
    let file = scene.home.write("list", "s3://b/x\n").display().to_string();
    let outcome = scene.tool().args(["--force", "--from-file", &file, "--min-size", "1"]).run();
    outcome.code(1).stderr_has("`size`");
    assert_eq!(scene.waiting(), 0);
    scene.tool().args(["--from-file", "/nowhere/list"]).run().code(1).stderr_has("/nowhere/list");
}

/// Puts an inventory of three current objects and an older version; returns the manifest's path.
fn inventory(scene: &Scene, format: &str, spoil: bool) -> String {
    let rows = format!(
        "\"{0}\",\"p/a+b.log\",\"v1\",\"true\",\"false\",\"5\"\n\"{0}\",\"p/100%25.log\",\"v1\",\"true\",\"false\",\"6\"\n\
         \"{0}\",\"p/old.log\",\"v0\",\"false\",\"false\",\"6\"\n\"{0}\",\"p/%C3%BC%2B.log\",\"v1\",\"true\",\"false\",\"7\"\n",
        scene.bucket
    );
    let data = gzip(&rows);
    let sum = if spoil { md5(b"other") } else { md5(&data) };
    let manifest = serde_json::json!({
        "sourceBucket": scene.bucket, "destinationBucket": format!("arn:aws:s3:::{}", scene.bucket),
        "version": "2016-11-30", "creationTimestamp": "1767225600000", "fileFormat": format,
        "fileSchema": "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size",
        "files": [{ "key": "inventory/data/1.csv.gz", "size": data.len(), "MD5checksum": sum }],
    })
    .to_string();
    let sum = md5(manifest.as_bytes());
    let s3 = scene.sandbox.s3();
    s3.put(&scene.bucket, [("inventory/data/1.csv.gz", data)]);
    s3.put(&scene.bucket, [("inventory/2026/manifest.json", manifest), ("inventory/2026/manifest.checksum", sum)]);
    scene.path("inventory/2026/manifest.json")
}

#[test]
fn an_inventory_is_read_with_its_encoding_and_versions() {
    let scene = Scene::new();
    let manifest = inventory(&scene, "CSV", false);
    let outcome = scene.tool().args(["--force", "--from-inventory", &manifest, "--json"]).run();
    outcome.code(0).stderr_has("2026-01-01T00:00:00Z");
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "not_latest")), (3, 1), "{outcome}");
    let bodies = scene.sandbox.sqs().drain(&scene.url);
    let mut objects: Vec<_> = bodies.keys().flat_map(|body| named_objects(body)).collect();
    objects.sort();
    let keys: Vec<(&str, i64)> = objects.iter().map(|(_, key, size)| (key.as_str(), *size)).collect();
    assert_eq!(keys, [("p/100%.log", 6), ("p/a b.log", 5), ("p/ü+.log", 7)]);
}

#[test]
fn an_inventory_that_is_damaged_or_foreign_is_refused() {
    let scene = Scene::new();
    let spoiled = inventory(&scene, "CSV", true);
    scene.tool().args(["--force", "--from-inventory", &spoiled]).run().code(1).stderr_has("MD5");
    let parquet = inventory(&scene, "Parquet", false);
    scene.tool().args(["--force", "--from-inventory", &parquet]).run().code(1).stderr_has("only CSV");
    let none = scene.path("nothing/manifest.json");
    scene.tool().args(["--force", "--from-inventory", &none]).run().code(1).stderr_has("nothing/manifest.json");
    assert_eq!(scene.waiting(), 0);
}
