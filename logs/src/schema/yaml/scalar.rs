//! What a plain scalar means.
//!
//! YAML 1.2 knows fewer words than 1.1: `yes`, `no`, `on`, `off` are text there. Readers of both kinds are in use, so
//! these four keep a kind of their own, and the place that reads them decides.

use super::ScalarKind;

/// The kind of an unquoted, untagged scalar.
pub(super) fn kind_of(text: &str) -> ScalarKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        "true" | "True" | "TRUE" => ScalarKind::Boolean(true),
        "false" | "False" | "FALSE" => ScalarKind::Boolean(false),
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => ScalarKind::OldBoolean(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => ScalarKind::OldBoolean(false),
        _ if is_number(text) => ScalarKind::Number,
        _ => ScalarKind::Text,
    }
}

/// A number in the notation of YAML 1.2: decimal, `0x`, `0o`, with fraction and exponent, `.inf`, `.nan`.
fn is_number(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    is_decimal(unsigned)
}

fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_told_apart() {
        let numbers = ["0", "-12", "+3", "1.5", ".5", "1.", "1e3", "1E-3", "0x1F", "0o17", ".inf", "-.inf", ".nan"];
        for text in numbers {
            assert_eq!(kind_of(text), ScalarKind::Number, "{text}");
        }
        for text in ["abc", "1.2.3", "0x", "-", ".", "e3", "1e", "12:30", "2021-01-01", "1_000", "y", "+.", "0o8"] {
            assert_eq!(kind_of(text), ScalarKind::Text, "{text}");
        }
        assert_eq!(kind_of("no"), ScalarKind::OldBoolean(false));
        assert_eq!(kind_of("TRUE"), ScalarKind::Boolean(true));
        assert_eq!(kind_of("~"), ScalarKind::Null);
    }
}
