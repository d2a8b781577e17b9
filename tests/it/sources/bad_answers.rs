//! A function that answers with errors or nonsense: a clear line, the right code, and the others go on.

use serde_json::{Value, json};

use super::{function, one_source, only, sources};
use crate::support::{Outcome, Tool};

fn with(lambda: &crate::support::loopback::Listening) -> Tool {
    sources().env("AWS_ENDPOINT_URL_LAMBDA", lambda.url())
}

#[test]
fn a_list_that_is_none_is_named() {
    let table: [(Option<&'static str>, &'static str, &str); 8] = [
        (Some("Unhandled"), r#"{"errorMessage":"Task timed out after 60.06 seconds"}"#, "Task timed out"),
        (Some("Handled"), r#"{"errorMessage":"no such thing","errorType":"InternalError"}"#, "InternalError"),
        (Some("Unhandled"), "killed", "killed"),
        (None, r#"{"statusCode":500,"body":"{}"}"#, "an object instead of a list"),
        (None, "\"soon\"", "a string instead of a list"),
        (None, "7", "a number instead of a list"),
        (None, "<html>", "no JSON"),
        (None, "", "no JSON"),
    ];
    for (error, payload, expected) in table {
        let lambda = function(move |_| (error, payload.to_owned()));
        with(&lambda).run().code(1).stderr_has(expected).stderr_has("panther-source-api").stdout_empty();
        with(&lambda).run().stderr_has("sources --backend dynamodb");
    }
}

#[test]
fn strange_entries_of_a_list_are_passed_over_with_a_warning() {
    let lambda = function(|_| {
        (
            None,
            json!(["x", { "integrationId": "1" }, { "integrationType": "aws-s3", "integrationId": "2",
        "s3PrefixLogTypes": "nonsense", "lastEventReceived": 7 }])
            .to_string(),
        )
    });
    let outcome = with(&lambda).args(["--json"]).run();
    outcome
        .code(0)
        .stderr_has("1 entries of the list are no sources")
        .stderr_has("left over from deleted sources: `1`");
    assert_eq!(outcome.stdout_json()["sources"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_source_without_account_and_role_is_broken_and_the_remedy_says_so() {
    let lambda = function(|_| {
        (None, json!([{ "integrationId": "1", "integrationType": "aws-s3" }, { "integrationId": "" }]).to_string())
    });
    let outcome = with(&lambda).args(["--validate", "--json", "--only", "role-assume"]).run();
    outcome.code(4).stderr_has("left over from deleted sources: one without an id");
    let finding = only(&outcome, "role-assume");
    assert_eq!(finding["status"], "FAIL");
    assert!(finding["remedy"].as_str().is_some_and(|text| text.contains("its role")), "{finding}");
}

/// The cross-check of one healthy source when the health check answers so.
fn cross_check(
    answer: impl Fn() -> (Option<&'static str>, String) + Clone + Send + Sync + 'static,
) -> (Outcome, Value) {
    let lambda =
        function(
            move |event| {
                if event.get("listIntegrations").is_some() { (None, one_source(json!({}))) } else { answer() }
            },
        );
    let outcome = with(&lambda).args(["--validate", "--json", "--skip", "zombie-row", "--skip", "list-complete"]).run();
    let finding = only(&outcome, "cross-check");
    (outcome, finding)
}

#[test]
fn a_health_check_is_read_as_its_traps_demand() {
    let status = |healthy: bool, message: &str| json!({ "healthy": healthy, "message": message });
    let table = [
        // Nothing but statuses that nobody evaluated, and one that does not apply.
        (
            json!({ "processingRoleStatus": status(false, ""), "sqsStatus": status(false, "no") }),
            "UNKNOWN",
            "evaluated nothing",
            3,
        ),
        (
            json!({ "processingRoleStatus": status(true, ""), "s3BucketStatus": status(false, "") }),
            "OK",
            "healthy, too",
            0,
        ),
        // Its own faults, which ours does not have.
        (json!({ "getObjectStatus": status(false, "HEAD failed") }), "OK", "by HEAD for the first key", 0),
        (
            json!({ "processingRoleStatus": status(false, "cannot be assumed") }),
            "OK",
            "the role that the label gives",
            0,
        ),
        // What only Panther sees.
        (json!({ "s3BucketStatus": status(false, "not for me") }), "WARN", "only Panther's own check complains", 0),
    ];
    for (answer, expected, words, code) in table {
        let text = answer.to_string();
        let (outcome, finding) = cross_check(move || (None, text.clone()));
        outcome.code(code);
        assert_eq!(finding["status"], expected, "{answer}: {finding}");
        assert!(finding["message"].as_str().is_some_and(|message| message.contains(words)), "{answer}: {finding}");
    }
}

#[test]
fn what_panthers_own_words_tell_is_classified() {
    let raw = "AccessDenied: User: u is not authorized to perform: s3:GetBucketLocation with an explicit deny in a service control policy\n\tstatus code: 403, request id: r";
    let answer = json!({ "s3BucketStatus": { "healthy": false, "message": "m", "rawErrorMessage": raw } }).to_string();
    let (_, finding) = cross_check(move || (None, answer.clone()));
    assert_eq!((&finding["status"], &finding["cause"]), (&json!("WARN"), &json!("scp")), "{finding}");
}

#[test]
fn a_health_check_that_fails_or_is_not_there_stops_nothing() {
    let route = r#"{"errorMessage":"exactly one route must be specified; found none","errorType":"InvalidInputError"}"#;
    let table = [
        (Some("Handled"), route, "SKIP", 0),
        (Some("Unhandled"), r#"{"errorMessage":"nil pointer","errorType":"runtime.plainError"}"#, "UNKNOWN", 3),
        (None, "<html>", "UNKNOWN", 3),
        (None, "[]", "UNKNOWN", 3),
    ];
    for (error, payload, expected, code) in table {
        let (outcome, finding) = cross_check(move || (error, payload.to_owned()));
        outcome.code(code);
        assert_eq!(finding["status"], expected, "{payload}: {finding}");
        assert_eq!(only(&outcome, "read-object")["status"], "OK", "the others go on");
    }
}

#[test]
fn a_source_that_the_function_leaves_out_is_missed() {
    let lambda = function(|event| {
        (None, if event.get("listIntegrations").is_some() { one_source(json!({})) } else { "{}".to_owned() })
    });
    let outcome = with(&lambda).args(["--validate", "--json", "--only", "list-complete"]).run();
    let finding = only(outcome.code(0), "list-complete");
    assert_eq!(finding["status"], "WARN");
    assert!(finding["remedy"].as_str().is_some_and(|text| text.contains("--backend dynamodb")), "{finding}");
}
