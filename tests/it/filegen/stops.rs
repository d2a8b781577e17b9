//! Runs that end before their end: what is left is counted, and said.

use serde_json::Value;

use super::{filegen, files};
use crate::support::Home;
use crate::support::full_disk::FullDisk;

fn counts(report: &Value) -> [u64; 4] {
    ["total", "done", "failed", "left"].map(|name| report["summary"][name].as_u64().expect("a number"))
}

#[test]
fn what_an_interruption_leaves_is_counted() {
    let home = Home::new();
    let line = ["--log-type", "AWS.ALB", "--files", "30", "--rows", "5", "--rate", "10", "--out", "made", "--json"];
    let mut running = filegen(&home).args(line).spawn();
    let made = home.path().join("made");
    running.wait_until("three files", |_| made.exists() && files(&made).len() > 2);
    running.signal("INT");
    let outcome = running.wait();
    outcome.code(130);
    let [total, done, failed, left] = counts(&outcome.stdout_json());
    assert_eq!((total, failed, left), (30, 0, 30 - done));
    assert!(done < 30 && files(&made).len() as u64 == done);
}

#[test]
fn what_a_full_disk_leaves_is_counted() {
    let (home, disk) = (Home::new(), FullDisk::with_room(32_768));
    let out = disk.path().join("made");
    let line = ["--log-type", "AWS.ALB", "--files", "9", "--rows", "100", "--concurrency", "1", "--json", "--out"];
    let more = ["--compression", "none", "--spread", "poisson"];
    let outcome = filegen(&home).args(line).args([&out]).args(more).on_disk(&disk).run();
    outcome.code(3).stderr_has("cannot write");
    let [total, done, failed, left] = counts(&outcome.stdout_json());
    assert_eq!((total, failed, left), (9, 1, 8 - done));
}

#[test]
fn a_run_that_stops_at_its_duration_says_so_and_what_is_left() {
    let home = Home::new();
    let line = ["--log-type", "AWS.ALB", "--files", "2000", "--rows", "5", "--rate", "20", "--duration", "1s"];
    let outcome = filegen(&home).args(line).args(["--out", "made", "--json"]).run();
    outcome.code(0);
    let report = outcome.stdout_json();
    let [total, done, failed, left] = counts(&report);
    assert_eq!((total, failed, left), (2_000, 0, 2_000 - done));
    assert_eq!(report["stopped_at"], "--duration");
    let next = report["next"].as_str().expect("a next step");
    assert!(next.contains(&format!("stopped at `--duration` with {left} of 2000 left")), "{next}");
}

#[test]
fn failures_are_counted_up_to_max_errors() {
    let home = Home::new();
    home.write("file", "no folder");
    for errors in ["2", "9"] {
        let line = ["--log-type", "AWS.ALB", "--files", "50", "--rows", "5", "--out", "file/below", "--json"];
        let outcome = filegen(&home).args(line).args(["--max-errors", errors]).run();
        outcome.code(7).stderr_has("cannot write");
        let [total, done, failed, left] = counts(&outcome.stdout_json());
        assert_eq!((total, done, left), (50, 0, 50 - failed));
        assert!(failed >= errors.parse().expect("a number"), "{failed}");
    }
}

#[test]
fn a_limit_leaves_the_rest_and_is_no_failure() {
    let home = Home::new();
    for out in ["made", "-"] {
        let line = ["--log-type", "AWS.ALB", "--files", "7", "--rows", "5", "--limit", "3", "--out", out];
        let outcome = filegen(&home).args(line).run();
        outcome.code(0);
        let report = if out == "-" { outcome.stderr_text() } else { outcome.stdout_text() };
        assert!(report.contains("3 done, 4 left") && report.contains("stopped at `--limit`"), "{report}");
    }
}
