//! ^C in the middle: what was written stands, the counts are those of the rows, and a compressed file has its end.

use std::io::Read;
use std::time::Duration;

use super::csv_rows;
use super::lake::{LAKE, Lake};
use crate::support::{Sandbox, tool};

#[test]
fn an_interrupt_leaves_whole_rows_and_true_counts() {
    let keys = (0..300_000).map(|number| format!("p/{:03}/{number:07}", number % 200));
    let lake = Lake::of(keys, Duration::from_millis(100));
    let folder = tempfile::tempdir().expect("scratch folder");
    let file = folder.path().join("rows.csv.gz");
    let (path, output) = (format!("s3://{LAKE}/p/"), file.display().to_string());
    let command = tool("s3list").sandbox(Sandbox::shared()).envs(lake.env());
    let mut running = command.args([&path, "-o", &output, "--json", "--concurrency", "2"]).spawn();
    running.wait_until("rows are written", |_| std::fs::metadata(&file).is_ok_and(|file| file.len() > 1_000));
    running.signal("INT");
    let outcome = running.wait();
    outcome.code(130);
    let report = outcome.stdout_json();
    assert_eq!(report["status"], "interrupted");
    let mut text = Vec::new();
    let bytes = std::fs::read(&file).expect("the rows");
    flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut text).expect("a whole file");
    let rows = csv_rows(&text).len() as u64;
    assert_eq!(Some(rows), report["summary"]["done"].as_u64(), "{outcome}");
    assert!(rows > 0 && rows < 300_000, "{rows}");
}

#[test]
fn a_duration_ends_it_well() {
    let lake = Lake::of((0..100_000).map(|number| format!("p/{number:07}")), Duration::from_millis(200));
    let command = tool("s3list").sandbox(Sandbox::shared()).envs(lake.env());
    let flags = [&format!("s3://{LAKE}/p/"), "-q", "--json", "--concurrency", "1", "--duration", "1s"];
    let outcome = command.args(flags).run();
    outcome.code(0);
    assert!(csv_rows(&outcome.stdout).len() < 100_000);
}
