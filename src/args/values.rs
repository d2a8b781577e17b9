//! Readers of single values, with errors that say what would be right.

use std::time::Duration;

use crate::error::Failure;
use crate::time::parse_duration;

/// The words for true and false of Go's `flag` package.
const BOOL_WORDS: [(&str, bool); 12] = [
    ("1", true),
    ("0", false),
    ("t", true),
    ("f", false),
    ("T", true),
    ("F", false),
    ("true", true),
    ("false", false),
    ("TRUE", true),
    ("FALSE", false),
    ("True", true),
    ("False", false),
];

/// Reads a boolean as Go's `flag` package does.
///
/// # Errors
/// The word is none of Go's.
pub fn bool_word(text: &str) -> Result<bool, String> {
    let found = BOOL_WORDS.iter().find(|(word, _)| *word == text);
    found.map(|(_, value)| *value).ok_or_else(|| "expected true or false".to_owned())
}

/// Reads a duration such as `90s`, `1h30m`, `250ms` or `2d`.
///
/// # Errors
/// The text is no duration.
pub fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| error.to_string())
}

/// Reads a rate per second: a finite number of at least 0; 0 is unlimited.
///
/// # Errors
/// The text is no such number.
pub fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate >= 0.0 => Ok(rate),
        _ => Err("expected a number per second of at least 0, such as 0.5 or 200 (0 is unlimited)".to_owned()),
    }
}

/// Reads a whole number above 0.
///
/// # Errors
/// The text is no such number.
pub fn positive(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("expected a whole number above 0".to_owned()),
    }
}

/// The most threads that can be asked for: more than any machine has cores, fewer than it takes long to start.
const MOST_THREADS: usize = 1024;

/// Reads a number of threads.
///
/// # Errors
/// The text is no number from 1 to 1024.
pub fn threads(text: &str) -> Result<usize, String> {
    let number = positive(text).ok().filter(|number| *number <= MOST_THREADS);
    number.ok_or_else(|| format!("expected a whole number from 1 to {MOST_THREADS}"))
}

/// Reads a size in bytes: a number, or one with `K`, `M`, `G`, `T` (powers of 1,024; `KiB`, `MB` and so on read the same).
///
/// # Errors
/// The text is no such size.
pub fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_ascii_uppercase();
    let power = match unit.trim_end_matches('B').trim_end_matches('I') {
        "" => 0,
        "K" => 1,
        "M" => 2,
        "G" => 3,
        "T" => 4,
        _ => return Err(size_expected()),
    };
    let number: u64 = digits.trim().parse().map_err(|_| size_expected())?;
    number.checked_mul(1024_u64.pow(power)).ok_or_else(size_expected)
}

fn size_expected() -> String {
    "expected a size in bytes, such as 4096, 16K or 5M".to_owned()
}

/// Digits of an account's number.
const ACCOUNT_DIGITS: usize = 12;

/// An account as typed; an empty one is none.
///
/// # Errors
/// A usage error: it has not 12 digits.
pub fn account(typed: Option<String>) -> Result<Option<String>, Failure> {
    let account = typed.filter(|account| !account.is_empty());
    let wrong = |text: &&String| text.len() != ACCOUNT_DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit());
    match account.as_ref().filter(wrong) {
        Some(wrong) => {
            Err(Failure::usage(format!("`--account {wrong}` is no account")).hint("an account has 12 digits"))
        }
        None => Ok(account),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_go_is_a_boolean_and_no_other() {
        for (word, value) in BOOL_WORDS {
            assert_eq!(bool_word(word), Ok(value), "{word}");
        }
        for word in ["yes", "no", "on", "tRUE", ""] {
            assert!(bool_word(word).is_err(), "{word}");
        }
    }

    #[test]
    fn rates_are_finite_and_not_negative() {
        for (text, expected) in [("0.5", 0.5), ("0", 0.0), ("200", 200.0)] {
            assert_eq!(rate(text), Ok(expected));
        }
        for text in ["-1", "NaN", "inf", "fast", ""] {
            assert!(rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_have_units() {
        for (text, expected) in [("0", 0), ("4096", 4096), ("16K", 16_384), ("5MiB", 5_242_880), ("1gb", 1_073_741_824)]
        {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for text in ["", "K", "5X", "-1", "1.5M", "99999999999T"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn counts_are_above_zero() {
        assert_eq!(positive("50"), Ok(50));
        assert!(positive("0").is_err() && positive("-3").is_err() && positive("x").is_err());
    }
}
