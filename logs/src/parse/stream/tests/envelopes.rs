//! Envelopes of CloudWatch Logs.

use super::*;
use crate::parse::stream::{Envelope, is_cloudwatch_envelope};

const DATA: &str = r#"{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/a/b","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1,"message":"one\ttwo \u00e4\n\"x\""},{"id":"2","timestamp":2,"message":"{\"a\":1}","extractedFields":{"message":"no"}}]}"#;
const CONTROL: &str = r#"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logEvents":[{"id":"","message":"CWL CONTROL MESSAGE: Checking health"}]}"#;

fn envelopes(retain_envelope_fields: bool) -> Kind {
    Kind::CloudWatchLogs { retain_envelope_fields }
}

#[test]
fn messages_are_logs_and_control_messages_are_not() {
    let input = format!("{CONTROL}{DATA}\n{DATA}");
    let expected = ["1:one\ttwo ä\n\"x\"", "1:{\"a\":1}", "2:one\ttwo ä\n\"x\"", "2:{\"a\":1}"];
    for batch in [1, 10, 100_000] {
        assert_eq!(told(&input, Options { batch, ..Options::of(envelopes(false)) }), expected);
        assert_eq!(told(&input, Options { batch, ..Options::of(envelopes(true)) }), expected);
    }
}

#[test]
fn fields_of_the_envelope_are_kept_on_request() {
    let header = r#"{"accountId":"123456789012","logGroup":"/a/b","subscriptionFilters":["f"]}"#;
    let (seen, _) = read(DATA.as_bytes(), Options::of(envelopes(true)));
    assert_eq!(seen.iter().map(|seen| seen.header.as_deref()).collect::<Vec<_>>(), [Some(header), Some(header)]);
    let (seen, _) = read(DATA.as_bytes(), Options::of(envelopes(false)));
    assert!(seen.iter().all(|seen| seen.header.is_none()));
}

#[test]
fn a_header_is_json_on_one_line() {
    let written = DATA.replace("[\"f\"]", "[\n  \"f\"\r\n]");
    let (seen, _) = read(written.as_bytes(), Options::of(envelopes(true)));
    let header = seen[0].header.as_deref().expect("a header");
    assert!(header.ends_with("\"subscriptionFilters\":[   \"f\"  ]}"), "{header}");
    let broken = DATA.replace("123456789012", "1234\u{1}5678");
    let told = told_as(envelopes(true), &broken);
    assert_eq!(told, ["1!not a CloudWatch Logs envelope: what stands there for `accountId` is not JSON"]);
}

#[test]
fn what_is_no_envelope_is_rejected_alone() {
    let expect = |input: &str, reason: &str| {
        let told = told_as(envelopes(false), format!("{input}\n{DATA}"));
        assert_eq!(told[0], format!("1!not a CloudWatch Logs envelope: {reason}"), "{input}");
        assert_eq!(told.len(), 3, "{told:?}");
    };
    expect(r#"{"a":1}"#, "there is no `logEvents`");
    expect(r#"{"logEvents":[]}"#, "`messageType` is neither DATA_MESSAGE nor CONTROL_MESSAGE");
    expect(r#"{"messageType":"DATA_MESSAGE","logEvents":{}}"#, "`logEvents` is not an array");
    expect(r#"{"messageType":"DATA_MESSAGE","logEvents":[1]}"#, "an event in `logEvents` is not an object");
    expect(r#"{"messageType":"DATA_MESSAGE","logEvents":[{}]}"#, "an event in `logEvents` has no `message`");
    let (seen, _) = read(&b"{\"a\":1}"[..], Options::of(envelopes(false)));
    assert_eq!(seen[0].rejected, b"{\"a\":1}");
}

#[test]
fn a_message_that_is_not_a_string_is_taken_as_json() {
    let input = r#"{"messageType":"DATA_MESSAGE","logEvents":[{"message":{"a":1}}]}"#;
    assert_eq!(told_as(envelopes(false), input), ["1:{\"a\":1}"]);
}

#[test]
fn an_envelope_is_known_by_its_members() {
    assert!(is_cloudwatch_envelope(DATA) && is_cloudwatch_envelope(CONTROL));
    for other in
        ["", "logEvents", r#"{"logEvents":[]}"#, r#"[{"logEvents":1}]"#, &format!("{DATA} x"), &DATA[..DATA.len() - 1]]
    {
        assert!(!is_cloudwatch_envelope(other), "{other}");
    }
    let mut messages = Vec::new();
    let envelope = Envelope::read(DATA).expect("an envelope");
    envelope.messages(|message| messages.push(message.to_owned())).expect("messages");
    assert_eq!(messages, ["one\ttwo ä\n\"x\"", "{\"a\":1}"]);
}
