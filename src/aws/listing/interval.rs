//! Which part of a key space is finished.
//!
//! A parallel listing finishes ranges in any order, and a run that is stopped must go on where it was without
//! remembering every key. Half-open ranges that merge when they touch do that: their number is the number of
//! gaps, whatever the number of keys. Serves the journals of tools that list, and the lister that skips.

use std::collections::BTreeMap;

/// The range `(after, upto]` of keys in the byte order of UTF-8, which is the order of S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// Exclusive lower bound; `None`: from the beginning.
    pub after: Option<String>,
    /// Inclusive upper bound; `None`: to the end.
    pub upto: Option<String>,
}

impl Interval {
    /// Whether no key can lie in it.
    pub fn is_empty(&self) -> bool {
        match (&self.after, &self.upto) {
            (Some(after), Some(upto)) => upto <= after,
            _ => false,
        }
    }

    /// Whether `key` lies in it.
    pub fn contains(&self, key: &str) -> bool {
        self.after.as_deref().is_none_or(|after| after < key) && self.upto.as_deref().is_none_or(|upto| key <= upto)
    }
}

/// An upper bound. The order of the variants makes the open end the greatest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Upper {
    Key(String),
    End,
}

impl From<Option<String>> for Upper {
    fn from(key: Option<String>) -> Self {
        key.map_or(Self::End, Self::Key)
    }
}

impl From<Upper> for Option<String> {
    fn from(upper: Upper) -> Self {
        match upper {
            Upper::Key(key) => Some(key),
            Upper::End => None,
        }
    }
}

/// Set of finished key ranges, merged when they touch: memory grows with the number of gaps, not of keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intervals {
    /// Lower bound (exclusive; `None` sorts first) to upper bound; the ranges neither overlap nor touch.
    ranges: BTreeMap<Option<String>, Upper>,
}

impl Intervals {
    /// The empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `(after, upto]`; an empty range changes nothing.
    pub fn add(&mut self, after: Option<String>, upto: Option<String>) {
        if (Interval { after: after.clone(), upto: upto.clone() }).is_empty() {
            return;
        }
        let (mut after, mut upto) = (after, Upper::from(upto));
        if let Some((lower, upper)) = self.ranges.range(..=after.clone()).next_back()
            && reaches(upper, &after)
        {
            upto = upto.max(upper.clone());
            after = lower.clone();
        }
        while let Some(lower) = self.first_from(&after).filter(|lower| reaches(&upto, lower)) {
            if let Some(upper) = self.ranges.remove(&lower) {
                upto = upto.max(upper);
            }
        }
        self.ranges.insert(after, upto);
    }

    fn first_from(&self, after: &Option<String>) -> Option<Option<String>> {
        self.ranges.range(after.clone()..).next().map(|(lower, _)| lower.clone())
    }

    /// Whether `key` lies in one of the ranges.
    pub fn contains(&self, key: &str) -> bool {
        // The range that could hold the key has the last lower bound below it.
        let below = self.ranges.range(..Some(key.to_owned())).next_back();
        below.is_some_and(|(_, upper)| match upper {
            Upper::Key(upto) => key <= upto.as_str(),
            Upper::End => true,
        })
    }

    /// The ranges after `start_after` that are not in the set, in key order.
    pub fn gaps(&self, start_after: Option<&str>) -> Vec<Interval> {
        let mut gaps = Vec::new();
        let mut from = start_after.map(str::to_owned);
        for (lower, upper) in &self.ranges {
            let gap = Interval { after: from.clone(), upto: lower.clone() };
            // A range from the very beginning (no lower bound) leaves no gap before it.
            if lower.is_some() && !gap.is_empty() {
                gaps.push(gap);
            }
            match upper {
                Upper::End => return gaps,
                Upper::Key(upto) => from = from.max(Some(upto.clone())),
            }
        }
        gaps.push(Interval { after: from, upto: None });
        gaps
    }

    /// The ranges of the set, in key order.
    pub fn iter(&self) -> impl Iterator<Item = Interval> + '_ {
        self.ranges.iter().map(|(after, upto)| Interval { after: after.clone(), upto: upto.clone().into() })
    }

    /// Number of separate ranges.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether nothing is finished.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}

/// Whether a range that ends at `upper` touches or overlaps one that begins after `lower`.
fn reaches(upper: &Upper, lower: &Option<String>) -> bool {
    match (upper, lower) {
        (Upper::End, _) | (_, None) => true,
        (Upper::Key(upto), Some(after)) => after <= upto,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(letter: Option<char>) -> Option<String> {
        letter.map(String::from)
    }

    #[test]
    fn touching_ranges_merge() {
        let mut done = Intervals::new();
        done.add(key(Some('b')), key(Some('d')));
        done.add(key(Some('f')), None);
        done.add(None, key(Some('b')));
        assert_eq!(done.len(), 2);
        done.add(key(Some('d')), key(Some('f')));
        assert_eq!(done.iter().collect::<Vec<_>>(), [Interval { after: None, upto: None }]);
        assert_eq!(done.gaps(None), []);
    }

    #[test]
    fn an_empty_range_changes_nothing() {
        let mut done = Intervals::new();
        done.add(key(Some('b')), key(Some('b')));
        assert!(done.is_empty());
    }

    #[test]
    fn gaps_begin_after_the_start() {
        let mut done = Intervals::new();
        done.add(key(Some('b')), key(Some('d')));
        let expected = [Interval { after: key(Some('d')), upto: None }];
        assert_eq!(done.gaps(Some("c")), expected);
        assert_eq!(done.gaps(None)[0], Interval { after: None, upto: key(Some('b')) });
    }

    fn bound() -> impl Strategy<Value = Option<char>> {
        proptest::option::weighted(0.9, proptest::char::range('a', 'p'))
    }

    proptest! {
        #[test]
        fn holds_what_was_added_and_its_gaps_hold_the_rest(added in proptest::collection::vec((bound(), bound()), 0..12)) {
            let mut done = Intervals::new();
            let ranges: Vec<Interval> =
                added.iter().map(|(after, upto)| Interval { after: key(*after), upto: key(*upto) }).collect();
            for range in &ranges {
                done.add(range.after.clone(), range.upto.clone());
            }
            let gaps = done.gaps(None);
            prop_assert!(gaps.iter().all(|gap| !gap.is_empty()));
            for probe in ["A", "a", "aa", "b", "bm", "c", "d", "e", "ee", "h", "k", "o", "p", "pp", "z"] {
                let expected = ranges.iter().any(|range| range.contains(probe));
                prop_assert_eq!(done.contains(probe), expected);
                prop_assert_eq!(gaps.iter().filter(|gap| gap.contains(probe)).count(), usize::from(!expected));
            }
        }
    }
}
