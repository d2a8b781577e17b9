//! Listing one page after the other.
//!
//! The plain way, which needs nothing of a server but continuation tokens: the reference that the parallel walk
//! is held against, and what it falls back to where StartAfter is ignored.

use tokio::sync::mpsc::Sender;

use super::page::{Keyed, Page, PageError, PageQuery, Pages, STRIKES};
use super::{Chunk, Interval};

/// Delivers the keys of the ascending `ranges`; `seek`: skip to the first range by StartAfter, if the server can.
pub(super) async fn sweep<E: Keyed, P: Pages<E>>(
    pages: &P,
    prefix: &str,
    ranges: Vec<Interval>,
    seek: bool,
    sender: &Sender<Result<Chunk<E>, PageError>>,
) {
    let first = ranges.first().and_then(|range| range.after.clone());
    let mut sweep = Sweep { ranges, cursor: None };
    let mut query =
        PageQuery { prefix: prefix.to_owned(), start_after: first.filter(|_| seek), ..PageQuery::default() };
    let mut strikes = 0;
    while !sweep.ranges.is_empty() {
        let answer = match pages.page(query.clone()).await {
            Ok(page) => sweep.take(page, &mut query),
            Err(error) => Err(error),
        };
        let throttled = answer.as_ref().is_err_and(PageError::is_throttle);
        strikes = if throttled { strikes + 1 } else { 0 };
        if throttled && strikes < STRIKES {
            continue;
        }
        let (chunks, error) = match answer {
            Ok(chunks) => (chunks, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let failed = error.is_some();
        for item in chunks.into_iter().map(Ok).chain(error.map(Err)) {
            if sender.send(item).await.is_err() {
                return;
            }
        }
        if failed {
            return;
        }
    }
}

struct Sweep {
    /// What is still to be delivered, ascending.
    ranges: Vec<Interval>,
    /// The last key that the server gave.
    cursor: Option<String>,
}

impl Sweep {
    fn take<E: Keyed>(&mut self, page: Page<E>, query: &mut PageQuery) -> Result<Vec<Chunk<E>>, PageError> {
        if let Some(pair) = page.objects.windows(2).find(|pair| pair[0].key() >= pair[1].key()) {
            return Err(PageError::Unordered { key: pair[1].key().to_owned() });
        }
        let last = page.objects.last().map(|object| object.key().to_owned());
        let moved = last > self.cursor;
        if page.truncated && !moved && page.continuation_token == query.continuation_token {
            return Err(PageError::Stalled { after: self.cursor.clone().unwrap_or_default() });
        }
        self.cursor = last.max(self.cursor.take());
        query.start_after = self.cursor.clone().filter(|_| page.continuation_token.is_none());
        query.continuation_token = page.continuation_token;
        Ok(self.deliver(page.objects, !page.truncated))
    }

    /// Parts the objects among the ranges that they reach; what is below the ranges is dropped.
    fn deliver<E: Keyed>(&mut self, objects: Vec<E>, ended: bool) -> Vec<Chunk<E>> {
        let mut objects = objects.into_iter().peekable();
        let mut chunks = Vec::new();
        while let Some(range) = self.ranges.first_mut() {
            while objects
                .next_if(|object| range.after.as_ref().is_some_and(|after| object.key() <= after.as_str()))
                .is_some()
            {}
            let within = |object: &E| range.upto.as_ref().is_none_or(|upto| object.key() <= upto.as_str());
            let objects: Vec<E> = std::iter::from_fn(|| objects.next_if(within)).collect();
            let passed = ended || range.upto.as_ref().is_some_and(|upto| self.cursor.as_ref() >= Some(upto));
            if passed {
                let range = self.ranges.remove(0);
                chunks.push(Chunk { after: range.after, upto: range.upto, objects });
                continue;
            }
            if let Some(last) = objects.last() {
                let after = range.after.replace(last.key().to_owned());
                chunks.push(Chunk { after, upto: range.after.clone(), objects });
            }
            break;
        }
        chunks
    }
}
