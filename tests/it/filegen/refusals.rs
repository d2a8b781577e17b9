//! What is refused, with the next step.

use super::filegen;
use crate::support::{Home, tool};

#[test]
fn usage_errors_say_what_would_be_right() {
    let home = Home::new();
    home.write("regex.yml", "schema: Custom.Words\nparser:\n  regex:\n    match:\n      - '^(?P<who>\\w+)$'\nfields:\n  - {name: who, type: string}\n");
    let table: [(&[&str], i32, &str); 17] = [
        (&["--out", "x"], 2, "no log type is named"),
        (&["--out", "x", "--log-type", "AWS.CloudTrial"], 2, "did you mean `AWS.CloudTrail`?"),
        (&["--log-type", "AWS.ALB"], 2, "--out FOLDER"),
        (&["--log-type", "AWS.ALB", "--out", "x", "--start", "2026-01-05T09"], 2, "before that of `--start`"),
        (&["--log-type", "AWS.ALB", "--out", "x", "--layout", "x"], 2, "`--layout x` is no layout: give `default`"),
        (&["--cleanup", "empty.jsonl"], 1, "`empty.jsonl` is empty"),
        (&["--log-type", "AWS.ALB", "--out", "x", "--malformed-rate", "1.5"], 2, "from 0 to 1"),
        (&["--log-type", "Juniper.Access", "--out", "x", "--malformed-rate", "0.1"], 2, "not for `Juniper.Access`"),
        (&["--log-type", "AWS.CloudTrailInsight", "--out", "x", "--malformed-rate", "1"], 2, "one by one"),
        (&["--log-type", "AWS.ALB", "--out", "x", "--bytes", "10"], 2, "give at least"),
        (&["--log-type", "AWS.ALB", "--out", "x", "--notify"], 2, "for buckets"),
        (&["--log-type", "AWS.ALB", "--out", "sqs"], 2, "--queue"),
        (&["--log-type", "Okta.SystemLog", "--out", "x", "--layout", "aws"], 2, "--layout default"),
        (&["--log-type", "AWS.ALB", "--out", "x", "--layout", "{nothing}/{file}"], 2, "no placeholder `{nothing}`"),
        (&["--schema", "regex.yml", "--out", "x"], 1, "regular expressions"),
        (&["--schema", "missing.yml", "--out", "x"], 1, "missing.yml"),
        (&["--cleanup", "missing.jsonl"], 1, "no manifest"),
    ];
    home.write("empty.jsonl", "");
    for (line, code, words) in table {
        filegen(&home).args(line).run().code(code).stderr_has(words);
        assert!(!home.path().join("x").exists(), "{line:?}");
    }
}

#[test]
fn a_start_that_is_to_come_needs_an_end() {
    let home = Home::new();
    let line = ["--log-type", "AWS.ALB", "--out", "x", "--start", "2030-01-01"];
    let outcome =
        tool("filegen").home(&home).folder(home.path()).env("OPSTOOLS_NOW", "2026-01-05T08:10:00Z").args(line).run();
    outcome.code(2).stderr_has("2030-01-01T00, is still to come").stderr_has("the present one, 2026-01-05T08");
    outcome.stderr_has("such as `--end 2030-01-01T00`");
}

#[test]
fn nothing_is_written_outside_the_target() {
    let home = Home::new();
    let elsewhere = home.path().join("elsewhere");
    let absolute = format!("{}/{{file}}", elsewhere.display());
    let table: [([&str; 2], &str); 5] = [
        (["--layout", &absolute], "`/`"),
        (["--layout", "../../elsewhere/{file}"], "`..`"),
        (["--layout", "a/../../elsewhere/{file}"], "`..`"),
        (["--prefix", ".."], "`..`"),
        (["--prefix", "/a/../../elsewhere"], "`..`"),
    ];
    let line = ["--log-type", "AWS.ALB", "--files", "1", "--rows", "1", "--out", "x/y"];
    for (out, part) in table {
        filegen(&home).args(line).args(out).run().code(2).stderr_has(&format!("`{} ", out[0])).stderr_has(part);
        assert!(!elsewhere.exists() && !home.path().join("x").exists(), "{out:?}");
    }
    let line = ["--log-type", "AWS.ALB", "--out", "s3://acme-test/a/../b"];
    filegen(&home).args(line).run().code(2).stderr_has("`--out").stderr_has("`..`");
}

#[test]
fn a_folder_that_cannot_be_written_ends_the_run() {
    let home = Home::new();
    home.write("file", "no folder");
    let line = ["--log-type", "AWS.ALB", "--files", "50", "--out", "file/below"];
    filegen(&home).args(line).run().code(3).stdout_has("0 done").stderr_has("cannot write");
}
