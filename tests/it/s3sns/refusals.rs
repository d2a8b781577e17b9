//! Bad input: an error that names the object and the next step, the right code, and nothing sent.

use super::Scene;
use crate::support::{Home, Sandbox, tool};

#[test]
fn malformed_lines_are_usage_errors() {
    let sandbox = Sandbox::shared();
    let table: [(&[&str], &str); 14] = [
        (&["--s3path", "bucket/prefix"], "s3://bucket/prefix"),
        (&["--s3path", "s3://b/p", "--rate=-1"], "0.5 or 200"),
        (&["--s3path", "s3://b/p", "--concurrency", "0"], "above 0"),
        (&["--s3path", "s3://b/p", "--topic", "arn:aws:sqs:x:1:q"], "is no topic"),
        (&["--s3path", "s3://b/p", "--topic", "https://x/t"], "is no topic"),
        (&["--s3path", "s3://b/p", "--topic", ""], "--topic"),
        (&["--s3path", "s3://b/p", "--account", "12"], "12 digits"),
        (&["--s3path", "s3://b/p", "--start", "yesterday"], "--start"),
        (&["--s3path", "s3://b/p", "--data-types", "LogDate"], "did you mean `LogData`"),
        (&["--s3path", "s3://b/p", "--log-type", "custom_x"], "custom_checkout=Custom.Checkout"),
        (&["--s3path", "s3://b/p", "--log-types", "a/b"], "is no log type"),
        (&["--s3path", "s3://b/p", "--from-file", "x"], "more than one way"),
        (&["--s3path", "s3://b/p", "-attributes", "true"], "-attributes=true"),
        (&[], "--s3path"),
    ];
    for (line, expected) in table {
        tool("s3sns").sandbox(sandbox).args(line).run().code(2).stderr_has(expected).stdout_empty();
    }
}

#[test]
fn what_is_not_there_is_named() {
    let scene = Scene::with_logs(1);
    let missing = scene.sandbox.name("missing");
    scene.tool().args(["--s3path", &format!("s3://{missing}/")]).run().code(1).stderr_has(&missing);
    scene.whole().args(["--topic", &missing]).run().code(1).stderr_has(&missing);
    let near = scene.whole().args(["--topic", "panther-processed-data-notification"]).run();
    near.code(1).stderr_has("did you mean `panther-processed-data-notifications`");
    scene.whole().args(["--region", "mars-1"]).run().code(1).stderr_has("mars-1");
    scene.whole().args(["--expect-account", "999999999999"]).run().code(1).stderr_has("wrong account");
    let other = scene.whole().args(["--account", "999999999999"]).run();
    other.code(1).stderr_has("999999999999").stderr_has("your own, has a topic of this name").nowhere("did you mean");
    let foreign = scene.whole().args(["--topic", &scene.topic_arn, "--account", "999999999999"]).run();
    foreign.code(1).stderr_has("wrong account");
    assert_eq!(scene.waiting(&scene.open), 0);
    scene.whole().args(["--topic", &scene.topic_arn, "--account", scene.sandbox.account()]).run().code(0);
    assert_eq!(scene.waiting(&scene.open), 1);
}

#[test]
fn a_fifo_topic_is_not_panthers() {
    let scene = Scene::with_logs(1);
    let name = format!("{}.fifo", scene.sandbox.name("topic"));
    scene.sandbox.sns().create(&name);
    scene.whole().args(["--topic", &name]).run().code(1).stderr_has("FIFO");
}

#[test]
fn a_topic_that_nobody_hears_is_said() {
    let scene = Scene::with_logs(1);
    let lonely = scene.sandbox.name("lonely");
    let arn = scene.sandbox.sns().create(&lonely);
    scene.whole().args(["--topic", &lonely, "--dry-run"]).run().code(0).stderr_has("nobody");
    scene.sandbox.sns().subscribe(&arn, &scene.sandbox.sqs().arn(&scene.rules.url), super::RULES_FILTER);
    let outcome = scene.whole().args(["--topic", &lonely, "--dry-run"]).run();
    outcome.code(0).stderr_has("nobody will hear of it").stderr_has("--attributes");
}

#[test]
fn an_account_that_nobody_knows_must_be_named() {
    let scene = Scene::with_logs(1);
    let tool = || scene.whole().env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9");
    tool().run().code(1).stderr_has("--account");
    tool().args(["--account", scene.sandbox.account()]).run().code(0);
    assert_eq!(scene.waiting(&scene.open), 1);
}

#[test]
fn no_credentials_is_code_5() {
    let scene = Scene::with_logs(1);
    let tool = scene.whole().env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    tool.run().code(5).stderr_has("credentials");
}

#[test]
fn no_network_is_an_error_that_says_so() {
    let home = Home::new();
    let tool = tool("s3sns").home(&home).env("AWS_REGION", "eu-central-1").env("AWS_ACCESS_KEY_ID", "x");
    let tool = tool.env("AWS_SECRET_ACCESS_KEY", "x").args(["--endpoint-url", "http://127.0.0.1:9"]);
    let line = ["--account", "111122223333", "--s3path", "s3://b/p", "--max-attempts", "2"];
    tool.args(line).run().code(1).stderr_has("Network");
}

#[test]
fn at_a_terminal_it_asks() {
    let scene = Scene::with_logs(1);
    let mut terminal = scene.whole().args(["--attributes"]).terminal();
    terminal.expect("DUPLICATE ALERTS").expect("Proceed? [y/N]").send_line("n");
    terminal.wait().code(6).stderr_has("nothing was changed");
    assert_eq!(scene.waiting(&scene.open), 0);
    scene.whole().env("OPSTOOLS_ASK", "always").run().code(6).stderr_has("--yes");
}

#[test]
fn a_run_that_finds_nothing_says_so() {
    let scene = Scene::with_logs(1);
    for line in [["--s3path", &scene.path("nix/")], ["--log-types", "Nope.Type"]] {
        let tool = if line[0] == "--s3path" { scene.tool() } else { scene.whole() };
        tool.args(line).args(["-q"]).run().code(0).stdout_has("not one object was found");
    }
}
