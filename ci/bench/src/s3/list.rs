//! Which keys and folded prefixes make up a page: the rules of ListObjectsV2 and of its predecessor.

use super::{
    address::Parameters,
    keys::{KeySpace, first_beyond, first_not_below},
};

/// S3 answers with at most this many entries, whatever is asked for.
const MAX_KEYS: usize = 1000;

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// At the first key.
    Beginning,
    /// At the first key above this one.
    After(Vec<u8>),
    /// At the first key that does not begin with this folded prefix and is above it.
    Beyond(Vec<u8>),
}

impl Start {
    /// As an opaque token: S3's tokens are unreadable too, so that nobody builds one.
    fn to_token(&self) -> String {
        let (mark, key): (u8, &[u8]) = match self {
            Self::Beginning => (b'0', b""),
            Self::After(key) => (b'1', key),
            Self::Beyond(prefix) => (b'2', prefix),
        };
        std::iter::once(&mark).chain(key).map(|byte| format!("{byte:02x}")).collect()
    }

    fn of_token(token: &str) -> Option<Self> {
        let bytes: Option<Vec<u8>> =
            (0..token.len()).step_by(2).map(|at| u8::from_str_radix(token.get(at..at + 2)?, 16).ok()).collect();
        match bytes?.split_first()? {
            (b'0', _) => Some(Self::Beginning),
            (b'1', key) => Some(Self::After(key.to_vec())),
            (b'2', prefix) => Some(Self::Beyond(prefix.to_vec())),
            _ => None,
        }
    }
}

/// Which of the two calls is answered: they differ in how a page begins and in what the answer repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// ListObjects, with markers.
    One,
    /// ListObjectsV2, with tokens.
    Two,
}

/// A listing request, understood.
#[derive(Debug)]
pub(super) struct Listing {
    pub version: Version,
    pub prefix: Vec<u8>,
    pub delimiter: Vec<u8>,
    pub start: Start,
    /// `start-after` or `marker` as given, to be repeated in the answer.
    pub given_start: Option<Vec<u8>>,
    /// The token as given, to be repeated in the answer.
    pub given_token: Option<String>,
    pub max_keys: usize,
    pub url_encoded: bool,
    pub with_owner: bool,
}

/// A parameter S3 refuses, with S3's words for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused(pub &'static str);

impl Listing {
    /// Reads the parameters. With `ignore_start_after` the page begins at the first key even when the request says
    /// otherwise, as some imitations of S3 do.
    pub fn of(parameters: &Parameters, ignore_start_after: bool) -> Result<Self, Refused> {
        let is_two = parameters.bytes("list-type") == Some(b"2");
        let version = if is_two { Version::Two } else { Version::One };
        let given_token = parameters.text("continuation-token").filter(|_| is_two);
        let given_start = parameters.bytes(if is_two { "start-after" } else { "marker" }).map(<[u8]>::to_vec);
        let delimiter = parameters.bytes("delimiter").unwrap_or_default().to_vec();
        let honours_start = !is_two || !ignore_start_after;
        let start = match (&given_token, &given_start) {
            (Some(token), _) => {
                Start::of_token(token).ok_or(Refused("The continuation token provided is incorrect"))?
            }
            (None, Some(key)) if !key.is_empty() && honours_start => start_after(version, key, &delimiter),
            _ => Start::Beginning,
        };
        Ok(Self {
            version,
            prefix: parameters.bytes("prefix").unwrap_or_default().to_vec(),
            delimiter,
            start,
            given_start,
            given_token,
            max_keys: max_keys(parameters)?,
            url_encoded: url_encoded(parameters)?,
            with_owner: !is_two || parameters.bytes("fetch-owner") == Some(b"true"),
        })
    }
}

/// A marker of the first version may be the folded prefix a page ended with: the next page goes on behind it.
fn start_after(version: Version, key: &[u8], delimiter: &[u8]) -> Start {
    let is_folded = version == Version::One && !delimiter.is_empty() && key.ends_with(delimiter);
    if is_folded { Start::Beyond(key.to_vec()) } else { Start::After(key.to_vec()) }
}

pub(super) fn max_keys(parameters: &Parameters) -> Result<usize, Refused> {
    let Some(text) = parameters.text("max-keys").filter(|text| !text.is_empty()) else {
        return Ok(MAX_KEYS);
    };
    let asked: u32 = text.parse().map_err(|_| Refused("Provided max-keys not an integer or within integer range"))?;
    Ok((asked as usize).min(MAX_KEYS))
}

pub(super) fn url_encoded(parameters: &Parameters) -> Result<bool, Refused> {
    match parameters.bytes("encoding-type") {
        None | Some(b"") => Ok(false),
        Some(b"url") => Ok(true),
        Some(_) => Err(Refused("Invalid Encoding Method specified in Request")),
    }
}

/// One page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// Numbers of the keys listed.
    pub contents: Vec<usize>,
    /// Folded prefixes, in order.
    pub common_prefixes: Vec<Vec<u8>>,
    /// The last entry, key or folded prefix; the first version's `NextMarker`.
    pub last: Vec<u8>,
    /// Where the next page begins; `None` on the last page.
    pub next_token: Option<String>,
}

impl Page {
    /// Entries on the page; keys and folded prefixes both count.
    pub fn entries(&self) -> usize {
        self.contents.len() + self.common_prefixes.len()
    }
}

/// The page a listing asks for.
pub(super) fn page(space: &dyn KeySpace, listing: &Listing) -> Page {
    let end = first_beyond(space, 0, &listing.prefix);
    let mut index = first_index(space, listing);
    let mut page = Page::default();
    let mut last_is_folded = false;
    let mut key = Vec::new();
    while index < end && page.entries() < listing.max_keys {
        key.clear();
        space.append_key(index, &mut key);
        let fold = folded(&key, listing);
        last_is_folded = fold.is_some();
        match fold {
            Some(length) => {
                key.truncate(length);
                index = first_beyond(space, index, &key);
                page.common_prefixes.push(key.clone());
            }
            None => {
                page.contents.push(index);
                index += 1;
            }
        }
    }
    if index < end && listing.max_keys > 0 {
        let next = if last_is_folded { Start::Beyond(key.clone()) } else { Start::After(key.clone()) };
        page.next_token = Some(next.to_token());
    }
    page.last = key;
    page
}

fn first_index(space: &dyn KeySpace, listing: &Listing) -> usize {
    let at_prefix = first_not_below(space, 0, &listing.prefix);
    match &listing.start {
        Start::Beginning => at_prefix,
        Start::After(key) => {
            let mut above = key.clone();
            above.push(0);
            first_not_below(space, at_prefix, &above)
        }
        Start::Beyond(prefix) => first_beyond(space, at_prefix, prefix),
    }
}

/// Length of the folded prefix this key belongs to, when the listing folds it.
fn folded(key: &[u8], listing: &Listing) -> Option<usize> {
    let delimiter = listing.delimiter.as_slice();
    if delimiter.is_empty() {
        return None;
    }
    let rest = &key[listing.prefix.len()..];
    let at = rest.windows(delimiter.len()).position(|window| window == delimiter)?;
    Some(listing.prefix.len() + at + delimiter.len())
}

#[cfg(test)]
mod tests {
    use super::{super::keys::KeyList, *};

    fn keys_of(space: &dyn KeySpace, page: &Page) -> Vec<String> {
        let key = |&index: &usize| {
            let mut key = Vec::new();
            space.append_key(index, &mut key);
            String::from_utf8(key).expect("test keys are text")
        };
        page.contents.iter().map(key).collect()
    }

    fn prefixes_of(page: &Page) -> Vec<String> {
        page.common_prefixes.iter().map(|prefix| String::from_utf8_lossy(prefix).into_owned()).collect()
    }

    fn listing(query: &str) -> Listing {
        Listing::of(&Parameters::of_query(query), false).expect("the query is valid")
    }

    /// All pages of a listing: every key and every folded prefix, in order of pages.
    fn walk(space: &dyn KeySpace, query: &str) -> (Vec<String>, Vec<String>, usize) {
        let (mut keys, mut prefixes, mut pages, mut token) = (Vec::new(), Vec::new(), 0, None);
        loop {
            let query = match &token {
                None => format!("list-type=2&{query}"),
                Some(token) => format!("list-type=2&{query}&continuation-token={token}"),
            };
            let page = page(space, &listing(&query));
            keys.extend(keys_of(space, &page));
            prefixes.extend(prefixes_of(&page));
            pages += 1;
            match page.next_token {
                Some(next) => token = Some(next),
                None => return (keys, prefixes, pages),
            }
        }
    }

    #[test]
    fn pages_cover_every_key_once() {
        let all: Vec<String> = (0..2500).map(|number| format!("k/{number:05}")).collect();
        let space = KeyList::new(all.clone());
        assert_eq!(walk(&space, "prefix=k/"), (all.clone(), vec![], 3));
        assert_eq!(walk(&space, "max-keys=7").0, all);
        assert_eq!(walk(&space, "max-keys=5000").2, 3, "a page never has more than 1000 keys");
    }

    #[test]
    fn a_page_that_ends_with_the_last_key_is_not_truncated() {
        let space = KeyList::new((0..1000).map(|number| format!("{number:04}")));
        let page = page(&space, &listing("list-type=2"));
        assert_eq!((page.entries(), page.next_token), (1000, None));
    }

    #[test]
    fn a_delimiter_folds_and_counts_folded_prefixes_as_entries() {
        let space = KeyList::new(["a", "b/1", "b/2", "b/c/3", "b0", "d/1", "e"]);
        let (keys, prefixes, _) = walk(&space, "delimiter=/");
        assert_eq!(keys, ["a", "b0", "e"]);
        assert_eq!(prefixes, ["b/", "d/"]);
        let one_by_one = walk(&space, "delimiter=/&max-keys=1");
        assert_eq!(one_by_one, (keys, prefixes, 5), "a token behind a folded prefix skips all of it");
        assert_eq!(walk(&space, "delimiter=/&prefix=b/").1, ["b/c/"]);
        assert_eq!(walk(&space, "delimiter=/&prefix=b").1, ["b/"]);
        assert_eq!(walk(&space, "delimiter=0&prefix=b").1, ["b0"]);
    }

    #[test]
    fn start_after_is_exclusive_and_need_not_exist() {
        let space = KeyList::new(["a", "b/1", "b/2", "c"]);
        assert_eq!(walk(&space, "start-after=b/1").0, ["b/2", "c"]);
        assert_eq!(walk(&space, "start-after=b").0, ["b/1", "b/2", "c"]);
        assert_eq!(walk(&space, "start-after=a&prefix=b/").0, ["b/1", "b/2"]);
        assert_eq!(walk(&space, "start-after=z").0, Vec::<String>::new());
        assert_eq!(walk(&space, "start-after=b/1&delimiter=/").1, ["b/"]);
    }

    #[test]
    fn a_server_that_ignores_start_after_begins_at_the_first_key_but_honours_tokens() {
        let space = KeyList::new(["a", "b", "c"]);
        let ignoring = |query: &str| {
            let listing = Listing::of(&Parameters::of_query(query), true).expect("the query is valid");
            page(&space, &listing)
        };
        let first = ignoring("list-type=2&start-after=b&max-keys=1");
        assert_eq!(keys_of(&space, &first), ["a"]);
        let token = first.next_token.expect("two keys are left");
        let second = ignoring(&format!("list-type=2&start-after=b&continuation-token={token}"));
        assert_eq!(keys_of(&space, &second), ["b", "c"]);
    }

    #[test]
    fn markers_of_the_first_version_skip_a_folded_prefix() {
        let space = KeyList::new(["a/1", "a/2", "b"]);
        let page_one = page(&space, &listing("delimiter=/&max-keys=1"));
        assert_eq!((prefixes_of(&page_one), page_one.last.as_slice()), (vec!["a/".to_owned()], b"a/".as_slice()));
        let page_two = page(&space, &listing("delimiter=/&marker=a/"));
        assert_eq!(keys_of(&space, &page_two), ["b"]);
    }

    #[test]
    fn wrong_parameters_are_refused_and_zero_keys_is_an_empty_last_page() {
        for query in ["list-type=2&max-keys=-1", "list-type=2&encoding-type=xml", "list-type=2&continuation-token=zz"] {
            assert!(Listing::of(&Parameters::of_query(query), false).is_err(), "{query}");
        }
        let page = page(&KeyList::new(["a"]), &listing("list-type=2&max-keys=0"));
        assert_eq!((page.entries(), page.next_token), (0, None));
    }
}
