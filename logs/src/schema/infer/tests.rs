use super::super::reader::testing::{COMPILE, schema};
use super::super::{Field, Form, Kind, Mode, Schema, Transform, print, read};
use super::*;
use proptest::prelude::*;

fn infer(lines: &[&str]) -> Result<Schema, InferError> {
    let mut inference = Inference::default();
    for line in lines {
        inference.observe(line)?;
    }
    inference.finish(&COMPILE)
}

/// The inferred schema as YAML.
fn yaml(lines: &[&str]) -> String {
    print(&infer(lines).unwrap(), Form::Public)
}

/// The type found for a value of these values.
fn kind_of(values: &[&str]) -> String {
    let lines: Vec<String> = values.iter().map(|value| format!("{{\"a\": {value}}}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    match infer(&lines) {
        Ok(schema) => super::super::printer::type_name(&schema.fields[0].value.kind).to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn one_line_gives_sorted_required_fields() {
    let found = yaml(&[r#"{"t": "2021-01-01T00:00:00Z", "b": {"z": [1, null, 2.5], "x": "10.0.0.1"}, "n": null}"#]);
    let expected = "\
version: 0
fields:
- name: b
  required: true
  type: object
  fields:
  - name: x
    required: true
    type: string
    indicators:
    - ip
  - name: z
    required: true
    type: array
    element:
      type: float
- name: t
  required: true
  type: timestamp
  timeFormat: rfc3339
";
    assert_eq!(found, expected);
}

#[test]
fn fields_of_some_lines_are_optional_and_come_first() {
    let schema = infer(&[r#"{"b": 1, "a": 1}"#, r#"{"c": 1, "b": 2}"#, r#"{"b": null, "d": true, "c": 2}"#]).unwrap();
    let fields: Vec<_> = schema.fields.iter().map(|field| (field.name.as_str(), field.required)).collect();
    assert_eq!(fields, [("a", false), ("b", false), ("d", false), ("c", false)]);
    let both = infer(&[r#"{"b": 1}"#, r#"{"b": 2, "a": 1}"#]).unwrap();
    let fields: Vec<_> = both.fields.iter().map(|field| (field.name.as_str(), field.required)).collect();
    assert_eq!(fields, [("a", false), ("b", true)]);
}

#[test]
fn kinds_meet_in_the_narrowest_that_holds_both() {
    let table: [(&[&str], &str); 19] = [
        (&["1", "2.5"], "float"),
        (&["1", "\"2\""], "bigint"),
        (&["true", "\"f\""], "boolean"),
        (&["true", "1"], "string"),
        (&["true", "2.5"], "string"),
        (&["\"x\"", "1"], "string"),
        (&["\"\"", "1"], "string"),
        (&["\"2021-01-01T00:00:00Z\"", "5"], "string"),
        (&["\"2021-01-01T00:00:00Z\"", "\"x\""], "string"),
        (&["\"2021-01-01T00:00:00Z\"", "\"2022-01-01T00:00:00+01:00\""], "timestamp"),
        (&["{\"b\": 1}", "5"], "json"),
        (&["[1]", "\"x\""], "json"),
        (&["[1]", "{\"b\": 1}"], "json"),
        (&["[1]", "[\"x\"]"], "array"),
        (&["9223372036854775808"], "float"),
        (&["1e400"], "string"),
        (&["-0"], "bigint"),
        (&["\"NaN\""], "string"),
        (&["\"\\ud800\""], "string"),
    ];
    for (values, expected) in table {
        assert_eq!(kind_of(values), expected, "{values:?}");
        let reversed: Vec<&str> = values.iter().rev().copied().collect();
        assert_eq!(kind_of(&reversed), expected, "{reversed:?}");
    }
}

#[test]
fn indicators_hold_only_if_all_texts_have_them() {
    let found = |lines: &[&str]| infer(lines).unwrap().fields.remove(0).value.indicators.len();
    assert_eq!(found(&[r#"{"a": "10.0.0.1"}"#, r#"{"a": "::1"}"#]), 1);
    assert_eq!(found(&[r#"{"a": "10.0.0.1"}"#, r#"{"a": "-"}"#]), 0);
    assert_eq!(found(&[r#"{"a": "10.0.0.1"}"#, r#"{"a": 5}"#, r#"{"a": "::1"}"#]), 0);
}

#[test]
fn empty_things_are_dropped() {
    let found = yaml(&[r#"{"a": {}, "b": [], "c": [[], [{}]], "d": {"e": {"f": []}}, "g": [null], "h": 1}"#]);
    assert_eq!(found, "version: 0\nfields:\n- name: h\n  required: true\n  type: bigint\n");
    assert_eq!(kind_of(&["[]", "[1]"]), "array");
    assert_eq!(kind_of(&["{}", "{\"b\": 1}"]), "object");
}

#[test]
fn nothing_to_infer_is_an_error() {
    let nothing = |lines: &[&str]| infer(lines).unwrap_err().to_string();
    assert_eq!(nothing(&[]), "nothing can be inferred: the input has no events");
    assert_eq!(nothing(&["", "  "]), "nothing can be inferred: the input has no events");
    assert_eq!(nothing(&["{\"a\": null}", "{}"]), "nothing can be inferred: the events hold nothing but empty values");
}

#[test]
fn lines_that_are_no_object_are_told_with_their_number() {
    let wrong = |line: &str| infer(&["{\"a\": 1}", "", line]).unwrap_err().to_string();
    assert_eq!(wrong("[1]"), "line 3: expected a JSON object, found an array");
    assert_eq!(wrong("null"), "line 3: expected a JSON object, found `null`");
    assert!(wrong("{\"a\": 1").starts_with("line 3: this is not JSON: EOF"));
    assert!(wrong("x").starts_with("line 3: this is not JSON"));
}

#[test]
fn of_keys_that_stand_twice_the_last_counts() {
    assert_eq!(yaml(&[r#"{"a": "x", "a": 1}"#]), yaml(&[r#"{"a": 1}"#]));
}

#[test]
fn objects_whose_keys_are_data_become_json() {
    let object = |range: std::ops::Range<usize>| {
        let members: Vec<String> = range.map(|n| format!("\"k{n}\": 1")).collect();
        format!("{{{}}}", members.join(", "))
    };
    assert_eq!(kind_of(&[&object(0..200)]), "object");
    assert_eq!(kind_of(&[&object(0..201)]), "json");
    assert_eq!(kind_of(&[&object(0..150), &object(100..250)]), "json");
    let lines: Vec<String> = (0..101).map(|n| object(n * 100..n * 100 + 100)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let error = infer(&lines).unwrap_err().to_string();
    assert_eq!(error, "line 101: the events have more than 10000 different keys: their keys are data");
}

#[test]
fn deep_values_become_json() {
    let deep = |levels: usize| format!("{}1{}", "{\"b\": ".repeat(levels), "}".repeat(levels));
    for levels in [60, 64, 65, 5000] {
        let line = format!("{{\"a\": {}}}", deep(levels));
        let yaml = yaml(&[&line]);
        assert_eq!(yaml.contains("type: json"), levels > 64, "{levels}");
        schema(&yaml);
    }
    assert_eq!(kind_of(&[&format!("{}{}", "[".repeat(9000), "]".repeat(9000))]), "array");
}

#[test]
fn fields_that_would_share_a_column_are_told_apart() {
    let schema =
        infer(&[r#"{"a.b": 1, "a_b": 1, "A.B": 1, "p_log_type": "x", "": 1, "o": {"x": 1, "X": 2}}"#]).unwrap();
    let named: Vec<(&str, Option<&Transform>)> =
        schema.fields.iter().map(|field| (field.name.as_str(), field.transforms.first())).collect();
    let from = |text: &str| Transform::Rename { from: text.to_owned() };
    let (empty, second, third, taken) = (from(""), from("a.b"), from("a_b"), from("p_log_type"));
    assert_eq!(
        named,
        [
            ("empty", Some(&empty)),
            ("A.B", None),
            ("a.b_2", Some(&second)),
            ("a_b_3", Some(&third)),
            ("o", None),
            ("_p_log_type", Some(&taken)),
        ]
    );
    super::super::reader::testing::schema(&print(&schema, Form::Public));
}

#[test]
fn the_beginning_of_time_may_be_absent() {
    let schema = infer(&[r#"{"a": "0001-01-01T00:00:00Z", "b": "2001-01-01T00:00:00Z"}"#]).unwrap();
    let required: Vec<bool> = schema.fields.iter().map(|field| field.required).collect();
    assert_eq!(required, [false, true]);
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof![
        "[a-z]{0,4}",
        "[-+]?[0-9]{1,3}[.e_]?[0-9]{0,3}",
        Just("10.0.0.1".to_owned()),
        Just("http://a.b".to_owned()),
        Just("true".to_owned()),
        Just("2021-01-01T00:00:00Z".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        (-1e3..1e3).prop_map(Into::into),
        text.prop_map(serde_json::Value::String),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::Array),
            object(inner).prop_map(serde_json::Value::Object),
        ]
    })
}

fn object(
    inner: impl Strategy<Value = serde_json::Value>,
) -> impl Strategy<Value = serde_json::Map<String, serde_json::Value>> {
    prop::collection::vec(("[a-d]", inner), 0..4).prop_map(|members| members.into_iter().collect())
}

/// Fields in the order of their names, at every depth: what inference promises, whatever the order of lines.
fn sorted(mut fields: Vec<Field>) -> Vec<Field> {
    for field in &mut fields {
        value_in(&mut field.value);
    }
    fields.sort_by(|one, other| one.name.cmp(&other.name));
    fields
}

fn value_in(value: &mut super::super::Value) {
    match &mut value.kind {
        Kind::Object(fields) => *fields = sorted(std::mem::take(fields)),
        Kind::Array { element, .. } => value_in(element),
        _ => {}
    }
}

proptest! {
    #[test]
    fn the_order_of_lines_changes_the_order_of_fields_only(
        events in prop::collection::vec(object(json()), 1..6).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let read = |events: &[serde_json::Map<String, serde_json::Value>]| {
            let lines: Vec<String> = events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
            infer(&lines.iter().map(String::as_str).collect::<Vec<_>>()).map(|schema| sorted(schema.fields))
        };
        prop_assert_eq!(read(&events.0), read(&events.1));
    }

    #[test]
    fn inferred_schemas_read_back(events in prop::collection::vec(object(json()), 1..4)) {
        let lines: Vec<String> = events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
        if let Ok(schema) = infer(&lines.iter().map(String::as_str).collect::<Vec<_>>()) {
            let yaml = print(&schema, Form::Public);
            let reading = read("f", &yaml, Mode::Public, &COMPILE);
            prop_assert_eq!(&reading.problems, &[], "{}", yaml);
            prop_assert_eq!(&reading.documents[0].schema, &schema);
        }
    }

    #[test]
    fn no_line_panics(line in "(?s).{0,60}", other in "[\\[\\]{}\":,0-9a-z\\\\.+-]{0,40}") {
        let mut inference = Inference::default();
        let _ = inference.observe(&line);
        let _ = inference.observe(&other);
        let _ = inference.observe(&format!("{{\"a\": {other}}}"));
        let _ = inference.finish(&COMPILE);
    }
}
