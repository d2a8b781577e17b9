//! Whole files: documents, shapes, unknown keys, built-in keys.

use super::super::super::{Form, print};
use super::*;

#[test]
fn a_whole_document_becomes_a_schema() {
    let text = "\
schema: Custom.Sample.V1
description: A sample
referenceURL: https://example.com/docs
fieldDiscoveryEnabled: true
version: 0
fields:
- name: a
  required: true
  description: first
  type: string
";
    let schema = schema(text);
    assert_eq!((schema.name.as_str(), schema.description.as_str()), ("Custom.Sample.V1", "A sample"));
    assert_eq!(schema.reference_url, "https://example.com/docs");
    assert!(schema.field_discovery);
    assert_eq!(schema.generation, Generation::Lenient);
    let field = &schema.fields[0];
    assert_eq!((field.name.as_str(), field.required, field.description.as_str()), ("a", true, "first"));
    assert_eq!(told(text), [""; 0]);
}

#[test]
fn a_problem_prints_its_line_with_a_caret() {
    let text = "fields:\n- name: a\n  type: strng\n- name: b\n  type: int\n";
    let problem = read("dir/f.yml", text, Mode::Public, &COMPILE).problems.remove(0);
    let expected = "\
error: `strng` is no value of `type`
  --> dir/f.yml:3:9 (fields[0].type)
  |
2 | - name: a
3 |   type: strng
  |         ^^^^^
4 | - name: b
   = hint: did you mean `string`?";
    assert_eq!(problem.to_string(), expected);
}

#[test]
fn keys_of_built_in_types_have_no_effect_elsewhere() {
    let text = "\
generation: strict
fields:
- {name: a, type: bigint, plain: true, orText: true, rules: {minimum: 1}}
- {name: b, type: boolean, quoted: true}
- {name: c, type: string, exact: true}
";
    let warnings = told(text);
    assert_eq!(warnings.len(), 6, "{warnings:?}");
    assert!(warnings.iter().all(|warning| warning.contains("it has no effect")), "{warnings:?}");
    assert_eq!(
        schema(text),
        schema("fields:\n- {name: a, type: bigint}\n- {name: b, type: boolean}\n- {name: c, type: string}\n")
    );
}

#[test]
fn unknown_keys_are_warnings_with_the_nearest_known() {
    let text = "shema: Custom.Aa\nfields:\n- name: a\n  type: string\n  indicator: ip\n  colour: red\n";
    let expected = [
        "1:1 shema: warning: unknown key `shema` in a schema: it has no effect | did you mean `schema`?",
        "5:3 fields[0].indicator: warning: unknown key `indicator` in a field: it has no effect | did you mean `indicators`?",
        "6:3 fields[0].colour: warning: unknown key `colour` in a field: it has no effect",
    ];
    assert_eq!(told(text), expected);
    let element = field_told("{name: a, type: array, element: {type: string, required: true}}");
    assert!(
        element[0].ends_with("unknown key `required` in a value: it has no effect | `required` is a key of fields")
    );
    let case = field_told("{name: a, type: string, Description: x}");
    assert!(case[0].contains("did you mean `description`?"));
}

#[test]
fn shapes_are_told() {
    let table = [
        ("fields: x", "1:9 fields: expected a list, found the text `x` | begin each element with a dash: `- `"),
        ("fields:", "1:7 fields: expected a list, found nothing"),
        (
            "fields: [x]",
            "1:10 fields[0]: expected a mapping, found the text `x` | a field has keys such as `name`, `type`",
        ),
        ("version: 1\nfields: [{name: a, type: int}]", "1:10 version: expected the number 0, found the number `1`"),
        ("version: '0'\nfields: [{name: a, type: int}]", "1:10 version: expected the number 0, found the text `0`"),
        ("- fields", "1:1 : expected a mapping, found a list | a schema has keys such as `fields`, `schema`"),
        (
            "fields: [{name: a, type: int, required: 'true'}]",
            "1:41 fields[0].required: expected a boolean, found the text `true` | remove the quotes",
        ),
        (
            "fields: [{name: a, type: int, required: 1}]",
            "1:41 fields[0].required: expected a boolean, found the number `1` | write `true` or `false`",
        ),
        (
            "fields: [{name: a, type: int, required: yes}]",
            "1:41 fields[0].required: warning: `yes` is a boolean for some readers only | write `true`",
        ),
        ("fields: [{name: [a], type: int}]", "1:17 fields[0].name: expected a text, found a list"),
        (
            "fields: [{name: null, type: int}]",
            "1:17 fields[0].name: expected a text, found nothing | if the word itself is meant, put it in quotes",
        ),
        ("fields: [{name: '', type: int}]", "1:17 fields[0].name: expected a text that is not empty"),
        (
            "description:\nfields: [{name: a, type: int}]",
            "1:1 description: warning: `description` is empty and has no effect | remove it, or give it a value",
        ),
        (
            "referenceURL: x y\nfields: [{name: a, type: int}]",
            "1:15 referenceURL: `x y` is no web address | begin it with `https://`, or leave the key out",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(told(text), [expected], "{text}");
    }
    assert_eq!(schema("referenceURL: '-'\nfields: [{name: a, type: int}]").reference_url, "");
    assert!(one_field("{name: a, type: int, required: yes}").required);
}

#[test]
fn names_of_log_types_have_a_form() {
    let one = |name: &str| told(&format!("schema: {name}\nfields: [{{name: a, type: int}}]"));
    assert_eq!(one("Custom.Sample.V1"), [""; 0]);
    assert_eq!(
        one("AWS.CloudTrail"),
        [
            "1:9 schema: warning: `AWS.CloudTrail` does not begin with `Custom.` | own log types are called `Custom.AWS.CloudTrail`; an upload refuses others"
        ]
    );
    assert_eq!(
        one("custom.my_log"),
        [
            "1:9 schema: `custom.my_log` is no name of a log type | each part is a capital and at least one more letter or digit: `Custom.MyLog`"
        ]
    );
    assert!(one(&format!("Custom.A{}", "b".repeat(300)))[0].contains("at most 255 characters; this one has 308"));
    let built_in = told_in("schema: AWS.CloudTrail\nfields: [{name: a, type: int}]", Mode::BuiltIn);
    assert_eq!(built_in, [""; 0]);
}

#[test]
fn built_in_schemas_have_keys_of_their_own() {
    let text = "\
schema: Aa.Bb
generation: strict
fields:
- {name: a, required: true, type: string, plain: true, rules: {omitEmpty: true, oneOf: [x, ''], length: 3, minimum: 1.5, uuid: true}}
- {name: b, type: boolean, quoted: true}
- {name: c, type: utinyint, orText: true}
- {name: d, type: map, element: {type: float32}}
- {name: e, type: timestamp, timeFormat: lacework}
- {name: f, type: array, element: {type: ubigint}}
- {name: g, type: array, validateElements: true, element: {type: uint}}
- {name: h, type: string, exact: false}
";
    let reading = read("f.yml", text, Mode::BuiltIn, &COMPILE);
    assert_eq!(reading.problems, []);
    let schema = &reading.documents[0].schema;
    assert_eq!(schema.generation, Generation::Strict);
    let rules = [
        Rule::Required,
        Rule::OmitEmpty,
        Rule::OneOf(vec!["x".to_owned(), String::new()]),
        Rule::Length(3),
        Rule::Minimum(1.5),
        Rule::Uuid,
    ];
    assert_eq!(schema.fields[0].rules, rules);
    assert!(schema.fields[0].plain && schema.fields[0].required);
    assert_eq!(schema.fields[1].value.kind, Kind::Boolean { quoted: true });
    assert_eq!(schema.fields[2].value.kind, Kind::Integer(Integer { bits: 8, signed: false, or_text: true }));
    assert_eq!(schema.fields[3].value.kind, Kind::Map(Box::new(value(Kind::Float { bits: 32 }))));
    assert!(matches!(&schema.fields[5].value.kind, Kind::Array { checked: false, .. }));
    assert!(matches!(&schema.fields[6].value.kind, Kind::Array { checked: true, .. }));
    assert_eq!([0, 7].map(|field| schema.fields[field].value.exact), [None, Some(false)]);
    let public = told(text);
    for hidden in ["`exact`", "`generation`", "`plain`", "`rules`", "`utinyint`", "`map`", "`lacework`", "`float32`"] {
        assert!(hidden == "`float32`" || public.iter().any(|problem| problem.contains(hidden)), "{hidden}: {public:?}");
    }
}

#[test]
fn a_file_may_hold_several_schemas() {
    let one = "schema: Custom.Aa\nfields: [{name: a, type: int}]\n";
    let reading =
        read("f.yml", &format!("{one}---\nfields: 5\n---\n{}", one.replace("Aa", "Bb")), Mode::Public, &COMPILE);
    let names: Vec<_> =
        reading.documents.iter().map(|document| (document.schema.name.as_str(), document.line)).collect();
    assert_eq!(names, [("Custom.Aa", 1), ("Custom.Bb", 6)]);
    assert_eq!(reading.problems.len(), 1);
    assert!(reading.into_schemas().is_err());
    let twins = told(&format!("{one}---\n{one}"));
    assert_eq!(twins, ["4:9 schema: the file holds two schemas `Custom.Aa` | the first is in line 1"]);
}

#[test]
fn files_without_a_schema_are_told() {
    assert_eq!(told("")[0], "1:1 : the file holds no schema | a schema has at least the key `fields`");
    assert_eq!(told("# only a comment\n---\n").len(), 1);
    let test = told("logType: Custom.Aa\ninput: x\nresult: '{}'\n");
    assert!(test[0].contains("this is a test of a schema, not a schema"), "{test:?}");
    let bytes = read_bytes("f.yml", b"fields:\n- \xe9: 1\n", Mode::Public, &COMPILE);
    assert_eq!(bytes.problems[0].what, "the byte 0xe9 here is no UTF-8");
    assert_eq!((bytes.problems[0].line, bytes.problems[0].column), (2, 3));
}

#[test]
fn all_problems_of_a_file_are_told_at_once() {
    let text = "\
schema: bad name
version: 3
parser: {csv: {}}
fields:
- name: a
  type: strng
- name: a
  type: object
  fields:
  - name: t
    type: timestamp
  - type: ref
    target: Nope
unknown: 1
";
    let lines: Vec<usize> =
        read("f", text, Mode::Public, &COMPILE).problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1, 2, 3, 6, 7, 10, 12, 13, 14]);
}

#[test]
fn anchors_and_merges_work_in_schemas() {
    let text = "fields:\n- &ip {name: a, type: string, indicators: [ip]}\n- {<<: *ip, name: b}\n";
    let schema = schema(text);
    assert_eq!(schema.fields[1].name, "b");
    assert_eq!(schema.fields[1].value, schema.fields[0].value);
}

#[test]
fn every_built_in_type_reads_without_a_problem_and_prints_for_the_public() {
    for built_in in super::super::super::native::ALL {
        let reading = read(built_in.log_type, built_in.source, Mode::BuiltIn, &COMPILE);
        let told: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, [""; 0]);
        let schema = &reading.documents[0].schema;
        assert_eq!(schema.name, built_in.log_type);
        let own = read("own", &print(schema, Form::BuiltIn), Mode::BuiltIn, &COMPILE);
        assert_eq!(own.documents.first().map(|document| &document.schema), Some(schema));
        let public = read("public", &print(schema, Form::Public), Mode::Public, &COMPILE);
        assert_eq!(public.errors().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    }
}
