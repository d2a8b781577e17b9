//! Refusals in AWS's recorded words, which the emulator cannot give: each becomes its cause, with its confidence and a remedy.

use serde_json::{Value, json};

use super::{behind, only};
use crate::support::Fault;

const LABEL: [&str; 5] = ["--validate", "--json", "--label", "Acme Archive", "--skip"];

fn who(action: &str) -> String {
    format!(
        "User: arn:aws:sts::444455556666:assumed-role/PantherLogProcessingRole-acme-archive/s is not authorized to perform: {action}"
    )
}

fn told(finding: &Value) -> [&str; 4] {
    ["status", "code", "cause", "confidence"].map(|key| finding[key].as_str().unwrap_or_default())
}

#[test]
fn each_kind_of_policy_is_told_apart() {
    let table = [
        ("because no identity-based policy allows the s3:ListBucket action", "role-policy", "stack `"),
        ("with an explicit deny in an identity-based policy", "role-policy", "no longer deny"),
        ("because no permissions boundary allows the s3:ListBucket action", "boundary", "permissions boundary"),
        ("with an explicit deny in a permissions boundary", "boundary", "permissions boundary"),
        ("because no session policy allows the s3:ListBucket action", "session-policy", "session"),
        (
            "with an explicit deny in a service control policy: arn:aws:organizations::9:policy/o-a/service_control_policy/p-1",
            "scp",
            "organisation",
        ),
        ("because no service control policy allows the s3:ListBucket action", "scp", "organisation"),
        ("with an explicit deny in a resource control policy", "rcp", "resource control policy"),
        (
            "because no resource-based policy allows the s3:ListBucket action",
            "resource-policy",
            "the policy of arn:aws:s3:::",
        ),
        ("with an explicit deny in a VPC endpoint policy", "vpc-endpoint", "VPC endpoint"),
    ];
    for (reason, cause, remedy) in table {
        let (tool, proxy) = behind("s3");
        let message = format!("{} on resource: \"arn:aws:s3:::acme-branch-logs\" {reason}", who("s3:ListBucket"));
        proxy.inject(Fault::AccessDenied(message.clone()).on("ListObjectsV2"));
        let outcome = tool.args(LABEL).args(["cross-check"]).run();
        let finding = only(outcome.code(4), "list-prefix");
        assert_eq!(told(&finding), ["FAIL", "AccessDenied", cause, "stated by AWS"], "{reason}");
        assert_eq!(finding["message"], message.as_str());
        let policy = reason.split(": ").nth(1);
        assert_eq!(finding["policy_arn"].as_str(), policy, "{reason}");
        assert!(finding["remedy"].as_str().is_some_and(|text| text.contains(remedy)), "{reason}: {finding}");
        assert_eq!(only(&outcome, "read-object")["status"], "SKIP", "one fault, one finding");
    }
}

#[test]
fn a_bare_refusal_is_unknown_and_the_remedy_simulates() {
    let (tool, proxy) = behind("s3");
    proxy.inject(Fault::AccessDenied("Access Denied".to_owned()).on("GetObject"));
    let outcome = tool.args(LABEL).args(["cross-check"]).run();
    let finding = only(outcome.code(4), "read-object");
    assert_eq!(told(&finding), ["FAIL", "AccessDenied", "unknown", "unknown"]);
    let remedy = finding["remedy"].as_str().expect("a remedy");
    assert!(
        remedy.contains("simulate-principal-policy --policy-source-arn arn:aws:iam::444455556666:role/"),
        "{remedy}"
    );
}

#[test]
fn a_bare_refusal_to_read_what_a_key_encrypts_is_the_keys_by_elimination() {
    let list = super::one_source(json!({ "kmsKey": "arn:aws:kms:eu-central-1:444455556666:key/1234" }));
    let lambda = super::function(move |_| (None, list.clone()));
    let (tool, proxy) = behind("s3");
    proxy.inject(Fault::AccessDenied("Access Denied".to_owned()).on("GetObject"));
    let tool = tool.env("AWS_ENDPOINT_URL_LAMBDA", lambda.url());
    let outcome = tool.args(["--validate", "--json", "--only", "read-object"]).run();
    let finding = only(outcome.code(4), "read-object");
    assert_eq!(told(&finding), ["FAIL", "AccessDenied", "resource-policy", "by elimination"]);
    assert!(finding["remedy"].as_str().is_some_and(|text| text.contains("kms:Decrypt")), "{finding}");
}

#[test]
fn a_refusal_of_the_key_while_reading_names_the_key() {
    let (tool, proxy) = behind("s3");
    let message = format!(
        "{} on resource: arn:aws:kms:eu-central-1:444455556666:key/1 because no resource-based policy allows the kms:Decrypt action",
        who("kms:Decrypt")
    );
    proxy.inject(Fault::AccessDenied(message).on("GetObject"));
    let outcome = tool.args(LABEL).args(["cross-check"]).run();
    let finding = only(outcome.code(4), "read-object");
    assert_eq!(told(&finding), ["FAIL", "AccessDenied", "resource-policy", "stated by AWS"]);
    assert!(
        finding["remedy"].as_str().is_some_and(|text| text.contains("KMS key must allow kms:Decrypt")),
        "{finding}"
    );
}

#[test]
fn a_role_that_cannot_be_assumed_is_told_by_its_words() {
    let table = [
        (
            "because no role trust policy allows the sts:AssumeRole action",
            "trust-policy",
            "stated by AWS",
            "trust policy of arn:aws:iam",
        ),
        ("with an explicit deny in a service control policy", "scp", "stated by AWS", "account 111122223333"),
        (
            "because no identity-based policy allows the sts:AssumeRole action",
            "role-policy",
            "stated by AWS",
            "must allow sts:AssumeRole",
        ),
        ("because no permissions boundary allows the sts:AssumeRole action", "boundary", "stated by AWS", "boundary"),
        ("", "unknown", "unknown", "not there, or its trust policy"),
    ];
    for (reason, cause, confidence, remedy) in table {
        let (tool, proxy) = behind("sts");
        let message = format!(
            "User: arn:aws:iam::111122223333:user/operator is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/r {reason}"
        );
        proxy.inject(Fault::AccessDenied(message).on("AssumeRole"));
        let lambda = super::function(|event| {
            (None, if event.get("listIntegrations").is_some() { super::one_source(json!({})) } else { "{}".to_owned() })
        });
        let outcome = tool
            .env("AWS_ENDPOINT_URL_LAMBDA", lambda.url())
            .args(["--validate", "--json", "--only", "role-assume"])
            .run();
        let finding = only(outcome.code(4), "role-assume");
        assert_eq!(told(&finding), ["FAIL", "AccessDenied", cause, confidence], "{reason}");
        assert!(finding["remedy"].as_str().is_some_and(|text| text.contains(remedy)), "{reason}: {finding}");
    }
}

#[test]
fn keys_and_topics_refuse_in_their_own_protocols() {
    let denied = |action: &str, kind: &str| {
        Fault::AccessDenied(format!("{} on resource: r with an explicit deny in a {kind} policy", who(action)))
    };
    let (tool, proxy) = behind("kms");
    proxy.inject(denied("kms:DescribeKey", "resource-based").on("DescribeKey"));
    let outcome = tool.args(["--validate", "--json", "--only", "kms", "--label", "Acme Frozen key"]).run();
    let finding = only(outcome.code(4), "kms");
    assert_eq!(told(&finding), ["FAIL", "AccessDeniedException", "resource-policy", "stated by AWS"]);
    let (tool, proxy) = behind("sns");
    proxy.inject(denied("sns:ListSubscriptionsByTopic", "service control").on("ListSubscriptionsByTopic"));
    let line = ["--validate", "--json", "--only", "topic-subscription", "--label", "Acme Applications"];
    let finding = only(tool.args(line).run().code(4), "topic-subscription");
    assert_eq!(told(&finding), ["FAIL", "AccessDenied", "scp", "stated by AWS"]);
}

#[test]
fn what_only_the_owner_may_see_is_skipped_and_what_the_operator_may_not_see_is_unknown() {
    let (tool, proxy) = behind("s3");
    proxy.inject(Fault::AccessDenied("Access Denied".to_owned()).on("GetBucketNotificationConfiguration"));
    let line = ["--validate", "--json", "--only", "notifications", "--label"];
    let own = tool.args(line).args(["Acme Restricted"]).run();
    assert_eq!(only(own.code(0), "notifications")["status"], "SKIP");
    let (tool, proxy) = behind("s3");
    proxy.inject(Fault::AccessDenied("Access Denied".to_owned()).on("GetBucketNotificationConfiguration"));
    let managed = tool.args(line).args(["Acme Applications"]).run();
    assert_eq!(only(managed.code(4), "notifications")["status"], "FAIL", "Panther must see what it manages");
    let (tool, proxy) = behind("sqs");
    proxy.inject(Fault::AccessDenied("not you".to_owned()).on("GetQueueUrl"));
    let policy = tool.args(["--validate", "--json", "--only", "queue-policy", "--label", "Acme Archive"]).run();
    let finding = only(policy.code(3), "queue-policy");
    assert_eq!(finding["status"], "UNKNOWN");
    assert!(finding["remedy"].as_str().is_some_and(|text| text.contains("--generate iam")), "{finding}");
}
