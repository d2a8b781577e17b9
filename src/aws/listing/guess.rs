//! Where to cut a key space that has no structure but its characters.
//!
//! A directory of a million flat keys offers no common prefix to cut at, so a cut is computed from the keys
//! seen so far. Two cases. When a page of keys covers a visible part of the space (random names), keys are read
//! as numbers whose digits are the characters seen, and cuts are even. When all keys of a page share a long
//! prefix (names that begin with a date), nothing is known of the space beyond it: a ladder of cuts, one for each
//! character of that prefix, finds out in one round which of them vary. A wrong cut costs one nearly empty request.

/// Digits that are looked at after the common part: more do not fit the precision of a double.
const DIGITS: usize = 8;
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
    position: &'a str,
    end: Option<&'a str>,
    /// Bytes that all keys between position and end have in common.
    base: usize,
}

impl<'a> Gauge<'a> {
    /// `base`: bytes of `position` that every remaining key shares; `end`: inclusive bound, if one lies there.
    pub(super) fn new(sample: &'a Sample, position: &'a str, base: usize, end: Option<&'a str>) -> Self {
        let end = end.filter(|end| shared(position, end) >= base);
        let mut gauge = Self { sample, position, end, base };
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
        if !self.sample.alphabet.iter().any(|letter| lower < *letter && *letter < upper) {
            self.base += lower.len_utf8();
            self.end = None;
        }
    }

    /// Whether the last page covered a visible part of the stretch.
    fn is_resolved(&self) -> bool {
        let unknown = self.position.get(self.base..self.sample.shared).unwrap_or_default();
        unknown.chars().count() <= RESOLVED && self.sample.alphabet.len() > 1
    }

    /// Where `key` lies between the first possible key (0) and the last (1).
    fn value(&self, key: &str) -> f64 {
        if key.get(..self.base) != self.position.get(..self.base) {
            return 0.0;
        }
        let radix = self.sample.alphabet.len() as f64;
        let mut unit = 1.0;
        let mut value = 0.0;
        for letter in key[self.base..].chars().take(DIGITS) {
            unit /= radix;
            value += unit * self.sample.alphabet.partition_point(|known| *known < letter) as f64;
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
        Some(rest / per_key)
    }

    /// Up to `count` ascending keys above the position and below the end, leaving `skip` keys before the first.
    pub(super) fn cuts(&self, count: usize, skip: f64) -> Vec<String> {
        let mut cuts = match self.measure().filter(|_| self.is_resolved()) {
            Some((per_key, rest)) => self.even(count, per_key * skip, rest),
            None => self.ladder(count),
        };
        cuts.retain(|cut| cut.as_str() > self.position && self.end.is_none_or(|end| cut.as_str() < end));
        cuts.sort_unstable();
        cuts.dedup();
        cuts
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
        let radix = self.sample.alphabet.len();
        let mut key = self.position[..self.base].to_owned();
        let (mut rest, mut unit) = (value, 1.0);
        for _ in 0..DIGITS {
            unit /= radix as f64;
            let digit = ((rest / unit) as usize).min(radix - 1);
            key.push(self.sample.alphabet[digit]);
            rest -= digit as f64 * unit;
            if unit < precision {
                break;
            }
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
