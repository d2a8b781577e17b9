//! Time formats: what a format writes it reads as the same time, jiff agrees about RFC 3339, and nothing breaks a
//! pattern.

use opstools_logs::parse::time::{Codec, Input, Instant, write_data_lake, write_rfc3339};
use opstools_logs::schema::TimeFormat;

use super::choices::Choices;

/// Patterns that say all of a time to the second, so that what was read can be written and read again.
const PATTERNS: [&str; 8] = [
    "%Y-%m-%d %H:%M:%S.%N %z",
    "%a %b %e %I:%M:%S.%f %p %Y",
    "%Y/%j %T.%L%z",
    "%d/%b/%Y:%H:%M:%S %z",
    "%A %B %d %Y %r",
    "%s",
    "%c",
    "%Y%m%dT%H%M%S",
];

const LAYOUTS: [&str; 5] = [
    "2006-01-02T15:04:05.999999999Z07:00",
    "Mon Jan _2 3:04:05PM 2006 -0700",
    "02/01/2006 15:04:05,000 Z0700",
    "20060102150405",
    "2006-002 15:04:05.000000",
];

fn faithful() -> Vec<TimeFormat> {
    use TimeFormat::{Cloudflare, Layout, Rfc3339, Strftime, Unix, UnixAuto, UnixMicros, UnixMillis, UnixNanos};
    let named = [Rfc3339, Unix, UnixMillis, UnixMicros, UnixNanos, UnixAuto, Cloudflare];
    let patterns = PATTERNS.iter().map(|pattern| Strftime((*pattern).to_owned()));
    named.into_iter().chain(patterns).chain(LAYOUTS.iter().map(|layout| Layout((*layout).to_owned()))).collect()
}

/// Formats that do not write what they read.
const ONE_WAY: [TimeFormat; 5] =
    [TimeFormat::AnsiC, TimeFormat::Suricata, TimeFormat::Fluentd, TimeFormat::Lacework, TimeFormat::UnixFloat];

/// Beyond so many seconds, a number without a unit is not taken for seconds.
const SECONDS_BY_SIZE: i64 = 9_000_000_000;

/// What ends the pattern of an input.
const END: char = '\0';

/// Panics if it does not hold.
pub fn holds(data: &[u8]) {
    let mut choices = Choices::new(data);
    let number = choices.byte();
    let text = choices.text();
    let faithful = faithful();
    match usize::from(number) {
        number if number < faithful.len() => again(&faithful[number], &text),
        number if number < faithful.len() + ONE_WAY.len() => {
            let codec = Codec::new(&ONE_WAY[number - faithful.len()]).expect("a named format");
            for at in read(&codec, &text) {
                written(&codec, &at);
            }
        }
        number => own_pattern(number.is_multiple_of(2), &text),
    }
}

/// What is read is written and read again: the same text then.
fn again(format: &TimeFormat, text: &str) {
    let codec = Codec::new(format).expect("a good format");
    for at in read(&codec, text) {
        // Whether a number is one of seconds shows in its size: years far off are read as something else.
        if *format == TimeFormat::UnixAuto && at.seconds.abs() > SECONDS_BY_SIZE {
            continue;
        }
        let json = written(&codec, &at);
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let input = value.as_str().map_or(Input::Number(&json), Input::Text);
        let back = codec.read(input).unwrap_or_else(|wrong| panic!("{wrong}: {json} of {text}"));
        // The instant that stands for "never" is absent.
        if let Some(back) = back {
            assert_eq!(written(&codec, &back), json, "{format:?}: {text}");
        }
    }
    if let (TimeFormat::Rfc3339, Ok(Some(at)), Ok(theirs)) =
        (format, codec.read(Input::Text(text)), text.parse::<jiff::Timestamp>())
    {
        assert_eq!(theirs.as_nanosecond(), at.unix_nanos(), "{text}");
    }
}

fn own_pattern(strftime: bool, text: &str) {
    let (pattern, text) = text.split_once(END).unwrap_or((text, ""));
    let pattern = pattern.to_owned();
    let format = if strftime { TimeFormat::Strftime(pattern) } else { TimeFormat::Layout(pattern) };
    let Ok(codec) = Codec::new(&format) else { return };
    written(&codec, &Instant::utc(1_709_251_199, 123_456_789));
    for at in read(&codec, text) {
        written(&codec, &at);
    }
}

/// The text as text, and as a number if it is one.
fn read(codec: &Codec, text: &str) -> Vec<Instant> {
    let number = serde_json::from_str::<&serde_json::value::RawValue>(text)
        .is_ok_and(|raw| raw.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()));
    let as_number = number.then(|| codec.read(Input::Number(text.trim())));
    [Some(codec.read(Input::Text(text))), as_number].into_iter().flatten().filter_map(|at| at.ok().flatten()).collect()
}

/// A time as its format writes it, which is JSON, as is every other way to write it.
fn written(codec: &Codec, at: &Instant) -> String {
    let mut json = Vec::new();
    codec.write(at, &mut json);
    for write in [write_data_lake, write_rfc3339] {
        let mut fixed = Vec::new();
        write(at, &mut fixed);
        assert!(serde_json::from_slice::<&str>(&fixed).is_ok());
    }
    let mut table = Vec::new();
    codec.write_for_table(at, &mut table);
    assert!(serde_json::from_slice::<serde_json::Value>(&table).is_ok());
    let json = String::from_utf8(json).expect("UTF-8");
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    json
}

/// A time of each format.
pub fn seeds() -> Vec<Vec<u8>> {
    let faithful = faithful();
    let at = Instant { offset_seconds: -19_800, ..Instant::utc(1_709_251_199, 123_456_789) };
    let mut seeds = Vec::new();
    for (number, format) in faithful.iter().chain(&ONE_WAY).enumerate() {
        let codec = Codec::new(format).expect("a good format");
        let json = written(&codec, &at);
        seeds.push([&[number as u8], json.trim_matches('"').as_bytes()].concat());
    }
    let patterns = PATTERNS.iter().chain(&LAYOUTS).map(|pattern| format!("{pattern}\0 2024-02-29 23:59:59"));
    for pattern in
        patterns.chain(["%G-W%V-%u %y %C %g %U %W %w %k %l %P %h %D %F %R %x %X %v %+ %Z %t%n%%\0".to_owned()])
    {
        seeds.extend([[b"\xfe", pattern.as_bytes()].concat(), [b"\xff", pattern.as_bytes()].concat()]);
    }
    seeds
}
