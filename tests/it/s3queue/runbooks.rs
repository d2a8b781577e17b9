//! Command lines as old runbooks have them.

use super::{Scene, summary};
use crate::support::tool;

#[test]
fn a_line_of_an_old_runbook_behaves_as_it_expects() {
    let scene = Scene::new();
    scene.put(["p/1.log".to_owned(), "p/2.log".to_owned(), "other/3.log".to_owned()]);
    let outcome =
        scene.tool().args(["--force", "-s3path", &scene.path("p"), "-files-per-second", "0.5", "-loop=false"]).run();
    outcome.code(0).stdout_has("2 done").stderr_has("0.5 objects a second");
    assert!(outcome.elapsed.as_secs_f64() >= 2.0, "two objects at one in two seconds: {outcome}");
    assert_eq!(scene.arrived().into_values().collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn all_original_flags_are_taken() {
    let scene = Scene::with_objects(3);
    let outcome = scene
        .tool()
        .args(["-force", "-s3path", &scene.path("p/"), "-queue", &scene.queue, "-region", scene.sandbox.region()])
        .args(["-account", scene.sandbox.account(), "-concurrency", "2", "-limit", "0", "-files-per-second", "0.0"])
        .args(["-duration", "0", "-loop=false", "-interactive=false", "-debug", "--json"])
        .run();
    outcome.code(0).stderr_has(&scene.path("p/0000.log"));
    assert_eq!(summary(&outcome, "done"), 3);
}

#[test]
fn twenty_one_objects_are_three_sends() {
    let scene = Scene::with_objects(21);
    let proxy = scene.sqs_proxy();
    scene.behind(&proxy).args(["--concurrency", "1"]).run().code(0);
    let sent: Vec<usize> =
        proxy.log().iter().filter(|call| call.action == "SendMessageBatch").map(|call| call.entries).collect();
    assert_eq!(sent, [10, 10, 1]);
}

#[test]
fn a_limit_of_one_is_one_message() {
    let scene = Scene::with_objects(2);
    scene.forced().args(["-limit", "1"]).run().code(0);
    assert_eq!(scene.arrived().len(), 1);
}

#[test]
fn a_duration_is_an_end_like_any_other() {
    let scene = Scene::with_objects(100);
    let proxy = scene.sqs_proxy();
    let line = ["-concurrency", "1", "-files-per-second", "10", "-duration", "3.5s", "--json"];
    let outcome = scene.behind(&proxy).args(line).run();
    outcome.code(0);
    let sent: Vec<usize> =
        proxy.log().iter().filter(|call| call.action == "SendMessageBatch").map(|call| call.entries).collect();
    assert_eq!(sent[..3], [10, 10, 10], "full batches at this pace");
    assert!(sent.len() == 4 && sent[3] < 10, "and the partial one: {sent:?}");
    assert_eq!(outcome.stdout_json()["status"], "done");
    assert_eq!(scene.arrived().len() as u64, summary(&outcome, "done"), "what is counted has arrived");
}

#[test]
fn generated_pages_and_examples_are_whole() {
    let help = tool("s3queue").args(["--help"]).run();
    help.code(0).stdout_has("-files-per-second").stdout_has("--max-backlog");
    tool("s3queue").args(["--generate=iam"]).run().code(0).stdout_has("sqs:SendMessage");
    tool("s3queue").args(["--generate=man"]).run().code(0);
}
