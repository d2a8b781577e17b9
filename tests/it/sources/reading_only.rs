//! The tool only reads. Every call that it makes passes a proxy here, and the calls are held against the list of what it may do.

use std::collections::BTreeSet;

use super::{SERVICES, sources, variable};
use crate::support::{FaultProxy, Sandbox};

/// What is called with the operator's own identity, as the policy of `dist/iam` has it. (Invoking is reading here: of the
/// function only `listIntegrations` and `integrationHealthCheck` are asked, below.)
const OWN: [(&str, &str); 7] = [
    ("dynamodb:Scan", "Scan"),
    ("lambda:InvokeFunction", "Invoke"),
    ("lambda:ListEventSourceMappings", "ListEventSourceMappings"),
    ("sqs:GetQueueAttributes", "GetQueueAttributes"),
    ("sqs:GetQueueUrl", "GetQueueUrl"),
    ("sts:AssumeRole", "AssumeRole"),
    ("sts:GetCallerIdentity", "GetCallerIdentity"),
];

/// What is called with the roles of the sources, by their policies.
const WITH_ROLES: [&str; 7] = [
    "DescribeKey",
    "GetBucketLocation",
    "GetBucketNotificationConfiguration",
    "GetCallerIdentity",
    "GetObject",
    "ListObjectsV2",
    "ListSubscriptionsByTopic",
];

fn allowed_by_policy() -> BTreeSet<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("dist/iam/sources.json");
    let policy: serde_json::Value = serde_json::from_slice(&std::fs::read(path).expect("the policy")).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    let actions = |statement: &serde_json::Value| match &statement["Action"] {
        serde_json::Value::Array(list) => list.iter().filter_map(|action| action.as_str().map(str::to_owned)).collect(),
        one => vec![one.as_str().expect("an action").to_owned()],
    };
    statements.iter().flat_map(actions).collect()
}

#[test]
fn every_call_is_on_the_list_and_the_list_is_the_policy() {
    let sandbox = Sandbox::faulty();
    let proxies: Vec<(&str, FaultProxy)> =
        SERVICES.map(|service| (service, FaultProxy::before(&sandbox.endpoint(service)))).into();
    let tool = proxies.iter().fold(sources(), |tool, (service, proxy)| tool.env(variable(service), proxy.url()));
    tool.args(["--validate"]).run().code(4);
    let log: Vec<_> = proxies.iter().flat_map(|(_, proxy)| proxy.log()).collect();
    let made = |own: bool| -> BTreeSet<String> {
        let by = |key: &Option<String>| (key.as_deref() == Some(sandbox.access_key())) == own;
        log.iter().filter(|call| by(&call.access_key)).map(|call| call.action.clone()).collect()
    };
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(made(true), texts(&OWN.map(|(_, action)| action)), "with the operator's own identity");
    assert_eq!(made(false), texts(&WITH_ROLES), "with the roles of sources");
    assert_eq!(allowed_by_policy(), texts(&OWN.map(|(permission, _)| permission)), "dist/iam/sources.json");
}

#[test]
fn of_the_function_only_reading_routes_are_asked() {
    let routes = std::sync::Arc::new(std::sync::Mutex::new(BTreeSet::new()));
    let seen = routes.clone();
    let lambda = super::function(move |event| {
        let named: Vec<String> = event.as_object().into_iter().flatten().map(|(route, _)| route.clone()).collect();
        seen.lock().expect("unpoisoned").extend(named);
        let answer = if event.get("listIntegrations").is_some() {
            super::one_source(serde_json::json!({}))
        } else {
            "{}".to_owned()
        };
        (None, answer)
    });
    let outcome = sources().env("AWS_ENDPOINT_URL_LAMBDA", lambda.url()).args(["--validate"]).run();
    let routes = routes.lock().expect("unpoisoned").clone();
    assert_eq!(
        routes,
        BTreeSet::from(["integrationHealthCheck".to_owned(), "listIntegrations".to_owned()]),
        "{outcome}"
    );
}

#[test]
fn each_role_is_assumed_once_and_each_prefix_tried_once() {
    let sandbox = Sandbox::faulty();
    let (sts, s3) = (FaultProxy::before(&sandbox.endpoint("sts")), FaultProxy::before(&sandbox.endpoint("s3")));
    let tool = sources().env(variable("sts"), sts.url()).env(variable("s3"), s3.url());
    let outcome = tool.args(["--validate", "--json"]).run();
    let roles: BTreeSet<String> = super::checks(&outcome)
        .iter()
        .filter(|finding| ["role-assume", "audit-role"].contains(&finding["check"].as_str().unwrap_or_default()))
        .filter_map(|finding| finding["object"].as_str().filter(|object| object.starts_with("arn:")).map(str::to_owned))
        .collect();
    assert_eq!(sts.calls("AssumeRole"), roles.len(), "{outcome}");
    let log = s3.log();
    let listings: Vec<_> = log.iter().filter(|call| call.action == "ListObjectsV2").collect();
    let distinct: BTreeSet<_> = listings.iter().map(|call| (&call.target, &call.access_key)).collect();
    assert_eq!(distinct.len(), listings.len(), "{listings:?}");
}
