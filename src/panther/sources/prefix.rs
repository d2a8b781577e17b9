//! One prefix of a source: which log types are read there, and what below it is not read.

use serde::Serialize;

/// One prefix of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PrefixLogTypes {
    /// The prefix; empty is the whole bucket.
    pub prefix: String,
    /// The log types read there.
    pub log_types: Vec<String>,
    /// Prefixes below it that are not read; `*` stands for any characters of one path part.
    #[serde(rename = "excluded_prefixes")]
    pub excluded: Vec<String>,
}

impl PrefixLogTypes {
    /// Whether a key below the prefix is excluded.
    #[must_use]
    pub fn excludes(&self, key: &str) -> bool {
        excludes(&self.excluded, key)
    }
}

/// Whether one of these excluded prefixes takes the key out; `*` stands for any characters of one path part.
#[must_use]
pub fn excludes(excluded: &[String], key: &str) -> bool {
    excluded.iter().any(|pattern| starts_with_pattern(key, pattern))
}

/// Whether the key starts with the pattern, in which `*` stands for any characters of one path part.
fn starts_with_pattern(key: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => key.starts_with(pattern),
        Some((before, after)) => key.strip_prefix(before).is_some_and(|rest| {
            let part = rest.find('/').unwrap_or(rest.len());
            rest.char_indices()
                .map(|(position, _)| position)
                .chain([rest.len()])
                .take_while(|position| *position <= part)
                .any(|position| starts_with_pattern(&rest[position..], after))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_one_part_of_the_path() {
        let table = [
            ("logs/skip/", "logs/skip/x", true),
            ("logs/skip/", "logs/skipped", false),
            ("logs/*/tmp/", "logs/any/tmp/x", true),
            ("logs/*/tmp/", "logs/any/deep/tmp/x", false),
            ("*", "anything", true),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "a/c", false),
            ("ü*", "über", true),
        ];
        for (pattern, key, expected) in table {
            assert_eq!(excludes(&[pattern.to_owned()], key), expected, "{pattern} {key}");
        }
    }
}
