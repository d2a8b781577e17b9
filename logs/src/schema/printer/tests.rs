use super::super::model::{FastMatch, Regex, Script};
use super::super::reader::testing::{COMPILE, schema};
use super::super::{Indicator, Mode, TimeFormat, read, to_public};
use super::*;
use proptest::prelude::*;

fn back(yaml: &str, mode: Mode) -> Schema {
    let reading = read("f.yml", yaml, mode, &COMPILE);
    let errors: Vec<String> = reading.errors().map(ToString::to_string).collect();
    assert_eq!(errors, [""; 0], "{yaml}");
    reading.documents.into_iter().next().expect("a file without errors has a schema").schema
}

#[test]
fn keys_stand_in_the_order_of_people() {
    let text = "\
schema: Custom.Sample
description: 'A: sample'
referenceURL: https://example.com
version: 0
parser:
  csv:
    delimiter: ','
    columns:
    - a
    - ''
    emptyValues:
    - '-'
    expandFields:
      t: '%{a}'
fields:
- name: a
  required: true
  description: first
  type: object
  fields:
  - name: b
    type: array
    element:
      type: string
      indicators:
      - ip
  - name: '1'
    type: timestamp
    timeFormat: rfc3339
    isEventTime: true
- name: c
  type: string
  validate:
    allow:
    - 'yes'
  rename:
    from: C
";
    assert_eq!(print(&schema(text), Form::Public), text);
}

#[test]
fn a_nameless_schema_begins_with_its_version() {
    assert_eq!(
        print(&schema("fields: [{name: a, type: bigint}]"), Form::Public),
        "version: 0\nfields:\n- name: a\n  type: bigint\n"
    );
}

#[test]
fn built_in_keys_are_mapped_for_the_public() {
    let text = "\
generation: strict
fields:
- {name: a, type: utinyint, rules: {minimum: 1}}
- {name: b, type: tinyint, plain: true}
- {name: c, type: usmallint}
- {name: d, type: uint}
- {name: e, type: ubigint, orText: true}
- {name: f, type: array, element: {type: float32}}
- {name: g, type: map, element: {type: string}}
- {name: h, type: timestamp, timeFormats: [fluentd, unix_float, unix]}
- {name: i, type: boolean, quoted: true}
- {name: j, type: string, rules: {omitEmpty: true, oneOf: [x]}}
";
    let expected = "\
version: 0
fields:
- name: a
  required: true
  type: smallint
- name: b
  type: smallint
- name: c
  type: int
- name: d
  type: bigint
- name: e
  type: bigint
- name: f
  type: array
  element:
    type: float
- name: g
  type: json
- name: h
  type: timestamp
  timeFormats:
  - '%Y-%m-%d %H:%M:%S %z'
  - unix
- name: i
  type: boolean
- name: j
  type: string
  validate:
    allow:
    - x
";
    let yaml = print(&back(text, Mode::BuiltIn), Form::Public);
    assert_eq!(yaml, expected);
    assert_eq!(read("f", &yaml, Mode::Public, &COMPILE).problems, []);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,6}", "(?s).{1,8}", "[ \n:#'\"-]{1,5}", Just("yes".to_owned()), Just("1e3".to_owned())]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 1..4)
}

fn time_format() -> impl Strategy<Value = TimeFormat> {
    prop_oneof![
        Just(TimeFormat::Rfc3339),
        Just(TimeFormat::UnixMillis),
        Just(TimeFormat::UnixAuto),
        "[%a-zA-Z: ]{0,5}".prop_map(|rest| TimeFormat::Strftime(format!("%Y{}", rest.replace('Q', "")))),
        "[0-9: ]{0,5}".prop_map(TimeFormat::Layout),
    ]
}

fn timestamp() -> impl Strategy<Value = Kind> {
    (prop::collection::vec(time_format(), 1..3), any::<bool>(), any::<bool>()).prop_map(
        |(formats, event_time, expiration)| {
            let mut distinct: Vec<TimeFormat> = Vec::new();
            for format in formats {
                if !distinct.contains(&format) {
                    distinct.push(format);
                }
            }
            Kind::Timestamp(Timestamp { formats: distinct, event_time, expiration })
        },
    )
}

fn family() -> impl Strategy<Value = Option<AddressFamily>> {
    prop::option::of(prop_oneof![Just(AddressFamily::V4), Just(AddressFamily::V6), Just(AddressFamily::Any)])
}

fn validate() -> impl Strategy<Value = Validate> {
    let allow = (texts(), family()).prop_map(|(allow, ip)| Validate { allow, ip, ..Validate::default() });
    let deny = (texts(), family()).prop_map(|(deny, cidr)| Validate { deny, cidr, ..Validate::default() });
    prop_oneof![Just(Validate::default()), allow, deny]
}

fn string() -> impl Strategy<Value = Value> {
    (prop::sample::subsequence(Indicator::ALL.to_vec(), 0..4), validate()).prop_map(|(indicators, validate)| Value {
        kind: Kind::String,
        indicators,
        validate,
        embedded: Embedded::No,
        exact: None,
    })
}

fn plain(kind: Kind) -> Value {
    Value { kind, indicators: Vec::new(), validate: Validate::default(), embedded: Embedded::No, exact: None }
}

fn public_leaf() -> impl Strategy<Value = Value> {
    let bits = prop_oneof![Just(16), Just(32), Just(64)];
    prop_oneof![
        string(),
        bits.prop_map(|bits| plain(Kind::Integer(Integer { bits, signed: true, or_text: false }))),
        Just(plain(Kind::Float { bits: 64 })),
        Just(plain(Kind::Boolean { quoted: false })),
        timestamp().prop_map(plain),
        any::<bool>().prop_map(|embedded| embed(plain(Kind::Json), embedded)),
    ]
}

fn built_in_leaf() -> impl Strategy<Value = Value> {
    let bits = prop_oneof![Just(8), Just(16), Just(32), Just(64)];
    let integer = (bits, any::<bool>(), any::<bool>())
        .prop_map(|(bits, signed, or_text)| plain(Kind::Integer(Integer { bits, signed, or_text })));
    prop_oneof![
        public_leaf(),
        integer,
        Just(plain(Kind::Float { bits: 32 })),
        Just(plain(Kind::Boolean { quoted: true })),
        any::<bool>().prop_map(|exact| Value { exact: Some(exact), ..plain(Kind::String) }),
        Just(plain(Kind::Timestamp(Timestamp {
            formats: vec![TimeFormat::Suricata, TimeFormat::AnsiC, TimeFormat::Lacework],
            event_time: false,
            expiration: false
        }))),
    ]
}

fn embed(value: Value, embedded: bool) -> Value {
    Value { embedded: if embedded { Embedded::Json } else { Embedded::No }, ..value }
}

fn value_of(leaf: BoxedStrategy<Value>, built_in: bool) -> impl Strategy<Value = Value> {
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let field = field(inner.clone().boxed(), built_in);
        let object = (prop::collection::vec(field, 1..4), any::<bool>())
            .prop_map(|(fields, embedded)| embed(plain(Kind::Object(distinct(fields))), embedded));
        let array = (inner.clone(), any::<bool>(), any::<bool>()).prop_map(move |(element, checked, embedded)| {
            let checked = checked || !built_in;
            embed(plain(Kind::Array { element: Box::new(element), checked }), embedded)
        });
        let map =
            inner.prop_map(move |element| plain(if built_in { Kind::Map(Box::new(element)) } else { Kind::Json }));
        prop_oneof![object, array, map]
    })
}

fn transforms() -> impl Strategy<Value = Vec<Transform>> {
    let all = (text(), text(), texts(), text(), 0_usize..9, any::<bool>()).prop_map(|(a, b, c, d, index, redact)| {
        let mask = if redact { Mask::Redact { to: d.clone() } } else { Mask::Obfuscate { salt: d.clone() } };
        vec![
            Transform::Rename { from: a.clone() },
            Transform::Copy { from: b.clone() },
            Transform::Concat { paths: c, separator: d },
            Transform::Split { from: a, separator: b, index },
            Transform::Mask(mask),
        ]
    });
    all.prop_flat_map(|all| prop::sample::subsequence(all, 0..=5))
}

fn rules(built_in: bool) -> impl Strategy<Value = Vec<Rule>> {
    let all = (texts(), 0_usize..9, -5..5_i32).prop_map(|(texts, length, number)| {
        vec![
            Rule::OmitEmpty,
            Rule::OneOf(texts.clone()),
            Rule::NoneOf(texts),
            Rule::Length(length),
            Rule::Minimum(f64::from(number) / 2.0),
            Rule::Maximum(1e21),
            Rule::Numeric,
            Rule::Alphanumeric,
            Rule::Uuid,
        ]
    });
    let most = if built_in { 9 } else { 0 };
    all.prop_flat_map(move |all| prop::sample::subsequence(all, 0..=most).prop_shuffle())
}

fn field(value: BoxedStrategy<Value>, built_in: bool) -> impl Strategy<Value = Field> {
    let texts = (text(), prop_oneof![Just(String::new()), text()]);
    (texts, any::<bool>(), any::<bool>(), value, transforms(), rules(built_in)).prop_map(
        move |((name, description), required, plain, value, transforms, mut rules)| {
            if required && !rules.is_empty() {
                rules.insert(0, Rule::Required);
            }
            Field { name, required, description, value, transforms, rules, plain: plain && built_in }
        },
    )
}

/// Names that share no column.
fn distinct(fields: Vec<Field>) -> Vec<Field> {
    let name = |(index, field): (usize, Field)| Field { name: format!("{}{index}", field.name), ..field };
    fields.into_iter().enumerate().map(name).collect()
}

fn text_parser() -> impl Strategy<Value = TextParser> {
    let rules = (prop::option::of(text()), any::<bool>(), texts(), texts()).prop_map(
        |(skip_prefix, trim_space, empty_values, names)| {
            let expand = |(index, name)| (format!("{name}{index}"), name);
            let expand_fields = names.into_iter().enumerate().map(expand).collect();
            TextRules { skip_prefix, trim_space, empty_values, expand_fields }
        },
    );
    let rules = rules.boxed();
    let delimiter = prop_oneof![Just(','), Just('\t'), Just(' '), Just(':'), Just('\''), Just('é')];
    let csv = (delimiter, any::<bool>(), texts(), rules.clone()).prop_map(|(delimiter, has_header, columns, rules)| {
        TextParser::Csv(Csv { delimiter, has_header, columns, rules })
    });
    let fastmatch = (texts(), rules.clone()).prop_map(|(texts, rules)| {
        let pattern = |text: String| format!("{} %{{a}}", text.replace(['\n', '%'], " "));
        TextParser::FastMatch(FastMatch { patterns: texts.into_iter().map(pattern).collect(), rules })
    });
    let regex = (texts(), text(), rules).prop_map(|(parts, text, rules)| {
        TextParser::Regex(Regex { parts, definitions: vec![("A_1".to_owned(), text)], rules })
    });
    let script = text().prop_map(|function| TextParser::Script(Script { function }));
    prop_oneof![csv, fastmatch, regex, script, text().prop_map(TextParser::Native)]
}

fn schemas(leaf: BoxedStrategy<Value>, built_in: bool) -> impl Strategy<Value = Schema> {
    let field = field(value_of(leaf, built_in).boxed(), built_in);
    let parser = prop::option::of(text_parser());
    let name = prop_oneof![Just(String::new()), Just("Custom.Sample.V1".to_owned())];
    (
        name,
        prop_oneof![Just(String::new()), text()],
        parser,
        prop::collection::vec(field, 1..5),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(move |(name, description, parser, fields, field_discovery, strict)| Schema {
            name,
            description,
            reference_url: String::new(),
            parser,
            fields: distinct(fields),
            field_discovery,
            generation: if strict && built_in { Generation::Strict } else { Generation::Lenient },
        })
}

/// Names may share a column in random schemas; everything else reads back without an error.
fn has_collision(yaml: &str, mode: Mode) -> bool {
    let reading = read("f", yaml, mode, &COMPILE);
    reading.errors().any(|problem| problem.path.ends_with(".name") && problem.what.contains("same column"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn public_schemas_read_back_equal(schema in schemas(public_leaf().boxed(), false)) {
        let yaml = print(&schema, Form::Public);
        prop_assume!(!has_collision(&yaml, Mode::Public));
        prop_assert_eq!(back(&yaml, Mode::Public), schema, "{}", yaml);
    }

    #[test]
    fn built_in_schemas_read_back_equal(schema in schemas(built_in_leaf().boxed(), true)) {
        let yaml = print(&schema, Form::BuiltIn);
        prop_assume!(!has_collision(&yaml, Mode::BuiltIn));
        prop_assert_eq!(back(&yaml, Mode::BuiltIn), schema, "{}", yaml);
    }

    #[test]
    fn built_in_schemas_print_for_the_public(schema in schemas(built_in_leaf().boxed(), true)) {
        let yaml = print(&schema, Form::Public);
        prop_assume!(!has_collision(&yaml, Mode::Public));
        prop_assert_eq!(back(&yaml, Mode::Public), to_public(&schema), "{}", yaml);
    }
}
