//! Bad input: an error that names the object and the next step, the right code, and nothing sent.

use super::Scene;
use crate::support::{Home, tool};

#[test]
fn malformed_lines_are_usage_errors() {
    let sandbox = crate::support::Sandbox::shared();
    let table: [(&[&str], &str); 12] = [
        (&["--s3path", "bucket/prefix"], "s3://bucket/prefix"),
        (&["--s3path", "s3:///x"], "names no bucket"),
        (&["--s3path", "s3://b/p", "--rate=-1"], "0.5 or 200"),
        (&["--s3path", "s3://b/p", "--concurrency", "0"], "above 0"),
        (&["--s3path", "s3://b/p", "--queue", "arn:aws:sns:x:1:t"], "is no queue"),
        (&["--s3path", "s3://b/p", "--account", "12"], "12 digits"),
        (&["--s3path", "s3://b/p", "--start", "yesterday"], "--start"),
        (&["--s3path", "s3://b/p", "--include", "re:("], "--include"),
        (&["--s3path", "s3://b/p", "--from-file", "x"], "more than one way"),
        (&["--s3path", "s3://b/p", "--min-size", "5", "--max-size", "4"], "--max-size"),
        (&["--from-file", "-", "--loop"], "--loop"),
        (&[], "--s3path"),
    ];
    for (line, expected) in table {
        tool("s3queue").sandbox(sandbox).args(line).run().code(2).stderr_has(expected).stdout_empty();
    }
}

#[test]
fn what_is_not_there_is_named() {
    let scene = Scene::with_objects(1);
    let missing = scene.sandbox.name("missing");
    scene.tool().args(["--force", "--s3path", &format!("s3://{missing}/")]).run().code(1).stderr_has(&missing);
    scene.forced().args(["--queue", &missing]).run().code(1).stderr_has(&missing);
    scene.forced().args(["--region", "mars-1"]).run().code(1).stderr_has("mars-1");
    scene.forced().args(["--expect-account", "999999999999"]).run().code(1).stderr_has("wrong account");
    scene.forced().args(["--account", "999999999999"]).run().code(1).stderr_has(&scene.queue);
    let arn = scene.sandbox.sqs().arn(&scene.url);
    let foreign = scene.forced().args(["--queue", &arn, "--account", "999999999999"]).run();
    foreign.code(1);
    assert_eq!(scene.waiting(), 0);
    scene.forced().args(["--queue", &arn]).run().code(0);
}

#[test]
fn a_clock_that_is_off_by_an_hour_is_said() {
    let scene = Scene::with_objects(1);
    let s3 = crate::support::FaultProxy::before(&scene.sandbox.endpoint("s3"));
    s3.inject(crate::support::Fault::SkewDate(3_600).on_any());
    let outcome = scene.forced().env("AWS_ENDPOINT_URL_S3", s3.url()).run();
    outcome.code(0).stderr_has("this machine's clock");
}

#[test]
fn a_fifo_queue_is_not_the_log_processors() {
    let scene = Scene::with_objects(1);
    let name = scene.sandbox.name("fifo");
    scene.sandbox.sqs().create_fifo(&name);
    scene.forced().args(["--queue", &format!("{name}.fifo")]).run().code(1).stderr_has("FIFO");
}

#[test]
fn a_path_without_source_is_refused_with_those_that_are_near() {
    let scene = Scene::with_objects(1);
    let outcome = scene.tool().args(["--s3path", &scene.path("p/")]).run();
    outcome.code(1).stderr_has("no source reads").stderr_has("--force");
    let near = scene.tool().args(["--s3path", "s3://acme-cloudtrail-444455556666/exports/"]).run();
    near.code(1).stderr_has("Acme CloudTrail").stderr_has("AWSLogs/");
    assert_eq!(scene.waiting(), 0);
    scene.forced().run().code(0).stderr_has("sources are not checked");
    assert_eq!(scene.arrived().len(), 1);
}

#[test]
fn sources_that_cannot_be_asked_are_no_permission() {
    let scene = Scene::with_objects(1);
    let proxy = crate::support::FaultProxy::before(&scene.sandbox.endpoint("lambda"));
    proxy.inject(crate::support::Fault::AccessDenied("not for you".to_owned()).on_any());
    let tool = scene.tool().env("AWS_ENDPOINT_URL_LAMBDA", proxy.url());
    tool.args(["--s3path", &scene.path("p/")]).run().code(5).stderr_has("panther-source-api").stderr_has("--force");
    scene.forced().env("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9").run().code(0);
}

#[test]
fn no_credentials_is_code_5() {
    let scene = Scene::with_objects(1);
    let tool = scene.forced().env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    tool.run().code(5).stderr_has("credentials");
}

#[test]
fn no_network_is_an_error_that_says_so() {
    let home = Home::new();
    let tool = tool("s3queue").home(&home).env("AWS_REGION", "eu-central-1").env("AWS_ACCESS_KEY_ID", "x");
    let tool = tool.env("AWS_SECRET_ACCESS_KEY", "x").args(["--endpoint-url", "http://127.0.0.1:9"]);
    tool.args(["--force", "--s3path", "s3://b/p", "--max-attempts", "2"]).run().code(1).stderr_has("Network");
}

#[test]
fn a_dry_run_sends_nothing_and_counts_everything() {
    let scene = Scene::with_objects(37);
    let outcome = scene.forced().args(["--dry-run", "--json"]).run();
    outcome.code(0);
    let report = outcome.stdout_json();
    assert_eq!(report["status"], "planned");
    assert_eq!(report["plan"]["estimate"], serde_json::json!({ "items": 37, "bytes": 185, "exact": true }));
    assert_eq!(report["summary"]["total"], 0);
    assert_eq!(scene.waiting(), 0);
    assert!(!scene.home.state().join("opstools").exists(), "a dry run keeps no journal");
}

#[test]
fn at_a_terminal_it_asks() {
    let scene = Scene::with_objects(1);
    let mut terminal = scene.forced().terminal();
    terminal.expect("Proceed? [y/N]").send_line("n");
    terminal.wait().code(6).stderr_has("nothing was changed");
    assert_eq!(scene.waiting(), 0);
    scene.forced().env("OPSTOOLS_ASK", "always").run().code(6).stderr_has("--yes");
    scene.forced().env("OPSTOOLS_ASK", "always").args(["--yes"]).run().code(0);
}
