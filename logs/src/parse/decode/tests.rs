use super::Decoder;
use crate::parse::event::Draft;
use crate::parse::indicators::Collector;
use crate::parse::json::Tape;
use crate::parse::layout::{Encoding, Layout};
use crate::parse::native::rules::Rules;
use crate::schema::{
    Embedded, Field, Generation, Integer, Kind, Mask, Rule, Schema, TimeFormat, Timestamp, Transform, Validate, Value,
};

fn value(kind: Kind) -> Value {
    Value { kind, indicators: Vec::new(), validate: Validate::default(), embedded: Embedded::No, exact: None }
}

fn field(name: &str, kind: Kind) -> Field {
    Field {
        name: name.to_owned(),
        required: false,
        description: String::new(),
        value: value(kind),
        transforms: Vec::new(),
        rules: Vec::new(),
        plain: false,
    }
}

const BIGINT: Kind = Kind::Integer(Integer { bits: 64, signed: true, or_text: false });
const SMALLINT: Kind = Kind::Integer(Integer { bits: 16, signed: true, or_text: false });

struct Subject(Decoder, Layout);

impl Subject {
    fn new(fields: Vec<Field>, generation: Generation) -> Self {
        let schema = Schema { name: "Custom.Test".to_owned(), fields, generation, ..Schema::default() };
        let layout = Layout::new(&schema, &Rules::NONE, Encoding::Plain).expect("compiles");
        Self(Decoder::new(&layout), layout)
    }

    fn lenient(fields: Vec<Field>) -> Self {
        Self::new(fields, Generation::Lenient)
    }

    /// The event without its envelope, or why there is none.
    fn decode(&mut self, text: &str) -> Result<String, String> {
        let mut tape = Tape::default();
        tape.read(text).map_err(|wrong| wrong.to_string())?;
        let (mut out, mut indicators) = (Vec::new(), Collector::default());
        let mut draft = Draft { out: &mut out, indicators: &mut indicators, time: None };
        self.0.json(&self.1, tape.document(text), 0, &mut draft).map_err(|why| why.describe(&self.1))?;
        Ok(String::from_utf8(out).expect("UTF-8") + "}")
    }
}

fn array(element: Value) -> Kind {
    Kind::Array { element: Box::new(element), checked: true }
}

#[test]
fn elements_that_are_null_stay_so_and_empty_ones_stay_empty() {
    let lists = array(value(array(value(BIGINT))));
    let maps = array(value(Kind::Map(Box::new(value(Kind::String)))));
    let mut subject = Subject::lenient(vec![field("lists", lists), field("maps", maps)]);
    let event = r#"{"lists":[null,[],[null,1]],"maps":[null,{},{"a":null}]}"#;
    assert_eq!(subject.decode(event).as_deref(), Ok(event));
}

#[test]
fn fields_come_out_in_the_order_of_the_schema() {
    let mut subject = Subject::lenient(vec![
        field("a", Kind::String),
        field("b", BIGINT),
        field("c", Kind::Object(vec![field("d", Kind::Json), field("e", Kind::Boolean { quoted: false })])),
    ]);
    let log = r#"{"x": 1, "c": {"e": "T", "z": [], "d": { "k" : 1.50 }}, "b": "7", "a": 1.50}"#;
    assert_eq!(subject.decode(log).as_deref(), Ok(r#"{"a":"1.50","b":7,"c":{"d":{ "k" : 1.50 },"e":true}}"#));
    // Another order, another member in the place of a remembered one, and the last of two alike.
    assert_eq!(subject.decode(r#"{"a":"x","a":"y","b":null,"c":{}}"#).as_deref(), Ok(r#"{"a":"y","c":{}}"#));
    assert_eq!(subject.decode("null").as_deref(), Ok("{}"));
}

#[test]
fn texts_and_numbers_stand_for_each_other() {
    let mut subject = Subject::lenient(vec![field("s", Kind::String), field("n", SMALLINT)]);
    for (log, event) in [
        (r#"{"s":true,"n":"+5"}"#, Ok(r#"{"s":"true","n":5}"#)),
        (r#"{"s":"","n":""}"#, Ok(r#"{"s":""}"#)),
        (r#"{"s":"\u0041\n","n":"007"}"#, Ok(r#"{"s":"A\n","n":7}"#)),
        (r#"{"n":-32768}"#, Ok(r#"{"n":-32768}"#)),
        (
            r#"{"n":32768}"#,
            Err(
                "`n`: should be a whole number from -32768 to 32767, as `smallint` has them (`int` and `bigint` reach further): `32768`",
            ),
        ),
        (r#"{"n":1.0}"#, Err("`n`: should be a whole number, and is `1.0`")),
        (r#"{"n":" 5"}"#, Err("`n`: should be a whole number, and is ` 5`")),
        (r#"{"n":"0x10"}"#, Err("`n`: should be a whole number, and is `0x10`")),
        (r#"{"s":{}}"#, Err("`s`: should be text, and is an object")),
    ] {
        let decoded = subject.decode(log);
        assert_eq!(decoded.as_deref().map_err(String::as_str), event, "{log}");
    }
}

#[test]
fn older_types_insist_on_types_and_forgive_case() {
    let mut port = field("port", Kind::Integer(Integer { bits: 16, signed: false, or_text: true }));
    port.plain = true;
    let mut name = field("remoteIP", Kind::String);
    name.required = true;
    let mut subject = Subject::new(vec![name, port], Generation::Strict);
    assert_eq!(subject.decode(r#"{"remoteIp":"a","port":"17"}"#).as_deref(), Ok(r#"{"remoteIP":"a","port":17}"#));
    assert_eq!(subject.decode(r#"{"remoteIp":"a","port":0}"#).as_deref(), Ok(r#"{"remoteIP":"a"}"#));
    assert_eq!(subject.decode(r#"{"remoteIP":7}"#).expect_err("no text"), "`remoteIP`: should be text, and is `7`");
    assert_eq!(subject.decode("{}").expect_err("missing"), "`remoteIP`: required, and not there");
}

#[test]
fn required_holds_at_any_depth_and_in_elements() {
    let mut id = field("id", Kind::String);
    id.required = true;
    let inner = Kind::Object(vec![id]);
    let mut subject = Subject::lenient(vec![field("one", inner.clone()), field("many", array(value(inner)))]);
    assert_eq!(subject.decode("{}").as_deref(), Ok("{}"));
    assert_eq!(subject.decode(r#"{"many":[]}"#).as_deref(), Ok("{}"));
    assert_eq!(subject.decode(r#"{"one":{}}"#).expect_err("missing"), "`one.id`: required, and not there");
    assert_eq!(subject.decode(r#"{"many":[{}]}"#).expect_err("missing"), "`many[].id`: required, and not there");
    let event = r#"{"many":[null,{"id":""}]}"#;
    assert_eq!(subject.decode(event).as_deref(), Ok(event));
}

#[test]
fn transforms_take_values_from_elsewhere_and_hide_them() {
    let with = |name: &str, transforms: Vec<Transform>| Field { transforms, ..field(name, Kind::String) };
    let hide = Transform::Mask(Mask::Redact { to: "***".to_owned() });
    let mut subject = Subject::lenient(vec![
        with("user", vec![Transform::Rename { from: "u".to_owned() }, hide]),
        with("city", vec![Transform::Copy { from: "geo.places.1".to_owned() }]),
        with(
            "both",
            vec![Transform::Concat { paths: vec!["u".to_owned(), "id.x".to_owned()], separator: "@".to_owned() }],
        ),
        with("part", vec![Transform::Split { from: "u".to_owned(), separator: "n".to_owned(), index: 1 }]),
    ]);
    let log = r#"{"u":"anna","geo":{"places":["a","b"]},"id.x":7}"#;
    assert_eq!(subject.decode(log).as_deref(), Ok(r#"{"user":"***","city":"b","both":"anna@7","part":""}"#));
    assert_eq!(subject.decode(r#"{"user":"x"}"#).as_deref(), Ok("{}"));
}

#[test]
fn embedded_json_becomes_structure() {
    let mut object = field("o", Kind::Object(vec![field("a", BIGINT)]));
    object.value.embedded = Embedded::Json;
    let mut subject = Subject::lenient(vec![object]);
    assert_eq!(subject.decode(r#"{"o":"{\"a\":\"1\"}"}"#).as_deref(), Ok(r#"{"o":{"a":1}}"#));
    assert_eq!(subject.decode(r#"{"o":{"a":1}}"#).as_deref(), Ok(r#"{"o":{"a":1}}"#));
    assert!(subject.decode(r#"{"o":"{"}"#).is_err());
    assert_eq!(subject.decode(r#"{"o":" {\"a\":1}\n"}"#).as_deref(), Ok(r#"{"o":{"a":1}}"#));
    let mut any = field("j", Kind::Json);
    any.value.embedded = Embedded::Json;
    let mut any = Subject::lenient(vec![any]);
    assert_eq!(any.decode(r#"{"j":"10.5"}"#).as_deref(), Ok(r#"{"j":10.5}"#));
    for text in ["10.0.0.1", "2021-03-04", "null and void", "[1] junk"] {
        let why = any.decode(&format!(r#"{{"j":"{text}"}}"#)).expect_err("only begins with JSON");
        assert!(why.contains("`j`: should be text that holds JSON alone"), "{why}");
    }
}

#[test]
fn a_time_that_is_none_names_its_formats_and_the_place() {
    let strftime = |pattern: &str| TimeFormat::Strftime(pattern.to_owned());
    let time = |formats| Kind::Timestamp(Timestamp { formats, event_time: false, expiration: false });
    let one = field("one", time(vec![strftime("%Y-%m-%d %H:%M")]));
    let mut two = field("two", time(vec![TimeFormat::Rfc3339, strftime("%b %d")]));
    two.transforms.push(Transform::Rename { from: "2".to_owned() });
    let mut subject = Subject::lenient(vec![one, two]);
    let why = subject.decode(r#"{"one":"2021-03 10:00"}"#).expect_err("no day");
    assert!(why.contains("`%Y-%m-%d %H:%M`: its text is not that of the pattern, at ` 10:00`"), "{why}");
    let why = subject.decode(r#"{"2":"Jan  1"}"#).expect_err("neither");
    assert!(why.starts_with("`two` (read from `2`): ") && why.contains("`rfc3339`: "), "{why}");
    assert!(
        why.contains("`%b %d`: a number of the pattern is missing, at ` 1`; a day with a blank before it is `%e`"),
        "{why}"
    );
}

#[test]
fn json_stays_as_it_is_but_on_one_line() {
    let mut packed = field("p", Kind::Object(vec![field("j", Kind::Json)]));
    packed.value.embedded = Embedded::Json;
    let mut subject = Subject::lenient(vec![field("j", Kind::Json), packed]);
    let log = "{\"j\": {\r\n \"a\" :\t[1.50,\n\"\\n\"]}, \"p\": \"{\\\"j\\\":[\\n1]}\"}";
    let event = "{\"j\":{   \"a\" :\t[1.50, \"\\n\"]},\"p\":{\"j\":[ 1]}}";
    assert_eq!(subject.decode(log).as_deref(), Ok(event));
}

#[test]
fn a_text_may_be_exact_in_a_type_that_is_not_and_the_reverse() {
    let text = |exact| Value { exact: Some(exact), ..value(Kind::String) };
    let fields = |exact| {
        let one = Field { value: text(exact), ..field("one", Kind::String) };
        vec![one, field("list", array(text(exact))), field("map", Kind::Map(Box::new(text(exact))))]
    };
    let mut exact = Subject::lenient(fields(true));
    let mut loose = Subject::new(fields(false), Generation::Strict);
    let nulls = r#"{"list":[null,"a"],"map":{"k":null}}"#;
    assert_eq!(exact.decode(nulls).as_deref(), Ok(r#"{"list":["","a"],"map":{"k":""}}"#));
    assert_eq!(loose.decode(nulls).as_deref(), Ok(nulls));
    for (log, event) in [
        (r#"{"one":7}"#, r#"{"one":"7"}"#),
        (r#"{"list":[true]}"#, r#"{"list":["true"]}"#),
        (r#"{"map":{"k":1.0}}"#, r#"{"map":{"k":"1.0"}}"#),
    ] {
        assert!(exact.decode(log).is_err(), "{log}");
        assert_eq!(loose.decode(log).as_deref(), Ok(event));
    }
}

#[test]
fn empty_lists_and_maps_stand_where_they_are_elements() {
    let maps = field("maps", array(value(Kind::Map(Box::new(value(Kind::String))))));
    let mut subject = Subject::lenient(vec![maps, field("lists", array(value(array(value(BIGINT)))))]);
    let log = r#"{"maps":[{},null,{"a":"b"}],"lists":[[],null,[1,""]]}"#;
    let event = r#"{"maps":[{},null,{"a":"b"}],"lists":[[],null,[1,null]]}"#;
    assert_eq!(subject.decode(log).as_deref(), Ok(event));
}

#[test]
fn older_types_take_no_empty_text_for_a_number_and_no_other_words_for_truth() {
    let quoted = Kind::Boolean { quoted: true };
    let number = Kind::Integer(Integer { bits: 64, signed: true, or_text: true });
    let time =
        Kind::Timestamp(Timestamp { formats: vec![TimeFormat::UnixMillis], event_time: false, expiration: false });
    let fields = vec![field("b", quoted), field("n", number), field("t", time)];
    let mut subject = Subject::new(fields, Generation::Strict);
    let log = r#"{"b":"true","n":"7","t":1000}"#;
    assert_eq!(subject.decode(log).as_deref(), Ok(r#"{"b":"true","n":7,"t":"1970-01-01 00:00:01.000000000"}"#));
    for wrong in [r#"{"b":"t"}"#, r#"{"b":""}"#, r#"{"b":true}"#, r#"{"n":""}"#, r#"{"t":"1000"}"#] {
        assert!(subject.decode(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_one_log_had_is_not_discovered_in_the_next() {
    let fields = vec![field("s", Kind::String)];
    let schema = Schema { name: "Custom.Test".to_owned(), fields, field_discovery: true, ..Schema::default() };
    let layout = Layout::new(&schema, &Rules::NONE, Encoding::Plain).expect("compiles");
    let mut subject = Subject(Decoder::new(&layout), layout);
    assert_eq!(subject.decode(r#"{"s":"x","y":1}"#).as_deref(), Ok(r#"{"s":"x","y":1}"#));
    assert_eq!(subject.decode("null").as_deref(), Ok("{}"));
    assert_eq!(subject.decode("{}").as_deref(), Ok("{}"));
}

#[test]
fn discovered_members_come_behind_the_fields_each_once() {
    let schema = |name: &str| Schema {
        name: "Custom.Test".to_owned(),
        fields: vec![field(name, Kind::String)],
        field_discovery: true,
        ..Schema::default()
    };
    let decoded = |encoding: Encoding| {
        let layout = Layout::new(&schema("a_b"), &Rules::NONE, encoding).expect("compiles");
        let log = r#"{"x":1,"a b":2,"y":null,"x":{"z":3},"p_row_id":4,"p row_id":5,"w":6,"w":null,"a_b":"7"}"#;
        Subject(Decoder::new(&layout), layout).decode(log)
    };
    let plain = r#"{"a_b":"7","a b":2,"x":{"z":3},"p row_id":5}"#;
    assert_eq!(decoded(Encoding::Plain).as_deref(), Ok(plain));
    assert_eq!(decoded(Encoding::DataLake).as_deref(), Ok(r#"{"a_b":"7","x":{"z":3}}"#));
}

#[test]
fn maps_are_sorted_by_key() {
    let map = Kind::Map(Box::new(value(Kind::String)));
    let mut subject = Subject::lenient(vec![field("m", map)]);
    assert_eq!(subject.decode(r#"{"m":{"b":1,"a":"x","b":2}}"#).as_deref(), Ok(r#"{"m":{"a":"x","b":"2"}}"#));
    assert_eq!(subject.decode(r#"{"m":{}}"#).as_deref(), Ok("{}"));
}

#[test]
fn rules_of_built_in_types() {
    let with = |name: &str, kind: Kind, rules: Vec<Rule>| Field { rules, ..field(name, kind) };
    let mut subject = Subject::new(
        vec![
            with("kind", Kind::String, vec![Rule::OneOf(vec!["a".to_owned(), "b".to_owned()])]),
            with("account", Kind::String, vec![Rule::OmitEmpty, Rule::Length(12), Rule::Numeric]),
            with("port", BIGINT, vec![Rule::OmitEmpty, Rule::Minimum(0.0), Rule::Maximum(65_535.0)]),
        ],
        Generation::Strict,
    );
    let passes = r#"{"kind":"b","account":"123456789012","port":65535}"#;
    assert_eq!(subject.decode(passes).as_deref(), Ok(passes));
    assert_eq!(subject.decode("{}").expect_err("no kind"), "`kind`: required, and not there");
    assert!(subject.decode(r#"{"kind":"a","account":"12345678901x"}"#).is_err());
    assert!(subject.decode(r#"{"kind":"a","port":65536}"#).is_err());
    assert!(subject.decode(r#"{"kind":"a"}"#).is_ok());
    let only = Rule::OneOf(vec!["a".to_owned()]);
    let mut lenient = Subject::lenient(vec![with("kind", Kind::String, vec![Rule::Required, only])]);
    assert_eq!(lenient.decode(r#"{"kind":true}"#).expect_err("no kind"), "`kind`: must be one of a: `true`");
}
