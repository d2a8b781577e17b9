//! What a text holds: a number, a time, an address, or just text.

use std::net::IpAddr;

use super::super::merge::Seen;
use super::super::{Indicator, Kind, TimeFormat, Timestamp};
use super::json::{BIGINT, FLOAT};

/// The first kind that fits.
pub(super) fn seen(text: &str) -> Seen {
    if is_integer(text) {
        Seen::leaf(BIGINT)
    } else if is_float(text) {
        Seen::leaf(FLOAT)
    } else if matches!(text, "t" | "T" | "TRUE" | "true" | "True" | "f" | "F" | "FALSE" | "false" | "False") {
        Seen::leaf(Kind::Boolean { quoted: false })
    } else if is_rfc3339(text) {
        let (formats, event_time, expiration) = (vec![TimeFormat::Rfc3339], false, false);
        Seen::leaf(Kind::Timestamp(Timestamp { formats, event_time, expiration }))
    } else {
        Seen::text(Kind::String, indicator(text).into_iter().collect())
    }
}

fn indicator(text: &str) -> Option<Indicator> {
    if text.parse::<IpAddr>().is_ok() {
        Some(Indicator::Ip)
    } else if is_web_address(text) {
        Some(Indicator::Url)
    } else if text.starts_with("arn:") && text.split(':').count() >= ARN_PARTS {
        Some(Indicator::AwsArn)
    } else {
        None
    }
}

/// `arn:partition:service:region:account:resource`
const ARN_PARTS: usize = 6;

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i64>().is_ok()
}

/// A number that a schema's `float` reads from text: decimal or hexadecimal, with `_` between digits, finite.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !underscores_part_digits(unsigned) {
        return false;
    }
    let plain = unsigned.replace('_', "");
    if plain.starts_with("0x") || plain.starts_with("0X") {
        return is_hexadecimal(&plain[2..]);
    }
    let first = plain.bytes().next().unwrap_or_default();
    // Words such as `inf` are no numbers here.
    (first.is_ascii_digit() || first == b'.') && plain.parse::<f64>().is_ok_and(f64::is_finite)
}

fn underscores_part_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let digit = |byte: Option<&u8>| {
        byte.is_some_and(|byte| if hexadecimal { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() })
    };
    (0..bytes.len()).filter(|at| bytes[*at] == b'_').all(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let prefix = hexadecimal && at == 2;
        (prefix || digit(before)) && digit(bytes.get(at + 1))
    })
}

/// Larger exponents would leave the range of the type.
const LARGEST_EXPONENT: i32 = 900;

/// Digits, perhaps a point, and a binary exponent, after `0x`.
fn is_hexadecimal(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['p', 'P']) else { return false };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let good = digits(whole) && digits(fraction) && (1..=14).contains(&(whole.len() + fraction.len()));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    good && !exponent.starts_with('+')
        && exponent.parse::<i32>().is_ok_and(|exponent| exponent.abs() <= LARGEST_EXPONENT)
}

/// `http:` or `https:` in any case, and nothing that no address may hold.
fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.strip_prefix("//").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    known && !text.chars().any(char::is_control) && !host.is_some_and(|host| host.contains([' ', '<', '>', '"']))
}

/// A time in RFC 3339 that exists.
fn is_rfc3339(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'd' { byte.is_ascii_digit() } else { byte == shape };
    if bytes.len() < shape.len() + 1 || !bytes.iter().zip(shape).all(fits) {
        return false;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<i16>().unwrap_or(-1);
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let date = i8::try_from(month)
        .is_ok_and(|month| i8::try_from(day).is_ok_and(|day| jiff::civil::Date::new(year, month, day).is_ok()));
    let clock = number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) < 60;
    let zone = after_fraction(&text[shape.len()..]);
    // Where an offset may move it out of the years that times can have.
    let edge = zone != "Z" && matches!((year, month, day), (0, 1, 1) | (9999, 12, 31));
    date && clock && !edge && is_zone(zone)
}

/// What stands after the fraction of a second; an empty fraction is left, so that it fits no zone.
fn after_fraction(rest: &str) -> &str {
    match rest.strip_prefix('.').map(|digits| digits.trim_start_matches(|digit: char| digit.is_ascii_digit())) {
        Some(after) if after.len() + 1 < rest.len() => after,
        _ => rest,
    }
}

fn is_zone(text: &str) -> bool {
    let bytes = text.as_bytes();
    if text == "Z" {
        return true;
    }
    let digits = [1, 2, 4, 5].into_iter().all(|at| bytes.get(at).is_some_and(u8::is_ascii_digit));
    let signs = matches!(bytes.first(), Some(b'+' | b'-')) && bytes.get(3) == Some(&b':');
    bytes.len() == 6 && digits && signs && &text[1..3] < "24" && &text[4..6] < "60"
}

#[cfg(test)]
mod tests {
    use super::*;
    use Indicator::{AwsArn, Ip, Url};

    fn kind(text: &str) -> Kind {
        match seen(text) {
            Seen::Leaf(value) => value.kind,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_in_text_are_found() {
        for text in ["0", "-5", "+7", "007", "9223372036854775807"] {
            assert_eq!(kind(text), BIGINT, "{text}");
        }
        for text in ["1.5", ".5", "1e5", "1.", "1_000", "0x1p-2", "0x_1.8P+3", "9223372036854775808", "-1.5e-300"] {
            assert_eq!(kind(text), FLOAT, "{text}");
        }
    }

    #[test]
    fn what_no_number_holds_is_text() {
        let texts =
            ["", "1e400", "NaN", "inf", "-Infinity", "_1", "1_", "1__0", "0x1", "0x", "5 ", "1,5", "0b1", "½", "+"];
        for text in texts {
            assert_eq!(kind(text), Kind::String, "{text}");
        }
    }

    #[test]
    fn words_and_times_are_found() {
        for text in ["t", "F", "True", "false"] {
            assert_eq!(kind(text), Kind::Boolean { quoted: false }, "{text}");
        }
        for text in ["2021-01-31T23:59:59Z", "2020-02-29T00:00:00.123456789+05:30", "0001-01-01T00:00:00Z"] {
            assert!(matches!(kind(text), Kind::Timestamp(_)), "{text}");
        }
        let others = [
            "2021-02-29T00:00:00Z",
            "0000-01-01T00:00:39+23:59",
            "2021-01-01 00:00:00Z",
            "2021-01-01T24:00:00Z",
            "2021-01-01T00:00:60Z",
            "2021-01-01T00:00:00",
            "2021-01-01T00:00:00.Z",
            "2021-01-01T00:00:00+0530",
            "2021-01-01t00:00:00z",
            "2021-01-01T00:00:00é",
        ];
        for text in others {
            assert_eq!(kind(text), Kind::String, "{text}");
        }
    }

    #[test]
    fn indicators_are_found() {
        let table = [
            ("10.0.0.1", Some(Ip)),
            ("::1", Some(Ip)),
            ("010.0.0.1", None),
            ("https://example.com/x", Some(Url)),
            ("HTTP:x", Some(Url)),
            ("http://a b/", None),
            ("ftp://example.com", None),
            ("arn:aws:s3:::bucket", Some(AwsArn)),
            ("arn:aws:s3", None),
            ("hello", None),
        ];
        for (text, expected) in table {
            assert_eq!(seen(text), Seen::text(Kind::String, expected.into_iter().collect()), "{text}");
        }
    }
}
