//! How much a range still holds, and where it is best cut.

use super::guess::Gauge;
use super::letters::Place;
use super::span::Span;
use super::terrain::Terrain;

/// How much a directory of unseen size counts, as a multiple of what was listed of its neighbour so far.
const UNSEEN: f64 = 4.0;
/// Directories left behind by one page from which on they count as keys.
const MANY_DIRECTORIES: usize = 8;
/// Keys that a range of unknown structure counts for, in pages: enough to be looked at soon.
const UNKNOWN_PAGES: f64 = 64.0;

impl Span {
    /// Whether the directories beside the position should be asked for: not where a page holds many of them, for
    /// there they are too many to be asked for, and their names can be guessed as well as those of keys.
    pub(super) fn needs_probe(&self, terrain: &Terrain) -> bool {
        terrain.probing && self.known < self.levels(terrain.root) && self.last_crossed < MANY_DIRECTORIES
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
    pub(super) fn before_landmarks(&self, terrain: &Terrain) -> f64 {
        if self.listed == 0 {
            return self.expected;
        }
        // As much as directories like this one held, or as this one turned out to hold so far.
        let alike = self.typical().map(|typical| typical.max(self.run as f64));
        if self.needs_probe(terrain) {
            return alike.unwrap_or((self.expected - self.listed as f64).max(self.run as f64));
        }
        let unknown = alike.unwrap_or(UNKNOWN_PAGES * terrain.page_keys() as f64);
        let guessed = self.gauge(terrain).map_or(0.0, |gauge| gauge.remaining().unwrap_or(unknown));
        // Names of directories are no random names: what their characters say is held against their likes.
        if self.last_crossed > 0 { alike.map_or(guessed, |alike| guessed.min(UNSEEN * alike)) } else { guessed }
    }

    /// Keys of a directory at the deepest level of known neighbours, if one was left behind.
    fn typical(&self) -> Option<f64> {
        let level = self.known.checked_sub(1)?;
        self.seen.directory(level)
    }

    fn gauge<'a>(&'a self, terrain: &'a Terrain) -> Option<Gauge<'a>> {
        let (sample, position) = (self.sample.as_ref()?, self.position.as_deref()?);
        let end = self.landmarks.first().map(|landmark| landmark.key.as_str()).or(self.end.as_deref());
        // Where directories can be probed, all that is left beside the landmarks lies in the one of the last page.
        let leaf = if terrain.probing { sample.directory() } else { 0 };
        Some(Gauge::new(sample, terrain, position, leaf.max(terrain.root), end))
    }

    /// Up to `count` guessed cuts, none within the next page; and the places beyond which they look.
    pub(super) fn guessed_cuts(&self, count: usize, terrain: &Terrain) -> (Vec<String>, Vec<(Place, char)>) {
        let gauge = self.gauge(terrain);
        gauge.map_or_else(Default::default, |gauge| gauge.cuts(count, terrain.page_keys() as f64))
    }

    /// Up to `count` landmarks that part what remains after the next page evenly.
    pub(super) fn landmark_cuts(&self, count: usize, terrain: &Terrain) -> Vec<String> {
        let weights = self.weights();
        let mut ahead = self.landmarks.first().map_or(0.0, |landmark| weights[landmark.depth] / 2.0);
        let mut places = Vec::with_capacity(self.landmarks.len());
        for landmark in &self.landmarks {
            places.push(ahead);
            ahead += weights[landmark.depth];
        }
        let skip = (terrain.page_keys() as f64).min(ahead / 2.0);
        let mut chosen: Vec<usize> = (1..=count)
            .map(|number| skip + (ahead - skip) * number as f64 / (count + 1) as f64)
            .filter_map(|target| nearest(&places, target))
            .collect();
        chosen.dedup();
        chosen.into_iter().map(|index| self.landmarks[index].key.clone()).collect()
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
