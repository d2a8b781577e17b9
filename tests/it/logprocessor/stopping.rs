//! Whatever ends the run: nothing half-written under the name of an object.

use std::fs::File;
use std::io::Write;
use std::time::Duration;

use super::{Scene, Stored, door, doors, pipe, summary, walk};

/// What stands in front of the name of a file that is being written.
const UNFINISHED: &str = ".unfinished-";

#[test]
fn a_kill_leaves_whole_objects_and_no_half_ones() {
    let scene = Scene::new();
    for file in 0..20 {
        let lines: String = (0..600).map(|number| door(file * 600 + number, number % 300, "killed")).collect();
        scene.input(&format!("{file:02}.log"), lines);
    }
    let mut dice = fastrand::Rng::with_seed(11);
    let mut seen = 0;
    for _ in 0..8 {
        let lake = scene.lake();
        let before = count(&lake);
        let mut running = scene.run().spawn();
        running.wait_until("an object", |_| count(&lake) > before);
        running.kill9_after(Duration::from_millis(dice.u64(0..400)));
        let mut files = Vec::new();
        walk(&lake, &mut files);
        let whole = files.iter().filter(|path| !name(path).starts_with(UNFINISHED));
        for path in whole {
            let key = path.strip_prefix(&lake).expect("below").to_str().expect("UTF-8");
            seen += Stored::read(key.to_owned(), &std::fs::read(path).expect("a file")).events.len();
        }
    }
    assert!(seen > 0, "objects were looked at");
}

fn name(path: &std::path::Path) -> String {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned()
}

fn count(lake: &std::path::Path) -> usize {
    let mut files = Vec::new();
    walk(lake, &mut files);
    files.len()
}

#[test]
fn an_interrupt_stores_what_was_taken_and_leaves_the_rest() {
    let scene = Scene::new();
    let first = scene.input("a.log", (0..50).map(|number| door(number, number % 5, "")).collect::<String>());
    let last = scene.input("c.log", door(1_000, 1, ""));
    let pipe = pipe(&scene, "b.log");
    let mut running = scene.run_on(&[&first, &pipe, &last]).spawn();
    // Opening it succeeds when the tool has come to it, and so is done with the file before.
    let mut writer = File::options().write(true).open(pipe).expect("the other side is opened");
    running.signal("INT");
    running.wait_for_stderr("stopping");
    // A reader that waits is only woken by bytes or the end.
    let _ = writer.write_all(door(500, 1, "").as_bytes());
    drop(writer);
    let outcome = running.wait();
    outcome.code(130);
    let stored = doors(&scene.stored());
    assert!(stored.iter().copied().filter(|door| *door < 50).eq(0..50), "{stored:?}");
    assert!(!stored.contains(&1_000), "{stored:?}");
    assert_eq!(summary(&outcome, "done"), stored.len() as u64, "{outcome}");
    assert!(!scene.stored().is_empty());
    assert_eq!(summary(&outcome, "inputs_left"), 2, "{outcome}");
    let next = outcome.stdout_json()["next"].as_str().expect("a next step").to_owned();
    for told in ["a.log` ", "b.log` was read in part", "inputs left: 2", "would store what is stored again"] {
        assert!(next.contains(told) || next.contains(told.trim_end()), "{told}: {next}");
    }
}

#[test]
fn a_target_that_cannot_be_written_ends_the_run() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, "") + &door(2, 2, ""));
    scene.home.write("lake/logs", "a file where a folder should be");
    let outcome = scene.run().run();
    outcome.code(3).stdout_has("CannotWrite");
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "failed")), (0, 2));
}

#[test]
fn a_timeout_that_is_reached_is_told_with_what_is_left() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, ""));
    let pipe = pipe(&scene, "b.log");
    // More than are found ahead.
    let rest: Vec<_> = (0..200).map(|number| scene.input(&format!("c{number:03}.log"), door(number, 1, ""))).collect();
    let first = scene.inputs().join("a.log");
    let inputs: Vec<&std::path::Path> = [&first, &pipe].into_iter().chain(&rest).map(|path| path.as_path()).collect();
    let running = scene.run_on(&inputs).args(["--timeout", "1", "-q"]).spawn();
    let writer = File::options().write(true).open(&pipe).expect("the other side is opened");
    std::thread::sleep(Duration::from_millis(1_200));
    drop(writer);
    let outcome = running.wait();
    outcome.code(0).stdout_has("`--timeout` was reached");
    assert_eq!(summary(&outcome, "inputs_left") + summary(&outcome, "inputs"), 202, "{outcome}");
    assert!(summary(&outcome, "inputs_left") >= 200, "{outcome}");
}
