//! The histories of keys: for each key its delete markers down to the newest data, whole, whatever pages they stand on.
//!
//! Who brings deleted objects back must see a key's markers together, and a page of S3 may end between them. Here a key is
//! never parted, one key is all that is ever held back, and key ranges are listed in parallel as plain listings are.
//! Serves the tool that undeletes.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::page::{Keyed, Page, PageError, PageQuery, Pages};
use super::versions::{Version, VersionPages, VersionQuery, onward};

/// Entries asked for when one key is meant: more than most keys have, less than a page of its neighbours.
const ONE_KEY: i32 = 10;

/// The id of what was written while a bucket kept no versions.
const NULL: &str = "null";

/// The id of a version. It is never empty: S3 takes a request without an id to mean the key itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionId(String);

impl VersionId {
    /// The id, unless it is empty.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        Some(text.into()).filter(|text| !text.is_empty()).map(Self)
    }

    /// The literal `null`: what was written while the bucket kept no versions.
    #[must_use]
    pub fn null() -> Self {
        Self(NULL.to_owned())
    }

    /// The id as S3 writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the literal `null`, which a bucket with suspended versioning writes again and again.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0 == NULL
    }
}

impl TryFrom<String> for VersionId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text).ok_or("a version id is empty")
    }
}

impl From<VersionId> for String {
    fn from(id: VersionId) -> Self {
        id.0
    }
}

/// A delete marker. Only a listing makes one, of an entry that S3 calls a delete marker; what was written down of it
/// (journals, manifests) may be read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteMarker {
    id: VersionId,
    time: Timestamp,
}

impl DeleteMarker {
    /// The marker that a listed version is; `None`: it is data, or has no id.
    #[must_use]
    pub fn of(version: &Version) -> Option<Self> {
        let id = VersionId::new(version.version_id.clone()).filter(|_| version.delete_marker)?;
        Some(Self { id, time: version.last_modified })
    }

    /// Its version id.
    #[must_use]
    pub const fn id(&self) -> &VersionId {
        &self.id
    }

    /// When the key was deleted.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.time
    }
}

/// A key from its newest version down to its newest data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The key, decoded.
    pub key: String,
    /// The delete markers above the newest data, the newest first; none: a reader gets the data.
    pub markers: Vec<DeleteMarker>,
    /// The newest data; `None`: the key has nothing but markers.
    pub data: Option<Version>,
}

impl Keyed for History {
    fn key(&self) -> &str {
        &self.key
    }
}

impl History {
    /// Takes in the next older version; what lies below the newest data does not count.
    fn add(&mut self, version: Version) -> Result<(), PageError> {
        if self.data.is_some() {
            return Ok(());
        }
        if version.version_id.is_empty() {
            return Err(PageError::Nameless { key: version.key });
        }
        match DeleteMarker::of(&version) {
            Some(marker) => self.markers.push(marker),
            None => self.data = Some(version),
        }
        Ok(())
    }
}

/// Histories of what a source of version pages holds.
#[derive(Debug)]
pub struct Histories<P> {
    pages: Arc<P>,
}

impl<P> Histories<P> {
    /// The histories of this bucket.
    pub fn new(pages: Arc<P>) -> Self {
        Self { pages }
    }
}

/// Histories of a page, of which the last may go on.
#[derive(Default)]
struct Draft {
    whole: Vec<History>,
    open: Option<History>,
}

impl Draft {
    fn add(&mut self, version: Version) -> Result<(), PageError> {
        if self.open.as_ref().is_none_or(|open| open.key != version.key) {
            // Its newest version must come first, or markers above what is seen would be overlooked.
            if !version.is_latest || self.open.as_ref().is_some_and(|open| open.key > version.key) {
                return Err(PageError::Unordered { key: version.key });
            }
            self.whole.extend(self.open.take());
            self.open = Some(History { key: version.key.clone(), markers: Vec::new(), data: None });
        }
        self.open.as_mut().map_or(Ok(()), |open| open.add(version))
    }

    /// Ends the page where a key ends, if it can: with the last key if its data is seen, else before it.
    fn end(&mut self, more: bool) -> bool {
        if !more || self.open.as_ref().is_some_and(|open| open.data.is_some()) {
            self.whole.extend(self.open.take());
            return true;
        }
        !self.whole.is_empty()
    }
}

impl<P: VersionPages> Pages<History> for Histories<P> {
    /// A page ends where a key ends, and is gone on from by its last key, without a token.
    async fn page(&self, query: PageQuery) -> Result<Page<History>, PageError> {
        let mut asked = VersionQuery {
            prefix: query.prefix,
            key_marker: query.start_after.clone(),
            version_marker: None,
            delimiter: query.delimiter,
            max_keys: query.max_keys,
        };
        if query.delimiter.is_some() {
            return self.directories(asked).await;
        }
        let mut draft = Draft::default();
        loop {
            let page = self.pages.version_page(asked.clone()).await?;
            let (versions, more) = onward(page, &mut asked)?;
            for version in versions {
                // Servers exist that begin with the marker's own key.
                if query.start_after.as_ref() != Some(&version.key) {
                    draft.add(version)?;
                }
            }
            if draft.end(more) {
                return Ok(Page { objects: draft.whole, truncated: more, ..Page::default() });
            }
        }
    }
}

impl<P: VersionPages> Histories<P> {
    /// The history of one key; `None`: there is no version of it.
    ///
    /// # Errors
    /// A page could not be had.
    pub async fn of_key(&self, key: &str) -> Result<Option<History>, PageError> {
        let query = PageQuery { prefix: key.to_owned(), max_keys: Some(ONE_KEY), ..PageQuery::default() };
        // Of all keys that begin with it, the key itself comes first.
        let first = self.page(query).await?.objects.into_iter().next();
        Ok(first.filter(|history| history.key == key))
    }

    /// Common prefixes; of the keys between them the last, which tells how far the page reaches.
    async fn directories(&self, asked: VersionQuery) -> Result<Page<History>, PageError> {
        let page = self.pages.version_page(asked).await?;
        let last = page.versions.into_iter().last();
        let objects = last.map(|last| History { key: last.key, markers: Vec::new(), data: None });
        Ok(Page {
            objects: objects.into_iter().collect(),
            prefixes: page.prefixes,
            truncated: page.truncated,
            ..Page::default()
        })
    }
}
