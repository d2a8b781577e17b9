//! The rules of the formats, one by one.

use crate::schema::TimeFormat;

use super::civil::{Civil, days_of};
use super::{Codec, FIRST_SECOND, Input, Instant, LAST_SECOND, ZERO_SECONDS, write_data_lake, write_rfc3339};

pub(super) fn strftime(pattern: &str) -> TimeFormat {
    TimeFormat::Strftime(pattern.to_owned())
}

pub(super) fn layout(layout: &str) -> TimeFormat {
    TimeFormat::Layout(layout.to_owned())
}

pub(super) fn codec(format: &TimeFormat) -> Codec {
    Codec::new(format).expect("a good format")
}

pub(super) fn text_of(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("text")
}

pub(super) fn lake(at: &Instant) -> String {
    text_of(|out| write_data_lake(at, out)).trim_matches('"').to_owned()
}

/// The time in the layout of the table, or why there is none.
fn read(format: &TimeFormat, input: Input<'_>) -> String {
    match codec(format).read(input) {
        Ok(None) => "absent".to_owned(),
        Ok(Some(at)) => lake(&at),
        Err(wrong) => format!("wrong: {wrong}"),
    }
}

/// Each text is the time, and what the plain encoding writes.
fn check(format: &TimeFormat, cases: &[(&str, &str, &str)]) {
    let codec = codec(format);
    for (text, expected, plain) in cases {
        assert_eq!(read(format, Input::Text(text)), *expected, "{format:?} of {text:?}");
        let at = codec.read(Input::Text(text)).expect("just read").expect("just read");
        assert_eq!(text_of(|out| codec.write(&at, out)), *plain, "{format:?} of {text:?}");
    }
}

fn refuse(format: &TimeFormat, texts: &[&str]) {
    for text in texts {
        let got = read(format, Input::Text(text));
        assert!(got.starts_with("wrong"), "{format:?} of {text:?}: {got}");
    }
}

#[test]
fn rfc3339() {
    check(
        &TimeFormat::Rfc3339,
        &[
            ("2021-01-02T03:04:05Z", "2021-01-02 03:04:05.000000000", r#""2021-01-02T03:04:05Z""#),
            ("2021-01-02T03:04:05.120Z", "2021-01-02 03:04:05.120000000", r#""2021-01-02T03:04:05.12Z""#),
            (
                "2021-01-02T03:04:05.123456789+01:30",
                "2021-01-02 01:34:05.123456789",
                r#""2021-01-02T03:04:05.123456789+01:30""#,
            ),
            ("2021-01-01T00:00:00-08:00", "2021-01-01 08:00:00.000000000", r#""2021-01-01T00:00:00-08:00""#),
            (
                "2021-01-02T03:04:05.1234567899999Z",
                "2021-01-02 03:04:05.123456789",
                r#""2021-01-02T03:04:05.123456789Z""#,
            ),
            ("2021-01-02T03:04:05+00:00", "2021-01-02 03:04:05.000000000", r#""2021-01-02T03:04:05Z""#),
            ("2021-01-02T03:04:05-00:00", "2021-01-02 03:04:05.000000000", r#""2021-01-02T03:04:05Z""#),
            ("2021-01-02T3:04:05Z", "2021-01-02 03:04:05.000000000", r#""2021-01-02T03:04:05Z""#),
            ("2020-02-29T23:59:59.000Z", "2020-02-29 23:59:59.000000000", r#""2020-02-29T23:59:59Z""#),
            ("2000-02-29T00:00:00Z", "2000-02-29 00:00:00.000000000", r#""2000-02-29T00:00:00Z""#),
            ("0000-01-01T00:00:00Z", "0000-01-01 00:00:00.000000000", r#""0000-01-01T00:00:00Z""#),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31 23:59:59.999999999", r#""9999-12-31T23:59:59.999999999Z""#),
            ("1970-01-01T00:00:00Z", "1970-01-01 00:00:00.000000000", r#""1970-01-01T00:00:00Z""#),
            ("1969-12-31T23:59:59.5Z", "1969-12-31 23:59:59.500000000", r#""1969-12-31T23:59:59.5Z""#),
        ],
    );
    refuse(
        &TimeFormat::Rfc3339,
        &[
            "2021-01-02 03:04:05Z",
            "2021-01-02t03:04:05Z",
            "2021-01-02T03:04:05z",
            "2021-01-02T03:04:05",
            "2021-01-02",
            "2021-01-02T03:04:05+0100",
            "2021-01-02T03:04:05+1:00",
            "2021-01-02T03:04:05.Z",
            "2021-01-02T03:04:05,5Z",
            "2021-01-02T03:04:05Z ",
            " 2021-01-02T03:04:05Z",
            "2021-13-02T03:04:05Z",
            "2021-00-02T03:04:05Z",
            "2021-02-29T03:04:05Z",
            "2100-02-29T03:04:05Z",
            "2021-01-00T03:04:05Z",
            "2021-04-31T03:04:05Z",
            "2021-01-02T24:00:00Z",
            "2021-01-02T03:60:05Z",
            "2021-01-02T03:04:60Z",
            "2016-12-31T23:59:60Z",
            "21-01-02T03:04:05Z",
            "02021-01-02T03:04:05Z",
            "2021-1-02T03:04:05Z",
            "2021-01-02T03:4:05Z",
            "2021-01-02T03:04:05+25:00",
            "2021-01-02T03:04:05+01:61",
            "2021-01-02T03:04:05+-1:00",
            "0000-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "2021-01-02T03:04:0é",
            "x",
            "2021-01-02TZ3:04:05Z",
        ],
    );
    assert!(read(&TimeFormat::Rfc3339, Input::Number("1")).starts_with("wrong"));
}

#[test]
fn empty_texts_and_the_zero_instant_are_absent() {
    let formats = [
        TimeFormat::Rfc3339,
        TimeFormat::Unix,
        TimeFormat::UnixMillis,
        TimeFormat::UnixMicros,
        TimeFormat::UnixNanos,
        TimeFormat::UnixAuto,
        TimeFormat::Cloudflare,
        TimeFormat::AnsiC,
        TimeFormat::Suricata,
        TimeFormat::Fluentd,
        TimeFormat::Lacework,
        TimeFormat::UnixFloat,
        strftime("%Y"),
        layout("2006"),
    ];
    for format in &formats {
        assert_eq!(read(format, Input::Text("")), "absent", "{format:?}");
    }
    assert_eq!(read(&TimeFormat::Rfc3339, Input::Text("0001-01-01T00:00:00Z")), "absent");
    assert_eq!(read(&TimeFormat::Rfc3339, Input::Text("0001-01-01T01:00:00+01:00")), "absent");
    assert_eq!(read(&TimeFormat::UnixMillis, Input::Number("-62135596800000")), "absent");
    assert_eq!(read(&strftime("%Y"), Input::Text("1")), "absent");
    assert_eq!(read(&TimeFormat::Unix, Input::Number("0")), "1970-01-01 00:00:00.000000000");
}

#[test]
fn unix_seconds_are_truncated_to_microseconds() {
    check(
        &TimeFormat::Unix,
        &[
            ("1541001600", "2018-10-31 16:00:00.000000000", "1541001600"),
            ("1541001600.580204", "2018-10-31 16:00:00.580204000", "1541001600.580204"),
            ("1541001600.5802049", "2018-10-31 16:00:00.580204000", "1541001600.580204"),
            ("1541001600.5", "2018-10-31 16:00:00.500000000", "1541001600.5"),
            ("1541001600.500", "2018-10-31 16:00:00.500000000", "1541001600.5"),
            ("1541001600.0000009", "2018-10-31 16:00:00.000000000", "1541001600"),
            ("-1.5", "1969-12-31 23:59:58.500000000", "-1.5"),
            ("-0.0000019", "1969-12-31 23:59:59.999999000", "-0.000001"),
            ("-0.0000009", "1970-01-01 00:00:00.000000000", "0"),
            ("+1", "1970-01-01 00:00:01.000000000", "1"),
            (".5", "1970-01-01 00:00:00.500000000", "0.5"),
            ("5.", "1970-01-01 00:00:05.000000000", "5"),
            ("1.5e9", "2017-07-14 02:40:00.000000000", "1500000000"),
            ("1_500", "1970-01-01 00:25:00.000000000", "1500"),
            ("0x10p0", "1970-01-01 00:00:16.000000000", "16"),
            ("253402300799.9", "9999-12-31 23:59:59.900000000", "253402300799.9"),
        ],
    );
    refuse(
        &TimeFormat::Unix,
        &[
            "x",
            " 1",
            "1 ",
            "1.5.5",
            ".",
            "-",
            "1e400",
            "inf",
            "NaN",
            "253402300800",
            "-62167219201",
            "1e300",
            "-1e30",
            "99999999999999999999999",
        ],
    );
    assert_eq!(read(&TimeFormat::Unix, Input::Number("1541001600.25")), "2018-10-31 16:00:00.250000000");
}

#[test]
fn units_of_whole_numbers() {
    check(
        &TimeFormat::UnixMillis,
        &[
            ("1610452695501", "2021-01-12 11:58:15.501000000", "1610452695501"),
            ("-1", "1969-12-31 23:59:59.999000000", "-1"),
            ("+1", "1970-01-01 00:00:00.001000000", "1"),
            ("0", "1970-01-01 00:00:00.000000000", "0"),
        ],
    );
    check(&TimeFormat::UnixMicros, &[("1610452695501002", "2021-01-12 11:58:15.501002000", "1610452695501002")]);
    check(
        &TimeFormat::UnixNanos,
        &[
            ("1610452695501002003", "2021-01-12 11:58:15.501002003", "1610452695501002003"),
            ("-1", "1969-12-31 23:59:59.999999999", "-1"),
            ("-9223372036854775808", "1677-09-21 00:12:43.145224192", "-9223372036854775808"),
        ],
    );
    refuse(
        &TimeFormat::UnixMillis,
        &["1.5", "1e3", "x", " 1", "0x1", "1_0", "9223372036854775807", "9223372036854775808"],
    );
    assert_eq!(read(&TimeFormat::UnixNanos, Input::Number("9223372036854775807")), "2262-04-11 23:47:16.854775807");
}

#[test]
fn the_unit_of_a_number_by_its_size() {
    check(
        &TimeFormat::UnixAuto,
        &[
            ("1610452695", "2021-01-12 11:58:15.000000000", "1610452695"),
            ("1610452695.5010020039", "2021-01-12 11:58:15.501002003", "1610452695.501002003"),
            ("1610452695501", "2021-01-12 11:58:15.501000000", "1610452695.501"),
            ("1610452695501.25", "2021-01-12 11:58:15.501250000", "1610452695.50125"),
            ("1610452695501002", "2021-01-12 11:58:15.501002000", "1610452695.501002"),
            ("1610452695501002003", "2021-01-12 11:58:15.501002003", "1610452695.501002003"),
            ("99999999999", "5138-11-16 09:46:39.000000000", "99999999999"),
            ("100000000000", "1973-03-03 09:46:40.000000000", "100000000"),
            ("99999999999999", "5138-11-16 09:46:39.999000000", "99999999999.999"),
            ("100000000000000", "1973-03-03 09:46:40.000000000", "100000000"),
            ("100000000000000000", "1973-03-03 09:46:40.000000000", "100000000"),
            ("-1610452695501", "1918-12-20 12:01:44.499000000", "-1610452695.501"),
            ("1.610452695e12", "2021-01-12 11:58:15.000000000", "1610452695"),
        ],
    );
    refuse(&TimeFormat::UnixAuto, &["x", "9999999999999999999999", "1e40", "-1e40"]);
}

#[test]
fn cloudflare_takes_text_seconds_and_nanoseconds() {
    for (input, expected, plain) in [
        (Input::Text("2021-01-02T03:04:05.5+01:00"), "2021-01-02 02:04:05.500000000", r#""2021-01-02T03:04:05+01:00""#),
        (Input::Number("1610452695"), "2021-01-12 11:58:15.000000000", r#""2021-01-12T11:58:15Z""#),
        (Input::Number("59999999999"), "3871-04-29 10:39:59.000000000", r#""3871-04-29T10:39:59Z""#),
        (Input::Number("60000000000"), "1970-01-01 00:01:00.000000000", r#""1970-01-01T00:01:00Z""#),
        (Input::Number("1610452695501002003"), "2021-01-12 11:58:15.501002003", r#""2021-01-12T11:58:15Z""#),
    ] {
        assert_eq!(read(&TimeFormat::Cloudflare, input), expected);
        let codec = codec(&TimeFormat::Cloudflare);
        let at = codec.read(input).expect("just read").expect("just read");
        assert_eq!(text_of(|out| codec.write(&at, out)), plain);
    }
    refuse(&TimeFormat::Cloudflare, &["1610452695"]);
    assert!(read(&TimeFormat::Cloudflare, Input::Number("1.5")).starts_with("wrong"));
}

#[test]
fn older_formats() {
    for (format, text, expected) in [
        (TimeFormat::AnsiC, "Tue Nov 6 08:00:00 2018 UTC", "2018-11-06 08:00:00.000000000"),
        (TimeFormat::AnsiC, "Fri Nov  6 08:00:00 2018 UTC", "2018-11-06 08:00:00.000000000"),
        (TimeFormat::AnsiC, "Tue Nov 16 8:00:00.5 2018 PST", "2018-11-16 08:00:00.500000000"),
        (TimeFormat::Suricata, "2015-10-22T06:31:06.520370+0200", "2015-10-22 04:31:06.520370000"),
        (TimeFormat::Suricata, "2015-10-22T06:31:06Z", "2015-10-22 06:31:06.000000000"),
        (TimeFormat::Fluentd, "2021-01-02 03:04:05 -0100", "2021-01-02 04:04:05.000000000"),
    ] {
        assert_eq!(read(&format, Input::Text(text)), expected, "{text}");
        let codec = codec(&format);
        let at = codec.read(Input::Text(text)).expect("just read").expect("just read");
        assert_eq!(text_of(|out| codec.write(&at, out)), format!("\"{expected}\""));
        assert_eq!(text_of(|out| codec.write_for_table(&at, out)), format!("\"{expected}\""));
    }
    refuse(
        &TimeFormat::AnsiC,
        &[
            "Tue Nov 31 08:00:00 2018 UTC",
            "Xue Nov 6 08:00:00 2018 UTC",
            "Tue Nov 6 08:00:00 2018",
            "Tue Nov 6 08:00:00 2018 utc",
        ],
    );
    refuse(&TimeFormat::Suricata, &["2015-10-22T06:31:06+02:00", "2015-10-22T06:31:06", "2015-10-22 06:31:06Z"]);
    refuse(&TimeFormat::Fluentd, &["2021-01-02 03:04:05", "2021-01-02 03:04:05 Z", "2021-1-2 03:04:05 +0000"]);
}

#[test]
fn lacework_keeps_its_layout_everywhere() {
    let codec = codec(&TimeFormat::Lacework);
    let at = codec.read(Input::Text("01 May 2020 17:00 UTC")).expect("a time").expect("present");
    assert_eq!(lake(&at), "2020-05-01 17:00:00.000000000");
    assert_eq!(text_of(|out| codec.write(&at, out)), r#""01 May 2020 17:00 UTC""#);
    assert_eq!(text_of(|out| codec.write_for_table(&at, out)), r#""01 May 2020 17:00 UTC""#);
    let named = codec.read(Input::Text("01 May 2020 17:00 GMT")).expect("a time").expect("present");
    assert_eq!(text_of(|out| codec.write(&named, out)), r#""01 May 2020 17:00 UTC""#);
    assert_eq!(text_of(|out| codec.write_for_table(&named, out)), r#""01 May 2020 17:00 UTC""#);
}

#[test]
fn float_seconds_by_way_of_binary_fractions() {
    for (number, expected) in [
        ("1541001600.580204", "2018-10-31 16:00:00.580204010"),
        ("1541001600", "2018-10-31 16:00:00.000000000"),
        ("-1.5", "1969-12-31 23:59:58.500000000"),
        ("1.5e9", "2017-07-14 02:40:00.000000000"),
    ] {
        assert_eq!(read(&TimeFormat::UnixFloat, Input::Number(number)), expected);
    }
    refuse(&TimeFormat::UnixFloat, &["1541001600.5"]);
    assert!(read(&TimeFormat::UnixFloat, Input::Number("1e30")).starts_with("wrong"));
}

#[test]
fn strftime_directives() {
    for (pattern, text, expected, plain) in [
        ("%Y-%m-%d %H:%M:%S", "2021-01-02 03:04:05", "2021-01-02 03:04:05", "2021-01-02 03:04:05"),
        ("%Y-%m-%d %H:%M:%S", "2021-1-2 3:4:5", "2021-01-02 03:04:05", "2021-01-02 03:04:05"),
        ("%F %T", "2021-01-02 03:04:05", "2021-01-02 03:04:05", "2021-01-02 03:04:05"),
        ("%Y%m%d%H%M%S", "20210102030405", "2021-01-02 03:04:05", "20210102030405"),
        ("%y/%m/%d", "68/01/02", "2068-01-02 00:00:00", "68/01/02"),
        ("%y/%m/%d", "69/01/02", "1969-01-02 00:00:00", "69/01/02"),
        ("%C%y", "2021", "2021-01-01 00:00:00", "2021"),
        ("%C", "20", "2000-01-01 00:00:00", "20"),
        ("%G", "2021", "2021-01-01 00:00:00", "2020"),
        ("%g %m %d", "21 06 01", "2021-06-01 00:00:00", "21 06 01"),
        ("%d %B %Y", "02 jANUARY 2021", "2021-01-02 00:00:00", "02 January 2021"),
        ("%d/%b/%Y", "02/SEP/2021", "2021-09-02 00:00:00", "02/Sep/2021"),
        ("%h %e %Y", "Jan  2 2021", "2021-01-02 00:00:00", "Jan  2 2021"),
        ("%h %e %Y", "Jan 12 2021", "2021-01-12 00:00:00", "Jan 12 2021"),
        ("%Y %j", "2020 366", "2020-12-31 00:00:00", "2020 366"),
        ("%Y %j", "2021 1", "2021-01-01 00:00:00", "2021 001"),
        ("%k:%M", " 3:04", "1900-01-01 03:04:00", " 3:04"),
        ("%I:%M %p", "12:04 AM", "1900-01-01 00:04:00", "12:04 AM"),
        ("%I:%M %p", "12:04 pm", "1900-01-01 12:04:00", "12:04 PM"),
        ("%l:%M %P", " 1:04 PM", "1900-01-01 13:04:00", " 1:04 pm"),
        ("%H:%M %p", "13:04 PM", "1900-01-01 13:04:00", "13:04 PM"),
        ("%S.%f", "05.12", "1900-01-01 00:00:05.12", "05.120000"),
        ("%S.%L", "05.12", "1900-01-01 00:00:05.12", "05.120"),
        ("%S.%N", "05.123456789", "1900-01-01 00:00:05.123456789", "05.123456789"),
        ("%s", "1610452695", "2021-01-12 11:58:15", "1610452695"),
        ("%A %a %F", "monday MON 2021-01-02", "2021-01-02 00:00:00", "Saturday Sat 2021-01-02"),
        ("%w %u %U %V %W %F", "0 1 0 1 53 2021-01-02", "2021-01-02 00:00:00", "6 6 00 53 00 2021-01-02"),
        ("%F %Z", "2021-01-02 UTC", "2021-01-02 00:00:00", "2021-01-02 UTC"),
        ("%F %Z", "2021-01-02 PST", "2021-01-02 00:00:00", "2021-01-02 PST"),
        ("%F %Z%z", "2021-01-02 GMT+0100", "2021-01-01 23:00:00", "2021-01-02 GMT+0100"),
        ("%F %Z+1", "2021-01-02 GMT+1", "2021-01-02 00:00:00", "2021-01-02 GMT+1"),
        ("%F %T %z", "2021-01-02 03:04:05 +0130", "2021-01-02 01:34:05", "2021-01-02 03:04:05 +0130"),
        ("%F%t%T%nx%%", "2021-01-02 \t 03:04:05\r\nx%", "2021-01-02 03:04:05", "2021-01-02\\t03:04:05\\nx%"),
        ("%D %R", "01/02/21 03:04", "2021-01-02 03:04:00", "01/02/21 03:04"),
        ("%x %X", "01/02/21 03:04:05", "2021-01-02 03:04:05", "01/02/21 03:04:05"),
        ("%v", " 2-Jan-2021", "2021-01-02 00:00:00", " 2-Jan-2021"),
        ("%r", "03:04:05 PM", "1900-01-01 15:04:05", "03:04:05 PM"),
        ("%c", "Sat Jan  2 03:04:05 2021", "2021-01-02 03:04:05", "Sat Jan  2 03:04:05 2021"),
        ("%+", "Sat Jan  2 03:04:05 UTC 2021", "2021-01-02 03:04:05", "Sat Jan  2 03:04:05 UTC 2021"),
        ("[\"é\\%Y]", "[\"é\\2021]", "2021-01-01 00:00:00", "[\\\"é\\\\2021]"),
        ("%m-%d", "02-28", "1900-02-28 00:00:00", "02-28"),
    ] {
        let expected = format!(
            "{expected}{}{}",
            if expected.contains('.') { "" } else { "." },
            "0".repeat(29 - expected.len().max(20))
        );
        check(&strftime(pattern), &[(text, &expected[..29], &format!("\"{plain}\""))]);
    }
}

#[test]
fn strftime_refuses_what_does_not_exist() {
    for (pattern, texts) in [
        (
            "%Y-%m-%d %H:%M:%S",
            vec![
                "2021-13-45 25:61:61",
                "2021-02-29 00:00:00",
                "2021-01-02 24:00:00",
                "2021-01-02 00:60:00",
                "2021-01-02 00:00:60",
                "2021-00-01 00:00:00",
                "2021-01-00 00:00:00",
                "2021-01-02 03:04:05 ",
                "2021-01-02  03:04:05",
                "2021-01-02",
                "x",
                "12021-01-02 00:00:00",
                "+021-01-02 00:00:00",
            ],
        ),
        ("%m-%d", vec!["02-29"]),
        ("%Y %j", vec!["2021 366", "2020 367", "2020 0", "2020 000"]),
        ("%I %p", vec!["0 AM", "13 AM", "12 XM", "12 A"]),
        ("%H %p", vec!["13 AM"]),
        ("%b", vec!["Xyz", "Ja", ""]),
        ("%d %e", vec!["1   2"]),
        ("%F %z", vec!["2021-01-02 +01:00", "2021-01-02 Z", "2021-01-02 +1", "2021-01-02 0100", "2021-01-02 +2500"]),
        (
            "%F %Z",
            vec![
                "2021-01-02 utc",
                "2021-01-02 ABCDEF",
                "2021-01-02 AB",
                "2021-01-02 UTCX",
                "2021-01-02 GMT+1",
                "2021-01-02 +01",
                "2021-01-02 ChST",
            ],
        ),
        ("%s", vec!["16104526951234", "-1", "1.5"]),
        ("%S.%f", vec!["05.", "05.1234567"]),
        ("%w %u %U %V", vec!["7 1 1 1", "0 0 1 1", "0 1 54 1", "0 1 1 0"]),
        ("%F%t", vec!["2021-01-02"]),
    ] {
        let texts: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        refuse(&strftime(pattern), &texts);
    }
}

#[test]
fn bad_patterns_are_explained() {
    for (format, part) in [
        (strftime("%Y-%Q"), "%Q is no directive"),
        (strftime("%Y %"), "lone %"),
        (strftime("rfc339"), "neither the name"),
        (strftime(""), "neither the name"),
        (strftime("100%% %t"), "neither the name"),
        (layout("yyyy-mm-dd"), "reference time"),
        (layout(""), "reference time"),
    ] {
        let problem = Codec::new(&format).expect_err("a bad format");
        assert!(problem.contains(part), "{problem}");
    }
}

#[test]
fn layouts_of_the_reference_time() {
    for (pattern, text, expected, plain) in [
        ("2006-01-02 15:04:05 MST", "2020-04-15 22:51:24 UTC", "2020-04-15 22:51:24", "2020-04-15 22:51:24 UTC"),
        ("2006-01-02 15:04:05 MST", "2020-04-15 22:51:24 EST", "2020-04-15 22:51:24", "2020-04-15 22:51:24 EST"),
        ("2006-01-02 15:04:05 MST", "2020-04-15 22:51:24 GMT+1", "2020-04-15 21:51:24", "2020-04-15 22:51:24 GMT+1"),
        ("2006-01-02 15:04:05 MST", "2020-04-15 22:51:24 ChST", "2020-04-15 22:51:24", "2020-04-15 22:51:24 ChST"),
        ("2006-01-02 15:04:05 MST", "2020-04-15 22:51:24 WITA", "2020-04-15 22:51:24", "2020-04-15 22:51:24 WITA"),
        (
            "[02/Jan/2006:15:04:05 -0700]",
            "[10/Oct/2000:13:55:36 -0700]",
            "2000-10-10 20:55:36",
            "[10/Oct/2000:13:55:36 -0700]",
        ),
        (
            "[2/Jan/2006:15:04:05-0700]",
            "[06/Feb/2019:00:00:38+0000]",
            "2019-02-06 00:00:38",
            "[6/Feb/2019:00:00:38+0000]",
        ),
        ("Jan 2 15:04:05", "Feb  3 04:05:06", "0000-02-03 04:05:06", "Feb 3 04:05:06"),
        ("Jan _2 15:04:05", "Feb  3 04:05:06", "0000-02-03 04:05:06", "Feb  3 04:05:06"),
        ("Jan _2 15:04:05", "Feb 3 4:05:06", "0000-02-03 04:05:06", "Feb  3 04:05:06"),
        ("2006-01-02T15:04:05.000Z", "2021-01-02T03:04:05.120Z", "2021-01-02 03:04:05.12", "2021-01-02T03:04:05.120Z"),
        ("2006-01-02 15:04:05,000", "2021-01-02 03:04:05,120", "2021-01-02 03:04:05.12", "2021-01-02 03:04:05,120"),
        ("2006-01-02 15:04:05.999", "2021-01-02 03:04:05.1234", "2021-01-02 03:04:05.1234", "2021-01-02 03:04:05.123"),
        ("2006-01-02 15:04:05.999", "2021-01-02 03:04:05", "2021-01-02 03:04:05", "2021-01-02 03:04:05"),
        (
            "2006-01-02 15:04:05",
            "2021-01-02 03:04:05.1234567891",
            "2021-01-02 03:04:05.123456789",
            "2021-01-02 03:04:05",
        ),
        ("2006-01-02T15:04:05Z07:00", "2021-01-02T03:04:05+01:00", "2021-01-02 02:04:05", "2021-01-02T03:04:05+01:00"),
        ("2006-01-02T15:04:05Z07:00", "2021-01-02T03:04:05Z", "2021-01-02 03:04:05", "2021-01-02T03:04:05Z"),
        ("2006-01-02T15:04:05-07", "2021-01-02T03:04:05+01", "2021-01-02 02:04:05", "2021-01-02T03:04:05+01"),
        (
            "2006-01-02T15:04:05-07:00:00",
            "2021-01-02T03:04:05+01:00:30",
            "2021-01-02 02:03:35",
            "2021-01-02T03:04:05+01:00:30",
        ),
        (
            "2006-01-02T15:04:05Z070000",
            "2021-01-02T03:04:05-010000",
            "2021-01-02 04:04:05",
            "2021-01-02T03:04:05-010000",
        ),
        (
            "Monday, January 2, 2006 3:04PM",
            "sunday, MARCH 7, 2021 12:30PM",
            "2021-03-07 12:30:00",
            "Sunday, March 7, 2021 12:30PM",
        ),
        ("1/2/06 03:04:05 pm", "3/7/21 00:04:05 pm", "2021-03-07 12:04:05", "3/7/21 12:04:05 pm"),
        ("1/2/06 3:4:5 PM", "3/7/70 1:4:5 AM", "1970-03-07 01:04:05", "3/7/70 1:4:5 AM"),
        ("2006 002", "2020 366", "2020-12-31 00:00:00", "2020 366"),
        ("x_2006é", "x_2021é", "2021-01-01 00:00:00", "x_2021é"),
        ("Januarys 2006", "Marchs 2021", "2021-03-01 00:00:00", "Marchs 2021"),
        ("Month Jan 2006", "Month Mar 2021", "2021-03-01 00:00:00", "Month Mar 2021"),
        ("2006   01", "2021  03", "2021-03-01 00:00:00", "2021   03"),
        ("20060102150405", "20210307010203", "2021-03-07 01:02:03", "20210307010203"),
    ] {
        let expected = format!(
            "{expected}{}{}",
            if expected.contains('.') { "" } else { "." },
            "0".repeat(29 - expected.len().max(20))
        );
        check(&layout(pattern), &[(text, &expected[..29], &format!("\"{plain}\""))]);
    }
}

#[test]
fn layouts_refuse_what_does_not_fit() {
    for (pattern, texts) in [
        ("2006-01-02", vec!["2021-1-02", "2021-02-29", "21-01-02", "2021-01-02x", "2021-13-01"]),
        ("15:04", vec!["24:00", "1:4", "x"]),
        ("3 PM", vec!["13 PM", "1 pm", "1 XX"]),
        ("2006 MST", vec!["2021 A", "2021 abc", "2021 ABCDE", "2021 ABCDEF", "2021 ABCD", "2021 +99"]),
        ("05.000", vec!["05.12", "05.1234", "05", "05,120"]),
        ("2006 -0700", vec!["2021 Z", "2021 +07:00", "2021 0700", "2021 +07", "2021 +9900"]),
        ("2006 01", vec!["202101", "2021\t01"]),
        ("Mon 2006", vec!["Xyz 2021"]),
    ] {
        refuse(&layout(pattern), &texts);
    }
}

#[test]
fn instants_are_written_in_both_layouts() {
    let at = Instant { offset_seconds: 3_600, ..Instant::utc(1_610_452_695, 501_000_000) };
    assert_eq!(text_of(|out| write_data_lake(&at, out)), r#""2021-01-12 11:58:15.501000000""#);
    assert_eq!(text_of(|out| write_rfc3339(&at, out)), r#""2021-01-12T11:58:15.501Z""#);
    assert_eq!(text_of(|out| write_rfc3339(&Instant::utc(0, 1), out)), r#""1970-01-01T00:00:00.000000001Z""#);
    assert_eq!(Instant::from_nanos(-1).expect("in range"), Instant::utc(-1, 999_999_999));
    assert_eq!(Instant::utc(ZERO_SECONDS, 0).unless_zero(), None);
}

#[test]
fn instants_that_no_reader_makes_are_written_without_a_panic() {
    for seconds in [i64::MIN / 2, FIRST_SECOND - 1, LAST_SECOND + 1, i64::MAX / 2] {
        let at = Instant::utc(seconds, 0);
        for format in [
            TimeFormat::Rfc3339,
            TimeFormat::Unix,
            TimeFormat::UnixNanos,
            TimeFormat::Lacework,
            strftime("%c %V %j %U"),
        ] {
            text_of(|out| codec(&format).write(&at, out));
        }
    }
    let before_year_0 = Instant { offset_seconds: -3_600, ..Instant::utc(FIRST_SECOND, 0) };
    assert_eq!(text_of(|out| codec(&TimeFormat::Rfc3339).write(&before_year_0, out)), r#""0000-01-01T00:00:00Z""#);
}

#[test]
fn the_calendar_agrees_with_another_one() {
    for day in -719_528..=2_932_896_i64 {
        let civil = Civil::of(day * 86_400, 0).expect("in range");
        assert_eq!(days_of(civil.year, civil.month, civil.day), day);
        if day % 97 == 0 {
            let date = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day);
            assert_eq!(
                (civil.year as i16, civil.month as i8, civil.day as i8),
                (date.year(), date.month(), date.day())
            );
            assert_eq!(civil.weekday() as i8, date.weekday().to_sunday_zero_offset());
            assert_eq!(civil.year_day() as i16, date.day_of_year());
            let week = date.iso_week_date();
            assert_eq!((civil.iso_week().0 as i16, civil.iso_week().1 as i8), (week.year().max(0), week.week()));
            assert_eq!(
                civil.week(0).to_string(),
                date.strftime("%U").to_string().parse::<u32>().expect("a week").to_string()
            );
            assert_eq!(
                civil.week(1).to_string(),
                date.strftime("%W").to_string().parse::<u32>().expect("a week").to_string()
            );
        }
    }
}
