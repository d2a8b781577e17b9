//! Strings as JSON.

use proptest::prelude::*;

use super::{BadEscape, read_string, write_string, write_string_html};

fn written(text: &str) -> String {
    let mut out = Vec::new();
    write_string(&mut out, text);
    String::from_utf8(out).expect("text stays text")
}

fn written_html(text: &str) -> String {
    let mut out = Vec::new();
    write_string_html(&mut out, text);
    String::from_utf8(out).expect("text stays text")
}

fn read(raw: &str) -> Result<String, BadEscape> {
    let mut out = String::new();
    read_string(raw, &mut out).map(|()| out)
}

#[test]
fn few_characters_are_escaped() {
    for (text, json) in [
        ("", r#""""#),
        ("plain", r#""plain""#),
        ("\"\\", r#""\"\\""#),
        ("\n\r\t", r#""\n\r\t""#),
        ("\u{8}\u{c}\0\u{1f}", r#""\u0008\u000c\u0000\u001f""#),
        ("<>&\u{2028}\u{2029}/", "\"<>&\u{2028}\u{2029}/\""),
        ("\u{7f}é😀", "\"\u{7f}é😀\""),
        ("0123456789\"0123456789", r#""0123456789\"0123456789""#),
    ] {
        assert_eq!(written(text), json);
    }
}

#[test]
fn older_types_are_safe_in_html() {
    for (text, json) in [
        ("<a href=\"x\">&</a>", r#""\u003ca href=\"x\"\u003e\u0026\u003c/a\u003e""#),
        ("\u{2028}x\u{2029}", r#""\u2028x\u2029""#),
        ("…\u{2027}\u{202a}⁰ââ", "\"…\u{2027}\u{202a}⁰ââ\""),
        ("\n\u{c}", r#""\n\u000c""#),
        ("/'", r#""/'""#),
    ] {
        assert_eq!(written_html(text), json);
    }
}

#[test]
fn every_place_of_a_long_string_is_looked_at() {
    for length in 0..40 {
        for at in 0..length {
            for special in ["\"", "\\", "\n", "\0", "<", "\u{2028}"] {
                let text = format!("{}{special}{}", "x".repeat(at), "é".repeat(length - at));
                let expected = serde_json::to_string(&text).expect("a string");
                assert_eq!(written(&text), expected);
                let expected = expected.replace('<', "\\u003c").replace('\u{2028}', "\\u2028");
                assert_eq!(written_html(&text), expected);
            }
        }
    }
}

#[test]
fn escapes_are_read() {
    for (raw, text) in [
        ("", ""),
        (r"plain é", "plain é"),
        (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r"\u0041\u00e9\u20AC", "Aé€"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d", "\u{fffd}"),
        (r"\ude00", "\u{fffd}"),
        (r"\ud83dx", "\u{fffd}x"),
        (r"\ud83d\n", "\u{fffd}\n"),
        (r"\ud83d\u0041", "\u{fffd}A"),
        (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
        (r"\u0000", "\0"),
    ] {
        assert_eq!(read(raw).as_deref(), Ok(text), "{raw}");
    }
}

#[test]
fn bad_escapes_are_located() {
    for (raw, at) in
        [(r"\", 0), (r"ab\x", 2), (r"\u12", 0), (r"\u12g4", 0), (r"a\n\é", 3), (r"\u+123", 0), (r"\ud83d\u12", 6)]
    {
        assert_eq!(read(raw), Err(BadEscape { at }), "{raw}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(text in any::<String>()) {
        for json in [written(&text), written_html(&text)] {
            prop_assert_eq!(read(&json[1..json.len() - 1]), Ok(text.clone()));
            prop_assert_eq!(serde_json::from_str::<String>(&json).expect("valid JSON"), text.clone());
        }
    }

    #[test]
    fn no_text_breaks_reading(raw in "(\\\\|u|d8|[0-9a-f]|\\PC){0,20}") {
        let mut out = String::new();
        _ = read_string(&raw, &mut out);
    }
}
