//! Date folders: finds those of a time range, so that years of logs need not be listed for the sake of one day.
//!
//! Known layouts are `.../2026/01/31/` (with or without an hour), as AWS services write them, and
//! `.../year=2026/month=01/day=31/hour=13/`, as Panther and Hive do.

use futures::StreamExt;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::aws::listing::{PageError, PageQuery, Pages};
use crate::time::Range;

/// Folders looked into at the same time.
const LOOKS: usize = 64;

/// Folders between the path and the year: account, service, region and some more.
const DEEPEST: usize = 8;

/// Names of the parts in Hive's layout, in order.
const NAMES: [&str; 4] = ["year=", "month=", "day=", "hour="];

/// A folder, with the parts of a date that its path has so far.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Folder {
    prefix: String,
    parts: Vec<i16>,
    depth: usize,
}

impl Folder {
    fn root(prefix: &str) -> Self {
        let mut parts = Vec::new();
        for name in prefix.split_inclusive('/').filter(|name| name.ends_with('/')) {
            match part(name, parts.len()) {
                Some(value) => parts.push(value),
                None if parts.len() < 3 => parts.clear(),
                None => {}
            }
        }
        Self { prefix: prefix.to_owned(), parts, depth: 0 }
    }

    /// The folder of this common prefix, with one part of the date more if its name is one.
    fn child(&self, prefix: String) -> Self {
        let mut parts = self.parts.clone();
        parts.extend(part(&prefix[self.prefix.len().min(prefix.len())..], parts.len()));
        Self { prefix, parts, depth: self.depth + 1 }
    }

    /// The time that the folder stands for; `None` as long as it has no date.
    fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let year = *self.parts.first()?;
        let small =
            |index: usize, missing: i8| self.parts.get(index).map_or(Some(missing), |value| i8::try_from(*value).ok());
        let start = Date::new(year, small(1, 1)?, small(2, 1)?).ok()?.at(small(3, 0)?, 0, 0, 0);
        let length = match self.parts.len() {
            1 => Span::new().years(1),
            2 => Span::new().months(1),
            3 => Span::new().days(1),
            _ => Span::new().hours(1),
        };
        let end = start.checked_add(length).ok()?;
        let instant = |time: jiff::civil::DateTime| Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp());
        Some((instant(start)?, instant(end)?))
    }
}

/// The value of a folder's name as part number `index` of a date.
fn part(name: &str, index: usize) -> Option<i16> {
    let name = name.strip_suffix('/')?;
    let hive = NAMES.get(index)?;
    let digits = name.strip_prefix(hive);
    let plain = name.len() == if index == 0 { 4 } else { 2 };
    let digits = digits.or(plain.then_some(name))?;
    let value: i16 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    let (least, most) = [(1990, 2200), (1, 12), (1, 31), (0, 23)][index];
    (least..=most).contains(&value).then_some(value)
}

enum Overlap {
    Nothing,
    Part,
    Whole,
}

fn overlap(folder: &Folder, range: &Range) -> Overlap {
    let Some((start, end)) = folder.span() else { return Overlap::Part };
    if range.start.is_some_and(|first| end <= first) || range.end.is_some_and(|last| start >= last) {
        Overlap::Nothing
    } else if range.start.is_none_or(|first| first <= start) && range.end.is_none_or(|last| end <= last) {
        Overlap::Whole
    } else {
        Overlap::Part
    }
}

/// The prefixes below `root` that hold the range, as few as possible; folders without a date are left out.
///
/// # Errors
/// A folder cannot be listed.
pub async fn expand<P: Pages>(pages: &P, root: &str, range: &Range) -> Result<Vec<String>, PageError> {
    let mut found = Vec::new();
    let mut level = vec![Folder::root(root)];
    while !level.is_empty() {
        let looks = level.into_iter().map(|folder| async move {
            let children = children(pages, &folder).await?;
            Ok::<_, PageError>((folder, children))
        });
        let looked: Vec<_> = futures::stream::iter(looks).buffer_unordered(LOOKS).collect().await;
        level = Vec::new();
        for look in looked {
            let (folder, children) = look?;
            let dated = children.iter().any(|child| child.parts.len() > folder.parts.len());
            if !folder.parts.is_empty() && !dated {
                found.push(folder.prefix);
                continue;
            }
            for child in children.into_iter().filter(|child| !child.parts.is_empty() || child.depth <= DEEPEST) {
                match overlap(&child, range) {
                    Overlap::Nothing => {}
                    Overlap::Whole => found.push(child.prefix),
                    Overlap::Part => level.push(child),
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

async fn children<P: Pages>(pages: &P, folder: &Folder) -> Result<Vec<Folder>, PageError> {
    let mut children = Vec::new();
    let mut query = PageQuery { prefix: folder.prefix.clone(), delimiter: Some('/'), ..PageQuery::default() };
    loop {
        let page = pages.page(query.clone()).await?;
        children.extend(page.prefixes.into_iter().map(|prefix| folder.child(prefix)));
        if !page.truncated || page.continuation_token.is_none() {
            return Ok(children);
        }
        query.continuation_token = page.continuation_token;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::aws::listing::Page;

    use super::*;

    struct Keys(Vec<&'static str>);

    impl Pages for Keys {
        async fn page(&self, query: PageQuery) -> Result<Page, PageError> {
            let below = self.0.iter().filter_map(|key| key.strip_prefix(query.prefix.as_str()));
            let folders: BTreeSet<String> =
                below.filter_map(|rest| Some(format!("{}{}", query.prefix, &rest[..=rest.find('/')?]))).collect();
            Ok(Page { prefixes: folders.into_iter().collect(), ..Page::default() })
        }
    }

    fn range(start: &str, end: &str) -> Range {
        Range { start: start.parse().ok(), end: end.parse().ok() }
    }

    async fn expanded(keys: &[&'static str], root: &str, start: &str, end: &str) -> Vec<String> {
        expand(&Keys(keys.to_vec()), root, &range(start, end)).await.expect("keys in memory")
    }

    #[tokio::test]
    async fn days_of_each_account_and_region_are_found() {
        let keys = [
            "AWSLogs/1/CloudTrail/eu/2025/12/31/x",
            "AWSLogs/1/CloudTrail/eu/2026/01/01/x",
            "AWSLogs/1/CloudTrail/us/2026/01/02/x",
            "AWSLogs/2/CloudTrail/us/2026/02/01/x",
            "AWSLogs/2/readme/x",
        ];
        let found = expanded(&keys, "AWSLogs/", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z").await;
        assert_eq!(found, ["AWSLogs/1/CloudTrail/eu/2026/01/01/", "AWSLogs/1/CloudTrail/us/2026/01/02/"]);
        let found = expanded(&keys, "AWSLogs/", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z").await;
        assert_eq!(found.len(), 3, "whole years at once: {found:?}");
        assert!(found.iter().all(|prefix| prefix.ends_with("/2026/")));
    }

    #[tokio::test]
    async fn hours_are_chosen_where_there_are_hours() {
        let keys = [
            "t/year=2026/month=03/day=01/hour=09/x",
            "t/year=2026/month=03/day=01/hour=10/x",
            "d/2026/03/01/x",
            "d/2026/03/02/x",
        ];
        let at = ("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z");
        assert_eq!(expanded(&keys, "t/", at.0, at.1).await, ["t/year=2026/month=03/day=01/hour=10/"]);
        assert_eq!(expanded(&keys, "d/", at.0, at.1).await, ["d/2026/03/01/"], "the day has no hours");
        assert_eq!(expanded(&keys, "d/2026/", at.0, at.1).await, ["d/2026/03/01/"], "the path begins with the year");
    }
}
