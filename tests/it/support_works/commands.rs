//! Commands run in a clean room, can be fed, watched, signalled and killed.

use std::time::Duration;

use crate::support::{Home, program, tool};

fn shell(script: &str) -> crate::support::Tool {
    program("/bin/sh").args(["-c", script])
}

#[test]
fn nothing_of_this_machine_reaches_a_command() {
    let home = Home::new();
    let outcome = shell("env; pwd").home(&home).env("WANTED", "yes").run();
    let text = outcome.code(0).stdout_text();
    let expected = ["HOME", "XDG_STATE_HOME", "TZ=UTC", "NO_COLOR=1", "COLUMNS=100", "OPSTOOLS_TEST=1", "WANTED=yes"];
    assert!(expected.iter().all(|name| text.contains(name)), "{outcome}");
    assert!(!text.contains("CARGO"), "the test runner's own variables got in\n{outcome}");
    outcome.stdout_has(home.path().to_str().expect("scratch folders are ASCII"));
}

#[test]
fn a_variable_can_be_taken_away_and_a_folder_chosen() {
    let outcome = shell("pwd; env").env_remove("NO_COLOR").folder("/").run();
    outcome.code(0).nowhere("NO_COLOR");
    assert_eq!(outcome.stdout_text().lines().next(), Some("/"));
}

#[test]
fn binaries_of_this_package_are_found_by_name() {
    for name in ["requeue", "s3queue"] {
        let outcome = tool(name).args(["--version"]).run();
        assert!(outcome.code.is_some(), "{outcome}");
    }
}

#[test]
fn input_and_both_outputs_arrive() {
    let outcome = shell("read word; echo \"{\\\"word\\\": \\\"$word\\\"}\"; echo told >&2; exit 3").stdin("y\n").run();
    outcome.code(3).stderr_has("told").nowhere("panic");
    assert_eq!(outcome.stdout_json()["word"], "y");
}

#[test]
fn json_lines_are_read_one_by_one() {
    let outcome = shell("echo '{\"n\": 1}'; echo '{\"n\": 2}'").run();
    let numbers: Vec<_> = outcome.stdout_json_lines().iter().map(|line| line["n"].clone()).collect();
    assert_eq!(numbers, [1, 2]);
}

#[test]
#[should_panic(expected = "expected exit code 0\n$ /bin/sh -c \"echo out; echo err >&2; exit 7\"\n[exit code 7")]
fn a_failed_assertion_shows_the_command() {
    shell("echo out; echo err >&2; exit 7").run().code(0);
}

#[test]
fn a_running_command_is_watched_and_interrupted() {
    let mut running =
        shell("trap 'echo caught >&2; exit 130' INT; echo ready >&2; while :; do sleep 0.01; done").spawn();
    running.wait_for_stderr("ready").signal("INT");
    running.wait().code(130).stderr_has("caught");
}

#[test]
fn a_killed_command_says_so() {
    let mut running = shell("echo begun; exec sleep 60").spawn();
    running.wait_for_stdout("begun");
    running.kill9().ended_by_signal(9);
    let outcome = shell("echo begun; exec sleep 60").spawn().kill9_after(Duration::from_millis(200));
    outcome.ended_by_signal(9).stdout_has("begun");
}

#[test]
#[should_panic(expected = "ended before `never` in stderr")]
fn waiting_for_what_never_comes_fails_when_the_command_ends() {
    shell("echo something else >&2").spawn().wait_for_stderr("never");
}

#[test]
#[should_panic(expected = "did not end")]
fn a_command_that_hangs_fails_its_test() {
    shell("exec sleep 60").patience(Duration::from_millis(100)).run();
}

#[test]
fn the_reader_of_stdout_can_go_away() {
    // `yes` ends by SIGPIPE, 13, once nobody reads any more.
    let outcome = program("/usr/bin/yes").stdout_closing_after(10).run();
    outcome.ended_by_signal(13);
    assert_eq!(outcome.stdout.len(), 10);
}

#[test]
fn stdout_can_be_a_file_or_a_full_device() {
    let home = Home::new();
    let file = home.path().join("rows");
    shell("echo row").stdout_file(&file).run().code(0).stdout_empty();
    assert_eq!(std::fs::read_to_string(&file).expect("the file was written"), "row\n");
    // `cat` names the reason; the shell itself says no more than "I/O error".
    shell("echo row | cat").stdout_file(crate::support::full_disk::DEV_FULL).run().stderr_has("No space left");
}
