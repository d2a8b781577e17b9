use super::super::reader::testing::schema;
use super::super::{Form, print};
use super::*;

fn merged(texts: &[&str]) -> String {
    print(&merge(texts.iter().map(|text| schema(text))).unwrap(), Form::Public)
}

/// The value that two values give.
fn value(one: &str, other: &str) -> String {
    let one = format!("fields: [{{name: a, {one}}}]");
    let other = format!("fields: [{{name: a, {other}}}]");
    let text = merged(&[&one, &other]);
    assert_eq!(text, merged(&[&other, &one]), "the order changes the result");
    text.replace("version: 0\nfields:\n- name: a\n  ", "")
        .replace('\n', " ")
        .replace("   ", " ")
        .replace("  ", " ")
        .trim_end()
        .to_owned()
}

#[test]
fn types_meet_in_the_narrowest_that_holds_both() {
    let table = [
        ("type: int", "type: smallint", "type: int"),
        ("type: bigint", "type: smallint", "type: bigint"),
        ("type: float", "type: smallint", "type: float"),
        ("type: boolean", "type: int", "type: string"),
        ("type: boolean", "type: float", "type: string"),
        ("type: json", "type: int", "type: json"),
        ("type: string", "type: array, element: {type: string}", "type: json"),
        ("type: timestamp, timeFormat: unix", "type: bigint", "type: timestamp timeFormat: unix"),
        ("type: timestamp, timeFormat: unix_ms", "type: bigint", "type: timestamp timeFormat: unix_ms"),
        ("type: timestamp, timeFormat: unix", "type: float", "type: timestamp timeFormat: unix"),
        ("type: timestamp, timeFormat: unix_us", "type: float", "type: float"),
        ("type: timestamp, timeFormat: rfc3339", "type: bigint", "type: string"),
        ("type: timestamp, timeFormat: rfc3339", "type: boolean", "type: string"),
        ("type: timestamp, timeFormat: rfc3339", "type: timestamp, timeFormat: unix", "type: string"),
        (
            "type: timestamp, timeFormat: unix, isEventTime: true",
            "type: timestamp, timeFormat: unix",
            "type: timestamp timeFormat: unix isEventTime: true",
        ),
        ("type: string, indicators: [ip]", "type: string", "type: string"),
        ("type: string, validate: {ip: any}", "type: string", "type: string"),
    ];
    for (one, other, expected) in table {
        assert_eq!(value(one, other), expected, "{one} and {other}");
    }
    let one = schema("fields: [{name: a, type: string, indicators: [ip, url]}]");
    let other = schema("fields: [{name: a, type: string, indicators: [url, ip]}]");
    assert_eq!(merge([one, other]).unwrap().fields[0].value.indicators.len(), 2);
}

#[test]
fn fields_of_one_schema_are_optional_and_come_first() {
    let one = "schema: Custom.Aa\nfields:\n- {name: b, required: true, type: int, description: x}\n- {name: a, required: true, type: int}";
    let other = "schema: Custom.Aa\nfields:\n- {name: c, required: true, type: int}\n- {name: b, required: true, type: int, description: y}";
    let expected = "\
schema: Custom.Aa
version: 0
fields:
- name: a
  type: int
- name: c
  type: int
- name: b
  required: true
  description: x
  type: int
";
    assert_eq!(merged(&[one, other]), expected);
    assert!(!merged(&[one, &other.replace("Aa", "Bb")]).contains("schema:"));
}

#[test]
fn large_schemas_stay_objects() {
    let fields: Vec<String> = (0..300).map(|n| format!("{{name: a{n}, type: int}}")).collect();
    let text = format!("fields: [{{name: o, type: object, fields: [{}]}}]", fields.join(", "));
    assert_eq!(merged(&[&text, &text]), merged(&[&text]));
}

#[test]
fn schemas_that_exclude_each_other_are_refused() {
    let fields = "fields: [{name: o, type: object, fields: [{name: a, type: int}]}]";
    let csv = format!("parser: {{csv: {{hasHeader: true}}}}\n{fields}");
    let error = |one: &str, other: &str| merge([schema(one), schema(other)]).unwrap_err().to_string();
    assert_eq!(error(fields, &csv), "the schemas cannot be merged: they read lines in different ways");
    let renamed = fields.replace("type: int", "type: int, rename: {from: x}");
    assert_eq!(
        error(fields, &renamed),
        "the schemas cannot be merged: they transform the field `o.a` in different ways"
    );
    assert_eq!(merge([]).unwrap_err().to_string(), "the schemas cannot be merged: there is none");
}
