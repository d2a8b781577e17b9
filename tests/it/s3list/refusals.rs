//! What is refused, and in which words.

use super::{Scene, csv_rows};
use crate::support::tool;

#[test]
fn wrong_command_lines_are_usage_errors() {
    let scene = Scene::new();
    let path = scene.path("p/");
    let table: [(&[&str], &str); 10] = [
        (&["http://bucket/x"], "no S3 path"),
        (&[&path, "--source-id", "x"], "more than one way"),
        (&[&path, "--from-file", "x"], "more than one way"),
        (&[&path, "--format", "table"], "csv"),
        (&[&path, "--format", "json"], "jsonl"),
        (&[&path, "--versions", "--format", "plain"], "one version from another"),
        (&[&path, "--include", "["], "no pattern"),
        (&["--source-label", "["], "no pattern"),
        (&[&path, "--min-size", "9", "--max-size", "1"], "--max-size"),
        (&[&path, "--journal", "x"], "no journal"),
    ];
    for (flags, words) in table {
        scene.tool().args(flags).run().code(2).stderr_has(words);
    }
}

#[test]
fn a_list_is_not_written_over_its_own_input() {
    let scene = Scene::new();
    let rows: String = (0..20_000).map(|number| format!("s3://{}/p/{number:060}\n", scene.bucket)).collect();
    let file = scene.home.write("rows.txt", &rows).display().to_string();
    let same = scene.home.path().join(".").join("rows.txt").display().to_string();
    for flag in ["--from-file", "--from-inventory", "--sources-file"] {
        let outcome = scene.tool().args([flag, &file, "-o", &same, "--format", "plain"]).run();
        outcome.code(2).stderr_has("would overwrite").stderr_has(flag);
        assert!(std::fs::read_to_string(&file).expect("the file") == rows, "{flag}: the file is not what it was");
    }
    let other = scene.home.path().join("copy.txt");
    let copied =
        scene.tool().args(["--from-file", &file, "-o", &other.display().to_string(), "--format", "plain"]).run();
    copied.code(0);
    assert!(std::fs::read_to_string(other).expect("the copy") == rows, "every row is copied");
}

#[test]
fn what_is_not_there_is_told() {
    let scene = Scene::new();
    scene.tool().args(["s3://no-such-bucket-anywhere/p/"]).run().code(1).stderr_has("NoSuchBucket");
    scene.tool().args(["--from-file", "/nowhere/list"]).run().code(1).stderr_has("/nowhere/list");
    scene.tool().args(["--sources-file", "/nowhere/sources.json"]).run().code(1).stderr_has("/nowhere/sources.json");
    let nonsense = scene.home.write("nonsense.json", "{\"a\": 1}").display().to_string();
    scene.tool().args(["--sources-file", &nonsense]).run().code(1).stderr_has("nonsense.json");
    scene.tool().args([&scene.path("p/"), "--sources-file", &nonsense]).run().code(1).stderr_has("nonsense.json");
}

#[test]
fn a_region_that_nobody_knows_is_not_made_up() {
    let scene = Scene::with(["p/x"]);
    let rows = format!("s3://{}/p/x\ns3://no-such-bucket-anywhere/p/x\n", scene.bucket);
    let file = scene.home.write("rows.txt", rows).display().to_string();
    let outcome = scene.tool().args(["--from-file", &file]).run();
    let rows = csv_rows(&outcome.code(0).stdout);
    let regions: Vec<bool> = rows.iter().map(|row| row["region"].is_empty()).collect();
    assert_eq!(regions, [false, true], "{outcome}");
}

#[test]
fn the_help_names_only_the_forms_of_this_tool() {
    let help = tool("s3list").args(["--help"]).run();
    help.code(0).stdout_has("s3batch").stdout_has("beside the rows");
    assert!(!help.stdout_text().contains("- table"), "{help}");
    let other = tool("s3queue").args(["--help"]).run();
    assert!(!other.stdout_text().contains("s3batch"), "{other}");
}

#[test]
fn a_quiet_run_has_no_tables_and_other_tools_variables_do_no_harm() {
    let scene = Scene::with(["p/x"]);
    let rows = scene.home.write("rows.txt", format!("{}\nnonsense\n", scene.path("p/x"))).display().to_string();
    let quiet = tool("s3list").sandbox(scene.sandbox).home(&scene.home).args(["-q", "--from-file", &rows]);
    let quiet = quiet.env("OPSTOOLS_FRESH", "true").run();
    quiet.code(3).stderr_has("MalformedRow");
    assert!(!quiet.stderr_text().contains("STORAGE_CLASS"), "{quiet}");
}
