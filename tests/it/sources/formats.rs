//! Each form of output says the same; stdout is data, stderr is conversation.

use super::{checks, sources, statuses};
use serde_json::Value;

#[test]
fn sources_in_each_format() {
    let json = sources().args(["--format", "json"]).run();
    let count = json.code(0).stdout_json()["sources"].as_array().expect("sources").len();
    let lines = sources().args(["--format", "jsonl"]).run();
    assert_eq!(lines.code(0).stdout_json_lines().len(), count);
    for format in ["csv", "table"] {
        let rows = sources().args(["--format", format]).run();
        assert_eq!(rows.code(0).stdout_text().lines().count(), count + 1, "{format}: a header and a row for each");
    }
    let csv = sources().args(["--format", "csv", "--label", "Acme Applications"]).run().stdout_text();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().expect("a header").clone();
    let row = reader.records().next().expect("a row").expect("CSV");
    let cell = |name: &str| &row[headers.iter().position(|header| header == name).expect(name)];
    assert_eq!((cell("bucket"), cell("type"), cell("account")), ("acme-application-logs", "aws-s3", "444455556666"));
    assert!(cell("prefixes").contains("checkout/ (Custom.Checkout)"), "{csv}");
    assert!(cell("role_arn").ends_with("PantherLogProcessingRole-acme-applications"));
}

#[test]
fn findings_in_each_format() {
    let only = ["--validate", "--only", "kms", "--only", "overlap"];
    let json = sources().args(only).args(["--json"]).run();
    let expected = statuses(&checks(json.code(4)));
    let lines = sources().args(only).args(["--format", "jsonl"]).run();
    assert_eq!(statuses(&lines.code(4).stdout_json_lines()), expected);
    for (format, separator) in [("csv", ','), ("table", '\t')] {
        let rows = sources().args(only).args(["--format", format]).run();
        let text = rows.code(4).stdout_text();
        let counted = |status: &str| text.lines().filter(|line| line.split(separator).next() == Some(status)).count();
        for (status, count) in &expected {
            assert_eq!(counted(status), *count, "{format} {status}\n{rows}");
        }
    }
}

#[test]
fn a_person_sees_what_is_wrong_by_source_with_cause_and_remedy() {
    let line = ["--validate", "--label", "Acme Unreadable", "--label", "Acme Archive"];
    let outcome = sources().args(line).terminal().wait();
    let text = outcome.code(4).stderr_text();
    for expected in [
        "FAIL    Acme Unreadable (aws-s3",
        "read-object  s3://acme-branch-logs/",
        "[cause: role-policy, stated by AWS]",
        "remedy: ",
        "OK      Acme Archive",
    ] {
        assert!(text.contains(expected), "`{expected}`\n{outcome}");
    }
}

#[test]
fn a_dry_run_lists_and_checks_nothing() {
    let (tool, proxy) = super::behind("sts");
    let outcome = tool.args(["--validate", "--dry-run", "--json"]).run();
    outcome.code(0);
    let report = outcome.stdout_json();
    assert_eq!((&report["status"], &report["checks"]), (&Value::from("planned"), &Value::Null));
    assert_eq!(proxy.calls("AssumeRole"), 0);
}

#[test]
fn wrong_lines_are_usage_errors() {
    let table: [(&[&str], &str); 6] = [
        (&["--only", "kms"], "--validate"),
        (&["--validate", "--only", "kms", "--skip", "kms"], "leave no check"),
        (&["--validate", "--only", "nonsense"], "nonsense"),
        (&["--backend", "mongodb"], "mongodb"),
        (&["--validate", "--check-timeout", "0"], "--check-timeout"),
        (&["--validate", "--concurrency", "0"], "above 0"),
    ];
    for (line, expected) in table {
        sources().args(line).run().code(2).stderr_has(expected).stdout_empty();
    }
}
