//! A range of keys that one worker lists, and what has been learnt about it.
//!
//! Knowledge is only ever a hint where to cut: what a range holds is decided by its two bounds alone, so a wrong
//! guess, a lying server or a changing bucket costs time and never a key.

use super::guess::{Gauge, Sample, shared};
use super::page::{Object, Page, PageError};
use super::{Chunk, Interval};

/// How much a directory of unseen size counts, as a multiple of what was listed of its neighbour so far.
const UNSEEN: f64 = 4.0;
/// Directories left behind by one page from which on they count as keys.
const MANY_DIRECTORIES: usize = 8;
/// Keys that a range of unknown structure counts for, in pages: enough to be looked at soon.
const UNKNOWN_PAGES: f64 = 64.0;

/// A directory between the position and the end of a range: a good place to cut.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Landmark {
    pub(super) key: String,
    /// Number of directories between the prefix and this one.
    pub(super) depth: usize,
    /// More directories follow that the probe did not show.
    pub(super) more: bool,
}

/// How large directories were found to be.
#[derive(Debug, Clone, Default)]
struct Seen {
    keys: f64,
    /// Directories left behind, by depth.
    crossings: Vec<f64>,
}

impl Seen {
    fn add(&mut self, keys: usize, crossings: &[usize]) {
        self.keys += keys as f64;
        self.crossings.resize(self.crossings.len().max(crossings.len()), 0.0);
        for (total, crossed) in self.crossings.iter_mut().zip(crossings) {
            *total += *crossed as f64;
        }
    }

    /// Half of it: what was seen elsewhere says less than what is seen here.
    fn faded(&self) -> Self {
        Self { keys: self.keys / 2.0, crossings: self.crossings.iter().map(|crossed| crossed / 2.0).collect() }
    }

    /// Keys of a directory at `level`; `None` if none was left behind yet.
    fn directory(&self, level: usize) -> Option<f64> {
        let crossed: f64 = self.crossings.iter().take(level + 1).sum();
        (crossed > 0.0).then(|| self.keys / (0.5 + crossed))
    }
}

/// What became of a page.
pub(super) enum Taken {
    /// To be delivered (`None`: the page had no keys, but more follow), and whether the range is finished.
    Listed { chunk: Option<Chunk>, finished: bool },
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
    run: usize,
    /// Directories seen here, and, fading, in the ranges that this one was cut off.
    seen: Seen,
    /// Directories left behind by the last page, down to the first unknown level.
    last_crossed: usize,
    /// Keys that it was thought to hold when it was cut off.
    expected: f64,
    sample: Option<Sample>,
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
    pub(super) fn take(&mut self, page: Page, root: usize) -> Result<Taken, PageError> {
        self.busy = false;
        let by_token = self.token.is_some();
        if let (Some(position), Some(first)) = (&self.position, page.objects.first())
            && first.key <= *position
        {
            return match by_token {
                true => Err(PageError::Unordered { key: first.key.clone() }),
                false => Ok(Taken::StartAfterIgnored),
            };
        }
        let stuck = page.objects.is_empty() && page.continuation_token == self.token;
        if page.truncated && stuck {
            return Err(PageError::Stalled { after: self.position.clone().unwrap_or_default() });
        }
        let mut objects = page.objects;
        let crossings = crossings(&objects, root)?;
        let within = self
            .end
            .as_deref()
            .map_or(objects.len(), |end| objects.partition_point(|object| object.key.as_str() <= end));
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
    fn learn(&mut self, objects: Vec<Object>, crossings: &[usize], root: usize) -> Option<Chunk> {
        let last = objects.last()?.key.clone();
        self.listed += objects.len();
        self.run += objects.len();
        self.sample = Sample::of(objects.iter().map(|object| object.key.as_str())).or(self.sample.take());
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

    /// Whether the directories beside the position should be asked for: not where a page holds many of them, for
    /// there they are too many to be asked for, and their names can be guessed as well as those of keys.
    pub(super) fn needs_probe(&self, root: usize) -> bool {
        self.known < self.levels(root) && self.last_crossed < MANY_DIRECTORIES
    }

    /// Keys of one directory at each depth at which a landmark lies, by what was seen so far.
    fn weights(&self) -> Vec<f64> {
        let deepest = self.landmarks.iter().map(|landmark| landmark.depth).max().map_or(0, |depth| depth + 1);
        let mut remaining = vec![0.0; deepest];
        for landmark in &self.landmarks {
            remaining[landmark.depth] += 1.0;
        }
        let mut weights = vec![0.0_f64; deepest];
        for level in (0..deepest).rev() {
            let own = self.seen.directory(level).unwrap_or(self.seen.keys * UNSEEN);
            // A directory holds at least what is known to remain in the one that the position is in.
            let below = weights.get(level + 1).map_or(0.0, |weight| weight * (remaining[level + 1] + 1.0));
            weights[level] = own.max(below);
        }
        weights
    }

    /// Keys that probably lie between the first landmark and the end.
    pub(super) fn beyond_landmarks(&self) -> f64 {
        let weights = self.weights();
        self.landmarks.iter().map(|landmark| weights[landmark.depth]).sum()
    }

    /// Keys that probably lie between the position and the first landmark.
    pub(super) fn before_landmarks(&self, root: usize, page: usize, probing: bool) -> f64 {
        if self.listed == 0 {
            return self.expected;
        }
        // As much as directories like this one held, or as this one turned out to hold so far.
        let typical = self.known.checked_sub(1).and_then(|level| self.seen.directory(level));
        let alike = typical.map(|typical| typical.max(self.run as f64));
        if probing && self.needs_probe(root) {
            return alike.unwrap_or((self.expected - self.listed as f64).max(self.run as f64));
        }
        let unknown = alike.unwrap_or(UNKNOWN_PAGES * page as f64);
        let guessed = self.gauge(root, probing).map_or(0.0, |gauge| gauge.remaining().unwrap_or(unknown));
        // Names of directories are no random names: what their characters say is held against their likes.
        if self.last_crossed > 0 { alike.map_or(guessed, |alike| guessed.min(UNSEEN * alike)) } else { guessed }
    }

    fn gauge(&self, root: usize, probing: bool) -> Option<Gauge<'_>> {
        let (sample, position) = (self.sample.as_ref()?, self.position.as_deref()?);
        let end = self.landmarks.first().map(|landmark| landmark.key.as_str()).or(self.end.as_deref());
        // Where directories can be probed, all that is left beside the landmarks lies in the one of the last page.
        let leaf = if probing { sample.directory() } else { 0 };
        Some(Gauge::new(sample, position, leaf.max(root), end))
    }

    /// Up to `count` guessed cuts, `page` keys or more ahead of the position.
    pub(super) fn guessed_cuts(&self, count: usize, root: usize, page: usize, probing: bool) -> Vec<String> {
        self.gauge(root, probing).map_or_else(Vec::new, |gauge| gauge.cuts(count, page as f64))
    }

    /// Up to `count` landmarks that part what remains after the next page evenly.
    pub(super) fn landmark_cuts(&self, count: usize, page: usize) -> Vec<String> {
        let weights = self.weights();
        let mut ahead = self.landmarks.first().map_or(0.0, |landmark| weights[landmark.depth] / 2.0);
        let mut places = Vec::with_capacity(self.landmarks.len());
        for landmark in &self.landmarks {
            places.push(ahead);
            ahead += weights[landmark.depth];
        }
        let skip = (page as f64).min(ahead / 2.0);
        let mut chosen: Vec<usize> = (1..=count)
            .map(|number| skip + (ahead - skip) * number as f64 / (count + 1) as f64)
            .filter_map(|target| nearest(&places, target))
            .collect();
        chosen.dedup();
        chosen.into_iter().map(|index| self.landmarks[index].key.clone()).collect()
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

/// Index of the place nearest to `target`; places ascend.
fn nearest(places: &[f64], target: f64) -> Option<usize> {
    let above = places.partition_point(|place| *place < target);
    let below = above.checked_sub(1);
    match (below, places.get(above)) {
        (Some(below), Some(place)) if target - places[below] > place - target => Some(above),
        (Some(below), _) => Some(below),
        (None, Some(_)) => Some(above),
        (None, None) => None,
    }
}

/// Number of slashes of `key` between the prefix of `root` bytes and byte `upto`.
fn depth(key: &str, root: usize, upto: usize) -> usize {
    key.as_bytes().get(root..upto).map_or(0, |path| path.iter().filter(|byte| **byte == b'/').count())
}

/// How many directories the keys leave behind, by depth; an error if the keys do not ascend.
fn crossings(objects: &[Object], root: usize) -> Result<Vec<usize>, PageError> {
    let mut crossings = Vec::new();
    for pair in objects.windows(2) {
        let (one, other) = (&pair[0].key, &pair[1].key);
        if one >= other {
            return Err(PageError::Unordered { key: other.clone() });
        }
        let same = shared(one, other);
        if one.as_bytes()[same..].contains(&b'/') {
            let left = depth(one, root, same);
            crossings.resize(crossings.len().max(left + 1), 0);
            crossings[left] += 1;
        }
    }
    Ok(crossings)
}
