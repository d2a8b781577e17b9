use proptest::prelude::*;

use super::{Document, NodeKind, Tape};

fn rebuilt(document: Document<'_>, index: u32) -> serde_json::Value {
    let node = document.node(index);
    match node.kind {
        NodeKind::Object => document
            .members(index)
            .map(|(key, value)| {
                let key: String = serde_json::from_str(document.raw(key)).expect("a string");
                (key, rebuilt(document, value))
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        NodeKind::Array => document.elements(index).map(|element| rebuilt(document, element)).collect(),
        _ => serde_json::from_str(document.raw(node)).expect("a scalar"),
    }
}

fn read(text: &str) -> Result<serde_json::Value, String> {
    let mut tape = Tape::default();
    tape.read(text).map_err(|wrong| wrong.to_string())?;
    Ok(rebuilt(tape.document(text), 0))
}

#[test]
fn values_of_all_kinds_are_found_where_they_stand() {
    let text = r#" {"a":[1,-2.5e+3,"x",[],{}],"b":{"c":null,"d":true,"e":false},"f":"say \"\u00e4\" \\ a long text"} "#;
    assert_eq!(read(text), Ok(serde_json::from_str(text).expect("JSON")));
}

#[test]
fn what_follows_the_first_value_is_not_looked_at() {
    assert_eq!(read("{\"a\":1} and more"), Ok(serde_json::json!({"a": 1})));
}

#[test]
fn a_fault_is_named_with_its_place() {
    for (text, fault) in [
        ("", "the text ends where a value should begin at byte 0"),
        ("nul", "no JSON value begins like this at byte 0"),
        ("{\"a\" 1}", "a colon should stand after the key at byte 5"),
        ("{\"a\":1", "the text ends inside a value at byte 6"),
        ("{\"a\":1]", "a comma or `}` should stand here at byte 6"),
        ("{a:1}", "a key in quotes should stand here at byte 1"),
        ("{\"a\":1,}", "a key in quotes should stand here at byte 7"),
        ("[1,]", "no JSON value begins like this at byte 3"),
        ("[01]", "a number begins with 0 at byte 1"),
        ("[1.]", "a digit should stand after the point at byte 3"),
        ("[1e]", "a digit should stand in the exponent at byte 3"),
        ("[-]", "a digit should stand here at byte 2"),
        ("\"a", "the text ends inside a string at byte 2"),
        ("\"a\tb\"", "a control character inside a string at byte 2"),
        ("\"\\x\"", "no escape begins like this at byte 1"),
        ("\"\\u12g4\"", "`\\u` should be followed by four hexadecimal digits at byte 1"),
    ] {
        assert_eq!(read(text), Err(fault.to_owned()), "{text}");
    }
}

#[test]
fn nesting_ends_at_its_limit() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let mut tape = Tape::default();
    assert!(tape.read(&nested(super::NESTING_LIMIT)).is_ok());
    assert!(tape.read(&nested(super::NESTING_LIMIT + 1)).is_err());
    assert!(tape.read(&"[".repeat(3_000_000)).is_err());
}

proptest! {
    #[test]
    fn accepts_what_serde_json_accepts(text in r#"[\[\]{}:,"\\a-eu0-9 .+\-\n\t]{0,24}"#) {
        let first = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>().next();
        // Its stream insists on a delimiter after a number or word and refuses lone surrogates; both are asked elsewhere.
        if let Some(Ok(value)) = first {
            prop_assert_eq!(read(&text), Ok(value));
        }
        let _ = read(&text);
    }

    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = read(&String::from_utf8_lossy(&bytes));
    }
}
