use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::super::decode::Decoder;
use super::super::event::Draft;
use super::super::indicators::Collector;
use super::super::json::Tape;
use super::super::layout::{Encoding, Layout};
use super::super::native::rules::Rules;
use super::*;
use crate::schema::{Form, Inference, Mode, native, print, read};

fn told(text: &str) -> Vec<String> {
    let reading = read("f.yml", text, Mode::Public, &JUDGEMENT);
    reading.errors().map(|problem| format!("{}: {}", problem.path, problem.what)).collect()
}

#[test]
fn the_parser_takes_every_built_in_schema() {
    for built_in in native::ALL {
        let reading = read(built_in.log_type, built_in.source, Mode::BuiltIn, &JUDGEMENT);
        let problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [""; 0]);
    }
}

#[test]
fn what_cannot_be_compiled_is_told_at_its_place() {
    let fields = "fields: [{name: a.b, type: int}, {name: a_b, type: timestamp, timeFormat: '%Q'}]";
    let found = told(&format!("parser: {{regex: {{match: ['%{{NOPE:a}}']}}}}\n{fields}"));
    assert!(found.iter().any(|problem| problem.starts_with("parser.regex: ")), "{found:?}");
    assert!(found.iter().any(|problem| problem.starts_with("fields[1].timeFormat: ")), "{found:?}");
    assert!(found.iter().any(|problem| problem.contains("same column `a_b`")), "{found:?}");
}

/// Texts on both sides of every border between kinds.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,4}",
        "[-+]?[0-9_]{1,4}[.]?[0-9_]{0,3}(e[-+]?[0-9_]{1,4})?",
        "[-+]?(0x_?)?[0-9a-f]{1,3}[.]?[0-9a-f]{0,2}p[-+]?[0-9]{1,3}",
        "(0000|0001|2020|1999)-(0[129]|1[012])-(01|28|29|31)T(00|23|24):00:(00|59|60)([.][0-9]{1,12})?(Z|[+-](00|23|24):59)",
        prop::sample::select(vec!["NaN", "inf", "1e400", "99999999999999999999", "10.0.0.1", "t", "FALSE", "http:x"])
            .prop_map(str::to_owned),
    ]
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        text().prop_map(Json::String),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array);
        prop_oneof![list, object(inner).prop_map(Json::Object)]
    })
}

fn object(inner: impl Strategy<Value = Json>) -> impl Strategy<Value = Map<String, Json>> {
    let members = prop::collection::vec(("[a-cA]|a[._]b|p_log_type", inner), 0..4);
    members.prop_map(|members| members.into_iter().collect())
}

proptest! {
    #[test]
    fn what_is_inferred_from_lines_accepts_them(events in prop::collection::vec(object(json()), 1..4)) {
        let lines: Vec<String> = events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
        let mut inference = Inference::default();
        for line in &lines {
            inference.observe(line).unwrap();
        }
        if let Ok(schema) = inference.finish(&JUDGEMENT) {
            let layout = Layout::new(&schema, &Rules::NONE, Encoding::Plain).expect("an inferred schema compiles");
            let mut decoder = Decoder::new(&layout);
            for line in &lines {
                let mut tape = Tape::default();
                tape.read(line).expect("what serde_json writes is JSON");
                let (mut out, mut indicators) = (Vec::new(), Collector::default());
                let mut draft = Draft { out: &mut out, indicators: &mut indicators, time: None };
                let read = decoder.json(&layout, tape.document(line), 0, &mut draft).map_err(|why| why.describe(&layout));
                prop_assert!(read.is_ok(), "{:?}\n{}\n{}", read, line, print(&schema, Form::Public));
            }
        }
    }
}
