//! Command lines as old runbooks have them.

use super::{Scene, summary};
use crate::support::tool;

#[test]
fn all_original_flags_are_taken() {
    let scene = Scene::with_logs(3);
    let outcome = scene
        .tool()
        .args(["-s3path", &scene.path("logs"), "-topic", &scene.topic, "-region", scene.sandbox.region()])
        .args(["-account", scene.sandbox.account(), "-attributes=false", "-concurrency", "2", "-limit", "0"])
        .args(["-interactive=false", "-debug", "--json"])
        .run();
    outcome.code(0).stderr_has("0000.json.gz");
    assert_eq!(summary(&outcome, "done"), 3);
    assert_eq!(scene.heard(&scene.open).len(), 3);
}

#[test]
fn twenty_one_objects_are_three_calls() {
    let scene = Scene::with_logs(21);
    let proxy = scene.sns_proxy();
    scene.behind(&proxy).args(["--concurrency", "1"]).run().code(0);
    let sent: Vec<usize> =
        proxy.log().iter().filter(|call| call.action == "PublishBatch").map(|call| call.entries).collect();
    assert_eq!(sent, [10, 10, 1]);
}

#[test]
fn a_limit_of_one_is_one_message() {
    let scene = Scene::with_logs(2);
    scene.whole().args(["-limit", "1"]).run().code(0);
    assert_eq!(scene.waiting(&scene.open), 1);
}

#[test]
fn generated_pages_and_examples_are_whole() {
    let help = tool("s3sns").args(["--help"]).run();
    help.code(0).stdout_has("--attributes").stdout_has("--direct-queue").stdout_has("-attributes=true");
    tool("s3sns").args(["--generate=iam"]).run().code(0).stdout_has("sns:Publish");
    tool("s3sns").args(["--generate=man"]).run().code(0);
}
