//! The versioned side of a generated bucket: each key has its data and, until it is removed, a delete marker on top.
//!
//! A mass deletion as a rule: nothing is kept but one bit for each marker, so that millions of them cost less than a
//! megabyte, and the race over them measures who brings the objects back.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{
    address::Parameters,
    keys::{KeySpace, first_beyond, first_not_below, hex, scatter},
    list::{Listing, Refused, Start, Version, max_keys, page, url_encoded},
};

/// Makes the ids of markers other numbers than those of data.
const MARKER_SALT: u64 = 0x6D61_726B;
const DATA_SALT: u64 = 0x6461_7461;

/// Which delete markers are gone.
#[derive(Debug)]
pub(super) struct Markers {
    removed: Vec<AtomicU64>,
}

/// One entry of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The key's number.
    pub index: usize,
    pub is_marker: bool,
    pub is_latest: bool,
}

/// A request for versions, understood.
#[derive(Debug)]
pub(super) struct VersionListing {
    pub prefix: Vec<u8>,
    pub delimiter: Vec<u8>,
    pub key_marker: Vec<u8>,
    pub version_marker: Option<String>,
    pub max_keys: usize,
    pub url_encoded: bool,
}

/// One page of versions.
#[derive(Debug, Default)]
pub(super) struct VersionPage {
    pub entries: Vec<Entry>,
    pub common_prefixes: Vec<Vec<u8>>,
    /// Key and version id (none behind a folded prefix) to go on behind; `None` on the last page.
    pub next: Option<(Vec<u8>, Option<String>)>,
}

/// The id of a key's marker or data: 32 characters, as S3's.
pub(super) fn version_id(index: usize, is_marker: bool) -> String {
    let salt = if is_marker { MARKER_SALT } else { DATA_SALT };
    let (high, low) = (hex(scatter(index as u64 ^ salt << 32)), hex(scatter(index as u64 ^ salt)));
    String::from_utf8_lossy(&[high, low].concat()).into_owned()
}

impl Markers {
    /// A marker on each of so many keys.
    pub fn on(count: usize) -> Self {
        Self { removed: (0..count.div_ceil(64)).map(|_| AtomicU64::new(0)).collect() }
    }

    /// Whether the key's marker is still there.
    pub fn stands(&self, index: usize) -> bool {
        self.removed[index / 64].load(Ordering::Relaxed) >> (index % 64) & 1 == 0
    }

    /// Removes the marker; false when it was gone.
    pub fn remove(&self, index: usize) -> bool {
        let bit = 1 << (index % 64);
        self.removed[index / 64].fetch_or(bit, Ordering::Relaxed) & bit == 0
    }

    /// How many are gone.
    pub fn removed(&self) -> u64 {
        self.removed.iter().map(|bits| u64::from(bits.load(Ordering::Relaxed).count_ones())).sum()
    }

    /// The page that a request asks for.
    pub fn page(&self, space: &dyn KeySpace, listing: &VersionListing) -> VersionPage {
        if listing.delimiter.is_empty() { self.flat_page(space, listing) } else { self.folded_page(space, listing) }
    }

    fn flat_page(&self, space: &dyn KeySpace, listing: &VersionListing) -> VersionPage {
        let end = first_beyond(space, 0, &listing.prefix);
        let (mut index, mut skip) = self.first(space, listing);
        let mut found = VersionPage::default();
        while index < end {
            for entry in self.entries(index).skip(skip) {
                if found.entries.len() == listing.max_keys {
                    found.next = found.entries.last().map(|last| (key(space, last.index), Some(last.id())));
                    return found;
                }
                found.entries.push(entry);
            }
            (index, skip) = (index + 1, 0);
        }
        found
    }

    /// The first key's number, and how many of its entries were given before.
    fn first(&self, space: &dyn KeySpace, listing: &VersionListing) -> (usize, usize) {
        let at_prefix = first_not_below(space, 0, &listing.prefix);
        if listing.key_marker.is_empty() {
            return (at_prefix, 0);
        }
        let at = first_not_below(space, at_prefix, &listing.key_marker);
        if at >= space.count() || key(space, at) != listing.key_marker {
            return (at, 0);
        }
        match &listing.version_marker {
            // Data is the last entry of its key; a marker may have been removed since, and then only data follows.
            Some(id) if *id == version_id(at, true) => (at, usize::from(self.stands(at))),
            _ => (at + 1, 0),
        }
    }

    fn entries(&self, index: usize) -> impl Iterator<Item = Entry> {
        let stands = self.stands(index);
        let marker = stands.then_some(Entry { index, is_marker: true, is_latest: true });
        marker.into_iter().chain([Entry { index, is_marker: false, is_latest: !stands }])
    }

    fn folded_page(&self, space: &dyn KeySpace, listing: &VersionListing) -> VersionPage {
        let start = match listing.key_marker.as_slice() {
            [] => Start::Beginning,
            key if key.ends_with(&listing.delimiter) => Start::Beyond(key.to_vec()),
            key => Start::After(key.to_vec()),
        };
        let plain = Listing {
            version: Version::One,
            prefix: listing.prefix.clone(),
            delimiter: listing.delimiter.clone(),
            start,
            given_start: None,
            given_token: None,
            max_keys: listing.max_keys,
            url_encoded: listing.url_encoded,
            with_owner: false,
        };
        let page = page(space, &plain);
        let entries = page.contents.iter().flat_map(|index| self.entries(*index)).collect();
        let next = page.next_token.map(|_| (page.last, None));
        VersionPage { entries, common_prefixes: page.common_prefixes, next }
    }
}

impl Entry {
    pub fn id(&self) -> String {
        version_id(self.index, self.is_marker)
    }
}

impl VersionListing {
    pub fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let bytes = |name: &str| parameters.bytes(name).unwrap_or_default().to_vec();
        Ok(Self {
            prefix: bytes("prefix"),
            delimiter: bytes("delimiter"),
            key_marker: bytes("key-marker"),
            version_marker: parameters.text("version-id-marker").filter(|id| !id.is_empty()),
            max_keys: max_keys(parameters)?,
            url_encoded: url_encoded(parameters)?,
        })
    }
}

/// The key with this number.
pub(super) fn key(space: &dyn KeySpace, index: usize) -> Vec<u8> {
    let mut key = Vec::new();
    space.append_key(index, &mut key);
    key
}

/// What a DeleteObjects request names: key and version id.
pub(super) fn named(body: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    body.split("<Object>").skip(1).filter_map(|object| Some((element(object, "Key")?, element(object, "VersionId"))))
}

/// Whether a DeleteObjects request wants to hear of failures only.
pub(super) fn is_quiet(body: &str) -> bool {
    element(body, "Quiet") == Some("true")
}

fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once('<').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::{super::keys::KeyList, *};

    fn listing(query: &str) -> VersionListing {
        VersionListing::of(&Parameters::of_query(query)).expect("the query is valid")
    }

    /// All pages of a listing: key, and whether it is a marker.
    fn walk(space: &dyn KeySpace, markers: &Markers, max_keys: usize) -> Vec<(String, bool)> {
        let (mut found, mut position) = (Vec::new(), String::new());
        loop {
            let page = markers.page(space, &listing(&format!("prefix=p&max-keys={max_keys}{position}")));
            let text = |index| String::from_utf8(key(space, index)).expect("test keys are text");
            found.extend(page.entries.iter().map(|entry| (text(entry.index), entry.is_marker)));
            let Some((key, id)) = page.next else { return found };
            let key = String::from_utf8(key).expect("text");
            position = format!("&key-marker={key}&version-id-marker={}", id.unwrap_or_default());
        }
    }

    #[test]
    fn pages_of_any_length_give_each_entry_once() {
        let space = KeyList::new(["o", "p1", "p2", "p3", "q"]);
        let markers = Markers::on(5);
        assert!(markers.remove(2) && !markers.remove(2), "p2 is back");
        let expected = [("p1", true), ("p1", false), ("p2", false), ("p3", true), ("p3", false)];
        let expected: Vec<_> = expected.map(|(key, is_marker)| (key.to_owned(), is_marker)).into();
        for max_keys in 1..7 {
            assert_eq!(walk(&space, &markers, max_keys), expected, "{max_keys}");
        }
        assert_eq!(markers.removed(), 1);
    }

    #[test]
    fn requests_name_keys_and_versions() {
        let body = "<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object><Object><Key>b</Key></Object>\
                    <Quiet>true</Quiet></Delete>";
        assert_eq!(named(body).collect::<Vec<_>>(), [("a", Some("1")), ("b", None)]);
        assert!(is_quiet(body) && !is_quiet("<Delete/>"));
    }
}
