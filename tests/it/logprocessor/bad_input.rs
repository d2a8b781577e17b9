//! What is no log, and what cannot be read.

use super::{Scene, door, doors, gzip, summary};

#[test]
fn rejected_logs_are_counted_named_and_cost_nothing_else() {
    let scene = Scene::new();
    let lines: String =
        (0..100).map(|number| door(number, 1, "") + if number < 12 { "nonsense\n" } else { "" }).collect();
    scene.input("a.log", lines);
    let errors = scene.home.path().join("errors.jsonl");
    let outcome = scene.run().args(["--errors".as_ref(), errors.as_os_str()]).run();
    outcome.code(3).stderr_has("a.log:2: parse error").stderr_has("a.log:20: parse error");
    assert!(!outcome.stderr_text().contains("a.log:22: "), "the first ten are named: {outcome}");
    assert_eq!(
        (summary(&outcome, "done"), summary(&outcome, "failed"), summary(&outcome, "rejected_logs")),
        (100, 12, 12)
    );
    assert_eq!(std::fs::read_to_string(errors).expect("the file").lines().count(), 12);
    assert_eq!(doors(&scene.stored()), (0..100).collect::<Vec<_>>());
}

#[test]
fn a_damaged_file_gives_what_is_whole_and_the_next_is_read() {
    let scene = Scene::new();
    let lines: String = (0..20_000).map(|number| door(number, 1, &number.to_string())).collect();
    let packed = gzip(lines);
    scene.input("a.gz", &packed[..packed.len() / 2]);
    scene.input("b.log", door(1_000_000, 1, ""));
    let outcome = scene.run().run();
    outcome.code(3).stderr_has("a.gz`: broken gzip");
    let doors = doors(&scene.stored());
    assert!(doors.len() > 5_000 && doors.len() < 20_000, "{}", doors.len());
    assert!(doors[..doors.len() - 1].iter().copied().eq(0..doors.len() as u64 - 1), "without a gap");
    assert_eq!(doors.last(), Some(&1_000_000));
    assert_eq!((summary(&outcome, "inputs"), summary(&outcome, "inputs_failed")), (1, 1));
}

#[test]
fn binary_files_are_told_and_passed_over() {
    let scene = Scene::new();
    scene.input("a.bin", [0_u8, 159, 146, 150, 0, 0]);
    scene.input("b.log", door(1, 1, ""));
    scene.run().run().code(3).stderr_has("a.bin");
    assert_eq!(doors(&scene.stored()), [1]);
}

#[test]
fn so_many_errors_end_the_run_and_what_was_taken_is_stored() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, "") + &"nonsense\n".repeat(50));
    scene.input("b.log", door(2, 1, ""));
    scene.run().args(["--max-errors", "5"]).run().code(7);
    assert_eq!(doors(&scene.stored()), [1]);
}
