//! What is wrong from the start: a clear error, the right exit code, nothing changed.

use super::scene::Scene;
use crate::support::{Sandbox, tool};

#[test]
fn the_same_queue_twice_is_refused() {
    let scene = Scene::with(3);
    let line = ["--from.q", &scene.from, "--to.q", &scene.from_url];
    scene.tool().args(line).run().code(2).stderr_has("both source and target");
    assert_eq!(scene.sqs().counts(&scene.from_url).visible, 3);
    scene.drained();
}

#[test]
fn an_unknown_queue_is_named_with_the_nearest() {
    let scene = Scene::new();
    let wrong = format!("{}x", scene.to);
    let outcome = scene.tool().args(["--from.q", &scene.from, "--to.q", &wrong]).run();
    outcome.code(1).stderr_has(&format!("`{wrong}`")).stderr_has(&format!("did you mean `{}`?", scene.to));
}

#[test]
fn command_lines_that_contradict_themselves_are_usage_errors() {
    let table: [&[&str]; 12] = [
        &["--from.q", "a b"],
        &["--from.q", "arn:aws:s3:::bucket"],
        &["--from.q", "a", "--to.q", "b", "--peek", "3", "--summary"],
        &["--from.q", "a", "--to.q", "b", "--copy", "--discard"],
        &["--all", "--to.q", "b"],
        &["--from.q", "a", "--wait", "21s"],
        &["--from.q", "a", "--visibility", "13h"],
        &["--from.q", "a", "--rate", "-1"],
        &["--from.q", "a", "--format", "csv"],
        &["--from.q", "a", "--peek", "0"],
        &["--from.q", "a", "--delay-seconds", "901"],
        &["--unknown"],
    ];
    for line in table {
        let outcome = tool("requeue").sandbox(Sandbox::shared()).args(line).run();
        outcome.code(2).nowhere("panicked");
    }
}

#[test]
fn without_queues_and_without_anybody_to_ask_it_is_a_usage_error() {
    let closed = tool("requeue").sandbox(Sandbox::shared()).run();
    closed.code(2).stderr_has("-to.q");
    let silent = tool("requeue").sandbox(Sandbox::shared()).args(["-interactive=false"]).run();
    silent.code(2).stderr_has("-to.q");
}

#[test]
fn at_a_terminal_it_asks_for_the_queue_as_the_original_did() {
    let scene = Scene::with(4);
    let mut terminal = scene.tool().terminal();
    terminal.expect("Name of the queue whose dead-letter messages are meant").send_line(&scene.to);
    terminal.expect("Proceed? [y/N]").send_line("y");
    terminal.wait().code(0);
    scene.drained().all_moved_once(4);
}

#[test]
fn no_credentials_is_said_with_the_next_step() {
    let scene = Scene::new();
    let outcome = scene
        .tool()
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .args(["--to.q", &scene.to])
        .run();
    outcome.code(5).stderr_has("no usable credentials");
}

#[test]
fn no_region_and_a_wrong_one_are_said() {
    let scene = Scene::new();
    let line = ["--to.q", scene.to.as_str()];
    scene.tool().env_remove("AWS_REGION").args(line).run().code(2).stderr_has("--region");
    scene.tool().args(line).args(["-region", "europe"]).run().code(1).stderr_has("no AWS region");
    let conflict = ["--to.q", "arn:aws:sqs:us-east-1:111122223333:q", "--to-region", "us-west-2"];
    scene.tool().args(conflict).run().code(2).stderr_has("--to-region");
}

#[test]
fn no_network_is_said() {
    let scene = Scene::new();
    let outcome = scene
        .tool()
        .env("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9")
        .args(["--to.q", &scene.to, "--max-attempts", "1"])
        .run();
    outcome.code(1).stderr_has("no connection");
}

#[test]
fn a_foreign_journal_is_left_alone() {
    let scene = Scene::with(3);
    let file = scene.home.write("notes.txt", "my notes\n");
    for fresh in [&[][..], &["--fresh"]] {
        let outcome = scene.moving(&["--journal", file.to_str().expect("path")]).args(fresh).run();
        outcome.code(1).stderr_has("no journal of this toolkit").stderr_has("name another file");
    }
    assert_eq!(std::fs::read_to_string(file).expect("notes"), "my notes\n");
    assert_eq!(scene.sqs().counts(&scene.from_url).visible, 3);
    scene.drained();
}

#[test]
fn exchanged_queues_are_warned_of() {
    let scene = Scene::new();
    let line = ["--from.q", &scene.to, "--to.q", &scene.from, "--dry-run"];
    scene.tool().args(line).run().code(0).stderr_has("exchanged");
}

#[test]
fn a_file_that_cannot_be_loaded_is_named() {
    let scene = Scene::new();
    scene.tool().args(["--load", "missing.jsonl", "--to.q", &scene.to]).run().code(1).stderr_has("missing.jsonl");
    scene.tool().args(["--load", "/", "--to.q", &scene.to]).run().code(1).stderr_has("folder");
}

#[test]
fn pages_are_generated() {
    tool("requeue").args(["--generate", "iam"]).run().code(0).stdout_has("sqs:ReceiveMessage");
    tool("requeue").args(["--generate", "man"]).run().code(0).stdout_has("from.q");
    tool("requeue").args(["-h"]).run().code(0).stdout_has("--to.q");
    tool("requeue").args(["--version"]).run().code(0).stdout_has("requeue 0.");
}
