//! What holds for every time, format and text.

use proptest::prelude::*;

use crate::schema::TimeFormat;

use super::tests::{codec, lake, layout, strftime, text_of};
use super::{Codec, FIRST_SECOND, Input, Instant, LAST_SECOND, ZERO_SECONDS};

fn any_instant() -> impl Strategy<Value = Instant> {
    (FIRST_SECOND + 100_000..LAST_SECOND - 100_000, 0_u32..1_000_000_000, -1_439_i32..1_440)
        .prop_map(|(seconds, nanos, minutes)| Instant { offset_seconds: minutes * 60, ..Instant::utc(seconds, nanos) })
        .prop_filter("the zero instant is absent", |at| at.seconds != ZERO_SECONDS)
}

/// Formats, and to how many nanoseconds they write; with their offset or without.
fn any_format() -> impl Strategy<Value = (TimeFormat, u32, bool)> {
    prop::sample::select(vec![
        (TimeFormat::Rfc3339, 1, true),
        (TimeFormat::Cloudflare, 1_000_000_000, true),
        (strftime("%Y-%m-%d %H:%M:%S.%f %z"), 1_000, true),
        (strftime("%a %b %e %I:%M:%S.%N %p %Y%z"), 1, true),
        (strftime("%Y/%j %T.%L%z"), 1_000_000, true),
        (layout("2006-01-02T15:04:05.999999999Z07:00"), 1, true),
        (layout("Mon Jan _2 3:04:05PM 2006 -0700"), 1_000_000_000, true),
        (layout("02/01/2006 15:04:05,000 Z0700"), 1_000_000, true),
        (strftime("%c"), 1_000_000_000, false),
        (layout("2006-01-02 15:04:05 MST"), 1_000_000_000, false),
    ])
}

proptest! {
    #[test]
    fn what_is_written_is_read_again((format, step, has_offset) in any_format(), at in any_instant()) {
        let offset_seconds = if has_offset { at.offset_seconds } else { 0 };
        let at = Instant { offset_seconds, nanos: at.nanos / step * step, ..at };
        let codec = codec(&format);
        let text = text_of(|out| codec.write(&at, out));
        prop_assert_eq!(codec.read(Input::Text(text.trim_matches('"'))), Ok(Some(at)), "{}", text);
    }

    #[test]
    fn numbers_are_read_again(at in any_instant(), fits in -9_000_000_000_i64..9_000_000_000) {
        for (format, step) in [(TimeFormat::UnixMillis, 1_000_000), (TimeFormat::UnixMicros, 1_000), (TimeFormat::Unix, 1_000), (TimeFormat::UnixNanos, 1), (TimeFormat::UnixAuto, 1)] {
            let narrow = matches!(format, TimeFormat::UnixNanos | TimeFormat::UnixAuto);
            let at = Instant::utc(if narrow { fits } else { at.seconds }, at.nanos / step * step);
            let codec = codec(&format);
            let text = text_of(|out| codec.write(&at, out));
            prop_assert_eq!(codec.read(Input::Number(&text)), Ok(Some(at)), "{} {:?}", text, format);
        }
    }

    #[test]
    fn the_layout_of_the_table_sorts_as_time_does(one in any_instant(), other in any_instant()) {
        prop_assert_eq!(lake(&one).cmp(&lake(&other)), one.unix_nanos().cmp(&other.unix_nanos()));
    }

    #[test]
    fn rfc3339_agrees_with_another_reader(at in any_instant()) {
        let text = text_of(|out| codec(&TimeFormat::Rfc3339).write(&at, out));
        let other: jiff::Timestamp = text.trim_matches('"').parse().expect("RFC 3339");
        prop_assert_eq!(other.as_nanosecond(), at.unix_nanos());
    }

    #[test]
    fn no_text_breaks_a_reader((format, ..) in any_format(), text in "([0-9]{1,4}[-/T :.,]?|[A-Z][a-z]{2} |Z|\\+|\\PC){0,12}") {
        let codec = codec(&format);
        if let Ok(Some(at)) = codec.read(Input::Text(&text)) {
            text_of(|out| codec.write(&at, out));
        }
        for format in [TimeFormat::Unix, TimeFormat::UnixAuto, TimeFormat::UnixFloat, TimeFormat::UnixMillis, TimeFormat::AnsiC, TimeFormat::Cloudflare] {
            let codec = Codec::new(&format).expect("no pattern");
            _ = (codec.read(Input::Text(&text)), codec.read(Input::Number(&text)));
        }
    }

    #[test]
    fn no_pattern_breaks_a_compiler(pattern in "(%[a-zA-Z%+]|2006|Jan|Mon|[0-9_]|[.,][09]{1,4}|[-Z]07|\\PC){0,10}", at in any_instant(), text in "\\PC{0,10}") {
        for format in [strftime(&pattern), layout(&pattern)] {
            if let Ok(codec) = Codec::new(&format) {
                let written = text_of(|out| codec.write(&at, out));
                prop_assert!(serde_json::from_str::<String>(&written).is_ok(), "{}", written);
                _ = codec.read(Input::Text(&text));
            }
        }
    }
}
