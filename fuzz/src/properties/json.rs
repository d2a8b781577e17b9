//! The reader of JSON agrees with serde_json: about what is JSON, and about what it says.

use opstools_logs::parse::json::{Document, NESTING_LIMIT, NodeKind, Tape, escape};
use serde_json::Value;

use super::{estate, oracle};

/// Panics if it does not.
pub fn holds(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut tape = Tape::default();
    let read = tape.read(&text);
    // Of the two limits only depth is ours, and no shorter text can reach it.
    if text.len() > NESTING_LIMIT {
        return;
    }
    assert_eq!(read.is_ok(), oracle::begins_with_json(&text), "{read:?}");
    if let Err(malformed) = read {
        assert!(malformed.at <= text.len(), "{malformed}");
    } else if let Some(value) = oracle::first_value(&text) {
        assert_eq!(rebuilt(tape.document(&text), 0), value);
    }
}

/// What a tape says.
fn rebuilt(document: Document<'_>, index: u32) -> Value {
    let node = document.node(index);
    match node.kind {
        NodeKind::Object => document
            .members(index)
            .map(|(key, value)| (text_of(document.body(key)), rebuilt(document, value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        NodeKind::Array => document.elements(index).map(|element| rebuilt(document, element)).collect(),
        NodeKind::Plain | NodeKind::Escaped => text_of(document.body(node)).into(),
        _ => serde_json::from_str(document.raw(node)).expect("a number or a word"),
    }
}

/// The text that a string means, which comes back from either way to write it.
fn text_of(raw: &str) -> String {
    let text = escape::unescaped(raw).into_owned();
    let (mut plain, mut html) = (Vec::new(), Vec::new());
    escape::write_string(&mut plain, &text);
    escape::write_string_html(&mut html, &text);
    for written in [plain, html] {
        assert_eq!(serde_json::from_slice::<String>(&written).ok().as_ref(), Some(&text));
    }
    text
}

/// Values of all kinds, with what is special about each; and real logs.
pub fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        r#"{"a":[1,-2.5e+3,"x",[],{}],"b":{"c":null,"d":true,"e":false},"f":"say \"\u00e4\" \\ \/\b\f\n\r\t"} "#,
        r#"["\ud83d\ude00","\ud83d","\u2028<>&","0123456789abcdef","ä漢😀",0,-0,1e400,12345678901234567890,0.1E-7]"#,
        "{\"a\":1,\"a\":2}{\"b\":3}",
        " [ 01 , 1. , - , +1 , .5 , 1e , nul ]",
        "\"\\ud800\\u0041\\x\"",
    ];
    let logs = ["AWS.CloudTrail", "Okta.SystemLog", "Osquery.Batch"].map(|log_type| estate::lines(log_type, 1));
    texts.iter().map(|text| text.as_bytes().to_vec()).chain(logs.map(String::into_bytes)).collect()
}
