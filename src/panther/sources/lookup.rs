//! Which source an object belongs to: among all prefixes of the bucket's sources, the longest that its key starts with.
//!
//! The lookup is the log processor's. What belongs to no source is dropped by the processor without an error, which is why
//! tools ask here first.

use super::{PrefixLogTypes, Source};

/// All sources of a deployment.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The sources, in the order of the list they were read from.
    pub all: Vec<Source>,
    /// Ids of rows without a type: deleted sources that a late status report made anew. They are no sources.
    pub zombies: Vec<String>,
    /// Rows that are no objects at all.
    pub unreadable: usize,
}

/// To which source, and which of its prefixes, an object belongs.
#[derive(Clone, Copy, Debug)]
pub struct Attribution<'a> {
    /// The source.
    pub source: &'a Source,
    /// Its prefix, with the log types read there.
    pub entry: &'a PrefixLogTypes,
    /// The source takes this key out: nobody reads the object.
    pub excluded: bool,
}

impl Sources {
    /// The sources that read a bucket.
    pub fn of_bucket<'a>(&'a self, bucket: &'a str) -> impl DoubleEndedIterator<Item = &'a Source> + Clone {
        self.all.iter().filter(move |source| source.bucket.as_deref() == Some(bucket))
    }

    /// The longest prefix that an object's key starts with, whether or not its source excludes the key; the first of equal
    /// prefixes wins, as in a list that is searched from its start.
    #[must_use]
    pub fn attribute(&self, bucket: &str, key: &str) -> Option<Attribution<'_>> {
        let of_bucket = self.all.iter().filter(|source| source.bucket.as_deref() == Some(bucket));
        let entries = of_bucket.flat_map(|source| source.prefixes.iter().map(move |entry| (source, entry)));
        let matching = entries.filter(|(_, entry)| key.starts_with(&entry.prefix));
        let (source, entry) =
            matching.reduce(|best, other| if other.1.prefix.len() > best.1.prefix.len() { other } else { best })?;
        Some(Attribution { source, entry, excluded: entry.excludes(key) })
    }

    /// The source that the log processor would take for an object: the longest prefix decides, and then what that excludes.
    #[must_use]
    pub fn of_object(&self, bucket: &str, key: &str) -> Option<&Source> {
        self.attribute(bucket, key).filter(|found| !found.excluded).map(|found| found.source)
    }

    /// The sources that read something below a prefix of a bucket.
    #[must_use]
    pub fn below(&self, bucket: &str, prefix: &str) -> Vec<&Source> {
        let of_bucket = self.all.iter().filter(|source| source.bucket.as_deref() == Some(bucket));
        let touches = |entry: &PrefixLogTypes| entry.prefix.starts_with(prefix) || prefix.starts_with(&entry.prefix);
        of_bucket.filter(|source| source.prefixes.iter().any(touches)).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> Sources {
        Sources::from_json(&json!([
            { "integrationId": "1", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "logs/", "logTypes": ["A"], "excludedPrefixes": ["logs/skip/", "logs/*/tmp/"] },
                { "prefix": "logs/special/", "logTypes": ["B"] } ] },
            { "integrationId": "2", "integrationType": "aws-s3", "s3Bucket": "b", "s3Prefix": "old/", "logTypes": ["C"] },
            { "integrationId": "3", "integrationType": "aws-s3", "s3Bucket": "whole", "s3PrefixLogTypes": [{ "prefix": "" }] },
            { "integrationId": "4", "integrationType": "aws-sqs", "sqsConfig": { "s3Bucket": "staging" } },
            { "integrationId": "5", "integrationType": "aws-scan", "s3Bucket": "staging" },
            { "integrationId": "6", "integrationType": "aws-s3", "s3Bucket": "b", "s3Prefix": "old/" },
            { "integrationId": "7", "integrationType": "gcp-pubsub" },
        ]))
    }

    #[test]
    fn an_object_belongs_to_the_longest_prefix() {
        let sources = sample();
        let table = [
            ("b", "logs/x", Some("1")),
            ("b", "logs/special/x", Some("1")),
            ("b", "logs/skip/x", None),
            ("b", "logs/any/tmp/x", None),
            ("b", "logs/any/deep/tmp/x", Some("1")),
            ("b", "old/x", Some("2")),
            ("b", "else/x", None),
            ("whole", "anything", Some("3")),
            ("staging", "forwarder/x", Some("4")),
            ("staging", "cloudsecurity/x", Some("5")),
            ("unknown", "logs/x", None),
        ];
        for (bucket, key, expected) in table {
            assert_eq!(sources.of_object(bucket, key).map(|source| source.id.as_str()), expected, "{bucket}/{key}");
        }
    }

    #[test]
    fn an_attribution_names_prefix_and_exclusion() {
        let sources = sample();
        let special = sources.attribute("b", "logs/special/x").expect("a source");
        assert_eq!((special.entry.log_types.as_slice(), special.excluded), (&["B".to_owned()][..], false));
        assert!(sources.attribute("b", "logs/skip/x").is_some_and(|found| found.excluded));
        assert!(sources.attribute("b", "else/x").is_none());
    }

    #[test]
    fn what_lies_below_a_prefix() {
        let sources = sample();
        let ids =
            |bucket, prefix| sources.below(bucket, prefix).iter().map(|source| source.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids("b", ""), ["1", "2", "6"]);
        assert_eq!(ids("b", "logs/special/2026"), ["1"]);
        assert!(ids("b", "nothing/").is_empty());
        assert_eq!(sources.of_bucket("staging").count(), 2);
    }
}
