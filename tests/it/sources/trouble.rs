//! Silence, lost connections, expired credentials, ^C: what was found is shown, and the exit code says that it is not all.

use std::time::Duration;

use super::{behind, checks, of_check, only, sources};
use crate::support::Fault;

/// Longer than any test waits.
const FOREVER: Duration = Duration::from_secs(600);

#[test]
fn a_check_that_hangs_ends_and_the_others_go_on() {
    let (tool, proxy) = behind("sts");
    proxy.inject(Fault::Delay(FOREVER).on("AssumeRole").containing("acme-archive"));
    let line = ["--validate", "--json", "--check-timeout", "2s", "--skip", "cross-check", "--label"];
    let outcome = tool.args(line).args(["Acme Archive", "--label", "Acme CloudTrail"]).run();
    outcome.code(3);
    let roles = of_check(&outcome, "role-assume");
    let of = |text: &str| {
        roles.iter().find(|finding| finding["object"].as_str().is_some_and(|object| object.ends_with(text)))
    };
    let hung = of("acme-archive").expect("a finding");
    assert_eq!((&hung["status"], &hung["code"]), (&"UNKNOWN".into(), &"Timeout".into()));
    assert!(hung["remedy"].as_str().is_some_and(|text| text.contains("--check-timeout")));
    assert_eq!(of("acme-cloudtrail").expect("a finding")["status"], "OK");
    assert_eq!(outcome.stdout_json()["status"], "partial");
}

#[test]
fn trouble_of_a_service_is_not_known_rather_than_broken() {
    for fault in [Fault::Error500, Fault::Throttle, Fault::ResetBefore] {
        let (tool, proxy) = behind("s3");
        proxy.inject(fault.clone().on("ListObjectsV2"));
        let line = ["--validate", "--json", "--max-attempts", "1", "--only", "list-prefix", "--label", "Acme Archive"];
        let finding = only(tool.args(line).run().code(3), "list-prefix");
        assert_eq!(finding["status"], "UNKNOWN", "{fault:?}: {finding}");
    }
}

#[test]
fn interrupted_it_shows_what_was_found() {
    let (tool, proxy) = behind("sts");
    proxy.inject(Fault::Delay(FOREVER).on("AssumeRole").containing("acme-archive"));
    let mut running = tool.args(["--validate", "--json", "--check-timeout", "10m", "--skip", "cross-check"]).spawn();
    let mut calls = 0;
    running.wait_until("most roles to be assumed", |_| {
        calls = proxy.calls("AssumeRole");
        calls > 10
    });
    running.signal("INT");
    let outcome = running.wait();
    outcome.code(130);
    let found = checks(&outcome);
    assert!(found.iter().any(|finding| finding["check"] == "role-assume" && finding["status"] == "OK"), "{outcome}");
    assert_eq!(outcome.stdout_json()["status"], "interrupted");
}

#[test]
fn where_nobody_answers_it_says_that_it_waits() {
    let (tool, proxy) = behind("lambda");
    proxy.inject(Fault::Delay(FOREVER).on("Invoke"));
    let mut running = tool.spawn();
    running.wait_for_stderr("still waits for answers");
    running.signal("INT");
    running.wait().code(130).stdout_empty();
}

#[test]
fn credentials_that_expire_on_the_way_end_with_code_5_and_what_was_found() {
    let (tool, proxy) = behind("sts");
    proxy.inject(Fault::ExpiredToken.on("AssumeRole").after(3));
    let outcome = tool.args(["--validate", "--json", "--concurrency", "1", "--skip", "cross-check"]).run();
    outcome.code(5).stderr_has("expired");
    assert!(!checks(&outcome).is_empty());
}

#[test]
fn without_credentials_or_permission_it_says_so() {
    let without =
        ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].iter().fold(sources(), |tool, name| tool.env_remove(name));
    without.run().code(5).stderr_has("credentials").stdout_empty();
    let (tool, lambda) = behind("lambda");
    lambda.inject(Fault::AccessDenied("not you".to_owned()).on("Invoke"));
    let table = crate::support::FaultProxy::before(&crate::support::Sandbox::faulty().endpoint("dynamodb"));
    table.inject(Fault::AccessDenied("nor you".to_owned()).on("Scan"));
    let refused = tool.env("AWS_ENDPOINT_URL_DYNAMODB", table.url()).run();
    refused.code(5).stderr_has("lambda:InvokeFunction").stderr_has("nor you").stdout_empty();
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    sources().args(["--format", "jsonl"]).stdout_closing_after(100).run().code(0);
}
