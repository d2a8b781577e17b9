//! Where rows and report go: stdout and files, compressed or not, pipes that close and disks that are full.

use std::io::Read;
use std::time::Duration;

use super::lake::{LAKE, Lake};
use super::{Scene, csv_rows, report};
use crate::support::full_disk::{DEV_FULL, FullDisk};
use crate::support::{Sandbox, Tool, tool};

fn many(count: usize) -> Lake {
    Lake::of((0..count).map(|number| format!("logs/{:02}/{number:07}.json.gz", number % 30)), Duration::ZERO)
}

fn lake_tool(lake: &Lake) -> Tool {
    tool("s3list").sandbox(Sandbox::shared()).envs(lake.env()).args([&format!("s3://{LAKE}/logs/")])
}

#[test]
fn the_rows_of_a_file_leave_stdout_to_the_report() {
    let scene = Scene::with(["p/1", "p/2"]);
    let file =
        scene.home.write("rows.csv", "what an earlier run wrote, and much longer than what comes now: ".repeat(50));
    let name = file.display().to_string();
    let planned =
        tool("s3list").sandbox(scene.sandbox).args([&scene.path("p/"), "-o", &name, "--dry-run", "--json"]).run();
    planned.code(0);
    assert_eq!(planned.stdout_json()["plan"]["estimate"]["items"], 2);
    assert!(
        std::fs::read_to_string(&file).expect("the file").starts_with("what an earlier run"),
        "a dry run writes nothing"
    );
    let outcome = tool("s3list").sandbox(scene.sandbox).args([&scene.path("p/"), "-o", &name, "--json"]).run();
    outcome.code(0).stderr_has("Plan:");
    assert_eq!(outcome.stdout_json()["summary"]["done"], 2);
    assert_eq!(csv_rows(&std::fs::read(&file).expect("the rows")).len(), 2);
    let text = tool("s3list").sandbox(scene.sandbox).args([&scene.path("p/"), "-o", &name]).run();
    text.code(0).stdout_has("done: 2 done").stdout_has("STORAGE_CLASS");
    let empty =
        tool("s3list").sandbox(scene.sandbox).args([&scene.path("none/"), "--format", "plain", "-o", &name]).run();
    empty.code(0);
    assert_eq!(std::fs::read(&file).expect("the rows").len(), 0, "nothing of an earlier list is left");
}

#[test]
fn the_report_stands_beside_the_rows_on_stderr() {
    let scene = Scene::with(["p/1"]);
    let outcome = tool("s3list").sandbox(scene.sandbox).args([&scene.path("p/"), "-o", "-"]).run();
    outcome.code(0).stderr_has("Plan:").stderr_has("done: 1 done");
    assert_eq!(csv_rows(&outcome.stdout).len(), 1);
    let json = scene.tool().args([&scene.path("p/")]).run();
    assert_eq!(report(&json)["summary"]["done"], 1);
}

#[test]
fn compression_goes_by_flag_or_by_name() {
    let lake = many(5_000);
    let folder = tempfile::tempdir().expect("scratch folder");
    let file = |name: &str| folder.path().join(name);
    let gunzip = |bytes: &[u8]| {
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut text).expect("whole");
        text
    };
    let unzstd = |bytes: &[u8]| zstd::decode_all(bytes).expect("whole");
    for (name, flags) in [
        ("a.csv.gz", &[][..]),
        ("a.csv.zst", &[]),
        ("plain-name", &["--compress", "gzip"]),
        ("b.gz", &["--compress", "none"]),
    ] {
        let path = file(name).display().to_string();
        lake_tool(&lake).args(["-o", &path]).args(flags).run().code(0);
        let bytes = std::fs::read(&path).expect("the file");
        let text = match name {
            "a.csv.zst" => unzstd(&bytes),
            "b.gz" => bytes.clone(),
            _ => gunzip(&bytes),
        };
        assert_eq!(csv_rows(&text).len(), 5_000, "{name}");
        assert!(name == "b.gz" || bytes.len() * 4 < text.len(), "{name}: {} of {}", bytes.len(), text.len());
    }
    let piped = lake_tool(&lake).args(["--compress", "zstd"]).run();
    piped.code(0);
    assert_eq!(csv_rows(&unzstd(&piped.stdout)).len(), 5_000);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let lake = many(30_000);
    let outcome = lake_tool(&lake).stdout_closing_after(10).run();
    outcome.code(0).nowhere("error").nowhere("done:");
    assert!(lake.pages() < 60, "the listing was stopped");
}

#[test]
fn a_full_disk_is_an_error() {
    let lake = many(3_000);
    lake_tool(&lake).args(["-o", DEV_FULL]).run().code(1).stderr_has("cannot write the output");
    let disk = FullDisk::with_room(64 * 1024);
    let path = disk.path().join("rows.csv").display().to_string();
    let outcome = lake_tool(&lake).on_disk(&disk).args(["-o", &path, "--json"]).run();
    outcome.code(1).stderr_has("cannot write the output").stderr_has(disk.error_text());
    let written = outcome.stdout_json()["summary"]["done"].as_u64().expect("a count");
    assert!(written < 3_000, "what the disk did not take is not counted: {written}");
    let nowhere = lake_tool(&lake).args(["-o", "/nowhere/rows.csv"]).run();
    nowhere.code(1).stderr_has("/nowhere/rows.csv");
}

#[test]
fn memory_does_not_grow_with_the_bucket() {
    const MOST: u64 = 80 << 20;
    let peak = |count: usize| {
        let lake = many(count);
        let mut running = lake_tool(&lake).args(["-q"]).stdout_file("/dev/null").spawn();
        let mut peak = 0;
        while running.alive() {
            let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
            peak = peak.max(line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() << 10);
            std::thread::sleep(Duration::from_millis(20));
        }
        running.wait().code(0);
        peak
    };
    let many = peak(100_000);
    assert!(many > 0 && many < MOST, "{many} bytes");
}
