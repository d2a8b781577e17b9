//! Reads the answers of ListObjectsV2 and ListObjectVersions into a [`Page`] and a [`VersionPage`].
//!
//! The SDK's reader builds several times as many objects as a page has keys; on a fast listing it is most of the
//! work. This one takes the few fields that are used and skips the rest. Of versions the SDK's reader also loses the
//! order: it puts delete markers into a list of their own, and what is newer can then no longer be told.

use percent_encoding::percent_decode;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use super::page::{Hold, Object, Page};
use super::versions::{Version, VersionPage};

/// Entries that S3 puts on a page.
const PAGE_KEYS: usize = 1000;
/// The class that an object without one has.
const STANDARD: &str = "STANDARD";
/// The id of a version that was written while the bucket kept none.
const NULL_VERSION: &str = "null";

/// Why an answer could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("the list answer is no XML: {0}")]
    Xml(#[from] quick_xml::Error),
    #[error("the list answer is no UTF-8: {0}")]
    Encoding(#[from] std::str::Utf8Error),
    #[error("the list answer ends early")]
    CutShort,
    #[error("the list answer has an unreadable {element}: `{text}`")]
    Field { element: &'static str, text: String },
}

fn field(element: &'static str, text: &str) -> Unreadable {
    Unreadable::Field { element, text: text.to_owned() }
}

/// Reads a page; `None`: the document is something else, such as an error.
pub(super) fn read_page(xml: &[u8]) -> Result<Option<Page>, Unreadable> {
    read(xml, "ListBucketResult")?.map(State::page).transpose()
}

/// Reads a page of versions; `None`: the document is something else, such as an error.
pub(super) fn read_version_page(xml: &[u8]) -> Result<Option<VersionPage>, Unreadable> {
    read(xml, "ListVersionsResult")?.map(State::version_page).transpose()
}

fn read(xml: &[u8], root: &str) -> Result<Option<State>, Unreadable> {
    let mut reader = Reader::from_str(std::str::from_utf8(xml)?);
    let mut state = State::default();
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                if state.depth == 0 && start.local_name().as_ref() != root {
                    return Ok(None);
                }
                state.open(start.local_name().as_ref());
            }
            Event::Empty(empty) if state.depth == 0 && empty.local_name().as_ref() == root => return Ok(Some(state)),
            Event::Text(text) if state.wanted => state.text.push_str(&text),
            Event::CData(text) if state.wanted => state.text.push_str(&text),
            Event::GeneralRef(entity) if state.wanted => state.entity(&entity)?,
            Event::End(end) => {
                state.close(end.local_name().as_ref())?;
                if state.depth == 0 {
                    return Ok(Some(state));
                }
            }
            Event::Eof if state.depth == 0 => return Ok(None),
            Event::Eof => return Err(Unreadable::CutShort),
            _ => {}
        }
    }
}

/// Where the reader is, and what it has.
#[derive(Debug, Default)]
struct State {
    depth: usize,
    section: Section,
    /// The text of the element that was opened last counts.
    wanted: bool,
    text: String,
    /// Of the entry under way.
    entry: Entry,
    url_encoded: bool,
    truncated: bool,
    continuation_token: Option<String>,
    next_key: Option<String>,
    next_version: Option<String>,
    prefixes: Vec<String>,
    objects: Vec<Object>,
    versions: Vec<Version>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Section {
    #[default]
    Head,
    Contents,
    CommonPrefixes,
    Version,
}

#[derive(Debug, Default)]
struct Entry {
    key: Option<String>,
    size: Option<u64>,
    last_modified: Option<jiff::Timestamp>,
    etag: String,
    storage_class: Option<String>,
    version_id: Option<String>,
    is_latest: bool,
}

impl State {
    fn open(&mut self, name: &str) {
        self.depth += 1;
        self.text.clear();
        if self.depth == 2 {
            self.section = match name {
                "Contents" => Section::Contents,
                "CommonPrefixes" => Section::CommonPrefixes,
                "Version" | "DeleteMarker" => Section::Version,
                _ => Section::Head,
            };
        }
        self.wanted = matches!(
            (self.depth, self.section, name),
            (2, Section::Head, "IsTruncated" | "NextContinuationToken" | "EncodingType")
                | (2, Section::Head, "NextKeyMarker" | "NextVersionIdMarker")
                | (3, Section::Contents | Section::Version, "Key" | "Size" | "LastModified" | "ETag" | "StorageClass")
                | (3, Section::Version, "VersionId" | "IsLatest")
                | (3, Section::CommonPrefixes, "Prefix")
        );
    }

    /// `&amp;`, `&#13;` and the like.
    fn entity(&mut self, entity: &BytesRef<'_>) -> Result<(), Unreadable> {
        let unreadable = || field("entity", entity);
        if let Some(letter) = entity.resolve_char_ref().map_err(|_| unreadable())? {
            self.text.push(letter);
            return Ok(());
        }
        self.text.push_str(resolve_predefined_entity(entity).ok_or_else(unreadable)?);
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        if std::mem::take(&mut self.wanted) {
            self.take(name)?;
        }
        if self.depth == 2 {
            match name {
                "Contents" => push(&mut self.objects, std::mem::take(&mut self.entry).object()?),
                "Version" | "DeleteMarker" => {
                    let version = std::mem::take(&mut self.entry).version(name == "DeleteMarker")?;
                    push(&mut self.versions, version);
                }
                _ => {}
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn take(&mut self, name: &str) -> Result<(), Unreadable> {
        let text = &self.text[..];
        match name {
            "Key" => self.entry.key = Some(text.to_owned()),
            "Size" => self.entry.size = Some(parse("Size", text)?),
            "LastModified" => self.entry.last_modified = Some(parse("LastModified", text)?),
            "ETag" => self.entry.etag = text.trim_matches('"').to_owned(),
            "StorageClass" => self.entry.storage_class = Some(text.to_owned()).filter(|class| class != STANDARD),
            "VersionId" => self.entry.version_id = Some(text.to_owned()),
            "IsLatest" => self.entry.is_latest = text == "true",
            "Prefix" => self.prefixes.push(text.to_owned()),
            "IsTruncated" => self.truncated = text == "true",
            "NextContinuationToken" => self.continuation_token = Some(text.to_owned()),
            "NextKeyMarker" => self.next_key = Some(text.to_owned()),
            "NextVersionIdMarker" => self.next_version = Some(text.to_owned()),
            "EncodingType" => self.url_encoded = text == "url",
            _ => {}
        }
        Ok(())
    }

    /// Keys are decoded at the end, when it is certain whether they are encoded.
    fn page(mut self) -> Result<Page, Unreadable> {
        if self.url_encoded {
            let keys = self.objects.iter_mut().map(|object| &mut object.key);
            keys.chain(&mut self.prefixes).try_for_each(decode)?;
        }
        Ok(Page {
            objects: self.objects,
            prefixes: self.prefixes,
            truncated: self.truncated,
            continuation_token: self.continuation_token,
            hold: Hold::default(),
        })
    }

    fn version_page(mut self) -> Result<VersionPage, Unreadable> {
        if self.url_encoded {
            let keys = self.versions.iter_mut().map(|version| &mut version.key);
            keys.chain(&mut self.next_key).chain(&mut self.prefixes).try_for_each(decode)?;
        }
        Ok(VersionPage {
            versions: self.versions,
            truncated: self.truncated,
            next_key: self.next_key,
            next_version: self.next_version.filter(|version| !version.is_empty()),
            prefixes: self.prefixes,
        })
    }
}

/// Most pages are full: their room is made at once.
fn push<T>(entries: &mut Vec<T>, entry: T) {
    if entries.capacity() == 0 {
        entries.reserve_exact(PAGE_KEYS);
    }
    entries.push(entry);
}

impl Entry {
    fn object(self) -> Result<Object, Unreadable> {
        let key = self.key.ok_or_else(|| field("Key", ""))?;
        Ok(Object {
            key,
            size: self.size.unwrap_or_default(),
            last_modified: self.last_modified.ok_or_else(|| field("LastModified", ""))?,
            etag: self.etag,
            storage_class: self.storage_class,
        })
    }

    fn version(self, delete_marker: bool) -> Result<Version, Unreadable> {
        let (version_id, is_latest) = (self.version_id.clone(), self.is_latest);
        let Object { key, size, last_modified, etag, storage_class } = self.object()?;
        let version_id = version_id.unwrap_or_else(|| NULL_VERSION.to_owned());
        Ok(Version { key, version_id, is_latest, delete_marker, size, last_modified, etag, storage_class })
    }
}

fn parse<T: std::str::FromStr>(element: &'static str, text: &str) -> Result<T, Unreadable> {
    text.parse().map_err(|_| field(element, text))
}

/// Undoes `EncodingType=url`: S3 writes a space as `+`, and a plus as `%2B`.
fn decode(key: &mut String) -> Result<(), Unreadable> {
    if !key.contains(['%', '+']) {
        return Ok(());
    }
    let spaced = key.replace('+', " ");
    let decoded = percent_decode(spaced.as_bytes()).decode_utf8().map_err(|_| field("Key", key))?;
    *key = decoded.into_owned();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_keep_their_order() {
        let answer = r#"<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
<NextKeyMarker>a+b</NextKeyMarker><NextVersionIdMarker>v+1</NextVersionIdMarker><EncodingType>url</EncodingType>
<IsTruncated>true</IsTruncated><DeleteMarker><Key>a+b</Key><VersionId>v+3</VersionId><IsLatest>true</IsLatest>
<LastModified>2024-03-01T00:00:00Z</LastModified><Owner><ID>x</ID></Owner></DeleteMarker>
<Version><Key>a+b</Key><VersionId>null</VersionId><IsLatest>false</IsLatest><ETag>"e"</ETag><Size>7</Size>
<LastModified>2024-03-01T00:00:00Z</LastModified><StorageClass>GLACIER</StorageClass></Version>
<DeleteMarker><Key>a+b</Key><VersionId>v+1</VersionId><LastModified>2024-03-01T00:00:00Z</LastModified></DeleteMarker>
</ListVersionsResult>"#;
        let page = read_version_page(answer.as_bytes()).expect("readable").expect("a list answer");
        assert_eq!(
            (page.truncated, page.next_key.as_deref(), page.next_version.as_deref()),
            (true, Some("a b"), Some("v+1"))
        );
        let seen: Vec<(&str, &str, bool, bool)> = page
            .versions
            .iter()
            .map(|version| (&*version.key, &*version.version_id, version.delete_marker, version.is_latest))
            .collect();
        assert_eq!(seen, [("a b", "v+3", true, true), ("a b", "null", false, false), ("a b", "v+1", true, false)]);
        assert_eq!((page.versions[1].size, page.versions[1].storage_class.as_deref()), (7, Some("GLACIER")));
        assert_eq!(read_page(answer.as_bytes()).expect("readable"), None, "versions are no plain list");
    }

    const ANSWER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix/><KeyCount>3</KeyCount>
<MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
<NextContinuationToken>1&amp;x+%41==</NextContinuationToken>
<Contents><Key>a+b%2Bc/%C3%BC%0A100%25</Key><LastModified>2024-02-29T23:59:58.000Z</LastModified>
<ETag>&quot;0cc1&quot;</ETag><Size>5368709121</Size><Owner><ID>x</ID><DisplayName>Key</DisplayName></Owner>
<StorageClass>STANDARD</StorageClass></Contents>
<Contents><StorageClass>DEEP_ARCHIVE</StorageClass><Key>plain</Key><Size>0</Size>
<LastModified>2024-03-01T00:00:00Z</LastModified><ETag>"1"</ETag></Contents>
<CommonPrefixes><Prefix>x+y/</Prefix></CommonPrefixes></ListBucketResult>"#;

    #[test]
    fn an_answer_is_read() {
        let page = read_page(ANSWER.as_bytes()).expect("readable").expect("a list answer");
        assert!(page.truncated);
        assert_eq!(page.continuation_token.as_deref(), Some("1&x+%41=="));
        assert_eq!(page.prefixes, ["x y/"]);
        let [first, second] = &page.objects[..] else { panic!("two objects") };
        assert_eq!(first.key, "a b+c/ü\n100%");
        assert_eq!((first.size, first.etag.as_str(), &first.storage_class), (5_368_709_121, "0cc1", &None));
        assert_eq!(first.last_modified.to_string(), "2024-02-29T23:59:58Z");
        assert_eq!((second.key.as_str(), second.storage_class.as_deref()), ("plain", Some("DEEP_ARCHIVE")));
    }

    #[test]
    fn without_encoding_keys_are_taken_as_they_are() {
        let answer = ANSWER.replace("<EncodingType>url</EncodingType>", "").replace("plain", "a&lt;b&#x9;+%41");
        let page = read_page(answer.as_bytes()).expect("readable").expect("a list answer");
        assert_eq!(page.objects[0].key, "a+b%2Bc/%C3%BC%0A100%25");
        assert_eq!(page.objects[1].key, "a<b\t+%41");
    }

    #[test]
    fn every_cut_is_noticed() {
        let start = ANSWER.find("<ListBucketResult").expect("the root");
        for end in start + "<ListBucketResult>".len()..ANSWER.len() - 1 {
            assert!(read_page(&ANSWER.as_bytes()[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn an_error_document_is_left_to_others() {
        let page = read_page(b"<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>").expect("readable");
        assert_eq!(page, None);
        assert_eq!(read_page(b"").expect("readable"), None);
    }

    #[test]
    fn an_unreadable_field_is_an_error() {
        for (good, bad) in
            [("5368709121", "many"), ("2024-02-29T", "2024-02-30T"), ("%C3%BC", "%C3%28"), ("&quot;0", "&nope;0")]
        {
            assert!(read_page(ANSWER.replace(good, bad).as_bytes()).is_err(), "{bad}");
        }
    }
}
