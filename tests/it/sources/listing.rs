//! Which sources are listed, from where, and what of them is known.

use serde_json::{Value, json};

use super::{function, one_source, sources};
use crate::support::loopback::{answer_with, json as json_answer};
use crate::support::{Fault, Home, Outcome, tool};

fn listed(outcome: &Outcome) -> Vec<Value> {
    outcome.stdout_json()["sources"].as_array().expect("sources").clone()
}

fn labels(outcome: &Outcome) -> Vec<String> {
    let mut labels: Vec<String> =
        listed(outcome).iter().map(|source| source["label"].as_str().unwrap_or_default().to_owned()).collect();
    labels.sort();
    labels
}

#[test]
fn function_and_table_give_the_same_sources() {
    let function = sources().args(["--json"]).run();
    function.code(0);
    let table = sources().args(["--json", "--backend", "dynamodb"]).run();
    table.code(0).stderr_has("left over from deleted sources");
    assert_eq!(labels(&function), labels(&table));
    assert_eq!(table.stdout_json()["plan"]["backend"], "dynamodb");
    let flow = |outcome: &Outcome| {
        let found = listed(outcome).into_iter().find(|source| source["label"] == "Acme VPC flow").expect("the old row");
        (found["prefixes"].clone(), found["log_types"].clone())
    };
    let expected = json!([{ "prefix": "", "log_types": ["AWS.VPCFlow"], "excluded_prefixes": [] }]);
    assert_eq!(flow(&function), (expected, json!(["AWS.VPCFlow"])));
    assert_eq!(flow(&function), flow(&table), "legacy fields become the same");
}

#[test]
fn a_function_that_may_not_be_invoked_is_replaced_by_the_table() {
    let (tool, proxy) = super::behind("lambda");
    proxy.inject(Fault::AccessDenied("not you".to_owned()).on("Invoke"));
    let outcome = tool.args(["--json"]).run();
    outcome.code(0).stderr_has("panther-source-integrations");
    assert_eq!(outcome.stdout_json()["plan"]["backend"], "dynamodb");
    assert!(listed(&outcome).len() > 20, "{outcome}");
}

#[test]
fn a_function_that_is_missing_is_replaced_by_the_table_and_where_both_are_missing_both_are_named() {
    let missing = answer_with(|_| {
        let mut answer =
            json_answer(404, &json!({ "Type": "User", "Message": "Function not found: panther-source-api" }));
        answer.headers_mut().insert("x-amzn-errortype", "ResourceNotFoundException".parse().expect("a header"));
        answer
    });
    let outcome = sources().env("AWS_ENDPOINT_URL_LAMBDA", missing.url()).args(["--json"]).run();
    outcome.code(0).stderr_has("ResourceNotFoundException");
    assert_eq!(outcome.stdout_json()["plan"]["backend"], "dynamodb");
    let elsewhere = sources().args(["--region", "eu-north-1"]).run();
    elsewhere.code(1).stderr_has("panther-source-api").stderr_has("panther-source-integrations").stdout_empty();
}

#[test]
fn a_table_of_many_pages_is_read_to_its_end() {
    let table = answer_with(|request| {
        let body: Value = serde_json::from_slice(request.body()).expect("JSON");
        let page = body["ExclusiveStartKey"]["integrationId"]["S"]
            .as_str()
            .map_or(0, |text| text.parse::<u32>().expect("a number"));
        let item = |number: u32| {
            json!({ "integrationId": { "S": number.to_string() }, "integrationType": { "S": "aws-sqs" },
                    "sqsConfig": { "M": { "logTypes": { "SS": ["B", "A"] } } } })
        };
        let mut answer = json!({ "Items": [item(2 * page), item(2 * page + 1)], "Count": 2, "ScannedCount": 2 });
        if page < 4 {
            answer["LastEvaluatedKey"] = json!({ "integrationId": { "S": (page + 1).to_string() } });
        }
        json_answer(200, &answer)
    });
    let outcome =
        sources().env("AWS_ENDPOINT_URL_DYNAMODB", table.url()).args(["--json", "--backend", "dynamodb"]).run();
    outcome.code(0);
    let found = listed(&outcome);
    assert_eq!(found.len(), 10);
    assert_eq!(found[0]["log_types"], json!(["A", "B"]), "sets have no order of their own");
}

#[test]
fn a_file_is_read_without_any_connection() {
    let home = Home::new();
    let list = one_source(json!({ "surprise": { "clientSecret": "s3cr3t" } }));
    let file = home.write("sources.json", &list).display().to_string();
    let outcome = tool("sources").home(&home).args(["--sources-file", &file, "--json"]).run();
    outcome.code(0).nowhere("s3cr3t").stdout_has("surprise");
    assert_eq!(labels(&outcome), ["Only one"]);
    let again = home.write("report.json", &outcome.stdout).display().to_string();
    let report = tool("sources").home(&home).args(["--sources-file", &again, "--json"]).run();
    assert_eq!(labels(report.code(0)), ["Only one"], "what it wrote can be read back");
    let wrong = home.write("wrong.json", "{}").display().to_string();
    tool("sources")
        .home(&home)
        .args(["--sources-file", &wrong])
        .run()
        .code(1)
        .stderr_has("wrong.json")
        .stderr_has("integrationId");
    let gone = home.path().join("gone").display().to_string();
    tool("sources").home(&home).args(["--sources-file", &gone]).run().code(1).stderr_has("gone");
}

#[test]
fn an_empty_list_is_no_error() {
    for answer in ["[]", "null"] {
        let lambda = function(move |_| (None, answer.to_owned()));
        let tool = || sources().env("AWS_ENDPOINT_URL_LAMBDA", lambda.url());
        assert!(listed(tool().args(["--json"]).run().code(0)).is_empty());
        tool().args(["--validate", "--skip", "zombie-row", "--skip", "list-complete"]).run().code(0);
        tool().args(["--label", "x"]).run().code(1).stderr_has("none of 0 sources");
    }
}

#[test]
fn filters_choose_and_what_fits_nothing_is_said() {
    let table: [(&[&str], &[&str]); 5] = [
        (&["--bucket", "acme-application-logs"], &["Acme Applications"]),
        (&["--log-type", "Custom.Subsidiary"], &["Acme Subsidiary"]),
        (&["--account", "777788889999", "--type", "aws-scan"], &["Acme subsidiary cloud"]),
        (&["--type", "s3-lookuptable"], &["Acme s3-lookuptable"]),
        (&["--label", "OSQUERY"], &["Osquery fleet"]),
    ];
    for (line, expected) in table {
        assert_eq!(labels(sources().args(line).args(["--json"]).run().code(0)), expected, "{line:?}");
    }
    sources()
        .args(["--bucket", "acme-aplication-logs"])
        .run()
        .code(1)
        .stderr_has("did you mean `acme-application-logs`");
    let all = labels(&sources().args(["--json", "--all-types"]).run());
    assert_eq!(
        all.len(),
        labels(&sources().args(["--json"]).run()).len() + 2,
        "lookup tables and profiles only on request"
    );
}

#[test]
fn later_types_are_shown_with_what_is_known() {
    let outcome = sources().args(["--json", "--type", "gcp-pubsub"]).run();
    let found = &listed(&outcome)[0];
    assert_eq!(
        (&found["type"], &found["bucket"], &found["role_arn"]),
        (&json!("gcp-pubsub"), &Value::Null, &Value::Null)
    );
    assert_eq!(found["raw"]["integrationType"], "gcp-pubsub");
    let checked = sources().args(["--validate", "--json", "--type", "gcp-pubsub"]).run();
    checked.code(0);
    assert_eq!(super::only(&checked, "role-assume")["status"], "SKIP");
}

#[test]
fn a_journal_is_not_silently_accepted() {
    sources().args(["--journal", "x"]).run().code(2).stderr_has("keeps no journal");
    sources().env("OPSTOOLS_FRESH", "true").run().code(0);
}
