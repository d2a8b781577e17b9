//! What was written, by source and storage class, and how each source ended.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use opstools::objects::Found;
use serde_json::{Value, json};

use crate::book::{Book, UNMATCHED};
use crate::rows::storage_class;

/// How many objects, how many bytes, and from when to when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    objects: u64,
    bytes: u64,
    oldest: Option<Timestamp>,
    newest: Option<Timestamp>,
}

impl Tally {
    fn add(&mut self, object: &Found) {
        let time = object.last_modified;
        self.absorb(&Self { objects: 1, bytes: object.size.unwrap_or_default(), oldest: time, newest: time });
    }

    fn absorb(&mut self, other: &Self) {
        self.objects += other.objects;
        self.bytes += other.bytes;
        self.oldest = [self.oldest, other.oldest].into_iter().flatten().min();
        self.newest = [self.newest, other.newest].into_iter().flatten().max();
    }
}

/// Tallies by the number of the source and the storage class: few, whatever the number of objects.
#[derive(Clone, Debug, Default)]
pub struct Tallies {
    by_slot: BTreeMap<usize, Vec<(String, Tally)>>,
}

impl Tallies {
    /// Counts an object.
    pub fn add(&mut self, slot: usize, object: &Found) {
        self.class(slot, storage_class(object)).add(object);
    }

    /// Takes over what another one counted.
    pub fn absorb(&mut self, other: Self) {
        for (slot, classes) in other.by_slot {
            for (class, tally) in classes {
                self.class(slot, &class).absorb(&tally);
            }
        }
    }

    fn class(&mut self, slot: usize, class: &str) -> &mut Tally {
        let classes = self.by_slot.entry(slot).or_default();
        let known = classes.iter().position(|(known, _)| known == class).unwrap_or_else(|| {
            classes.push((class.to_owned(), Tally::default()));
            classes.len() - 1
        });
        &mut classes[known].1
    }

    /// How many objects there are, and their bytes.
    pub fn total(&self) -> (u64, u64) {
        let tallies = self.by_slot.values().flatten().map(|(_, tally)| tally);
        tallies.fold((0, 0), |(objects, bytes), tally| (objects + tally.objects, bytes + tally.bytes))
    }
}

/// How the sources of a run ended.
#[derive(Clone, Debug, Default)]
pub struct Endings {
    /// Prefixes that have not ended, by the number of the source.
    open: BTreeMap<usize, usize>,
    failed: BTreeMap<usize, String>,
    asked: BTreeSet<usize>,
}

impl Endings {
    /// A prefix of this source is going to be listed.
    pub fn begin(&mut self, slot: usize) {
        self.asked.insert(slot);
        *self.open.entry(slot).or_default() += 1;
    }

    /// One of the prefixes of this source has ended.
    pub fn end(&mut self, slot: usize) {
        if let Some(open) = self.open.get_mut(&slot) {
            *open = open.saturating_sub(1);
        }
    }

    /// This source could not be listed as a whole.
    pub fn fail(&mut self, slot: usize, why: &str) {
        self.failed.entry(slot).or_insert_with(|| why.to_owned());
    }

    /// How many could not be listed as a whole.
    pub fn failures(&self) -> usize {
        self.failed.len()
    }

    fn status(&self, slot: usize) -> &'static str {
        if self.failed.contains_key(&slot) {
            "failed"
        } else if self.open.get(&slot).is_some_and(|open| *open > 0) {
            "stopped"
        } else {
            "done"
        }
    }
}

/// A line per source: what was found of it, and how it ended.
pub fn by_source(book: &Book, tallies: &Tallies, endings: &Endings) -> Value {
    let slots: BTreeSet<usize> = tallies.by_slot.keys().chain(&endings.asked).copied().collect();
    let slots = by_label(book, slots.into_iter());
    let line = |slot: &usize| {
        let mut whole = Tally::default();
        for (_, tally) in tallies.by_slot.get(slot).into_iter().flatten() {
            whole.absorb(tally);
        }
        let mut line = names(book, *slot);
        line["status"] = endings.status(*slot).into();
        counts(&mut line, &whole);
        line["error"] = endings.failed.get(slot).cloned().into();
        line
    };
    slots.iter().map(line).collect()
}

/// A line per source and storage class.
pub fn by_class(book: &Book, tallies: &Tallies) -> Value {
    let mut lines = Vec::new();
    for slot in by_label(book, tallies.by_slot.keys().copied()) {
        let mut classes: Vec<_> = tallies.by_slot.get(&slot).into_iter().flatten().collect();
        classes.sort_by(|one, other| one.0.cmp(&other.0));
        for (class, tally) in classes {
            let mut line = names(book, slot);
            line["storage_class"] = class.as_str().into();
            counts(&mut line, tally);
            lines.push(line);
        }
    }
    Value::Array(lines)
}

/// As a person looks for them; what belongs to nobody comes last.
fn by_label(book: &Book, slots: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut slots: Vec<usize> = slots.collect();
    slots.sort_by_cached_key(|slot| {
        let source = book.all().get(*slot);
        (source.is_none(), source.map(|source| (source.label.to_lowercase(), source.id.clone())))
    });
    slots
}

fn names(book: &Book, slot: usize) -> Value {
    match book.all().get(slot) {
        Some(source) => json!({ "source_id": source.id, "source_label": source.label, "source_type": source.kind }),
        None => {
            let id = if book.is_known() { UNMATCHED } else { "" };
            json!({ "source_id": id, "source_label": "", "source_type": "" })
        }
    }
}

fn counts(line: &mut Value, tally: &Tally) {
    line["objects"] = tally.objects.into();
    line["bytes"] = tally.bytes.into();
    line["oldest"] = tally.oldest.map(|time| time.to_string()).into();
    line["newest"] = tally.newest.map(|time| time.to_string()).into();
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use opstools::objects::{Coverage, Place};
    use opstools::panther::Sources;

    use super::*;

    fn object(size: u64, time: &str, class: Option<&str>) -> Found {
        let place =
            Place { bucket: "b".to_owned(), region: String::new(), region_is_known: true, coverage: Coverage::All };
        Found {
            place: Arc::new(place),
            key: "k".to_owned(),
            size: Some(size),
            last_modified: Some(time.parse().expect("a time")),
            etag: String::new(),
            storage_class: class.map(str::to_owned),
            latest: true,
            version: None,
            row: None,
        }
    }

    #[test]
    fn counts_go_by_source_and_class() {
        let sources = json!([{ "integrationId": "1", "integrationType": "aws-s3", "integrationLabel": "one", "s3Bucket": "b" },
            { "integrationId": "2", "integrationType": "aws-s3", "integrationLabel": "two", "s3Bucket": "c" }]);
        let book = Book::new(Some(Sources::from_json(&sources)), None);
        let (mut tallies, mut portion) = (Tallies::default(), Tallies::default());
        portion.add(0, &object(5, "2026-01-02T00:00:00Z", None));
        portion.add(0, &object(7, "2026-01-01T00:00:00Z", None));
        portion.add(0, &object(1, "2026-01-03T00:00:00Z", Some("GLACIER")));
        portion.add(2, &object(9, "2026-01-04T00:00:00Z", None));
        tallies.absorb(portion);
        assert_eq!(tallies.total(), (4, 22));
        let mut endings = Endings::default();
        endings.begin(0);
        endings.begin(1);
        endings.end(0);
        endings.fail(1, "AccessDenied");
        let lines = by_source(&book, &tallies, &endings);
        assert_eq!(
            lines[0],
            json!({ "source_id": "1", "source_label": "one", "source_type": "aws-s3", "status": "done",
            "objects": 3, "bytes": 13, "oldest": "2026-01-01T00:00:00Z", "newest": "2026-01-03T00:00:00Z", "error": null })
        );
        assert_eq!((lines[1]["status"].as_str(), lines[1]["error"].as_str()), (Some("failed"), Some("AccessDenied")));
        assert_eq!(lines[2]["source_id"], UNMATCHED);
        let classes = by_class(&book, &tallies);
        let told: Vec<_> =
            classes.as_array().expect("lines").iter().map(|line| line["storage_class"].as_str()).collect();
        assert_eq!(told, [Some("GLACIER"), Some("STANDARD"), Some("STANDARD")]);
    }

    #[test]
    fn sources_stand_in_the_order_of_their_labels() {
        let source = |id: &str, label: &str| json!({ "integrationId": id, "integrationType": "aws-s3", "integrationLabel": label });
        let list = json!([source("1", "two"), source("2", "One"), source("3", "three")]);
        let book = Book::new(Some(Sources::from_json(&list)), None);
        assert_eq!(by_label(&book, 0..4), [1, 2, 0, 3]);
    }

    #[test]
    fn a_source_that_did_not_end_was_stopped() {
        let mut endings = Endings::default();
        endings.begin(0);
        endings.begin(0);
        endings.end(0);
        assert_eq!(endings.status(0), "stopped");
        endings.end(0);
        assert_eq!(endings.status(0), "done");
    }
}
