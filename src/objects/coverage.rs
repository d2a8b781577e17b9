//! Which keys of a bucket the log processor would take for the sources that are meant.
//!
//! Objects of no source are dropped by the processor in silence, so tools that tell it of objects leave them out. Where one source reads a path as a
//! whole, no key needs to be looked up.

use crate::panther::{Source, Sources};

/// One prefix of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    prefix: String,
    excluded: Vec<String>,
    wanted: bool,
}

/// Which keys of one bucket, below one prefix, are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All: nobody asked for the sources, or one source reads everything.
    All,
    /// Those whose longest matching rule is wanted and does not exclude them; longest prefixes first.
    ByKey(Vec<Rule>),
}

impl Coverage {
    /// The rules for the keys of `bucket` below `prefix`; `meant` chooses among the sources.
    pub fn of(sources: &Sources, bucket: &str, prefix: &str, meant: impl Fn(&Source) -> bool) -> Self {
        let mut rules: Vec<Rule> = Vec::new();
        for source in sources.all.iter().filter(|source| source.bucket.as_deref() == Some(bucket)) {
            let wanted = meant(source);
            rules.extend(source.prefixes.iter().map(|entry| Rule {
                prefix: entry.prefix.clone(),
                excluded: entry.excluded.clone(),
                wanted,
            }));
        }
        rules.retain(|rule| rule.prefix.starts_with(prefix) || prefix.starts_with(&rule.prefix));
        // A stable sort: the first of equal prefixes stays first, as in the processor's own list.
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.prefix.len()));
        if let Some(widest) = rules.iter().position(|rule| prefix.starts_with(&rule.prefix)) {
            // Shorter prefixes are never asked: this one matches every key here.
            rules.truncate(widest + 1);
            if rules.iter().all(|rule| rule.wanted && rule.excluded.is_empty()) {
                return Self::All;
            }
        }
        Self::ByKey(rules)
    }

    /// Whether the key is meant.
    #[must_use]
    pub fn admits(&self, key: &str) -> bool {
        match self {
            Self::All => true,
            Self::ByKey(rules) => rules
                .iter()
                .find(|rule| key.starts_with(&rule.prefix))
                .is_some_and(|rule| rule.wanted && !crate::panther::excludes(&rule.excluded, key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        Sources::from_json(&serde_json::json!([
            { "integrationId": "1", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "logs/", "excludedPrefixes": ["logs/digest/"] }, { "prefix": "logs/x/" }] },
            { "integrationId": "2", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "logs/y/" }] },
        ]))
    }

    #[test]
    fn a_path_that_one_source_reads_needs_no_lookup() {
        assert_eq!(Coverage::of(&sources(), "b", "logs/x/2026/", |_| true), Coverage::All);
        assert_eq!(Coverage::of(&sources(), "b", "logs/y/", |source| source.id == "2"), Coverage::All);
    }

    #[test]
    fn excluded_uncovered_and_others_keys_are_not_admitted() {
        let all = Coverage::of(&sources(), "b", "", |_| true);
        let first = Coverage::of(&sources(), "b", "logs/", |source| source.id == "1");
        let table = [
            ("logs/a", true, true),
            ("logs/digest/a", false, false),
            ("logs/y/a", true, false),
            ("logs/x/a", true, true),
            ("else/a", false, false),
        ];
        for (key, by_all, by_first) in table {
            assert_eq!((all.admits(key), first.admits(key)), (by_all, by_first), "{key}");
        }
    }
}
