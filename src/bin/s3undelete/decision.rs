//! What becomes of a key: the whole table, as a function of its history and of what was asked for.
//!
//! | history | decision |
//! |---|---|
//! | data on top | nothing to do |
//! | markers only | orphan: nothing to bring back |
//! | a marker above the data is newer than asked for | skipped: somebody deleted it again |
//! | a marker above the data is older than asked for | skipped: it had been deleted before; `--deep` takes it along |
//! | none of the markers has an id that was asked for | skipped: another deletion |
//! | all markers above the data are asked for | restored |

use std::collections::HashSet;

use opstools::aws::listing::{DeleteMarker, History, VersionId};
use opstools::time::Range;

/// Which deletions were asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// When they happened.
    pub range: Range,
    /// Version ids of their markers; empty is any.
    pub ids: HashSet<VersionId>,
    /// Older deletions below one that was asked for are taken along.
    pub deep: bool,
}

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A reader gets data: nothing to do.
    Live,
    /// It has nothing but markers.
    Orphan,
    /// Its markers go.
    Restore,
    /// It is left as it is.
    Skip(Why),
}

/// Why a key is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It had been deleted before the time asked for.
    DeletedBefore,
    /// It was deleted again after the time asked for.
    DeletedAgain,
    /// None of its markers has an id that was asked for.
    OtherMarker,
}

impl Why {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeletedBefore => "deleted_before",
            Self::DeletedAgain => "deleted_again",
            Self::OtherMarker => "other_marker",
        }
    }
}

/// Where a marker stands to what was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Wanted,
    Before,
    After,
}

/// The table.
pub fn decide(history: &History, wanted: &Wanted) -> Decision {
    if history.data.is_none() {
        return Decision::Orphan;
    }
    if history.markers.is_empty() {
        return Decision::Live;
    }
    let sides = sides(&history.markers, wanted);
    let has = |side| sides.contains(&side);
    let named = |marker: &DeleteMarker| wanted.ids.contains(marker.id());
    if !wanted.ids.is_empty() && !history.markers.iter().any(named) {
        Decision::Skip(Why::OtherMarker)
    } else if has(Side::After) {
        Decision::Skip(Why::DeletedAgain)
    } else if has(Side::Before) && !(wanted.deep && has(Side::Wanted)) {
        Decision::Skip(Why::DeletedBefore)
    } else {
        Decision::Restore
    }
}

/// The newest marker first. A marker whose time fits but whose id was not asked for is older than what was, or newer.
fn sides(markers: &[DeleteMarker], wanted: &Wanted) -> Vec<Side> {
    let mut below = false;
    let side = |marker: &DeleteMarker| {
        if wanted.range.start.is_some_and(|start| marker.time() < start) {
            return Side::Before;
        }
        if wanted.range.end.is_some_and(|end| marker.time() >= end) {
            return Side::After;
        }
        if wanted.ids.is_empty() || wanted.ids.contains(marker.id()) {
            below = true;
            return Side::Wanted;
        }
        if below { Side::Before } else { Side::After }
    };
    markers.iter().map(side).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use opstools::aws::listing::Version;

    fn version(second: i64, marker: bool) -> Version {
        Version {
            key: "k".to_owned(),
            version_id: format!("v{second}"),
            is_latest: false,
            delete_marker: marker,
            size: 1,
            last_modified: Timestamp::from_second(second).expect("a second"),
            etag: String::new(),
            storage_class: None,
        }
    }

    /// Markers at these seconds, the newest first, above data or above nothing.
    fn history(markers: &[i64], data: bool) -> History {
        let markers = markers.iter().filter_map(|second| DeleteMarker::of(&version(*second, true)));
        History { key: "k".to_owned(), markers: markers.collect(), data: data.then(|| version(0, false)) }
    }

    fn wanted(start: Option<i64>, end: Option<i64>, deep: bool, ids: &[&str]) -> Wanted {
        let at = |second: Option<i64>| second.map(|second| Timestamp::from_second(second).expect("a second"));
        let ids = ids.iter().filter_map(|id| VersionId::new(*id)).collect();
        Wanted { range: Range { start: at(start), end: at(end) }, ids, deep }
    }

    /// Markers, data below them, start, end, deep, ids, decision.
    type Row = (&'static [i64], bool, Option<i64>, Option<i64>, bool, &'static [&'static str], Decision);

    #[test]
    fn the_table() {
        use Decision::{Live, Orphan, Restore, Skip};
        use Why::{DeletedAgain, DeletedBefore, OtherMarker};
        let table: [Row; 20] = [
            (&[], true, None, None, false, &[], Live),
            (&[], true, Some(10), Some(20), true, &["v1"], Live),
            (&[5], false, None, None, true, &[], Orphan),
            (&[15, 5], false, Some(10), Some(20), false, &["v9"], Orphan),
            (&[15], true, None, None, false, &[], Restore),
            (&[15], true, Some(10), Some(20), false, &[], Restore),
            (&[10], true, Some(10), Some(20), false, &[], Restore),
            (&[20], true, Some(10), Some(20), false, &[], Skip(DeletedAgain)),
            (&[9], true, Some(10), None, false, &[], Skip(DeletedBefore)),
            (&[19, 15, 10], true, Some(10), Some(20), false, &[], Restore),
            (&[15, 5], true, Some(10), Some(20), false, &[], Skip(DeletedBefore)),
            (&[15, 5], true, Some(10), Some(20), true, &[], Restore),
            (&[5], true, Some(10), Some(20), true, &[], Skip(DeletedBefore)),
            (&[25, 15], true, Some(10), Some(20), true, &[], Skip(DeletedAgain)),
            (&[25, 15, 5], true, Some(10), Some(20), false, &[], Skip(DeletedAgain)),
            (&[15], true, None, None, false, &["v15", "v1"], Restore),
            (&[15], true, None, None, false, &["v16"], Skip(OtherMarker)),
            (&[16, 15], true, None, None, true, &["v15"], Skip(DeletedAgain)),
            (&[16, 15], true, None, None, false, &["v16"], Skip(DeletedBefore)),
            (&[16, 15], true, None, None, true, &["v16"], Restore),
        ];
        for (markers, data, start, end, deep, ids, expected) in table {
            let case = format!("{markers:?} data {data} in {start:?}..{end:?} deep {deep} ids {ids:?}");
            assert_eq!(decide(&history(markers, data), &wanted(start, end, deep, ids)), expected, "{case}");
        }
    }
}
