//! Files in a folder: their names, their bytes, and what a second run does.

use super::{HOUR, filegen, files, unpacked};
use crate::support::{Home, tool};

#[test]
fn a_line_of_the_original_makes_files_as_the_original_named_them() {
    let home = Home::new();
    let line = ["-out", "made", "-prefix", "p", "-start", "2026-01-05T07", "-end", HOUR, "-concurrency", "2"];
    let types = ["-AWS.CloudTrail", "-AWS.CloudTrail.numfiles", "2", "-AWS.CloudTrail.file.numrows=5"];
    let others =
        ["-AWS.S3ServerAccess=true", "-AWS.S3ServerAccess.numfiles", "1", "-Gravitational.TeleportAudit=false"];
    let outcome = tool("filegen").home(&home).folder(home.path()).args(line).args(types).args(others).run();
    outcome.code(0).stdout_has("6 done");
    let made = files(&home.path().join("made"));
    let trails: Vec<_> = made.iter().filter(|(name, _)| name.starts_with("p/AWS.CloudTrail/")).collect();
    assert_eq!(trails.len(), 4, "both hours, the last one included: {:?}", made.keys());
    for (name, bytes) in trails {
        assert!(name.contains("/111122223333_CloudTrail_us-east-2_20260105T0") && name.ends_with(".json.gz"), "{name}");
        let text = unpacked(bytes);
        let document: serde_json::Value = serde_json::from_str(&text).expect("one document");
        assert_eq!(document["Records"].as_array().map(Vec::len), Some(5));
        assert!(!text.ends_with('\n'));
    }
    let (name, bytes) = made.iter().find(|(name, _)| name.starts_with("p/AWS.S3ServerAccess/")).expect("S3's");
    assert!(name.starts_with("p/AWS.S3ServerAccess/2026-01-05T0") && name.ends_with(".gz"), "{name}");
    assert_eq!(unpacked(bytes).lines().count(), 1_000);
}

#[test]
fn the_same_seed_makes_the_same_bytes_whatever_the_concurrency() {
    let home = Home::new();
    let run = |folder: &str, concurrency: &str, seed: &str| {
        let types = ["--log-type", "Okta.SystemLog", "--log-type", "AWS.VPCFlow", "--log-type", "Syslog.RFC5424"];
        let line =
            ["--files", "3", "--rows", "50", "--spread", "poisson", "--compression", "zstd", "--malformed-rate", "0.1"];
        let more = ["--out", folder, "--concurrency", concurrency, "--seed", seed];
        filegen(&home).args(types).args(line).args(more).run().code(0);
        files(&home.path().join(folder))
    };
    let one = run("one", "1", "7");
    assert_eq!(one.len(), 9);
    assert!(one == run("many", "8", "7"), "the same files with the same bytes");
    assert!(one.keys().ne(run("other", "8", "8").keys()), "another seed has other names");
}

#[test]
fn sizes_asked_for_are_exact_and_counted() {
    let home = Home::new();
    let types = ["--log-type", "Zeek.DNS", "--log-type", "AWS.ALB", "--log-type", "AWS.CloudTrail"];
    let line = ["--bytes", "3000001", "--rows", "200", "--compression", "none", "--out", "made", "--json"];
    let outcome = filegen(&home).args(types).args(line).run();
    outcome.code(0);
    let made = files(&home.path().join("made"));
    assert_eq!(made.values().map(Vec::len).sum::<usize>(), 3_000_001);
    let summary = &outcome.stdout_json()["summary"];
    assert_eq!((summary["bytes"].as_u64(), summary["done"].as_u64()), (Some(3_000_001), Some(made.len() as u64)));
}

#[test]
fn each_type_gets_its_part_of_the_bytes_or_the_plan_says_which_does_not() {
    let home = Home::new();
    let types = ["--log-type", "Okta.SystemLog", "--log-type", "AWS.ALB", "--log-type", "AWS.VPCFlow"];
    let run = |folder: &str, bytes: &str| {
        let line = ["--bytes", bytes, "--start", "2026-01-05T07", "--compression", "none", "--out", folder];
        let outcome = filegen(&home).args(types).args(line).run();
        outcome.code(0);
        (outcome, files(&home.path().join(folder)))
    };
    let (outcome, made) = run("all", "300k");
    assert_eq!(made.values().map(Vec::len).sum::<usize>(), 300 << 10);
    for place in ["Okta.SystemLog/2026-01-05T07", "AWS.ALB/2026-01-05T08", "AWS.VPCFlow/2026-01-05T07"] {
        assert!(made.keys().any(|name| name.starts_with(place)), "{place}: {:?}", made.keys());
    }
    assert_eq!(made.len(), 6, "one file of each type in each hour");
    assert!(!outcome.stderr_text().contains("too few"));
    let (outcome, made) = run("some", "20k");
    assert_eq!(made.values().map(Vec::len).sum::<usize>(), 20 << 10);
    assert!(made.len() < 6, "{:?}", made.keys());
    outcome.stderr_has("too few for all: ").stderr_has("AWS.VPCFlow of 2026-01-05T08 get nothing");
}

#[test]
fn stdout_gets_the_rows_and_the_report_goes_beside() {
    let home = Home::new();
    let line = ["--log-type", "Okta.SystemLog", "--files", "2", "--rows", "3", "--out", "-"];
    let outcome = filegen(&home).args(line).run();
    outcome.code(0).stderr_has("2 done");
    let rows = outcome.stdout_json_lines();
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row["published"].as_str().is_some_and(|time| time.starts_with("2026-01-05T08:"))));
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let home = Home::new();
    let line = ["--log-type", "Okta.SystemLog", "--bytes", "1G", "--out", "-"];
    filegen(&home).args(line).stdout_closing_after(1_000).run().code(0);
}

#[test]
fn a_custom_schema_is_written_and_a_dry_run_writes_nothing() {
    let home = Home::new();
    let schema = "schema: Custom.Shop\nfields:\n  - {name: at, type: timestamp, timeFormats: [rfc3339], isEventTime: true, required: true}\n  - {name: client, type: string, required: true, indicators: [ip]}\n";
    home.write("shop.yml", schema);
    let line = ["--schema", "shop.yml", "--files", "1", "--rows", "9", "--compression", "none", "--out", "made"];
    filegen(&home).args(line).args(["--dry-run"]).run().code(0).stdout_has("about 1,");
    assert!(!home.path().join("made").exists());
    filegen(&home).args(line).run().code(0);
    let made = files(&home.path().join("made"));
    let (name, bytes) = made.first_key_value().expect("one file");
    assert!(name.starts_with("Custom.Shop/2026-01-05T08/"), "{name}");
    assert_eq!(String::from_utf8_lossy(bytes).lines().count(), 9);
}

#[test]
fn with_a_manifest_only_what_is_missing_is_made_again() {
    let home = Home::new();
    let line = [
        "--log-type",
        "AWS.ALB",
        "--files",
        "4",
        "--rows",
        "20",
        "--out",
        "made",
        "--manifest",
        "m.jsonl",
        "--seed",
        "3",
    ];
    filegen(&home).args(line).run().code(0).stdout_has("4 done");
    let before = files(&home.path().join("made"));
    let gone = before.keys().next().expect("a file").clone();
    std::fs::remove_file(home.path().join("made").join(&gone)).expect("removed");
    let again = filegen(&home).args(line).args(["--json"]).run();
    again.code(0).stderr_has("lists 4 files");
    let summary = &again.stdout_json()["summary"];
    assert_eq!((summary["done"].as_u64(), summary["skipped"].as_u64()), (Some(1), Some(3)));
    assert_eq!(files(&home.path().join("made")), before);
    let other = ["--log-type", "AWS.ALB", "--files", "5", "--out", "made", "--manifest", "m.jsonl", "--seed", "3"];
    filegen(&home).args(other).run().code(1).stderr_has("manifest of another run").stderr_has("files or rows differ");
}

#[test]
fn what_the_plan_says_to_type_makes_the_same_bytes_at_any_time() {
    let home = Home::new();
    let (line, typed) = (["--log-type", "AWS.ALB", "--files", "2", "--rows", "20"], "--seed 5 --start 2026-01-05T08");
    let run = |at: &str, folder: &str, manifest: &str, more: &[&str]| {
        let tool = tool("filegen").home(&home).folder(home.path()).env("OPSTOOLS_NOW", at).args(line).args(more);
        tool.args(["--out", folder, "--manifest", manifest]).run()
    };
    let same = format!("`{typed} --end 2026-01-05T08` makes the same bytes");
    run("2026-01-05T08:10:00Z", "one", "one.jsonl", &["--seed", "5"]).code(0).stderr_has(&same);
    let again: Vec<&str> = typed.split(' ').chain(["--end", "2026-01-05T08"]).collect();
    run("2026-01-05T10:10:00Z", "two", "two.jsonl", &again).code(0);
    assert!(files(&home.path().join("one")) == files(&home.path().join("two")));
    let later = run("2026-01-05T09:10:00Z", "one", "one.jsonl", &["--seed", "5"]);
    later.code(1).stderr_has("its hours are 2026-01-05T08 (UTC), not 2026-01-05T09 (UTC)");
    later.stderr_has(&format!("add `{typed} --end 2026-01-05T08`"));
    run("2026-01-05T09:10:00Z", "one", "one.jsonl", &again).code(0).stdout_has("2 skipped");
}

#[test]
fn a_file_that_was_made_anew_is_one_file() {
    let home = Home::new();
    let line = ["--log-type", "AWS.ALB", "--files", "3", "--rows", "20", "--out", "made", "--seed", "3"];
    let run = || filegen(&home).args(line).args(["--manifest", "m.jsonl"]).run();
    run().code(0);
    let root = home.path().join("made");
    let first = files(&root).into_keys().next().expect("a file");
    std::fs::remove_file(root.join(first)).expect("removed");
    run().code(0).stdout_has("1 done");
    let cleanup = ["--cleanup", "m.jsonl", "--confirm", &root.display().to_string()];
    let outcome = tool("filegen").home(&home).folder(home.path()).args(cleanup).run();
    outcome.code(0).stderr_has("3 with ").stdout_has("3 done");
    assert!(!outcome.stdout_text().contains("skipped") && files(&root).is_empty());
}

#[test]
fn a_cleanup_removes_exactly_what_is_listed_and_needs_the_name() {
    let home = Home::new();
    let line = ["--log-type", "AWS.ALB", "--files", "3", "--rows", "20", "--out", "made", "--manifest", "m.jsonl"];
    filegen(&home).args(line).run().code(0);
    let root = home.path().join("made");
    home.write("made/mine.txt", "mine");
    let changed = files(&root).into_keys().find(|name| name.ends_with(".gz")).expect("a file");
    home.write(&format!("made/{changed}"), "no longer what was made");
    let cleanup = || tool("filegen").home(&home).folder(home.path()).args(["--cleanup", "m.jsonl"]);
    cleanup().run().code(6);
    cleanup().args(["--confirm", "elsewhere"]).run().code(6);
    assert_eq!(files(&root).len(), 4);
    let name = root.display().to_string();
    cleanup().args(["--confirm", &name]).run().code(3).stdout_has("2 done").stdout_has("1 failed");
    assert_eq!(files(&root).into_keys().collect::<Vec<_>>(), [changed.as_str(), "mine.txt"].map(str::to_owned));
}

#[test]
fn a_manifest_cannot_reach_outside_its_folder() {
    let home = Home::new();
    home.write("victim.txt", "12345");
    let root = home.path().join("made");
    std::fs::create_dir(&root).expect("made");
    let header = serde_json::json!({ "filegen_manifest": 1, "target": root, "plan": {} });
    let entry = serde_json::json!({ "key": "../victim.txt", "size": 5, "log_type": "x", "rows": 1, "text_bytes": 5 });
    home.write("m.jsonl", format!("{header}\n{entry}\n"));
    let name = root.display().to_string();
    let line = ["--cleanup", "m.jsonl", "--confirm", &name];
    tool("filegen").home(&home).folder(home.path()).args(line).run().code(3).stdout_has("Outside");
    assert!(home.path().join("victim.txt").exists());
}
