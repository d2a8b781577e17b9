//! Directories: places to cut a range at, and how much they hold.
//!
//! A directory is whatever ends at a `/` below the listing's prefix. Its depth is the number of directories
//! between the prefix and it.

use super::guess::shared;
use super::page::{Keyed, PageError};

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
pub(super) struct Seen {
    pub(super) keys: f64,
    /// Directories left behind, by depth.
    crossings: Vec<f64>,
}

impl Seen {
    pub(super) fn add(&mut self, keys: usize, crossings: &[usize]) {
        self.keys += keys as f64;
        self.crossings.resize(self.crossings.len().max(crossings.len()), 0.0);
        for (total, crossed) in self.crossings.iter_mut().zip(crossings) {
            *total += *crossed as f64;
        }
    }

    /// Half of it: what was seen elsewhere says less than what is seen here.
    pub(super) fn faded(&self) -> Self {
        Self { keys: self.keys / 2.0, crossings: self.crossings.iter().map(|crossed| crossed / 2.0).collect() }
    }

    /// Keys of a directory at `level`; `None` if none was left behind yet.
    pub(super) fn directory(&self, level: usize) -> Option<f64> {
        let crossed: f64 = self.crossings.iter().take(level + 1).sum();
        (crossed > 0.0).then(|| self.keys / (0.5 + crossed))
    }
}

/// Number of slashes of `key` between the prefix of `root` bytes and byte `upto`.
pub(super) fn depth(key: &str, root: usize, upto: usize) -> usize {
    key.as_bytes().get(root..upto).map_or(0, |path| path.iter().filter(|byte| **byte == b'/').count())
}

/// How many directories the keys leave behind, by depth; an error if the keys do not ascend.
pub(super) fn crossings<E: Keyed>(objects: &[E], root: usize) -> Result<Vec<usize>, PageError> {
    let mut crossings = Vec::new();
    for pair in objects.windows(2) {
        let (one, other) = (pair[0].key(), pair[1].key());
        if one >= other {
            return Err(PageError::Unordered { key: other.to_owned() });
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
