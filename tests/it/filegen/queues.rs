//! Rows as messages.

use super::HOUR;
use crate::support::{Home, Sandbox, tool};

#[test]
fn each_row_is_a_message_that_is_a_log_of_its_own() {
    let (sandbox, home) = (Sandbox::shared(), Home::new());
    for (log_type, starts) in
        [("Okta.SystemLog", "{\""), ("AWS.CloudTrail", "{\"Records\":[{"), ("AWS.VPCFlow", "version ")]
    {
        let queue = sandbox.name("queue");
        let url = sandbox.sqs().create(&queue);
        let line = ["--log-type", log_type, "--files", "2", "--rows", "13", "--out", "sqs", "--queue", &queue];
        let outcome = tool("filegen").sandbox(sandbox).home(&home).args(line).args(["--end", HOUR]).run();
        outcome.code(0).stdout_has("26 done");
        let bodies = sandbox.sqs().drain(&url);
        assert_eq!(bodies.values().map(Vec::len).sum::<usize>(), 26, "{log_type}");
        assert!(bodies.keys().all(|body| body.starts_with(starts)), "{log_type}");
    }
}

#[test]
fn bytes_asked_for_are_those_of_the_bodies() {
    let (sandbox, home) = (Sandbox::shared(), Home::new());
    let queue = sandbox.name("queue");
    let url = sandbox.sqs().create(&queue);
    let line = ["--log-type", "AWS.CloudTrail", "--log-type", "AWS.VPCFlow", "--bytes", "30000"];
    let tool = tool("filegen").sandbox(sandbox).home(&home).args(line);
    let outcome = tool.args(["--out", "sqs", "--queue", &queue, "--end", HOUR, "--json"]).run();
    outcome.code(0).stderr_has("exactly 30000 bytes in the bodies of messages");
    assert_eq!(outcome.stdout_json()["summary"]["bytes"].as_u64(), Some(30_000));
    let bodies = sandbox.sqs().drain(&url);
    assert_eq!(bodies.iter().map(|(body, copies)| body.len() * copies.len()).sum::<usize>(), 30_000);
}

#[test]
fn a_limit_is_a_number_of_messages() {
    let (sandbox, home) = (Sandbox::shared(), Home::new());
    let queue = sandbox.name("queue");
    let url = sandbox.sqs().create(&queue);
    let line = ["--log-type", "AWS.ALB", "--limit", "17", "--out", "sqs", "--queue", &queue];
    let outcome = tool("filegen").sandbox(sandbox).home(&home).args(line).run();
    outcome.code(0).stdout_has("17 done, 99,983 left").stdout_has("stopped at `--limit`");
    assert_eq!(sandbox.sqs().counts(&url).visible, 17);
}
