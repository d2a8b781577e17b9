//! Text parsers.

use super::*;

#[test]
fn a_lone_dash_in_brackets_wants_quotes() {
    let found = told("parser: {csv: {hasHeader: true, emptyValues: [-, x]}}\n");
    assert!(found[0].ends_with("put the text in quotes"), "{found:?}");
}

#[test]
fn csv_is_read() {
    let read = |csv: &str| match schema(&format!("parser: {{csv: {csv}}}\nfields: [{{name: a, type: int}}]")).parser {
        Some(TextParser::Csv(csv)) => csv,
        other => panic!("{other:?}"),
    };
    let expected = Csv { delimiter: '\t', has_header: true, columns: Vec::new(), rules: TextRules::default() };
    assert_eq!(read("{delimiter: \"\\t\", hasHeader: true}"), expected);
    let csv = read(
        "{columns: [a, '', c], skipPrefix: '#', trimSpace: true, emptyValues: ['-'], expandFields: {y: '%{a}', x: '1'}}",
    );
    assert_eq!((csv.delimiter, csv.has_header), (',', false));
    assert_eq!(csv.columns, ["a", "", "c"]);
    let rules = TextRules {
        skip_prefix: Some("#".to_owned()),
        trim_space: true,
        empty_values: vec!["-".to_owned()],
        expand_fields: vec![("y".to_owned(), "%{a}".to_owned()), ("x".to_owned(), "1".to_owned())],
    };
    assert_eq!(csv.rules, rules);
}

/// The problems of a parser.
fn parser_told(parser: &str) -> Vec<String> {
    told(&format!("parser: {parser}\nfields: [{{name: a, type: int}}]"))
}

#[test]
fn wrong_csv_is_told() {
    assert_eq!(
        parser_told("{csv: {delimiter: ','}}"),
        [
            "1:10 parser.csv: nothing says what the columns are called | write `hasHeader: true` if the first line names them, or list them under `columns`"
        ]
    );
    assert!(
        parser_told("{csv: {hasHeader: true, delimiter: '\\t'}}")[0].ends_with("a tab is `\"\\t\"`, in double quotes")
    );
    assert!(parser_told("{csv: {hasHeader: true, delimiter: ';;'}}")[0].contains("expected one character, found `;;`"));
    assert!(
        parser_told("{csv: {hasHeader: true, delimiter: '\"'}}")[0].contains("a quote or a line break cannot stand")
    );
    assert!(parser_told("{csv: {columns: []}}")[0].contains("the list is empty"));
}

#[test]
fn a_parser_has_exactly_one_way() {
    let none = parser_told("{}");
    assert!(
        none[0].contains("`parser` needs exactly one of `csv`, `fastmatch`, `regex`, `native`, `script` | it has none")
    );
    let two = parser_told("{csv: {hasHeader: true}, native: {name: A}}");
    assert!(two[0].ends_with("it has `csv`, `native`"), "{two:?}");
    assert!(parser_told("{grok: {match: x}}").iter().any(|problem| problem.contains("unknown key `grok`")));
}

#[test]
fn fastmatch_is_read_and_its_patterns_checked() {
    let text =
        "parser: {fastmatch: {match: ['%{a} %{b}', \"x%{}y\\n\"], emptyValues: ['-']}}\nfields: [{name: a, type: int}]";
    let Some(TextParser::FastMatch(FastMatch { patterns, rules })) = schema(text).parser else { panic!() };
    assert_eq!(patterns, ["%{a} %{b}", "x%{}y\n"]);
    assert_eq!(rules.empty_values, ["-"]);
    let table = [
        ("'abc'", "the pattern `abc` has no placeholder | write `%{name}` where a value stands"),
        ("'%{}'", "the pattern `%{}` has no placeholder"),
        ("'%{a}%{b}'", "two placeholders of `%{a}%{b}` stand side by side"),
        ("'x %{ab'", "a placeholder of `x %{ab` has no end | close it with `}`"),
        ("\"%{a}\\n%{b}\"", "has several lines"),
        ("''", "expected a text that is not empty"),
    ];
    for (pattern, expected) in table {
        let found = parser_told(&format!("{{fastmatch: {{match: [{pattern}]}}}}"));
        assert!(found.len() == 1 && found[0].contains(expected), "{pattern}: {found:?}");
        assert!(found[0].contains("parser.fastmatch.match[0]"), "{found:?}");
    }
    let none = parser_told("{fastmatch: {}}");
    assert!(none[0].contains("`fastmatch` needs the key `match`"), "{none:?}");
}

#[test]
fn regex_is_read_and_compiled() {
    let text = "parser: {regex: {match: ['a', '%{NUM:b}'], patternDefinitions: {NUM: '\\d+'}, trimSpace: true}}\nfields: [{name: a, type: int}]";
    let Some(TextParser::Regex(Regex { parts, definitions, rules })) = schema(text).parser else { panic!() };
    assert_eq!(parts, ["a", "%{NUM:b}"]);
    assert_eq!(definitions, [("NUM".to_owned(), "\\d+".to_owned())]);
    assert!(rules.trim_space);
    assert_eq!(parser_told("{regex: {match: ['(?P<a>(']}}"), ["1:25 parser.regex: a group has no end"]);
    let misspelt = parser_told("{regex: {match: [a], patternDefintions: {A: b}}}");
    assert!(misspelt[0].ends_with("did you mean `patternDefinitions`?"), "{misspelt:?}");
    assert!(parser_told("{regex: {match: [a], patternDefinitions: {num: b}}}")[0].contains("`SOURCE_ADDRESS`"));
    assert!(parser_told("{regex: {match: a}}")[0].contains("expected a list, found the text `a`"));
}

#[test]
fn native_and_script_are_read() {
    let fields = "fields: [{name: a, type: int}]";
    let native = schema(&format!("parser: {{native: {{name: AWS.CloudTrail}}}}\n{fields}")).parser;
    assert_eq!(native, Some(TextParser::Native("AWS.CloudTrail".to_owned())));
    let of = |name| told(&format!("schema: {name}\nparser: {{native: {{name: AWS.ALB}}}}\n{fields}"));
    assert!(!of("AWS.ALB").iter().any(|problem| problem.contains("native")));
    let other = of("Custom.Own");
    assert!(other[0].starts_with("2:25 parser.native.name: warning: the built-in parser reads only"), "{other:?}");
    assert!(parser_told("{native: {name: No.Such}}")[0].contains("no built-in log type is called `No.Such`"));
    let text = format!("parser:\n  script:\n    function: |-\n      def parse(log):\n        return {{}}\n{fields}");
    let function = "def parse(log):\n  return {}".to_owned();
    assert_eq!(schema(&text).parser, Some(TextParser::Script(Script { function })));
    assert!(parser_told("{script: {}}")[0].contains("`script` needs the key `function`"));
}

#[test]
fn the_parser_of_one_document_does_not_hide_that_of_the_next() {
    let one = |parser: &str| format!("parser: {parser}\nfields: [{{name: a, type: int}}]\n");
    let found = told(&format!("{}---\n{}", one("{csv: {}}"), one("{regex: {match: ['(?P<a>(']}}")));
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[1], "4:25 parser.regex: a group has no end");
}
