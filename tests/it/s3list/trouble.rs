//! Sources that cannot be listed, and services that fail: the others go on, and each failure is named.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::lake::{LAKE, Lake};
use super::{Scene, column, report, set, source, summary};
use crate::support::credentials::{Issued, SecurityTokenService};
use crate::support::{Fault, FaultProxy, Outcome, tool};

const CLOUDTRAIL_ROLE: &str = "arn:aws:iam::444455556666:role/PantherLogProcessingRole-acme-cloudtrail";
const NO_ROLE: &str = "arn:aws:iam::444455556666:role/PantherLogProcessingRole-nobody";
/// It may read objects of its own bucket, and list none.
const READER: &str = "arn:aws:iam::111122223333:role/PantherInputDataLogProcessingRole-us-east-1";

fn status(outcome: &Outcome, label: &str) -> Value {
    let report = report(outcome);
    let sources = report["sources"].as_array().expect("sources").clone();
    sources
        .into_iter()
        .find(|source| source["source_label"] == label)
        .unwrap_or_else(|| panic!("no {label}\n{outcome}"))
}

#[test]
fn each_source_that_fails_is_named_and_the_others_go_on() {
    let scene = Scene::new();
    let sandbox = scene.sandbox;
    let reader = READER.replace("us-east-1", sandbox.region()).replace("111122223333", sandbox.account());
    let sources = json!([
        source("gone", "no-such-bucket-anywhere", CLOUDTRAIL_ROLE, &["x/"]),
        source("untrusted", "acme-application-logs", NO_ROLE, &["payments/"]),
        source("good", "acme-cloudtrail-444455556666", CLOUDTRAIL_ROLE, &["AWSLogs/"]),
        source("reader", "acme-restricted-logs", &reader, &["year=2026/"]),
    ]);
    let file = scene.home.write("sources.json", sources.to_string()).display().to_string();
    let errors = scene.home.path().join("errors.jsonl").display().to_string();
    let outcome = tool("s3list").sandbox(sandbox).args(["--sources-file", &file, "--json", "--errors", &errors]);
    let outcome = outcome.args(["-o", &scene.home.path().join("rows.csv").display().to_string()]).run();
    outcome.code(3);
    let report = outcome.stdout_json();
    let told = |label: &str| {
        let sources = report["sources"].as_array().expect("sources");
        sources.iter().find(|source| source["source_label"] == label).expect("a line").clone()
    };
    assert_eq!(told("good")["status"], "done");
    assert!(told("good")["objects"].as_u64() > Some(0));
    for (label, words) in [("gone", "NoSuchBucket"), ("untrusted", "cannot assume role"), ("reader", "AccessDenied")] {
        assert_eq!(told(label)["status"], "failed", "{label}: {outcome}");
        assert!(told(label)["error"].as_str().is_some_and(|error| error.contains(words)), "{label}: {}", told(label));
        outcome.stderr_has(&format!("`{label}`"));
    }
    assert_eq!(report["summary"]["sources_failed"], 3);
    assert_eq!(std::fs::read_to_string(errors).expect("errors").lines().count(), 3);
}

#[test]
fn the_next_step_is_not_what_was_done_already() {
    let scene = Scene::with(["p/x"]);
    let sources = json!([source("gone", "no-such-bucket-anywhere", NO_ROLE, &["x/"])]);
    let file = scene.home.write("sources.json", sources.to_string()).display().to_string();
    let next = |more: &[&str]| {
        let outcome = scene.tool().args(["--sources-file", &file]).args(more).run();
        report(outcome.code(3))["next"].as_str().expect("a next step").to_owned()
    };
    assert!(next(&[]).contains("--no-assume"));
    assert!(!next(&["--no-assume"]).contains("--no-assume"));
    let nothing = scene.tool().args([&scene.path("P/")]).run();
    assert!(report(nothing.code(0))["next"].as_str().is_some_and(|next| next.contains("case and all")), "{nothing}");
}

#[test]
fn an_inner_prefix_is_listed_by_its_own_role_where_the_outer_ones_fails() {
    let scene = Scene::new();
    let inner = "AWSLogs/444455556666/CloudTrail/us-east-1/";
    let bucket = "acme-cloudtrail-444455556666";
    let sources =
        json!([source("outer", bucket, NO_ROLE, &["AWSLogs/"]), source("inner", bucket, CLOUDTRAIL_ROLE, &[inner])]);
    let file = scene.home.write("sources.json", sources.to_string()).display().to_string();
    let outcome = scene.tool().args(["--sources-file", &file]).run();
    outcome.code(3);
    let expected = scene.sandbox.s3().list(bucket, inner);
    assert_eq!(column(&outcome, "key"), set(expected.into_keys()));
    assert_eq!(
        (status(&outcome, "outer")["status"].as_str(), status(&outcome, "inner")["status"].as_str()),
        (Some("failed"), Some("done"))
    );
}

#[test]
fn faults_of_the_service_lose_nothing() {
    let scene = Scene::with((0..60).map(|number| format!("p/{number:03}")));
    for fault in
        [Fault::Throttle, Fault::Error500, Fault::ResetBefore, Fault::CutBody, Fault::Delay(Duration::from_millis(30))]
    {
        let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
        s3.inject(fault.clone().on("ListObjectsV2").percent(50, 3));
        let outcome = scene.tool().env("AWS_ENDPOINT_URL_S3", s3.url()).args([&scene.path("p/")]).run();
        outcome.code(0);
        assert_eq!(column(&outcome, "key").len(), 60, "{fault:?}");
        assert!(s3.calls("ListObjectsV2") > 0);
    }
}

#[test]
fn a_refused_path_says_who_may_not_do_what() {
    let scene = Scene::with(["p/1", "q/2"]);
    let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    s3.inject(Fault::AccessDenied("not any more".to_owned()).on("ListObjectsV2").to("prefix=p"));
    let denied = scene.tool().env("AWS_ENDPOINT_URL_S3", s3.url()).args([&scene.path("p/")]).run();
    denied.code(5).stderr_has("s3:ListBucket").stderr_has("not any more");
    let both = scene.tool().env("AWS_ENDPOINT_URL_S3", s3.url()).args([scene.path("p/"), scene.path("q/")]).run();
    both.code(3).stderr_has("AccessDenied");
    let quiet = tool("s3list").sandbox(scene.sandbox).env("AWS_ENDPOINT_URL_S3", s3.url()).args(["-q"]);
    let quiet = quiet.args([scene.path("p/"), scene.path("q/")]).run();
    quiet.code(3).stderr_has("AccessDenied").stderr_has(&scene.path("p/"));
    assert_eq!(column(&both, "key"), set(["q/2"]));
    assert_eq!(summary(&both, "failed"), 1);
}

#[test]
fn expired_credentials_end_the_run_as_such() {
    let scene = Scene::with(["p/1", "q/2"]);
    let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    s3.inject(Fault::ExpiredToken.on("ListObjectsV2"));
    let outcome = scene.tool().env("AWS_ENDPOINT_URL_S3", s3.url()).args([scene.path("p/"), scene.path("q/")]).run();
    outcome.code(5).stderr_has("xpired");
}

#[test]
fn a_role_is_assumed_again_before_its_credentials_end() {
    let lake = Lake::of((0..40_000).map(|number| format!("p/{number:06}")), Duration::from_millis(150));
    // The SDK renews what ends within ten seconds: these are renewed after about two.
    let sts = SecurityTokenService::issuing(&Issued::valid_for("role", SignedDuration::from_secs(12)));
    let scene = Scene::new();
    let sources = json!([source("one", LAKE, NO_ROLE, &["p/"])]);
    let file = scene.home.write("sources.json", sources.to_string()).display().to_string();
    let outcome =
        scene.tool().envs(lake.env()).envs(sts.env()).args(["--sources-file", &file, "--concurrency", "1"]).run();
    outcome.code(0);
    assert_eq!(column(&outcome, "key").len(), 40_000);
    let assumed = sts.calls().iter().filter(|call| call.action == "AssumeRole").count();
    assert!(assumed > 1, "assumed {assumed} times: {outcome}");
}

#[test]
fn functions_that_answer_nonsense_are_told() {
    let scene = Scene::new();
    for (name, answer) in
        [("nothing", "[]"), ("no source", "[{\"integrationId\": \"1\", \"integrationType\": \"gcp-pubsub\"}]")]
    {
        let file = scene.home.write("sources.json", answer).display().to_string();
        scene.tool().args(["--sources-file", &file]).run().code(1).stderr_has("no source to list");
        assert!(!name.is_empty());
    }
}
