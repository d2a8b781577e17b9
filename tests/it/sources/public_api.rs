//! The list of the public API, from a double that answers as its schema says: pages, unknown fields, refusals.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::support::loopback::{Listening, answer_with, json as json_answer, response};
use crate::support::{Home, Tool, tool};

const TOKEN: &str = "t0ken-of-the-operator";

fn node(number: u32) -> Value {
    json!({ "integrationId": number.to_string(), "integrationLabel": format!("Source {number}"), "integrationType": "aws-s3",
        "awsAccountId": "444455556666", "s3Bucket": "b", "isHealthy": number != 1, "lastEventReceivedAtTime": "2026-03-14T08:55:12.000Z",
        "logProcessingRole": "arn:aws:iam::444455556666:role/r",
        "s3PrefixLogTypes": [{ "prefix": format!("p{number}/"), "logTypes": ["A"], "excludedPrefixes": [] }] })
}

/// Answers of the double, by the number of the request.
fn api(
    answer: impl Fn(usize, &Value) -> (u16, Value) + Clone + Send + Sync + 'static,
) -> (Listening, Arc<Mutex<Vec<Value>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let listening = answer_with(move |request: Request<Bytes>| {
        assert_eq!(request.uri().path(), "/public/graphql");
        let body: Value = serde_json::from_slice(request.body()).expect("JSON");
        let mut seen = seen.lock().expect("unpoisoned");
        seen.push(body.clone());
        if request.headers().get("x-api-key").and_then(|key| key.to_str().ok()) != Some(TOKEN) {
            return json_answer(401, &json!({ "message": "no" }));
        }
        let (status, answer) = answer(seen.len(), &body);
        json_answer(status, &answer)
    });
    (listening, asked)
}

fn page(numbers: std::ops::Range<u32>, next: Option<&str>) -> Value {
    let edges: Vec<Value> = numbers.map(|number| json!({ "node": node(number) })).collect();
    json!({ "data": { "sources": { "edges": edges, "pageInfo": { "hasNextPage": next.is_some(), "endCursor": next } } } })
}

fn asking(api: &Listening) -> Tool {
    tool("sources").args(["--backend", "api", "--api-url", &api.url()]).env("OPSTOOLS_API_TOKEN", TOKEN)
}

#[test]
fn every_page_is_read_without_any_credentials_of_aws() {
    let (double, asked) = api(|_, body| match body["variables"]["input"]["cursor"].as_str() {
        None => (200, page(0..2, Some("c1"))),
        Some("c1") => (200, page(2..4, Some("c2"))),
        Some(_) => (200, page(4..5, None)),
    });
    let outcome = asking(&double).args(["--json"]).run();
    outcome.code(0).nowhere(TOKEN).stderr_has("accounts that are scanned are not among them");
    let report = outcome.stdout_json();
    let sources = report["sources"].as_array().expect("sources");
    assert_eq!((sources.len(), asked.lock().expect("unpoisoned").len()), (5, 3));
    assert_eq!((&sources[1]["healthy"], &sources[2]["healthy"]), (&json!(false), &json!(true)));
    assert_eq!(sources[4]["prefixes"][0]["prefix"], "p4/");
    assert_eq!(report["plan"]["backend"], "api");
}

#[test]
fn a_field_that_this_version_lacks_is_left_out() {
    let (double, asked) = api(|_, body| {
        let query = body["query"].as_str().expect("a query");
        match ["isHealthy", "excludedPrefixes"].iter().find(|field| query.contains(*field)) {
            Some(field) => (
                200,
                json!({ "errors": [{ "message": format!("Cannot query field \"{field}\" on type \"X\"."),
                "extensions": { "code": "GRAPHQL_VALIDATION_FAILED" } }] }),
            ),
            None => (200, page(0..1, None)),
        }
    });
    let outcome = asking(&double).args(["--json"]).run();
    assert_eq!(outcome.code(0).stdout_json()["sources"].as_array().map(Vec::len), Some(1));
    assert_eq!(asked.lock().expect("unpoisoned").len(), 3);
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let (double, asked) = api(|number, _| match number {
        1 => (429, json!({})),
        2 => (503, json!({})),
        _ => (200, page(0..1, None)),
    });
    asking(&double).run().code(0);
    assert_eq!(asked.lock().expect("unpoisoned").len(), 3);
}

#[test]
fn refusals_and_nonsense_are_named_and_the_token_is_not() {
    let table = [
        (403, json!({ "error": "forbidden" }), 5, "lacks a permission"),
        (200, json!({ "errors": [{ "message": "server error" }] }), 1, "server error"),
        (
            200,
            json!({ "errors": [{ "message": "odd", "extensions": { "code": "GRAPHQL_VALIDATION_FAILED" } }] }),
            1,
            "odd",
        ),
        (200, json!({ "data": {} }), 1, "without a list"),
        (404, json!({ "message": "not here" }), 1, "not here"),
    ];
    for (status, answer, code, words) in table {
        let (double, _) = api(move |_, _| (status, answer.clone()));
        asking(&double).run().code(code).stderr_has(words).stderr_has("/public/graphql").nowhere(TOKEN).stdout_empty();
    }
    let page = answer_with(|_| response(200, "text/html", "<html>sign in</html>"));
    asking(&page).run().code(1).stderr_has("<html>sign in").nowhere(TOKEN);
    let (double, _) = api(|_, _| (200, Value::Null));
    asking(&double).env("OPSTOOLS_API_TOKEN", "wrong").run().code(5).stderr_has("not accepted").nowhere("wrong");
}

#[test]
fn address_and_token_may_come_from_elsewhere_and_must_be_there() {
    let (double, _) = api(|_, _| (200, page(0..1, None)));
    let home = Home::new();
    let file = home.write("token", format!("{TOKEN}\n")).display().to_string();
    let bare = || tool("sources").args(["--backend", "api"]);
    bare()
        .env("PANTHER_API_URL", format!("{}/public/graphql", double.url()))
        .args(["--api-token-file", &file])
        .run()
        .code(0);
    bare().env("OPSTOOLS_API_TOKEN", TOKEN).run().code(2).stderr_has("--api-url");
    bare().args(["--api-url", &double.url()]).run().code(2).stderr_has("OPSTOOLS_API_TOKEN");
    bare().args(["--api-url", "nonsense"]).env("OPSTOOLS_API_TOKEN", TOKEN).run().code(2).stderr_has("nonsense");
    let empty = home.write("empty", "\n").display().to_string();
    bare().args(["--api-url", &double.url(), "--api-token-file", &empty]).run().code(1).stderr_has("no token");
}
