//! `validate`: everything that is wrong, with the piece of the file and what would be right.

use super::{golden, pantherlog};
use crate::support::{Home, tool};

#[test]
fn every_mistake_is_shown_at_its_place() {
    let outcome = pantherlog(["validate", "mistakes.yml"]).run();
    assert_eq!(outcome.code(4).stdout_text(), golden("mistakes.txt"));
}

#[test]
fn the_report_has_them_as_json() {
    let outcome = pantherlog(["validate", "--json", "mistakes.yml", "orders"]).run();
    let report = outcome.code(4).stdout_json();
    let problems = report["problems"].as_array().expect("a list");
    assert_eq!((&report["summary"]["errors"], &report["summary"]["warnings"]), (&5.into(), &1.into()));
    assert_eq!(problems.len(), 6);
    let typo = &problems[1];
    assert_eq!((&typo["file"], &typo["line"], &typo["column"]), (&"mistakes.yml".into(), &8.into(), &9.into()));
    assert_eq!((&typo["path"], &typo["hint"]), (&"fields[0].type".into(), &"did you mean `string`?".into()));
    assert_eq!(report["summary"]["total"], 5, "schemas and tests of the folder were read");
}

#[test]
fn warnings_count_only_when_strict() {
    let home = Home::new();
    home.write("s.yml", "fields:\n- {name: a, type: string, indicator: ip}\n");
    let validate = |words: &[&str]| tool("pantherlog").args(["validate"]).args(words).home(&home).run();
    validate(&["s.yml"]).code(0).stdout_has("warning: unknown key `indicator`").stdout_has("s.yml:2:27");
    validate(&["--strict", "s.yml"]).code(4);
}

#[test]
fn scripts_are_compiled() {
    let home = Home::new();
    home.write("s.yml", "parser:\n  script:\n    function: |\n      def parse(line):\n        return {\nfields: [{name: a, type: int}]\n");
    let outcome = tool("pantherlog").args(["validate", "s.yml"]).home(&home).run();
    outcome.code(4).stdout_has("s.yml:4:7 (parser.script)").stdout_has("script, line");
}

#[test]
fn tests_are_read_as_tests_and_traps_of_yaml_are_told() {
    let home = Home::new();
    home.write("s_tests.yml", "logType: Custom.Aa\ninput: x\nresult: '[1]'\n");
    home.write("tab.yml", "fields:\n\t- name: a\n");
    home.write("twice.yml", "fields: [{name: a, type: int}]\nfields: [{name: b, type: int}]\n");
    home.write("latin.yml", b"description: caf\xe9\n");
    let outcome = tool("pantherlog").args(["validate", "."]).home(&home).run();
    outcome
        .code(4)
        .stdout_has("the event expected is no JSON object")
        .stdout_has("tab.yml:2")
        .stdout_has("twice.yml:2");
    outcome.stdout_has("the byte 0xe9 here is no UTF-8");
}

#[test]
fn a_log_type_that_two_files_describe_is_told() {
    let home = Home::new();
    for name in ["a.yml", "b.yml"] {
        home.write(name, "schema: Custom.Same\nfields: [{name: a, type: int}]\n");
    }
    let outcome = tool("pantherlog").args(["validate", "--strict", "a.yml", "b.yml"]).home(&home).run();
    outcome.code(4).stdout_has("`Custom.Same` is described in another file, too").stdout_has("b.yml:1:9");
}

#[test]
fn nothing_to_validate_is_no_success() {
    let home = Home::new();
    tool("pantherlog").args(["validate"]).home(&home).run().code(2).stderr_has("<PATH>...");
    home.write("folder/readme.txt", "");
    tool("pantherlog")
        .args(["validate", "folder"])
        .home(&home)
        .run()
        .code(1)
        .stderr_has("there is nothing to validate");
    tool("pantherlog").args(["validate", "gone.yml"]).home(&home).run().code(1).stderr_has("cannot read `gone.yml`");
}
