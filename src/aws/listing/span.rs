//! A range of keys that one worker lists, and what has been learnt about it.
//!
//! Knowledge is only ever a hint where to cut: what a range holds is decided by its two bounds alone, so a wrong
//! guess, a lying server or a changing bucket costs time and never a key.

use super::directory::{Landmark, Seen, crossings, depth};
use super::guess::{Sample, shared};
use super::page::{Keyed, Page, PageError};
use super::{Chunk, Interval};

/// What became of a page.
pub(super) enum Taken<E> {
    /// To be delivered (`None`: the page had no keys, but more follow), and whether the range is finished.
    Listed { chunk: Option<Chunk<E>>, finished: bool },
    /// The server does not know StartAfter.
    StartAfterIgnored,
}

/// A range `(position, end]` that is still to be listed.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) id: u64,
    pub(super) position: Option<String>,
    pub(super) end: Option<String>,
    pub(super) token: Option<String>,
    /// A page is under way.
    pub(super) busy: bool,
    /// Probes under way.
    pub(super) probes: usize,
    /// Levels of the position's path whose later siblings are among the landmarks.
    pub(super) known: usize,
    /// Ascending, all within the range.
    pub(super) landmarks: Vec<Landmark>,
    /// Keys listed since the range exists, or was cut off another.
    pub(super) listed: usize,
    /// Keys listed since the last directory of known neighbours was entered.
    pub(super) run: usize,
    /// Directories seen here, and, fading, in the ranges that this one was cut off.
    pub(super) seen: Seen,
    /// Directories left behind by the last page, down to the first unknown level.
    pub(super) last_crossed: usize,
    /// Keys that it was thought to hold when it was cut off.
    pub(super) expected: f64,
    pub(super) sample: Option<Sample>,
}

impl Span {
    pub(super) fn new(id: u64, range: Interval) -> Self {
        Self {
            id,
            position: range.after,
            end: range.upto,
            token: None,
            busy: false,
            probes: 0,
            known: 0,
            landmarks: Vec::new(),
            listed: 0,
            run: 0,
            seen: Seen::default(),
            last_crossed: 0,
            expected: 0.0,
            sample: None,
        }
    }

    /// Takes in a page that was asked for from the position on; `root` is the length of the listing's prefix.
    pub(super) fn take<E: Keyed>(&mut self, page: Page<E>, root: usize) -> Result<Taken<E>, PageError> {
        self.busy = false;
        let by_token = self.token.is_some();
        if let (Some(position), Some(first)) = (&self.position, page.objects.first())
            && first.key() <= position.as_str()
        {
            return match by_token {
                true => Err(PageError::Unordered { key: first.key().to_owned() }),
                false => Ok(Taken::StartAfterIgnored),
            };
        }
        let stuck = page.objects.is_empty() && page.continuation_token == self.token;
        if page.truncated && stuck {
            return Err(PageError::Stalled { after: self.position.clone().unwrap_or_default() });
        }
        let mut objects = page.objects;
        let crossings = crossings(&objects, root)?;
        let within =
            self.end.as_deref().map_or(objects.len(), |end| objects.partition_point(|object| object.key() <= end));
        let finished = within < objects.len() || !page.truncated;
        if finished {
            objects.truncate(within);
            return Ok(Taken::Listed {
                chunk: Some(Chunk { after: self.position.take(), upto: self.end.take(), objects }),
                finished,
            });
        }
        self.token = page.continuation_token;
        Ok(Taken::Listed { chunk: self.learn(objects, &crossings, root), finished })
    }

    /// Moves the position to the last of `objects` and learns from them.
    fn learn<E: Keyed>(&mut self, objects: Vec<E>, crossings: &[usize], root: usize) -> Option<Chunk<E>> {
        let last = objects.last()?.key().to_owned();
        self.listed += objects.len();
        self.run += objects.len();
        // An older sample would speak of a place that the position has left.
        self.sample = Sample::of(objects.iter().map(Keyed::key));
        self.seen.add(objects.len(), crossings);
        let passed = self.landmarks.partition_point(|landmark| landmark.key <= last);
        for landmark in self.landmarks.drain(..passed).filter(|landmark| landmark.more) {
            self.known = self.known.min(landmark.depth);
        }
        if let Some(before) = &self.position {
            let left = depth(before, root, shared(before, &last));
            if left < self.known {
                self.run = 0;
            }
            self.known = self.known.min(left + 1);
        }
        self.last_crossed = crossings.iter().take(self.known + 1).sum();
        let after = self.position.replace(last.clone());
        Some(Chunk { after, upto: Some(last), objects })
    }

    /// Cuts off the part above `key`, which must lie within the range.
    pub(super) fn cut(&mut self, key: String, id: u64, expected: f64) -> Self {
        let at = self.landmarks.partition_point(|landmark| landmark.key < key);
        let mut landmarks = self.landmarks.split_off(at);
        let mut known = self.known;
        if landmarks.first().is_some_and(|landmark| landmark.key == key) {
            let cut = landmarks.remove(0);
            known = known.min(if cut.more { cut.depth } else { cut.depth + 1 });
        }
        let end = self.end.replace(key.clone());
        let range = Interval { after: Some(key), upto: end };
        Self { known, landmarks, expected, seen: self.seen.faded(), ..Self::new(id, range) }
    }

    /// Directories between the prefix and the position's name.
    pub(super) fn levels(&self, root: usize) -> usize {
        self.position.as_deref().map_or(0, |position| depth(position, root, position.len()))
    }

    /// Adds landmarks that a probe found within the range.
    pub(super) fn add_landmarks(&mut self, found: impl IntoIterator<Item = Landmark>) {
        self.landmarks.extend(found);
        self.landmarks.sort_unstable();
        self.landmarks.dedup_by(|one, other| one.key == other.key);
    }

    /// Whether `key` lies in the range.
    pub(super) fn holds(&self, key: &str) -> bool {
        self.position.as_deref().is_none_or(|position| position < key)
            && self.end.as_deref().is_none_or(|end| key < end)
    }
}
