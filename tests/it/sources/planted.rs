//! What is wrong with the faulty deployment is named, each fault with its cause, and nothing else is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{checks, of_check, only, sources};
use crate::support::Sandbox;

fn ids(finding: &Value) -> BTreeSet<&str> {
    let sources = finding["sources"].as_array().expect("sources");
    sources.iter().filter_map(|source| source["source_id"].as_str()).collect()
}

fn text<'a>(finding: &'a Value, key: &str) -> &'a str {
    finding[key].as_str().unwrap_or_default()
}

#[test]
fn each_planted_fault_is_named_with_its_cause_and_only_those() {
    let planted = Sandbox::faulty().planted();
    let outcome = sources().args(["--validate", "--json"]).run();
    outcome.code(4);
    let found = checks(&outcome);
    let mut wrong: Vec<&Value> =
        found.iter().filter(|finding| !["OK", "SKIP"].contains(&text(finding, "status"))).collect();
    for fault in &planted {
        let rows: BTreeSet<&str> = fault.source_ids.iter().map(String::as_str).collect();
        let position = wrong.iter().position(|finding| text(finding, "check") == fault.check && ids(finding) == rows);
        let position = position.unwrap_or_else(|| panic!("not found: {fault:?}\n{outcome}"));
        let finding = wrong.remove(position);
        let told = ["status", "code", "cause"].map(|key| text(finding, key));
        assert_eq!(told, [fault.status.as_str(), &fault.code, &fault.cause], "{fault:?}: {finding}");
        assert!(!text(finding, "remedy").is_empty(), "{finding}");
        wrong.retain(|finding| {
            !(fault.also.iter().any(|check| check == text(finding, "check")) && ids(finding) == rows)
        });
    }
    assert!(wrong.is_empty(), "nothing else is wrong: {wrong:#?}");
    assert!(planted.len() > 10, "the deployment has faults: {planted:?}");
}

#[test]
fn every_source_is_checked_and_counted() {
    let outcome = sources().args(["--validate", "--json"]).run();
    let report = outcome.stdout_json();
    let found = checks(&outcome);
    assert_eq!(report["summary"]["total"], found.len());
    assert_eq!(report["status"], "findings");
    for source in report["sources"].as_array().expect("sources") {
        let id = source["source_id"].as_str().expect("an id");
        assert!(found.iter().any(|finding| ids(finding).contains(id)), "{source}");
    }
}

#[test]
fn a_role_that_trusts_only_panthers_functions_is_shown_with_both_answers() {
    let outcome = sources().args(["--validate", "--json", "--label", "Acme Subsidiary", "--type", "aws-s3"]).run();
    outcome.code(0);
    let role = only(&outcome, "role-assume");
    assert_eq!((text(&role, "status"), text(&role, "code")), ("WARN", "AccessDenied"));
    assert!(text(&role, "message").contains("Panther's own health check assumes it"), "{role}");
    assert_eq!(text(&only(&outcome, "cross-check"), "status"), "OK");
    assert_eq!(text(&only(&outcome, "list-prefix"), "status"), "SKIP");
    sources().args(["--validate", "--label", "Acme Subsidiary", "--fail-on", "warn"]).run().code(4);
    // Without the other answer it cannot be told from a role that is gone.
    let alone = ["--validate", "--json", "--label", "Acme Subsidiary", "--type", "aws-s3", "--backend", "dynamodb"];
    let unasked =
        sources().args(alone).env("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9").args(["--max-attempts", "1"]).run();
    let role = only(&unasked, "role-assume");
    assert_eq!(text(&role, "status"), "FAIL");
    assert!(text(&role, "remedy").contains("not there, or its trust policy"), "{role}");
}

#[test]
fn folders_and_archived_objects_are_passed_over_and_old_roles_may_not_list() {
    let archive = sources().args(["--validate", "--json", "--label", "Acme Archive"]).run();
    archive.code(0);
    let read = only(&archive, "read-object");
    assert_eq!(text(&read, "status"), "OK");
    assert!(!text(&read, "object").ends_with('/'), "{read}");
    let early = sources().args(["--validate", "--json", "--label", "Acme Early"]).run();
    early.code(0);
    let list = only(&early, "list-prefix");
    assert_eq!((text(&list, "status"), text(&list, "code")), ("SKIP", "AccessDenied"));
    assert!(text(&list, "message").contains("before 1.16"), "{list}");
}

#[test]
fn an_object_that_is_excluded_shows_nothing_and_is_not_tried() {
    let outcome = sources().args(["--validate", "--json", "--only", "read-object", "--label", "Acme CloudTrail"]).run();
    let read = of_check(&outcome, "read-object");
    assert_eq!(read.len(), 2, "{outcome}");
    for finding in &read {
        assert_eq!(text(finding, "status"), "OK");
        assert!(!text(finding, "object").contains("CloudTrail-Digest"), "{finding}");
    }
}

#[test]
fn panthers_check_is_not_called_wrong_about_what_was_not_tried() {
    let outcome = sources().args(["--validate", "--json", "--label", "Acme Vanished"]).run();
    let cross = only(outcome.code(4), "cross-check");
    assert_eq!(text(&cross, "status"), "OK");
    assert!(text(&cross, "message").contains("finds the same"), "{cross}");
    assert!(!text(&cross, "message").contains("without reason"), "{cross}");
}

#[test]
fn the_staging_role_is_not_expected_to_list() {
    let outcome = sources().args(["--validate", "--json", "--label", "Okta forwarder"]).run();
    outcome.code(0);
    assert_eq!(text(&only(&outcome, "role-assume"), "status"), "OK");
    let list = only(&outcome, "list-prefix");
    assert_eq!(text(&list, "status"), "SKIP");
    assert!(text(&list, "message").contains("not meant to list"), "{list}");
}

#[test]
fn checks_can_be_chosen() {
    let outcome = sources().args(["--validate", "--json", "--only", "kms", "--only", "queue"]).run();
    outcome.code(4);
    let names: BTreeSet<String> = checks(&outcome).iter().map(|finding| text(finding, "check").to_owned()).collect();
    assert_eq!(names, BTreeSet::from(["kms".to_owned(), "queue".to_owned()]));
    let without =
        sources().args(["--validate", "--json", "--label", "Acme Vanished", "--skip", "bucket-location"]).run();
    without.code(0);
    sources().args(["--validate", "--fail-on", "never"]).run().code(0);
}
