//! Who lists what next.
//!
//! All work is ranges of keys that are listed flat, so that nearly every request brings a full page. A worker that
//! has nothing to do takes a part of the range that seems to have most left: cut at a directory, if some are known;
//! else it first asks for the directories beside the range's path; else it guesses. All decisions are taken here,
//! without waiting for anything, so that a test can replay them.

use std::collections::HashMap;

use super::Interval;
use super::directory::Landmark;
use super::page::{Keyed, Page, PageQuery};
use super::span::Span;
use super::terrain::Terrain;

/// Directories remembered as places to cut; about 2 MB. More are thinned out.
const LANDMARKS: usize = 16_384;
/// New ranges per page seen: a listing of a few pages must not cost a request for each worker.
const SPANS_PER_PAGE: usize = 32;
/// Pages that must seem to remain beyond the one under way before a range is cut.
const WORTH_CUTTING: f64 = 1.5;
/// Levels of a path that are probed at once.
const PROBE_LEVELS: usize = 16;

/// The delimiter of directories.
pub(super) const DELIMITER: char = '/';

/// What a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The next page of the range of this id.
    List(u64),
    /// The directories at `level` of the path of the range of this id; `path` is their parent directory.
    Probe { span: u64, level: usize, path: String },
}

/// The ranges in work and all that decides about them.
#[derive(Debug)]
pub(super) struct Board {
    prefix: String,
    /// In key order; they do not overlap.
    pub(super) spans: Vec<Span>,
    next_id: u64,
    pub(super) terrain: Terrain,
}

impl Board {
    pub(super) fn new(prefix: String, ranges: Vec<Interval>) -> Self {
        let spans: Vec<Span> = (0..).zip(ranges).map(|(id, range)| Span::new(id, range)).collect();
        let terrain = Terrain::new(prefix.len());
        Self { prefix, next_id: spans.len() as u64, spans, terrain }
    }

    pub(super) fn index_of(&self, id: u64) -> Option<usize> {
        self.spans.iter().position(|span| span.id == id)
    }

    /// Up to `idle` requests to be sent now.
    pub(super) fn next(&mut self, idle: usize) -> Vec<(Purpose, PageQuery)> {
        let mut requests = self.waiting(idle);
        if self.terrain.pages == 0 {
            requests.extend(self.first_probe(idle - requests.len()));
            return requests;
        }
        let mut tried = Vec::new();
        while requests.len() < idle {
            let Some((index, share)) = self.richest(idle - requests.len(), &tried) else {
                break;
            };
            tried.push(self.spans[index].id);
            requests.extend(self.relieve(index, share));
            let rest = idle - requests.len();
            requests.extend(self.waiting(rest));
        }
        requests
    }

    /// Pages of ranges on which nobody works.
    fn waiting(&mut self, idle: usize) -> Vec<(Purpose, PageQuery)> {
        let prefix = &self.prefix;
        let waiting = self.spans.iter_mut().filter(|span| !span.busy).take(idle);
        waiting
            .map(|span| {
                span.busy = true;
                let query = PageQuery {
                    prefix: prefix.clone(),
                    // S3 ignores it beside a token; servers that do not would be right to.
                    start_after: span.position.clone().filter(|_| span.token.is_none()),
                    continuation_token: span.token.clone(),
                    ..PageQuery::default()
                };
                (Purpose::List(span.id), query)
            })
            .collect()
    }

    /// With the very first page the directories below the prefix are asked for: it saves a round.
    fn first_probe(&mut self, idle: usize) -> Option<(Purpose, PageQuery)> {
        let path = self.prefix.clone();
        let root = self.terrain.root;
        let span = self.spans.first_mut().filter(|span| idle > 0 && span.known == 0 && span.probes == 0)?;
        span.probes += 1;
        Some(probe(span, 0, path, root))
    }

    /// The range with most left, and how many of `idle` workers should help there.
    fn richest(&self, idle: usize, tried: &[u64]) -> Option<(usize, usize)> {
        let room = (SPANS_PER_PAGE * self.terrain.pages).saturating_sub(self.spans.len());
        let page = self.terrain.page_keys() as f64;
        let left = self.spans.iter().map(|span| self.left(span));
        let estimates: Vec<f64> = left.map(|(before, beyond)| (before + beyond) / page).collect();
        let total: f64 = estimates.iter().sum();
        let may = |index: usize| self.may_relieve(&self.spans[index]) && !tried.contains(&self.spans[index].id);
        let able = estimates.iter().enumerate().filter(|(index, _)| may(*index));
        let (index, most) = able.max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        let share = (idle as f64 * most / total).ceil().min(*most).max(1.0) as usize;
        (room > 0 && *most >= WORTH_CUTTING).then_some((index, share.min(idle).min(room)))
    }

    fn may_relieve(&self, span: &Span) -> bool {
        span.listed > 0 && (span.probes == 0 || !span.landmarks.is_empty())
    }

    /// Keys that probably remain before and beyond the first landmark.
    fn left(&self, span: &Span) -> (f64, f64) {
        (span.before_landmarks(&self.terrain), span.beyond_landmarks())
    }

    /// Cuts a range, or asks where it could be cut.
    fn relieve(&mut self, index: usize, share: usize) -> Vec<(Purpose, PageQuery)> {
        let (before, beyond) = self.left(&self.spans[index]);
        let span = &self.spans[index];
        let cuts = if beyond >= before {
            span.landmark_cuts(share, &self.terrain)
        } else if span.needs_probe(&self.terrain) {
            return self.probes(index, share);
        } else {
            let (cuts, places) = span.guessed_cuts(share, &self.terrain);
            self.terrain.letters.looked_beyond(&places);
            cuts
        };
        let expected = (before + beyond) / (cuts.len() + 1) as f64;
        for cut in cuts.into_iter().rev() {
            self.cut(index, cut, expected);
        }
        Vec::new()
    }

    fn cut(&mut self, index: usize, key: String, expected: f64) {
        let id = self.next_id;
        let span = &mut self.spans[index];
        if span.holds(&key) {
            let upper = span.cut(key, id, expected);
            self.next_id += 1;
            self.spans.insert(index + 1, upper);
        }
    }

    /// Asks for the directories at the unknown levels of the range's path, the topmost first.
    fn probes(&mut self, index: usize, count: usize) -> Vec<(Purpose, PageQuery)> {
        let root = self.terrain.root;
        let span = &mut self.spans[index];
        let Some(position) = span.position.clone().filter(|_| span.probes == 0) else {
            return Vec::new();
        };
        let levels = span.known..span.levels(root).min(span.known + PROBE_LEVELS);
        let parents = std::iter::once(root)
            .chain(position.match_indices(DELIMITER).map(|(at, _)| at + 1).filter(|end| *end > root));
        let paths = parents.enumerate().filter(|(level, _)| levels.contains(level)).take(count);
        let requests: Vec<_> = paths.map(|(level, end)| probe(span, level, position[..end].to_owned(), root)).collect();
        span.probes += requests.len();
        requests
    }

    /// Takes in the directories that a probe found.
    pub(super) fn found<E: Keyed>(&mut self, span: u64, level: usize, path: &str, page: Page<E>) {
        let more = page.truncated;
        // Without directories on a page cut short, its last key marks how far the probe saw.
        let last = page.objects.last().map(|object| object.key().to_owned()).filter(|_| more);
        let last = last.filter(|last| page.prefixes.last().is_none_or(|prefix| prefix < last));
        let mut keys = page.prefixes;
        let total: usize = self.spans.iter().map(|span| span.landmarks.len()).sum();
        let step = (keys.len() + total).div_ceil(LANDMARKS).max(1);
        let mut tail = more.then(|| last.or_else(|| keys.pop())).flatten();
        keys = keys.into_iter().step_by(step).chain(tail.take()).collect();
        let count = keys.len();
        let landmarks =
            (1..).zip(keys).map(|(number, key)| Landmark { key, depth: level, more: more && number == count });
        self.place(landmarks.collect());
        let Some(span) = self.index_of(span).map(|index| &mut self.spans[index]) else {
            return;
        };
        span.probes -= 1;
        if span.known == level && span.position.as_deref().is_none_or(|position| position.starts_with(path)) {
            span.known = level + 1;
        }
    }

    /// Gives each landmark to the range that it lies in.
    fn place(&mut self, landmarks: Vec<Landmark>) {
        let mut by_span: HashMap<usize, Vec<Landmark>> = HashMap::new();
        for landmark in landmarks {
            let index =
                self.spans.partition_point(|span| span.end.as_deref().is_some_and(|end| end < landmark.key.as_str()));
            if self.spans.get(index).is_some_and(|span| span.holds(&landmark.key)) {
                by_span.entry(index).or_default().push(landmark);
            }
        }
        for (index, landmarks) in by_span {
            self.spans[index].add_landmarks(landmarks);
        }
    }

    /// A probe failed: no more of them, cuts are guessed from now on.
    pub(super) fn probe_failed(&mut self, span: u64, for_good: bool) {
        if let Some(index) = self.index_of(span) {
            self.spans[index].probes -= 1;
        }
        self.terrain.probing &= !for_good;
    }

    /// What is not listed yet, in key order.
    pub(super) fn rest(&self) -> Vec<Interval> {
        let range = |span: &Span| Interval { after: span.position.clone(), upto: span.end.clone() };
        self.spans.iter().map(range).collect()
    }
}

/// Asks for the directories below `path` that follow the one in which the range's position is.
fn probe(span: &Span, level: usize, path: String, root: usize) -> (Purpose, PageQuery) {
    let position = span.position.as_deref();
    let beyond = position.filter(|position| position.len() > root && position.starts_with(&path)).map(|position| {
        let name = position[path.len()..].split(DELIMITER).next().unwrap_or_default();
        // `0` follows the delimiter: all keys of the directory are skipped, and no other.
        format!("{path}{name}0")
    });
    let start_after = beyond.or_else(|| span.position.clone());
    let query = PageQuery { prefix: path.clone(), delimiter: Some(DELIMITER), start_after, ..PageQuery::default() };
    (Purpose::Probe { span: span.id, level, path }, query)
}
