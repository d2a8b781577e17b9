//! `test`: events against what was expected of them, with every difference told.

use super::{golden, pantherlog};
use crate::support::{Home, Outcome, tool};

/// What was said of the tests, without what the program says of itself.
fn verdicts(outcome: &Outcome) -> String {
    let ours = |line: &&str| ["PASS", "FAIL", "    "].iter().any(|start| line.starts_with(start));
    outcome.stderr_text().lines().filter(ours).map(|line| format!("{line}\n")).collect()
}

#[test]
fn all_tests_of_a_folder_pass() {
    let outcome = pantherlog(["test", "orders"]).run();
    assert_eq!(verdicts(outcome.code(0)), golden("orders.verdicts.txt"));
}

#[test]
fn every_difference_is_told() {
    let outcome = pantherlog(["test", "failing"]).run();
    assert_eq!(verdicts(outcome.code(4)), golden("failing.verdicts.txt"));
}

#[test]
fn the_report_has_them_as_json() {
    let report = pantherlog(["test", "--json", "failing"]).run().code(4).stdout_json();
    assert_eq!((&report["status"], &report["summary"]["tests_failed"]), (&"findings".into(), &5.into()));
    let tests = report["tests"].as_array().expect("a list");
    assert_eq!(tests.iter().filter(|test| test["passed"] == true).count(), 1);
    let differs = tests.iter().find(|test| test["name"] == "differs").expect("that test");
    assert_eq!(differs["line"], 6);
    let difference = &differs["differences"][1];
    assert_eq!((&difference["path"], &difference["event"]), (&"id".into(), &1.into()));
    assert_eq!((&difference["expected"], &difference["got"]), (&2.into(), &1.into()));
}

#[test]
fn a_schema_file_is_tested_with_the_tests_beside_it_or_those_named() {
    let beside = pantherlog(["test", "orders/visits.yml"]).run();
    assert_eq!(verdicts(beside.code(0)).lines().count(), 2, "{beside}");
    let named = pantherlog(["test", "orders/orders.yml", "failing/orders_tests.yml"]).run();
    named.code(4).stderr_has("FAIL failing/orders_tests.yml:11 is refused");
    let home = Home::new();
    home.write("s/a.yml", "fields: [{name: a, type: int}]\n");
    home.write("s/tests/a_tests.yml", "name: t\nlogType: Custom.A\ninput: x\nresult: '{}'\n");
    let below = tool("pantherlog").args(["test", "s/a.yml"]).home(&home).run();
    below.code(4).stderr_has("FAIL s/tests/a_tests.yml:1");
}

#[test]
fn differences_stay_visible_when_only_trouble_is_wanted() {
    let outcome = pantherlog(["test", "-q", "failing"]).run();
    outcome.code(4).nowhere("PASS").stdout_has("parse error: `id`: should be a whole number, and is `one`");
}

#[test]
fn no_tests_and_mistakes_in_schemas_are_errors() {
    let home = Home::new();
    home.write("s/a.yml", "fields: [{name: a, type: int}]\n");
    let test = |words: &[&str]| tool("pantherlog").args(["test"]).args(words).home(&home).run();
    test(&["s"]).code(1).stderr_has("there are no tests");
    test(&["s/a.yml"]).code(1).stderr_has("no `a_tests.yml` lies beside");
    test(&["gone"]).code(1).stderr_has("cannot read `gone`");
    home.write("s/b.yml", "fields: [{name: a, type: strin}]\n");
    home.write("s/a_tests.yml", "logType: Custom.A1\ninput: x\n");
    test(&["s"]).code(2).stderr_has("s/b.yml:1:26").stderr_has("did you mean `string`?");
    home.write("s/b.yml", "schema: Custom.Log\nfields: [{name: a, type: int}]\n");
    home.write("s/c.yml", "schema: Custom.Log\nfields: [{name: a, type: int}]\n");
    test(&["s"]).code(2).stderr_has("two schemas are called `Custom.Log`");
}

#[test]
fn a_schema_without_a_name_is_called_as_its_file() {
    let home = Home::new();
    home.write("my-app.yml", "fields: [{name: a, type: int}]\n");
    home.write(
        "my-app_tests.yml",
        "logType: Custom.MyApp\ninput: '{\"a\":1}'\nresult: '{\"a\":1,\"p_log_type\":\"Custom.MyApp\"}'\n",
    );
    tool("pantherlog").args(["test", "my-app.yml"]).home(&home).run().code(0).stderr_has("PASS");
}
