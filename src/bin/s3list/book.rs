//! The sources of a run: to which of them an object belongs, as the log processor sees it, and which of them are asked for.

use std::sync::Arc;

use opstools::panther::{PrefixLogTypes, Source, Sources, excludes};

/// What stands in place of an id where no source reads an object.
pub const UNMATCHED: &str = "unmatched";

/// To whom an object belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// The number of the source; the number after the last is nobody's.
    pub slot: usize,
    /// The source's id; `unmatched` where there is none, empty where the sources are not known.
    pub id: String,
    /// The source's label.
    pub label: String,
    /// The source's type.
    pub kind: String,
    /// What the prefix is read as.
    pub log_types: Vec<String>,
    /// Objects of this owner are asked for.
    pub wanted: bool,
}

/// The sources, if they are known, and which of their prefixes are asked for.
#[derive(Clone, Debug, Default)]
pub struct Book {
    sources: Option<Sources>,
    /// `None`: everything is asked for, also what belongs to nobody.
    chosen: Option<Choice>,
}

/// Prefixes of sources by number of source and number of prefix.
type Choice = std::collections::HashSet<(usize, usize)>;

impl Book {
    /// A book of these sources; `chosen` tells the prefixes that are asked for, by number of source and of prefix.
    pub fn new(sources: Option<Sources>, chosen: Option<Choice>) -> Self {
        Self { sources, chosen }
    }

    /// The sources in the order of their numbers.
    pub fn all(&self) -> &[Source] {
        self.sources.as_ref().map_or(&[], |sources| &sources.all)
    }

    /// Whether the sources are known.
    pub fn is_known(&self) -> bool {
        self.sources.is_some()
    }

    /// The number of what belongs to nobody.
    pub fn nobody(&self) -> usize {
        self.all().len()
    }

    /// Who owns the keys of a bucket below a prefix.
    pub fn owners(&self, bucket: &str, prefix: &str) -> Owners {
        let mut entries: Vec<Entry> = Vec::new();
        for (slot, source) in
            self.all().iter().enumerate().filter(|(_, source)| source.bucket.as_deref() == Some(bucket))
        {
            for (number, entry) in source.prefixes.iter().enumerate() {
                if entry.prefix.starts_with(prefix) || prefix.starts_with(&entry.prefix) {
                    let wanted = self.chosen.as_ref().is_none_or(|chosen| chosen.contains(&(slot, number)));
                    entries.push(Entry::new(slot, source, entry, wanted));
                }
            }
        }
        // A stable sort: the first of equal prefixes stays first, as in the processor's own list.
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.prefix.len()));
        if let Some(widest) = entries.iter().position(|entry| prefix.starts_with(&entry.prefix)) {
            // Shorter prefixes are never asked: this one matches every key here.
            entries.truncate(widest + 1);
        }
        let id = if self.is_known() { UNMATCHED } else { "" };
        let nobody =
            Owner { slot: self.nobody(), id: id.to_owned(), wanted: self.chosen.is_none(), ..Owner::default() };
        Owners { entries, nobody: Arc::new(nobody) }
    }
}

/// One prefix of one source.
#[derive(Debug)]
struct Entry {
    prefix: String,
    excluded: Vec<String>,
    owner: Arc<Owner>,
}

impl Entry {
    fn new(slot: usize, source: &Source, entry: &PrefixLogTypes, wanted: bool) -> Self {
        let owner = Owner {
            slot,
            id: source.id.clone(),
            label: source.label.clone(),
            kind: source.kind.clone(),
            log_types: log_types(source, entry),
            wanted,
        };
        Self { prefix: entry.prefix.clone(), excluded: entry.excluded.clone(), owner: Arc::new(owner) }
    }
}

/// What is read at a prefix; of a queue, what the whole source brings.
pub fn log_types(source: &Source, entry: &PrefixLogTypes) -> Vec<String> {
    let types = if entry.log_types.is_empty() { &source.other_log_types } else { &entry.log_types };
    types.clone()
}

/// Who owns the keys below one prefix; longest prefixes first.
#[derive(Debug)]
pub struct Owners {
    entries: Vec<Entry>,
    nobody: Arc<Owner>,
}

impl Owners {
    /// The owner of a key: the longest prefix decides, and then what that excludes.
    pub fn of(&self, key: &str) -> &Arc<Owner> {
        let entry = self.entries.iter().find(|entry| key.starts_with(&entry.prefix));
        entry.filter(|entry| !excludes(&entry.excluded, key)).map_or(&self.nobody, |entry| &entry.owner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sources() -> Sources {
        Sources::from_json(&json!([
            { "integrationId": "1", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "logs/", "logTypes": ["A"], "excludedPrefixes": ["logs/skip/"] },
                { "prefix": "logs/x/", "logTypes": ["B"] }] },
            { "integrationId": "2", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "logs/", "logTypes": ["C"] }, { "prefix": "logs/y/", "logTypes": ["D"] }] },
            { "integrationId": "3", "integrationType": "aws-s3", "s3Bucket": "c", "s3Prefix": "" },
        ]))
    }

    #[test]
    fn owners_are_those_of_the_sources_model() {
        let (sources, book) = (sources(), Book::new(Some(sources()), None));
        let keys = ["logs/a", "logs/x/a", "logs/y/a", "logs/skip/a", "logs/skip", "log", "", "else/logs/x/"];
        for bucket in ["b", "c", "d"] {
            for prefix in ["", "l", "logs/", "logs/x/", "logs/x/a"] {
                let owners = book.owners(bucket, prefix);
                for key in keys.iter().filter(|key| key.starts_with(prefix)) {
                    let expected = sources.of_object(bucket, key).map_or(UNMATCHED, |source| &source.id);
                    assert_eq!(owners.of(key).id, expected, "{bucket}/{key} below `{prefix}`");
                }
            }
        }
    }

    #[test]
    fn what_is_not_chosen_is_not_wanted() {
        let book = Book::new(Some(sources()), Some([(0, 1)].into()));
        let owners = book.owners("b", "");
        let wanted = |key: &str| owners.of(key).wanted;
        assert_eq!(["logs/x/a", "logs/a", "logs/y/a", "else"].map(wanted), [true, false, false, false]);
        assert_eq!(owners.of("logs/x/a").log_types, ["B"]);
    }

    #[test]
    fn without_sources_nobody_is_known() {
        let owners = Book::default().owners("b", "");
        assert_eq!((owners.of("x").id.as_str(), owners.of("x").wanted), ("", true));
    }
}
