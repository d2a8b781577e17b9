//! What callers ask about a line or a name.

use crate::parse::stream::{is_cloudtrail_name, split_records};

#[test]
fn a_line_that_holds_records_is_split() {
    for (line, expected) in [
        (r#"{"Records":[{"a":1}, {"b":"]}"} ]}"#, Some(&[r#"{"a":1}"#, r#"{"b":"]}"}"#][..])),
        (r#" { "x" : [1] , "Records" : [ 1 ] , "y" : {} } "#, Some(&["1"])),
        (r#"{"Records":[]}"#, Some(&[])),
        (r#"{"Records":{}}"#, None),
        (r#"{"Records":null}"#, None),
        (r#"{"records":[]}"#, None),
        (r#"{"a":{"Records":[]}}"#, None),
        (r#"[{"Records":[]}]"#, None),
        (r#"{"Records":[1}"#, None),
        (r#"{"Records":[1]"#, None),
        (r#"{"Records":[1 2]}"#, None),
        (r#"{"Records":[1,]}"#, None),
        (r#"{"Records":[1]} x"#, None),
        ("Records", None),
        ("", None),
    ] {
        let split = split_records(line).map(Iterator::collect::<Vec<_>>);
        assert_eq!(split.as_deref(), expected, "{line}");
    }
}

#[test]
fn names_of_cloudtrail_are_known() {
    for name in [
        "123456789012_CloudTrail_us-east-1_20260101T0005Z_aB3dE5_x.json.gz",
        "AWSLogs/123456789012/CloudTrail/us-east-1/2026/01/01/123456789012_CloudTrail_us-east-1_20260101T0005Z_aB3dE5.json.gz",
    ] {
        assert!(is_cloudtrail_name(name), "{name}");
    }
    for name in [
        "",
        "a.json.gz",
        "12345678901_CloudTrail_us-east-1_20260101T0005Z_aB3dE5.json.gz",
        "123456789012_CloudTrail-Digest_us-east-1_20260101T0005Z_aB3dE5.json.gz",
        "123456789012_CloudTrail-Insight_us-east-1_20260101T0005Z_aB3dE5.json.gz",
        "123456789012_CloudTrail_us_east_1_20260101T0005Z_aB3dE5.json.gz",
        "123456789012_CloudTrail_us-east-1_20260101T0005_aB3dE5.json.gz",
        "123456789012_CloudTrail_us-east-1_20260101T0005Z_aB3dE5.json",
        "123456789012_CloudTrail_us-east-1_20260101T0005Z_aB-dE5.json.gz",
    ] {
        assert!(!is_cloudtrail_name(name), "{name}");
    }
}
