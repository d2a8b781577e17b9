//! Where to cut a key space that has no structure but its characters.
//!
//! A directory of a million flat keys offers no common prefix to cut at, so a cut is computed from the keys
//! seen so far. Two cases. When a page of keys covers a visible part of the space (random names), keys are read
//! as numbers whose digits are the characters seen, and cuts are even. When all keys of a page share a long
//! prefix (names that begin with a date), nothing is known of the space beyond it: a ladder of cuts, one for each
//! character of that prefix, finds out in one round which of them vary. A wrong cut costs one nearly empty request.

use super::letters::Place;
use super::terrain::Terrain;

/// The finest share of a stretch that is told apart: less does not fit the precision of a double.
const FINEST: f64 = 1e-13;
/// Bytes of the longest key that S3 takes.
const LONGEST_KEY: usize = 1024;
/// Characters of the shared prefix of a page that even cuts may still guess; with more, the ladder comes first.
const RESOLVED: usize = 2;
/// Positions after the shared prefix that show which characters the keys are made of: few enough to leave out
/// the constant tail (`.json.gz`), enough to see all letters.
const ALPHABET_POSITIONS: usize = 6;
/// Keys of a page that are looked at for that.
const ALPHABET_KEYS: usize = 128;
/// Rungs of a ladder: S3 keys have up to 1,024 bytes, but more rungs than workers serve nobody.
const RUNGS: usize = 48;

/// What the last page of a range showed of its keys.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    /// First key of the page; the last is the position of the range.
    first: String,
    /// Bytes that the first and the last key have in common.
    shared: usize,
    /// Number of keys.
    count: usize,
    /// Characters seen where the keys begin to differ; ascending.
    alphabet: Vec<char>,
}

impl Sample {
    /// Looks at the ascending keys of a page; `None` with fewer than two.
    pub(super) fn of<'a>(keys: impl ExactSizeIterator<Item = &'a str> + Clone) -> Option<Self> {
        let count = keys.len();
        let first = keys.clone().next()?;
        let last = keys.clone().last().filter(|last| *last > first)?;
        let shared = shared(first, last);
        let mut alphabet: Vec<char> = keys
            .step_by(count.div_ceil(ALPHABET_KEYS))
            .flat_map(|key| key.get(shared..).unwrap_or_default().chars().take(ALPHABET_POSITIONS))
            .filter(|letter| *letter != '/')
            .collect();
        alphabet.sort_unstable();
        alphabet.dedup();
        Some(Self { first: first.to_owned(), shared, count, alphabet })
    }
}

impl Sample {
    /// Length of the path of the directory that holds all keys of the page.
    pub(super) fn directory(&self) -> usize {
        self.first[..self.shared].rfind('/').map_or(0, |slash| slash + 1)
    }
}

/// Bytes that two keys have in common, ending between characters.
pub(super) fn shared(one: &str, other: &str) -> usize {
    let mut bytes = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    while !one.is_char_boundary(bytes) {
        bytes -= 1;
    }
    bytes
}

/// A stretch of flat keys seen as numbers: from the last listed key to an upper bound.
pub(super) struct Gauge<'a> {
    sample: &'a Sample,
    terrain: &'a Terrain,
    position: &'a str,
    end: Option<&'a str>,
    /// Bytes that all keys between position and end have in common.
    base: usize,
}

impl<'a> Gauge<'a> {
    /// `base`: bytes of `position` that every remaining key shares; `end`: inclusive bound, if one lies there.
    pub(super) fn new(
        sample: &'a Sample,
        terrain: &'a Terrain,
        position: &'a str,
        base: usize,
        end: Option<&'a str>,
    ) -> Self {
        let end = end.filter(|end| shared(position, end) >= base);
        let mut gauge = Self { sample, terrain, position, end, base };
        if let Some(end) = end {
            gauge.base = shared(position, end);
            gauge.close(end);
        }
        gauge
    }

    /// `2025` bounds keys that begin with `2024`: they share four characters, not three.
    fn close(&mut self, end: &str) {
        let mut bound = end[self.base..].chars();
        let (Some(upper), None) = (bound.next(), bound.next()) else {
            return;
        };
        let Some(lower) = self.position[self.base..].chars().next() else {
            return;
        };
        let between = |letter: &char| lower < *letter && *letter < upper;
        if !self.letters_at(self.base_place()).iter().any(between) {
            self.base += lower.len_utf8();
            self.end = None;
        }
    }

    fn base_place(&self) -> Place {
        Place::after(&self.position[self.terrain.root..self.base])
    }

    /// The characters that a key may have at a place.
    fn letters_at(&self, place: Place) -> &[char] {
        let known = self.terrain.letters.at(place).filter(|_| self.terrain.letters.are_trusted());
        known.unwrap_or(&self.sample.alphabet)
    }

    /// Whether the last page covered a visible part of the stretch.
    fn is_resolved(&self) -> bool {
        let unknown = self.position.get(self.base..self.sample.shared);
        let unknown = unknown.map_or(0, |unknown| unknown.chars().count());
        (unknown <= RESOLVED || self.terrain.letters.are_trusted()) && self.sample.alphabet.len() > 1
    }

    /// Places, with their byte offsets and characters, where the position has the highest character seen so far, and
    /// nobody looked whether higher ones exist.
    fn frontier(&self) -> Vec<(usize, Place, char)> {
        if !self.terrain.letters.are_trusted() {
            return Vec::new();
        }
        let mut place = self.base_place();
        let shared = self.position.get(self.base..self.sample.shared);
        let mut frontier = Vec::new();
        for (offset, letter) in shared.unwrap_or_default().char_indices() {
            if self.terrain.letters.may_go_beyond(place, letter) {
                frontier.push((self.base + offset, place, letter));
            }
            place = place.next(letter);
        }
        frontier.truncate(RUNGS);
        frontier
    }

    /// Where `key` lies between the first possible key (0) and the last (1).
    fn value(&self, key: &str) -> f64 {
        if key.get(..self.base) != self.position.get(..self.base) {
            return 0.0;
        }
        let mut place = self.base_place();
        let (mut value, mut unit) = (0.0, 1.0);
        for letter in key[self.base..].chars() {
            let letters = self.letters_at(place);
            unit /= letters.len().max(1) as f64;
            value += unit * letters.partition_point(|known| *known < letter) as f64;
            if unit < FINEST {
                break;
            }
            place = place.next(letter);
        }
        value.min(1.0)
    }

    /// Share of the stretch that one key takes, the remaining share, by the last page.
    fn measure(&self) -> Option<(f64, f64)> {
        let (first, position) = (self.value(&self.sample.first), self.value(self.position));
        let rest = self.end.map_or(1.0, |end| self.value(end)) - position;
        (position > first).then(|| ((position - first) / self.sample.count as f64, rest.max(0.0)))
    }

    /// Keys that probably remain; `None`: nobody knows.
    pub(super) fn remaining(&self) -> Option<f64> {
        let (per_key, rest) = self.measure().filter(|_| self.is_resolved())?;
        self.frontier().is_empty().then_some(rest / per_key)
    }

    /// Up to `count` ascending keys above the position and below the end, leaving `skip` keys before the first; and
    /// the places that they look beyond.
    pub(super) fn cuts(&self, count: usize, skip: f64) -> (Vec<String>, Vec<(Place, char)>) {
        let mut beyond = Vec::new();
        let mut cuts = match self.measure().filter(|_| self.is_resolved()) {
            Some((per_key, rest)) => {
                let mut frontier = self.frontier();
                frontier.truncate(count.div_ceil(2));
                let share = count.div_ceil(2).checked_div(frontier.len()).unwrap_or_default();
                let rungs = frontier.iter().flat_map(|(at, ..)| self.rung(*at, share));
                let mut cuts: Vec<String> = rungs.collect();
                let even = count.saturating_sub(cuts.len());
                cuts.extend(self.even(even, per_key * skip, rest));
                beyond = frontier.into_iter().map(|(_, place, letter)| (place, letter)).collect();
                cuts
            }
            None => self.ladder(count),
        };
        cuts.retain(|cut| cut.as_str() > self.position && self.end.is_none_or(|end| cut.as_str() < end));
        cuts.sort_unstable();
        cuts.dedup();
        (cuts, beyond)
    }

    fn even(&self, count: usize, skip: f64, rest: f64) -> Vec<String> {
        let from = self.value(self.position) + skip;
        let step = (rest - skip) / (count + 1) as f64;
        if step <= 0.0 {
            return Vec::new();
        }
        (1..=count).map(|number| self.key_at(from + step * number as f64, step / 4.0)).collect()
    }

    /// The shortest key whose value is `value`, as exactly as `precision`.
    fn key_at(&self, value: f64, precision: f64) -> String {
        let mut key = self.position[..self.base].to_owned();
        let mut place = self.base_place();
        let (mut rest, mut unit) = (value, 1.0);
        while unit >= precision.max(FINEST) && key.len() < LONGEST_KEY {
            let letters = self.letters_at(place);
            unit /= letters.len().max(1) as f64;
            let digit = ((rest / unit) as usize).min(letters.len().saturating_sub(1));
            let Some(letter) = letters.get(digit) else {
                break;
            };
            key.push(*letter);
            place = place.next(*letter);
            rest -= digit as f64 * unit;
        }
        key
    }

    /// Cuts at every character of the unknown part, first one each, then more while `count` lasts.
    fn ladder(&self, count: usize) -> Vec<String> {
        let unknown = self.position.get(self.base..).unwrap_or_default();
        let depth = self.sample.shared.saturating_sub(self.base);
        let rungs: Vec<usize> = unknown
            .char_indices()
            .map(|(offset, _)| offset)
            .take_while(|offset| *offset <= depth)
            .take(RUNGS)
            .collect();
        let Some(share) = count.checked_div(rungs.len()) else {
            return Vec::new();
        };
        let mut spare = count.saturating_sub(share * rungs.len());
        let mut cuts = Vec::new();
        for offset in rungs {
            let extra = usize::from(spare > 0);
            spare -= extra;
            cuts.extend(self.rung(self.base + offset, share + extra));
        }
        cuts
    }

    /// Up to `count` cuts among the keys that first differ from the position at byte `at`.
    fn rung(&self, at: usize, count: usize) -> Vec<String> {
        let Some(letter) = self.position[at..].chars().next() else {
            return Vec::new();
        };
        // The next character always counts: the alphabet may be incomplete, and the range beyond must open up.
        let next = successor(letter);
        let known = self.sample.alphabet.iter().copied().filter(|known| *known > letter);
        let mut choices: Vec<char> = next.into_iter().chain(known).collect();
        choices.dedup();
        let stem = &self.position[..at];
        let step = choices.len().div_ceil(count.max(1)).max(1);
        choices.into_iter().step_by(step).take(count).map(|choice| format!("{stem}{choice}")).collect()
    }
}

/// The next character of Unicode, past the surrogates.
fn successor(letter: char) -> Option<char> {
    match letter {
        '\u{d7ff}' => Some('\u{e000}'),
        _ => char::from_u32(u32::from(letter) + 1),
    }
}
