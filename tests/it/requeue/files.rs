//! `--save`, `--load`, `--discard`: messages on disk, and back.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::scene::{Scene, number, report};
use crate::support::{Fault, Tool};

fn dump(scene: &Scene) -> (PathBuf, String) {
    let path = scene.home.path().join("dump.jsonl");
    let text = path.to_str().expect("path").to_owned();
    (path, text)
}

fn saving(scene: &Scene, flags: &[&str]) -> Tool {
    let (_, file) = dump(scene);
    scene.tool().args(["--from.q", &scene.from, "--save", &file, "--wait", "1s", "--visibility", "3s"]).args(flags)
}

#[test]
fn saving_copies_into_a_private_file() {
    let scene = Scene::with(35);
    let report = report(saving(&scene, &["--json"]).run().code(0));
    assert_eq!(number(&report, "done"), 35);
    let (path, _) = dump(&scene);
    let text = std::fs::read_to_string(&path).expect("dump");
    assert_eq!(text.lines().count(), 35);
    assert!(text.lines().all(|line| line.starts_with("{\"v\":1,\"id\":")), "{text}");
    assert_eq!(std::fs::metadata(&path).expect("dump").permissions().mode() & 0o777, 0o600);
    assert_eq!(scene.sqs().counts(&scene.from_url).visible, 35, "the messages stay");
    scene.drained();
}

#[test]
fn a_dump_is_not_overwritten() {
    let scene = Scene::with(3);
    let (path, _) = dump(&scene);
    std::fs::write(&path, "precious\n").expect("file");
    saving(&scene, &[]).run().code(1).stderr_has("name another file");
    assert_eq!(std::fs::read_to_string(path).expect("file"), "precious\n");
    scene.drained();
}

#[test]
fn stdout_takes_the_lines_and_nothing_else() {
    let scene = Scene::with(5);
    let save = ["--from.q", &scene.from, "--save", "-", "--wait", "1s"];
    let lines = scene.tool().args(save).run();
    assert_eq!(lines.code(0).stdout_json_lines().len(), 5);
    scene.tool().args(save).args(["--json"]).run().code(2);
    scene.tool().args(save).args(["--discard"]).run().code(2).stderr_has("safely on disk");
    scene.drained();
}

#[test]
fn discarding_needs_the_queues_name() {
    let scene = Scene::with(8);
    let discard = || scene.tool().args(["--from.q", &scene.from, "--discard", "--json", "--wait", "1s"]);
    discard().run().code(6).stderr_has(&format!("--confirm {}", scene.from));
    discard().args(["--yes"]).run().code(6);
    discard().args(["--confirm", "other"]).run().code(6);
    assert_eq!(scene.sqs().counts(&scene.from_url).visible, 8);
    let report = report(discard().args(["--confirm", &scene.from]).run().code(0));
    assert_eq!(number(&report, "done"), 8);
    assert!(scene.drained().at_source.is_empty());
}

#[test]
fn only_what_is_safely_saved_is_deleted() {
    let scene = Scene::with(200);
    let disk = crate::support::full_disk::FullDisk::with_room(8192);
    let file = disk.path().join("dump.jsonl");
    let args = ["--from.q", &scene.from, "--save", file.to_str().expect("path"), "--discard", "--confirm", &scene.from];
    let outcome = scene.tool().args(args).args(["--json", "--wait", "1s"]).on_disk(&disk).run();
    assert!(matches!(outcome.code, Some(1 | 3)), "{outcome}");
    let saved = std::fs::read_to_string(&file).expect("dump");
    assert!(saved.is_empty() || saved.ends_with('\n'), "no half line: {saved}");
    let saved = saved.lines().count();
    assert_eq!(number(&report(&outcome), "done"), saved as u64);
    assert_eq!(scene.drained().at_source.len(), 200 - saved);
}

#[test]
fn a_killed_save_goes_on_in_the_same_file() {
    let scene = Scene::with(100);
    scene.proxy.inject(Fault::Delay(std::time::Duration::from_millis(60)).on("DeleteMessageBatch"));
    let flags = ["--discard", "--confirm", scene.from.as_str(), "--concurrency", "2"];
    let mut running = saving(&scene, &flags).spawn();
    running.wait_until("some are deleted", |_| scene.proxy.calls("DeleteMessageBatch") > 1);
    running.kill9();
    scene.proxy.heal();
    saving(&scene, &flags).run().code(0).stderr_has("goes on with the run");
    let (path, _) = dump(&scene);
    let text = std::fs::read_to_string(path).expect("dump");
    for number in 0..100 {
        assert!(text.contains(&format!("body-{number:05}")), "body-{number:05} is lost");
    }
    assert!(scene.drained().at_source.is_empty());
}

#[test]
fn a_load_goes_on_where_it_was_cut() {
    let scene = Scene::with(120);
    saving(&scene, &["--discard", "--confirm", &scene.from]).run().code(0);
    let (_, file) = dump(&scene);
    let load = || scene.tool().args(["--load", &file, "--to.q", &scene.to, "--json"]);
    scene.proxy.inject(Fault::Delay(std::time::Duration::from_millis(50)).on("SendMessageBatch"));
    let mut running = load().args(["--concurrency", "2"]).spawn();
    running.wait_until("some are sent", |_| scene.proxy.calls("SendMessageBatch") > 2);
    running.kill9();
    scene.proxy.heal();
    let outcome = load().run();
    let report = report(outcome.code(0).stderr_has("goes on with the run"));
    assert!(number(&report, "already_sent") >= 20, "{outcome}");
    scene.drained().nothing_lost(120, number(&report, "duplicates_possible"));
}

#[test]
fn a_load_takes_stdin_and_a_limit() {
    let scene = Scene::with(30);
    saving(&scene, &[]).run().code(0);
    scene.sqs().drain(&scene.from_url);
    let (path, _) = dump(&scene);
    let bytes = std::fs::read(path).expect("dump");
    let load = scene.tool().args(["--load", "-", "--to.q", &scene.to, "--limit", "11", "--json"]).stdin(bytes);
    let report = report(load.run().code(0));
    assert_eq!(number(&report, "done"), 11);
    assert_eq!(scene.drained().at_target.len(), 11);
}

#[test]
fn broken_lines_are_named_and_the_others_sent() {
    let scene = Scene::with(4);
    saving(&scene, &["--discard", "--confirm", &scene.from]).run().code(0);
    let (path, file) = dump(&scene);
    let text = std::fs::read_to_string(&path).expect("dump");
    let foreign = "{\"v\":99,\"id\":\"x\",\"body\":\"y\"}\nnot json\n\n{\"message\":\"of another tool\"}\n";
    std::fs::write(&path, format!("{foreign}{text}")).expect("dump");
    let outcome = scene.tool().args(["--load", &file, "--to.q", &scene.to, "--json", "--errors", "e.jsonl"]).run();
    let report = report(outcome.code(3));
    assert_eq!((number(&report, "done"), number(&report, "failed")), (4, 3));
    let errors = std::fs::read_to_string(scene.home.path().join("e.jsonl")).expect("errors");
    for line in [1, 2, 4] {
        assert!(errors.contains(&format!("dump.jsonl:{line}\"")), "{errors}");
    }
    scene.drained().all_moved_once(4);
}
