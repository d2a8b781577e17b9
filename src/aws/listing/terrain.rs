//! What is known of the key space as a whole.

use super::letters::Letters;
use super::page::Keyed;

/// Keys of a page until one was seen: S3's limit.
const PAGE_KEYS: usize = 1000;

/// What all ranges of a listing have in common.
#[derive(Debug)]
pub(super) struct Terrain {
    /// Bytes of the listing's prefix.
    pub(super) root: usize,
    /// Directories may be asked for.
    pub(super) probing: bool,
    /// Pages of keys seen.
    pub(super) pages: usize,
    /// Keys of the largest of them.
    most_keys: usize,
    pub(super) letters: Letters,
}

impl Terrain {
    pub(super) fn new(root: usize) -> Self {
        Self { root, probing: true, pages: 0, most_keys: 0, letters: Letters::default() }
    }

    /// Learns from a page of keys.
    pub(super) fn learn<E: Keyed>(&mut self, objects: &[E]) {
        self.pages += 1;
        self.most_keys = self.most_keys.max(objects.len());
        self.letters.learn(objects, self.root);
    }

    /// Keys that a full page has.
    pub(super) fn page_keys(&self) -> usize {
        if self.most_keys == 0 { PAGE_KEYS } else { self.most_keys }
    }
}
