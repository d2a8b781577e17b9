//! Who hears what: attributes and filters, and what the plan says of them.

use std::collections::BTreeSet;

use serde_json::json;

use super::{HOUR, Heard, Scene, heard_of, summary};
use crate::support::tool;

/// One object of each kind: key, and what the live system says of it.
fn kinds() -> Vec<(String, &'static str, &'static str)> {
    vec![
        (format!("logs/aws_cloudtrail/{HOUR}/a.json.gz"), "LogData", "AWS.CloudTrail"),
        (format!("logs/custom_retired/{HOUR}/b.json.gz"), "LogData", "Custom.Retired"),
        (format!("cloud_security/resource_history/{HOUR}/c.json.gz"), "CloudSecurity", "Resource.History"),
        (format!("rules/aws_cloudtrail/{HOUR}/rule_id=My.Rule%20ü/d.json.gz"), "RuleMatches", "My.Rule%20ü"),
        (format!("rule_errors/okta_systemlog/{HOUR}/rule_id=Okta & Co/e f.json.gz"), "RuleErrors", "Okta & Co"),
    ]
}

fn keys(heard: &[Heard]) -> BTreeSet<&str> {
    heard.iter().map(|heard| heard.key.as_str()).collect()
}

#[test]
fn each_subscriber_hears_what_its_filter_lets_pass() {
    let scene = Scene::new();
    scene.put(kinds().into_iter().map(|(key, ..)| key));
    let outcome = scene.whole().args(["--attributes", "--json"]).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "messages")), (5, 5));
    let expected: Vec<Heard> = {
        let told = |(key, kind, id): (String, &str, &str)| Heard {
            bucket: scene.bucket.clone(),
            key,
            size: 5,
            attributes: Some((kind.to_owned(), id.to_owned())),
        };
        let mut all: Vec<Heard> = kinds().into_iter().map(told).collect();
        all.sort();
        all
    };
    assert_eq!(scene.heard(&scene.open), expected, "keys raw, the id that the live system sends, a size always");
    assert_eq!(scene.heard(&scene.catalog), expected);
    let events = scene.heard(&scene.events);
    assert_eq!(keys(&events), BTreeSet::from([kinds()[0].0.as_str()]), "logs of CloudTrail, no matches of its rules");
    let judged = scene.judged(&scene.rules.name);
    assert_eq!(judged.len(), 3);
    assert!(judged.iter().all(|object| object["outcome"] == "ingested"), "{judged:?}");
    let types = outcome.stdout_json()["types"].clone();
    let row = |kind: &str, id: &str| json!({ "type": kind, "id": id, "objects": 1 });
    let mut rows: Vec<_> = kinds().iter().map(|(_, kind, id)| row(kind, id)).collect();
    rows.sort_by_key(|row| (row["type"].to_string(), row["id"].to_string()));
    assert_eq!(types, json!(rows), "counts by type and id");
}

#[test]
fn without_attributes_only_those_hear_who_do_not_filter() {
    let scene = Scene::new();
    scene.put(kinds().into_iter().map(|(key, ..)| key));
    scene.put(["elsewhere/x".to_owned()]);
    let outcome = scene.whole().args(["--json"]).run();
    outcome.code(0).stderr_has("hears nothing").stderr_has("hears everything").nowhere("DUPLICATE");
    assert_eq!(summary(&outcome, "done"), 6);
    let heard = scene.heard(&scene.open);
    assert!(heard.len() == 6 && heard.iter().all(|heard| heard.attributes.is_none()), "{heard:?}");
    for filtered in [&scene.catalog, &scene.rules, &scene.events] {
        assert_eq!(scene.waiting(filtered), 0, "{}", filtered.name);
    }
    let report = outcome.stdout_json();
    assert_eq!(report["plan"]["rules_run_again"], false);
    let hears = |name: &str| {
        let all = report["plan"]["subscribers"].as_array().expect("subscribers").clone();
        all.into_iter().find(|entry| entry["endpoint"] == name).expect("the subscriber")["hears"].clone()
    };
    assert_eq!((hears(&scene.open.name), hears(&scene.rules.name)), (json!(true), json!(false)));
}

#[test]
fn duplicate_alerts_are_said_aloud_and_do_not_stop_old_scripts() {
    let scene = Scene::with_logs(2);
    scene.put([format!("rules/aws_cloudtrail/{HOUR}/rule_id=r/x")]);
    let loud = scene.whole().args(["--attributes", "--dry-run", "--json"]).run();
    loud.code(0).stderr_has("DUPLICATE ALERTS").stderr_has("--direct-queue").stderr_has("scan of cloud resources");
    assert_eq!(loud.stdout_json()["plan"]["rules_run_again"], true);
    let matches = scene.tool().args(["--s3path", &scene.path("rules/"), "--attributes", "--dry-run", "--json"]).run();
    matches.code(0).nowhere("DUPLICATE");
    assert_eq!(matches.stdout_json()["plan"]["rules_run_again"], false, "rules do not run over their matches");
    scene.whole().args(["-attributes=true", "-interactive=false"]).run().code(0).stderr_has("DUPLICATE");
    assert_eq!(scene.waiting(&scene.rules), 2);
}

#[test]
fn unknown_log_types_are_passed_over_counted_and_can_be_named() {
    let scene = Scene::with_logs(2);
    scene.put((0..3).map(|number| format!("logs/nobody_knows/{HOUR}/{number}")));
    scene.put([format!("rules/aws_cloudtrail/{HOUR}/no_rule")]);
    scene.put(["elsewhere/x".to_owned()]);
    let outcome = scene.whole().args(["--attributes", "--json"]).run();
    outcome.code(0).stderr_has("3 objects of table `nobody_knows`").stderr_has("--log-type nobody_knows=");
    let count = |name: &str| summary(&outcome, name);
    assert_eq!((count("done"), count("unknown_log_type")), (2, 3));
    assert_eq!((count("no_rule_id"), count("not_processed_data"), count("skipped")), (1, 1, 5));
    let next = outcome.stdout_json()["next"].clone();
    assert!(next.as_str().is_some_and(|next| next.contains("--log-type nobody_knows=")), "also for scripts: {next}");
    scene.heard(&scene.open);
    let line = ["--attributes", "--log-type", "nobody_knows=Custom.Named", "--log-types", "Custom.Named,Nobody.Knows"];
    let named = scene.whole().args(line).args(["--json"]).run();
    named.code(0);
    assert_eq!(summary(&named, "done"), 3);
    let heard = scene.heard(&scene.open);
    assert!(
        heard.iter().all(|heard| heard.attributes.as_ref().is_some_and(|(_, id)| id == "Custom.Named")),
        "{heard:?}"
    );
}

#[test]
fn a_dry_run_says_type_and_id_and_sends_nothing() {
    let scene = Scene::new();
    scene.put(kinds().into_iter().map(|(key, ..)| key));
    let outcome = scene.whole().args(["--attributes", "--dry-run", "--json", "-v"]).run();
    outcome.code(0).stderr_has("type=RuleMatches id=My.Rule%20ü").stderr_has("type=LogData id=Custom.Retired");
    let report = outcome.stdout_json();
    assert_eq!(report["status"], "planned");
    assert_eq!(report["plan"]["estimate"], json!({ "items": 5, "bytes": 25, "exact": true }));
    let types = report["types"].as_array().expect("a table");
    assert!(types.contains(&json!({ "type": "CloudSecurity", "id": "Resource.History", "objects": 1 })), "{types:?}");
    assert_eq!((report["summary"]["total"].as_u64(), scene.waiting(&scene.open)), (Some(0), 0));
    assert!(!scene.home.state().join("opstools").exists(), "a dry run keeps no journal");
    scene.whole().args(["--attributes", "--dry-run"]).run().code(0).stdout_has("RuleMatches\tMy.Rule%20ü\t1");
}

#[test]
fn the_deployments_own_topic_reaches_its_own_subscribers() {
    let scene = Scene::new();
    scene.put(kinds().into_iter().map(|(key, ..)| key));
    let tool = tool("s3sns").sandbox(scene.sandbox).home(&scene.home);
    let outcome = tool.args(["-s3path", &scene.path(""), "-attributes=true", "-interactive=false", "--json"]).run();
    outcome
        .code(0)
        .stderr_has("panther-rules-engine-queue: hears")
        .stderr_has("panther-datacatalog-updater-queue: hears");
    assert_eq!(summary(&outcome, "done"), 5);
    let sqs = scene.sandbox.sqs();
    for (queue, expected) in
        [("panther-datacatalog-updater-queue", 5), ("panther-rules-engine-queue", 3), ("panther-aws-events-queue", 1)]
    {
        let found = crate::support::loopback::wait(sqs.client().get_queue_url().queue_name(queue).send());
        let url = found.expect("a queue of the deployment").queue_url().expect("a URL").to_owned();
        let messages = sqs.drain(&url).into_values().flatten();
        let ours = messages.flat_map(|message| heard_of(&message)).filter(|heard| heard.bucket == scene.bucket).count();
        assert_eq!(ours, expected, "{queue}");
    }
}
