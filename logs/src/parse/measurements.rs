//! How long the smallest steps take, one by one: `cargo test --release -- --ignored --nocapture measure`.
//!
//! Nothing is judged here; the figures are for people who change these loops.

use std::hint::black_box;

use crate::schema::{Indicator, TimeFormat};
use crate::time::monotonic;

use super::indicators::{Collector, aws};
use super::json::escape::{read_string, write_string, write_string_html};
use super::time::{Codec, Input, Instant, write_data_lake};
use super::{columns, number, row_id};

/// Often enough that a step of nanoseconds fills milliseconds.
const ROUNDS: u32 = 200_000;

/// Prints nanoseconds per step and, for steps over text, gigabytes per second: the best of five rounds.
fn measure(name: &str, bytes: usize, mut step: impl FnMut(&mut Vec<u8>)) {
    let mut out = Vec::with_capacity(1 << 16);
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = monotonic();
        for _ in 0..ROUNDS {
            out.clear();
            step(black_box(&mut out));
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS));
    }
    println!("{name:<44} {best:>8.1} ns {:>8.2} GB/s", bytes as f64 / best);
}

#[test]
#[ignore = "prints figures, judges nothing"]
fn measure_strings() {
    for length in [5, 20, 200, 2_000] {
        let text = "abcdefghij-klmnopqrs".repeat(length / 20 + 1)[..length].to_owned();
        measure(&format!("write_string {length}"), length, |out| write_string(out, black_box(&text)));
        measure(&format!("write_string_html {length}"), length, |out| write_string_html(out, black_box(&text)));
    }
    let escaped = r#"C:\\Users\\jane\\file "#.repeat(10);
    let mut text = String::new();
    measure("read_string 10 x 3 escapes", escaped.len(), |_| {
        text.clear();
        _ = read_string(black_box(&escaped), &mut text);
    });
    let quoted = "C:\\Users\\jane\\file ".repeat(10);
    measure("write_string 10 x 3 escapes", quoted.len(), |out| write_string(out, black_box(&quoted)));
}

#[test]
#[ignore = "prints figures, judges nothing"]
fn measure_times() {
    let at = Instant::utc(1_610_452_695, 501_000_000);
    measure("write_data_lake", 31, |out| write_data_lake(black_box(&at), out));
    for (format, text) in [
        (TimeFormat::Rfc3339, "2021-01-12T11:58:15Z"),
        (TimeFormat::Rfc3339, "2021-01-12T11:58:15.501+01:00"),
        (TimeFormat::Unix, "1610452695.501"),
        (TimeFormat::UnixMillis, "1610452695501"),
        (TimeFormat::Strftime("%Y-%m-%d %H:%M:%S".to_owned()), "2021-01-12 11:58:15"),
        (TimeFormat::Layout("[02/Jan/2006:15:04:05 -0700]".to_owned()), "[12/Jan/2021:11:58:15 +0000]"),
        (TimeFormat::AnsiC, "Tue Nov 6 08:00:00 2018 UTC"),
        (TimeFormat::Suricata, "2015-10-22T06:31:06.520370+0200"),
    ] {
        let codec = Codec::new(&format).expect("a good format");
        measure(&format!("read {text}"), text.len(), |_| _ = black_box(codec.read(Input::Text(black_box(text)))));
        let at = codec.read(Input::Text(text)).expect("a time").expect("present");
        measure(&format!("write {text}"), text.len(), |out| codec.write(black_box(&at), out));
    }
}

#[test]
#[ignore = "prints figures, judges nothing"]
fn measure_indicators() {
    let arn = "arn:aws:sts::123456789012:assumed-role/Admin/jane@example.com";
    for (indicator, value) in [
        (Indicator::Ip, "203.0.113.142"),
        (Indicator::Ip, "2001:db8::ff00:42:8329"),
        (Indicator::Ip, "not-an-address"),
        (Indicator::Hostname, "www.example.com"),
        (Indicator::Url, "https://www.example.com/path/to?x=1"),
        (Indicator::AwsArn, arn),
        (Indicator::Domain, "xn--fa-hia.com"),
    ] {
        let mut collector = Collector::new();
        measure(&format!("scan {} {}", indicator.name(), &value[..value.len().min(30)]), value.len(), |_| {
            collector.clear();
            collector.scan(indicator, black_box(value));
        });
    }
    let mut collector = Collector::new();
    measure("collect and write 8 values of 4 columns", 0, |out| {
        collector.clear();
        for value in ["203.0.113.142", "10.0.0.1", "www.example.com", "203.0.113.142", "123456789012", arn] {
            collector.scan(Indicator::Hostname, value);
            collector.scan(Indicator::AwsAccountId, value);
        }
        collector.write(out);
    });
    let json = format!(
        r#"{{"instancesSet":{{"items":[{{"instanceId":"i-0abcdef","tagSet":{{}},"tags":[{{"key":"Name","value":"web"}}],"role":"{arn}"}}]}},"x":1.5}}"#
    );
    let mut collector = Collector::new();
    measure("scan_cloudtrail", json.len(), |_| {
        collector.clear();
        aws::scan_cloudtrail(&mut collector, black_box(&json));
    });
}

#[test]
#[ignore = "prints figures, judges nothing"]
fn measure_numbers_and_names() {
    for text in ["17", "1610452695501", "0.001", "1541001600.580204"] {
        let value = number::read_float(text).expect("a number");
        measure(&format!("read_float {text}"), text.len(), |_| _ = black_box(number::read_float(black_box(text))));
        measure(&format!("write_float {text}"), text.len(), |out| number::write_float(black_box(value), out));
    }
    measure("read_signed 1610452695501", 13, |_| _ = black_box(number::read_signed(black_box("1610452695501"), 64)));
    measure("write_signed 1610452695501", 13, |out| number::write_signed(black_box(1_610_452_695_501), out));
    measure("column_name eventName", 9, |_| _ = black_box(columns::column_name(black_box("eventName"))));
    let ids = row_id::RowIds::new([7; 6], 1_615_000_000_000_000);
    measure("row id", 28, |out| ids.write(ids.take(1), out));
}
