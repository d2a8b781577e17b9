//! Fields: types, times, names, indicators, rules, transformations.

use super::*;

#[test]
fn every_type_has_its_kind() {
    let table = [
        ("string", Kind::String),
        ("smallint", integer(16, true)),
        ("int", integer(32, true)),
        ("bigint", integer(64, true)),
        ("float", Kind::Float { bits: 64 }),
        ("boolean", Kind::Boolean { quoted: false }),
        ("json", Kind::Json),
    ];
    for (name, kind) in table {
        assert_eq!(one_field(&format!("{{name: a, type: {name}}}")).value, value(kind));
    }
    let object = one_field("{name: a, type: object, fields: [{name: b, type: int}]}").value.kind;
    assert!(matches!(object, Kind::Object(fields) if fields[0].value.kind == integer(32, true)));
    let array = one_field("{name: a, type: array, element: {type: string}}").value.kind;
    assert_eq!(array, Kind::Array { element: Box::new(value(Kind::String)), checked: true });
}

#[test]
fn a_wrong_type_is_told_with_the_nearest() {
    assert_eq!(
        told("fields:\n- name: a\n  type: array\n  element:\n    type: strng\n"),
        ["5:11 fields[0].element.type: `strng` is no value of `type` | did you mean `string`?"]
    );
    let found = field_told("{name: a, type: utinyint}");
    assert!(found[0].contains("`utinyint` is no value of `type`"), "{found:?}");
}

#[test]
fn times_have_formats() {
    let formats = |field: &str| match one_field(field).value.kind {
        Kind::Timestamp(time) => time.formats,
        other => panic!("{other:?}"),
    };
    let table = [
        ("rfc3339", TimeFormat::Rfc3339),
        ("''", TimeFormat::Rfc3339),
        ("unix", TimeFormat::Unix),
        ("unix_ms", TimeFormat::UnixMillis),
        ("unix_us", TimeFormat::UnixMicros),
        ("unix_ns", TimeFormat::UnixNanos),
        ("unix_auto", TimeFormat::UnixAuto),
        ("cloudflare", TimeFormat::Cloudflare),
        ("'%F %T'", TimeFormat::Strftime("%F %T".to_owned())),
        ("'%s'", TimeFormat::Strftime("%s".to_owned())),
        ("layout=2006-01-02", TimeFormat::Layout("2006-01-02".to_owned())),
    ];
    for (text, format) in table {
        assert_eq!(formats(&format!("{{name: a, type: timestamp, timeFormat: {text}}}")), [format]);
    }
    let several = formats("{name: a, type: timestamp, timeFormat: unix, timeFormats: [rfc3339, unix]}");
    assert_eq!(several, [TimeFormat::Unix, TimeFormat::Rfc3339]);
    let kind =
        one_field("{name: a, type: timestamp, timeFormat: unix, isEventTime: true, isExpiration: true}").value.kind;
    assert_eq!(
        kind,
        Kind::Timestamp(Timestamp { formats: vec![TimeFormat::Unix], event_time: true, expiration: true })
    );
}

#[test]
fn wrong_formats_of_times_are_told() {
    let table = [
        ("", "needs the key `timeFormat` | for times as `2021-01-31T23:59:59Z` write `timeFormat: rfc3339`"),
        (", timeFormat: rfc339", "`rfc339` is no format of times | did you mean `rfc3339`?"),
        (", timeFormat: lacework", "`lacework` is no format of times | write `rfc3339`, `unix`"),
        (", timeFormat: 2006-01-02", "is no format of times | a layout of the reference time begins with `layout=`"),
        (", timeFormats: ['%Q']", "timeFormats[0]: `%Q` cannot be read as a format of times: no directive `%Q`"),
        (", timeFormats: []", "timeFormats: the list is empty | it needs at least one element"),
    ];
    for (keys, expected) in table {
        let found = field_told(&format!("{{name: a, type: timestamp{keys}}}"));
        assert!(found.len() == 1 && found[0].contains(expected), "{keys}: {found:?}");
    }
}

#[test]
fn keys_of_another_type_are_warnings() {
    let found = field_told("{name: a, type: int, indicators: [ip], validate: {allow: [x]}}");
    assert_eq!(
        found,
        [
            "2:24 fields[0].indicators: warning: `indicators` means nothing for the type `int` | it belongs to `string`, `array`",
            "2:42 fields[0].validate: warning: `validate` means nothing for the type `int` | it belongs to `string`",
        ]
    );
}

#[test]
fn types_need_their_keys() {
    let table = [
        ("object", "the type `object` needs the key `fields`"),
        ("array", "the type `array` needs the key `element`"),
        ("ref", "the type `ref` needs the key `target`"),
    ];
    for (name, expected) in table {
        let found = field_told(&format!("{{name: a, type: {name}}}"));
        assert!(found.len() == 1 && found[0].contains(expected), "{found:?}");
    }
    assert!(field_told("{name: a}")[0].contains("needs the key `type` | write one of `string`, `int`"));
    assert_eq!(
        field_told("{name: a, type: object, fields: []}"),
        ["2:35 fields[0].fields: the list is empty | it needs at least one element"]
    );
    assert_eq!(
        told("version: 0\n")[0],
        "1:1 : a schema needs the key `fields` | The fields of an event, in the order of the output."
    );
}

#[test]
fn numbers_and_words_are_text_where_text_is_wanted() {
    let field = one_field("{name: 1e3, type: string, description: 2021-01-01, validate: {allow: [404, no, 1.50, on]}}");
    assert_eq!((field.name.as_str(), field.description.as_str()), ("1e3", "2021-01-01"));
    assert_eq!(field.value.validate.allow, ["404", "no", "1.50", "on"]);
    let text = "parser: {csv: {hasHeader: true, emptyValues: [0, '-', 'null', ~]}}\nfields: [{name: a, type: int}]";
    assert_eq!(
        told(text),
        [
            "1:63 parser.csv.emptyValues[3]: expected a text, found nothing | if the word itself is meant, put it in quotes"
        ]
    );
    let text = text.replace(", ~", "");
    let TextParser::Csv(csv) = schema(&text).parser.unwrap() else { panic!() };
    assert_eq!(csv.rules.empty_values, ["0", "-", "null"]);
}

#[test]
fn names_of_fields_are_their_own() {
    let text = "fields:\n- {name: a, type: int}\n- {name: b.c, type: int}\n- {name: a, type: string}\n- {name: B_C, type: int}\n";
    let expected = [
        "4:10 fields[2].name: duplicate field name `a` | it stands first in line 2",
        "5:10 fields[3].name: `B_C` and `b.c` of line 3 are stored in the same column `b_c` | give one of them another name, and `rename: {from: ..}`",
    ];
    assert_eq!(told(text), expected);
    let inner = field_told("{name: o, type: object, fields: [{name: x, type: int}, {name: X, type: int}]}");
    assert!(inner[0].starts_with("2:65 fields[0].fields[1].name: `X` and `x` of line 2"), "{inner:?}");
}

#[test]
fn names_of_the_envelope_are_taken() {
    for name in ["p_log_type", "p_event_time", "p_any_ip_addresses", "p_any_actor_ids", "P_ROW_ID"] {
        let found = field_told(&format!("{{name: {name}, type: string}}"));
        assert!(found[0].contains("is a field that every event gets from Panther"), "{found:?}");
    }
    let found = field_told("{name: p_own, type: string}");
    assert!(found[0].contains("warning: `p_own` begins with `p_`"), "{found:?}");
    let inside = field_told("{name: a, type: object, fields: [{name: p_log_type, type: string}]}");
    assert_eq!(inside, [""; 0]);
    let digit = field_told("{name: 1st, type: string}");
    assert!(digit[0].contains("warning: `1st` does not begin with a letter"), "{digit:?}");
    assert_eq!(field_told("{name: '@type', type: string}"), [""; 0]);
}

#[test]
fn indicators_are_known_names() {
    let field = one_field("{name: a, type: string, indicators: [ip, aws_arn_only]}");
    assert_eq!(field.value.indicators, [Indicator::Ip, Indicator::AwsArnOnly]);
    for indicator in Indicator::ALL {
        let field = one_field(&format!("{{name: a, type: string, indicators: [{}]}}", indicator.name()));
        assert_eq!(field.value.indicators, [indicator]);
    }
    assert_eq!(
        field_told("{name: a, type: string, indicators: [ip, emial]}"),
        ["2:44 fields[0].indicators[1]: `emial` is no value of `indicators` | did you mean `email`?"]
    );
    assert_eq!(
        field_told("{name: a, type: string, indicators: [ip, ip]}"),
        ["2:44 fields[0].indicators[1]: warning: `ip` stands here twice"]
    );
    assert_eq!(field_told("{name: a, type: string, indicators: []}"), [""; 0]);
}

#[test]
fn indicators_of_an_array_are_those_of_its_strings() {
    let kind = one_field("{name: a, type: array, indicators: [ip], element: {type: string}}").value.kind;
    assert!(matches!(kind, Kind::Array { element, .. } if element.indicators == [Indicator::Ip]));
    let found = field_told("{name: a, type: array, indicators: [ip], element: {type: int}}");
    assert!(found[0].contains("warning: `indicators` of an array mean nothing"), "{found:?}");
}

#[test]
fn validation_is_read_and_checked() {
    let validate = |rules: &str| one_field(&format!("{{name: a, type: string, validate: {rules}}}")).value.validate;
    assert_eq!(validate("{allow: [x, y]}").allow, ["x", "y"]);
    assert_eq!(validate("{deny: [x], ip: ipv4, cidr: any}").ip, Some(AddressFamily::V4));
    assert_eq!(validate("{cidr: ipv6}").cidr, Some(AddressFamily::V6));
    let wrong = |rules: &str| field_told(&format!("{{name: a, type: string, validate: {rules}}}"));
    assert!(wrong("{allow: [x], deny: [y]}")[0].contains("validate: `allow` and `deny` exclude each other"));
    assert!(wrong("{allow: []}")[0].contains("validate.allow: the list is empty"));
    assert!(wrong("{deny: ['']}")[0].contains("validate.deny[0]: expected a text that is not empty"));
    assert!(wrong("{ip: ipv5}")[0].contains("`ipv5` is no value of `ip` | did you mean `ipv4`?"));
    assert!(wrong("{}")[0].contains("warning: `validate` is empty"));
    assert!(wrong("{regex: x}")[0].contains("warning: unknown key `regex` in `validate`"));
}

#[test]
fn transformations_run_in_their_own_order() {
    let field = one_field(
        "{name: a, type: string, mask: {type: redact, to: '**'}, split: {from: b.0, separator: ',', index: 2}, \
         concat: {paths: [x, y.z], separator: '-'}, copy: {from: c}, rename: {from: A}}",
    );
    let expected = [
        Transform::Rename { from: "A".to_owned() },
        Transform::Copy { from: "c".to_owned() },
        Transform::Concat { paths: vec!["x".to_owned(), "y.z".to_owned()], separator: "-".to_owned() },
        Transform::Split { from: "b.0".to_owned(), separator: ",".to_owned(), index: 2 },
        Transform::Mask(Mask::Redact { to: "**".to_owned() }),
    ];
    assert_eq!(field.transforms, expected);
    let salted = one_field("{name: a, type: string, mask: {type: obfuscate, salt: s}}").transforms;
    assert_eq!(salted, [Transform::Mask(Mask::Obfuscate { salt: "s".to_owned() })]);
}

#[test]
fn what_hides_a_value_is_text() {
    let of = |of_type: &str, to: &str| {
        field_told(&format!("{{name: a, type: {of_type}, mask: {{type: redact, to: '{to}'}}}}"))
    };
    for (of_type, to) in [("string", "x"), ("json", "x"), ("int", "0"), ("bigint", ""), ("float", "-1")] {
        assert_eq!(of(of_type, to), [""; 0], "{of_type} {to}");
    }
    for (of_type, to) in [("int", "***"), ("boolean", "x"), ("object, fields: [{name: b, type: int}]", "x")] {
        assert!(of(of_type, to)[0].contains("fields[0].mask: warning: what hides a value is text"), "{of_type}");
    }
}

#[test]
fn wrong_transformations_are_told() {
    let table = [
        ("rename: {form: x}", "`rename` needs the key `from`"),
        ("rename: x", "expected a mapping, found the text `x`"),
        ("mask: {type: redact}", "the type `redact` needs the key `to`"),
        ("mask: {type: blur}", "`blur` is no value of `type`"),
        ("split: {from: a, separator: ',', index: -1}", "-1 is out of range: 0 to 4294967295"),
        ("split: {from: a, separator: '', index: 0}", "expected a text that is not empty"),
        ("concat: {paths: []}", "the list is empty"),
    ];
    for (key, expected) in table {
        let found = field_told(&format!("{{name: a, type: string, {key}}}"));
        assert!(found.iter().any(|problem| problem.contains(expected)), "{key}: {found:?}");
    }
}

#[test]
fn embedded_json_is_read() {
    for rest in ["json", "object, fields: [{name: b, type: int}]", "array, element: {type: int}"] {
        let field = one_field(&format!("{{name: a, type: {rest}, isEmbeddedJSON: true}}"));
        assert_eq!(field.value.embedded, Embedded::Json);
    }
    for rest in ["string", "int", "timestamp, timeFormat: rfc3339"] {
        let text = format!("{{name: a, type: {rest}, isEmbeddedJSON: true}}");
        assert!(field_told(&text)[0].contains("`isEmbeddedJSON` means nothing for the type"), "{rest}");
        assert_eq!(one_field(&text).value.embedded, Embedded::No, "{rest}");
    }
}
