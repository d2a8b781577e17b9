//! Writes list answers as S3 does: the same elements in the same order, keys escaped or URL-encoded.
//!
//! Written by hand into one buffer, because the server shares the machine with the program it serves: a page of a
//! thousand keys has to cost a fraction of what reading it costs.

use std::time::Instant;

use super::{
    keys::{KeySpace, hex, scatter},
    list::{Listing, Page, Start, Version, page},
    moment::{Moment, append_number},
    versions::{Entry, VersionListing, VersionPage},
};

/// Bytes of XML per key beside the key itself; a little more than it takes.
const BYTES_PER_KEY: usize = 360;
const HEAD_BYTES: usize = 2048;
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
const OWNER: &[u8] = b"<Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID>\
    <DisplayName>bench</DisplayName></Owner>";

/// The answer to a listing request.
pub(super) fn list_answer(space: &dyn KeySpace, bucket: &str, listing: &Listing, page: &Page) -> Vec<u8> {
    let mut xml = Writer(Vec::with_capacity(HEAD_BYTES + page.entries() * BYTES_PER_KEY));
    xml.0.extend_from_slice(DECLARATION);
    xml.raw(&["<ListBucketResult xmlns=\"", NAMESPACE, "\">"]);
    head(&mut xml, bucket, listing, page);
    for &index in &page.contents {
        contents(&mut xml, space, index, listing);
    }
    for prefix in &page.common_prefixes {
        xml.raw(&["<CommonPrefixes>"]);
        xml.name("Prefix", prefix, listing.url_encoded);
        xml.raw(&["</CommonPrefixes>"]);
    }
    xml.raw(&["</ListBucketResult>"]);
    xml.0
}

fn head(xml: &mut Writer, bucket: &str, listing: &Listing, page: &Page) {
    let encoded = listing.url_encoded;
    xml.name("Name", bucket.as_bytes(), false);
    xml.name("Prefix", &listing.prefix, encoded);
    match listing.version {
        Version::One => {
            xml.name("Marker", listing.given_start.as_deref().unwrap_or_default(), encoded);
            if page.next_token.is_some() && !listing.delimiter.is_empty() {
                xml.name("NextMarker", &page.last, encoded);
            }
        }
        Version::Two => {
            if let Some(token) = &listing.given_token {
                xml.name("ContinuationToken", token.as_bytes(), false);
            }
            if let Some(start) = &listing.given_start {
                xml.name("StartAfter", start, encoded);
            }
            if let Some(token) = &page.next_token {
                xml.name("NextContinuationToken", token.as_bytes(), false);
            }
            xml.name("KeyCount", page.entries().to_string().as_bytes(), false);
        }
    }
    xml.name("MaxKeys", listing.max_keys.to_string().as_bytes(), false);
    if !listing.delimiter.is_empty() {
        xml.name("Delimiter", &listing.delimiter, encoded);
    }
    if encoded {
        xml.raw(&["<EncodingType>url</EncodingType>"]);
    }
    let truncated = if page.next_token.is_some() { "true" } else { "false" };
    xml.raw(&["<IsTruncated>", truncated, "</IsTruncated>"]);
}

fn contents(xml: &mut Writer, space: &dyn KeySpace, index: usize, listing: &Listing) {
    xml.0.extend_from_slice(b"<Contents><Key>");
    let start = xml.0.len();
    space.append_key(index, &mut xml.0);
    xml.protect(start, listing.url_encoded);
    xml.0.extend_from_slice(b"</Key><LastModified>");
    Moment::from_epoch(space.modified(index)).append_iso(&mut xml.0);
    xml.0.extend_from_slice(b"</LastModified><ETag>&quot;");
    xml.0.extend_from_slice(&hex(scatter(index as u64)));
    xml.0.extend_from_slice(&hex(scatter(!(index as u64))));
    xml.0.extend_from_slice(b"&quot;</ETag><Size>");
    append_number(&mut xml.0, space.size(index));
    xml.0.extend_from_slice(b"</Size>");
    if listing.with_owner {
        xml.0.extend_from_slice(OWNER);
    }
    xml.0.extend_from_slice(b"<StorageClass>STANDARD</StorageClass></Contents>");
}

/// The answer to ListObjectVersions.
pub(super) fn versions_answer(
    space: &dyn KeySpace,
    bucket: &str,
    listing: &VersionListing,
    page: &VersionPage,
) -> Vec<u8> {
    let encoded = listing.url_encoded;
    let mut xml = Writer(Vec::with_capacity(HEAD_BYTES + page.entries.len() * BYTES_PER_KEY));
    xml.0.extend_from_slice(DECLARATION);
    xml.raw(&["<ListVersionsResult xmlns=\"", NAMESPACE, "\">"]);
    xml.name("Name", bucket.as_bytes(), false);
    xml.name("Prefix", &listing.prefix, encoded);
    xml.name("KeyMarker", &listing.key_marker, encoded);
    xml.name("VersionIdMarker", listing.version_marker.as_deref().unwrap_or_default().as_bytes(), false);
    if let Some((key, id)) = &page.next {
        xml.name("NextKeyMarker", key, encoded);
        xml.name("NextVersionIdMarker", id.as_deref().unwrap_or_default().as_bytes(), false);
    }
    xml.name("MaxKeys", listing.max_keys.to_string().as_bytes(), false);
    if encoded {
        xml.raw(&["<EncodingType>url</EncodingType>"]);
    }
    let truncated = if page.next.is_some() { "true" } else { "false" };
    xml.raw(&["<IsTruncated>", truncated, "</IsTruncated>"]);
    page.entries.iter().for_each(|entry| version(&mut xml, space, entry, encoded));
    for prefix in &page.common_prefixes {
        xml.raw(&["<CommonPrefixes>"]);
        xml.name("Prefix", prefix, encoded);
        xml.raw(&["</CommonPrefixes>"]);
    }
    xml.raw(&["</ListVersionsResult>"]);
    xml.0
}

/// A marker is an hour younger than its data.
fn version(xml: &mut Writer, space: &dyn KeySpace, entry: &Entry, url_encoded: bool) {
    let element = if entry.is_marker { "DeleteMarker" } else { "Version" };
    xml.raw(&["<", element, "><Key>"]);
    let start = xml.0.len();
    space.append_key(entry.index, &mut xml.0);
    xml.protect(start, url_encoded);
    let latest = if entry.is_latest { "true" } else { "false" };
    xml.raw(&["</Key><VersionId>", &entry.id(), "</VersionId><IsLatest>", latest, "</IsLatest><LastModified>"]);
    Moment::from_epoch(space.modified(entry.index) + 3_600 * u64::from(entry.is_marker)).append_iso(&mut xml.0);
    xml.0.extend_from_slice(b"</LastModified>");
    if !entry.is_marker {
        xml.0.extend_from_slice(b"<ETag>&quot;");
        xml.0.extend_from_slice(&hex(scatter(entry.index as u64)));
        xml.0.extend_from_slice(&hex(scatter(!(entry.index as u64))));
        xml.0.extend_from_slice(b"&quot;</ETag><Size>");
        append_number(&mut xml.0, space.size(entry.index));
        xml.0.extend_from_slice(b"</Size><StorageClass>STANDARD</StorageClass>");
    }
    xml.0.extend_from_slice(OWNER);
    xml.raw(&["</", element, ">"]);
}

/// The answer to DeleteObjects: key, id, and whether the marker was there.
pub(super) fn delete_answer(deleted: &[(&str, &str, bool)]) -> Vec<u8> {
    let mut xml = Writer(Vec::with_capacity(HEAD_BYTES + deleted.len() * BYTES_PER_KEY));
    xml.0.extend_from_slice(DECLARATION);
    xml.raw(&["<DeleteResult xmlns=\"", NAMESPACE, "\">"]);
    for (key, id, was_there) in deleted {
        xml.raw(&["<Deleted><Key>", key, "</Key><VersionId>", id, "</VersionId>"]);
        if *was_there {
            xml.raw(&["<DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>", id, "</DeleteMarkerVersionId>"]);
        }
        xml.raw(&["</Deleted>"]);
    }
    xml.raw(&["</DeleteResult>"]);
    xml.0
}

/// The answer to GetBucketVersioning.
pub(super) fn versioning_answer(is_versioned: bool) -> Vec<u8> {
    let mut xml = Writer(DECLARATION.to_vec());
    let status = if is_versioned { "<Status>Enabled</Status>" } else { "" };
    xml.raw(&["<VersioningConfiguration xmlns=\"", NAMESPACE, "\">", status, "</VersioningConfiguration>"]);
    xml.0
}

/// The answer to GetBucketLocation; us-east-1 has no constraint.
pub(super) fn location_answer() -> Vec<u8> {
    let mut xml = Writer(DECLARATION.to_vec());
    xml.raw(&["<LocationConstraint xmlns=\"", NAMESPACE, "\"/>"]);
    xml.0
}

/// An error as S3 words it.
pub(super) fn error_answer(code: &str, message: &str, resource: &str, request_id: &str) -> Vec<u8> {
    let mut xml = Writer(DECLARATION.to_vec());
    xml.raw(&["<Error>"]);
    for (element, value) in [("Code", code), ("Message", message), ("Resource", resource), ("RequestId", request_id)] {
        xml.name(element, value.as_bytes(), false);
    }
    xml.raw(&["</Error>"]);
    xml.0
}

struct Writer(Vec<u8>);

impl Writer {
    fn raw(&mut self, parts: &[&str]) {
        for part in parts {
            self.0.extend_from_slice(part.as_bytes());
        }
    }

    /// One element whose text is escaped or URL-encoded; an empty one is self-closing, as S3 writes it.
    fn name(&mut self, element: &str, value: &[u8], url_encoded: bool) {
        if value.is_empty() {
            return self.raw(&["<", element, "/>"]);
        }
        self.raw(&["<", element, ">"]);
        let start = self.0.len();
        self.0.extend_from_slice(value);
        self.protect(start, url_encoded);
        self.raw(&["</", element, ">"]);
    }

    /// Escapes what was written from `start` on, which is rarely needed: most keys are plain.
    fn protect(&mut self, start: usize, url_encoded: bool) {
        let is_plain = if url_encoded { is_url_plain } else { is_xml_plain };
        if self.0[start..].iter().fold(true, |plain, &byte| plain & is_plain(byte)) {
            return;
        }
        let written = self.0.split_off(start);
        for byte in written {
            match byte {
                _ if is_plain(byte) => self.0.push(byte),
                b' ' if url_encoded => self.0.push(b'+'),
                _ if url_encoded => self.0.extend_from_slice(format!("%{byte:02X}").as_bytes()),
                b'&' => self.0.extend_from_slice(b"&amp;"),
                b'<' => self.0.extend_from_slice(b"&lt;"),
                b'>' => self.0.extend_from_slice(b"&gt;"),
                // As S3 does, even though XML 1.0 has no such characters: hence `encoding-type=url`.
                _ => self.0.extend_from_slice(format!("&#x{byte:x};").as_bytes()),
            }
        }
    }
}

/// What S3 leaves as it is under `encoding-type=url`.
fn is_url_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | (byte == b'-') | (byte == b'_') | (byte == b'.') | (byte == b'/') | (byte == b'*')
}

fn is_xml_plain(byte: u8) -> bool {
    (byte >= b' ') & (byte != b'&') & (byte != b'<') & (byte != b'>')
}

/// Keys per second of processor time that this machine writes as XML, over one whole listing.
pub fn generation_speed(space: &dyn KeySpace) -> f64 {
    let mut listing = Listing {
        version: Version::Two,
        prefix: Vec::new(),
        delimiter: Vec::new(),
        start: Start::Beginning,
        given_start: None,
        given_token: None,
        max_keys: 1000,
        url_encoded: true,
        with_owner: false,
    };
    let (started, mut keys) = (Instant::now(), 0);
    loop {
        let page = page(space, &listing);
        std::hint::black_box(list_answer(space, "bench", &listing, &page));
        keys += page.contents.len();
        if page.next_token.is_none() {
            return keys as f64 / started.elapsed().as_secs_f64();
        }
        listing.start = Start::After(page.last);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{address::Parameters, keys::KeyList},
        *,
    };

    fn answer(keys: &[&str], query: &str) -> String {
        let space = KeyList::new(keys.iter().copied());
        let listing = Listing::of(&Parameters::of_query(query), false).expect("the query is valid");
        let page = page(&space, &listing);
        String::from_utf8(list_answer(&space, "logs", &listing, &page)).expect("the answer is text")
    }

    #[test]
    fn an_answer_has_the_elements_of_s3_in_their_order() {
        let xml = answer(&["a/1.gz", "a/2/x.gz"], "list-type=2&prefix=a/&delimiter=/&start-after=a/&max-keys=2000");
        let (head, rest) = xml.split_once("<Contents>").expect("one key is listed");
        assert_eq!(
            head,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult \
             xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>logs</Name><Prefix>a/</Prefix>\
             <StartAfter>a/</StartAfter><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter>\
             <IsTruncated>false</IsTruncated>"
        );
        let (contents, folded) = rest.split_once("</Contents>").expect("contents end");
        assert!(contents.starts_with("<Key>a/1.gz</Key><LastModified>2024-"), "{contents}");
        assert!(contents.contains("Z</LastModified><ETag>&quot;"), "{contents}");
        assert!(contents.ends_with("</Size><StorageClass>STANDARD</StorageClass>"), "{contents}");
        assert_eq!(folded, "<CommonPrefixes><Prefix>a/2/</Prefix></CommonPrefixes></ListBucketResult>");
    }

    #[test]
    fn odd_keys_are_escaped_or_url_encoded() {
        let odd = ["a b+c%d&e<f>.log", "ü/\n"];
        let plain = answer(&odd, "list-type=2");
        assert!(plain.contains("<Key>a b+c%d&amp;e&lt;f&gt;.log</Key>"), "{plain}");
        assert!(plain.contains("<Key>ü/&#xa;</Key>"), "{plain}");
        let encoded = answer(&odd, "list-type=2&encoding-type=url");
        assert!(encoded.contains("<Key>a+b%2Bc%25d%26e%3Cf%3E.log</Key>"), "{encoded}");
        assert!(encoded.contains("<Key>%C3%BC/%0A</Key>"), "{encoded}");
    }

    #[test]
    fn the_first_version_repeats_its_marker_and_names_the_next_one_only_with_a_delimiter() {
        let folded = answer(&["a/1", "b"], "delimiter=/&max-keys=1");
        assert!(folded.contains("<Marker/><NextMarker>a/</NextMarker><MaxKeys>1</MaxKeys>"), "{folded}");
        let plain = answer(&["a", "b", "c"], "marker=a&max-keys=1");
        assert!(plain.contains("<Marker>a</Marker><MaxKeys>1</MaxKeys><IsTruncated>true</IsTruncated>"), "{plain}");
        assert!(plain.contains("<Owner>") && plain.contains("<Key>b</Key>"), "{plain}");
    }
}
