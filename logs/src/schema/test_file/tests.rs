use super::super::reader::testing::COMPILE;
use super::*;
use serde_json::json;

fn good(text: &str) -> Vec<TestCase> {
    let file = read_tests("a_tests.yml", text, &COMPILE);
    assert_eq!(file.problems, []);
    file.tests
}

fn wrong(text: &str) -> Vec<String> {
    let file = read_tests("a_tests.yml", text, &COMPILE);
    let told = |problem: &Problem| format!("{}:{} {}: {}", problem.line, problem.column, problem.path, problem.what);
    file.problems.iter().map(told).collect()
}

#[test]
fn a_file_holds_several_tests() {
    let text = "\
name: one
logType: Custom.Aa
input: |
  {\"a\": 1}
result: |
  {\"a\": 1, \"p_log_type\": \"{{ .LogType }}\"}
---
logType: Custom.Bb
input: 5
results:
- '{\"b\": 2}'
- '{\"b\": 3}'
---
";
    let tests = good(text);
    assert_eq!((tests[0].name.as_str(), tests[0].line), ("one", 1));
    assert_eq!(tests[0].input, "{\"a\": 1}\n");
    assert_eq!(tests[0].expected, [json!({"a": 1, "p_log_type": "Custom.Aa"})]);
    assert_eq!((tests[1].log_type.as_str(), tests[1].input.as_str(), tests[1].line), ("Custom.Bb", "5", 8));
    assert_eq!(tests[1].expected, [json!({"b": 2}), json!({"b": 3})]);
}

#[test]
fn result_stands_before_results_and_none_is_none() {
    let tests = good("logType: A.Bb\ninput: ''\nresults: ['{\"b\": 2}']\nresult: '{\"b\": 1}'\n");
    assert_eq!(tests[0].expected, [json!({"b": 1}), json!({"b": 2})]);
    assert!(good("logType: A.Bb\ninput: x\n")[0].expected.is_empty());
}

#[test]
fn every_mistake_has_its_place() {
    let text = "\
name: one
logtype: Custom.Aa
input: x
result: '{'
---
logType: A.Bb
input: {a: 1}
results:
- '[]'
- '{{ .Nope }}'
";
    let expected = [
        "1:1 : a test needs the key `logType`",
        "2:1 logtype: unknown key `logtype` in a test",
        "4:9 result: the event expected is not JSON: EOF while parsing an object at line 1 column 1",
        "7:8 input: expected a text, found a mapping",
        "9:3 results[0]: the event expected is no JSON object",
        "10:3 results[1]: the expression `{{ .Nope }}` is unknown",
    ];
    assert_eq!(wrong(text), expected);
    assert_eq!(wrong(""), ["1:1 : the file holds no test"]);
    assert_eq!(read_test_bytes("f", b"a: \xff", &COMPILE).problems[0].column, 4);
}

#[test]
fn test_files_are_known_by_their_names() {
    assert!(is_test_file("a_tests.yml") && is_test_file("x/b_tests.yaml"));
    assert!(!is_test_file("tests.yml") && !is_test_file("a_tests.json"));
}
