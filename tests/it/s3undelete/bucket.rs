//! A versioned bucket of one test: every history of versions and markers, pages of any length, and a watch on what is deleted.
//!
//! Emulators make histories only by real writes in real time; here a test writes down any history, with its times, and
//! asks afterwards for the state, and for each deletion that should never have been asked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http::{Method, Request, Response};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::support::loopback::{Body, Listening, answer_with, response};

/// The one bucket there is.
pub const NAME: &str = "versions";

const NAMESPACE: &str = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

/// A version of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub second: i64,
    /// `None` is a delete marker.
    pub data: Option<Data>,
}

/// What a version holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    pub size: u64,
    pub class: &'static str,
}

/// The keys, each with its versions, the newest first.
pub type Keys = BTreeMap<String, Vec<Entry>>;

pub fn data(id: &str, second: i64) -> Entry {
    Entry { id: id.to_owned(), second, data: Some(Data { size: 5, class: "STANDARD" }) }
}

pub fn marker(id: &str, second: i64) -> Entry {
    Entry { id: id.to_owned(), second, data: None }
}

/// How the bucket is and what it does.
#[derive(Default)]
pub struct State {
    pub keys: Keys,
    pub versioning: String,
    pub mfa: Option<String>,
    pub lifecycle: Option<String>,
    /// Entries on a page, at most.
    pub page: usize,
    /// Keys of which entries are refused: the code, and how many times more.
    pub refused: HashMap<String, (&'static str, usize)>,
    /// Versions with data that somebody deleted.
    pub lost: Vec<(String, String)>,
    /// Deletes without a version id.
    pub plain_deletes: Vec<String>,
    pub calls: BTreeMap<&'static str, usize>,
    made: u64,
}

/// The bucket and its server.
pub struct Bucket {
    state: Arc<Mutex<State>>,
    listening: Listening,
}

impl Bucket {
    /// A bucket that keeps versions, with these keys, on pages of so many entries.
    pub fn with(keys: Keys, page: usize) -> Self {
        let state = State { keys, page, versioning: "Enabled".to_owned(), ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        let listening = answer_with(move |request| shared.lock().expect(UNPOISONED).answer(&request));
        Self { state, listening }
    }

    pub fn url(&self) -> String {
        self.listening.url()
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(UNPOISONED)
    }

    pub fn keys(&self) -> Keys {
        self.state().keys.clone()
    }

    /// What a reader of each key gets: the id of its data, or nothing.
    pub fn shown(&self) -> BTreeMap<String, Option<String>> {
        let show =
            |entries: &Vec<Entry>| entries.first().and_then(|entry| entry.data.as_ref().map(|_| entry.id.clone()));
        self.state().keys.iter().map(|(key, entries)| (key.clone(), show(entries))).collect()
    }
}

const UNPOISONED: &str = "no thread panics while it holds the bucket";

fn time(second: i64) -> String {
    Timestamp::from_second(second).expect("a second").strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

pub fn etag(entry: &Entry) -> String {
    format!("etag-{}", entry.id)
}

fn xml(text: impl Into<Bytes>) -> Response<Body> {
    response(200, "application/xml", text)
}

fn refusal(status: u16, code: &str) -> Response<Body> {
    response(status, "application/xml", format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>"))
}

fn with_header(mut answer: Response<Body>, name: &'static str, value: &str) -> Response<Body> {
    answer.headers_mut().insert(name, value.parse().expect("a header value"));
    answer
}

/// The value of a query parameter, decoded.
fn parameter(query: &str, name: &str) -> Option<String> {
    let (_, value) = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name)?;
    Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn unescaped(text: &str) -> String {
    let mut text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    while let Some((before, rest)) = text.split_once("&#x") {
        let (code, after) = rest.split_once(';').expect("an entity ends");
        let letter = u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("a character");
        text = format!("{before}{letter}{after}");
    }
    text.replace("&amp;", "&")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text of the first element of this name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(value, _)| value)
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Response<Body> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let path = percent_decode_str(request.uri().path()).decode_utf8_lossy().into_owned();
        let (bucket, key) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
        if bucket.is_empty() {
            return identity();
        }
        if bucket != NAME {
            return refusal(404, "NoSuchBucket");
        }
        let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        match (request.method(), key.is_empty()) {
            (&Method::HEAD, true) => with_header(xml(""), "x-amz-bucket-region", "eu-central-1"),
            (&Method::GET, true) if has("versioning") => self.versioning(),
            (&Method::GET, true) if has("lifecycle") => {
                self.lifecycle.clone().map_or_else(|| refusal(404, "NoSuchLifecycleConfiguration"), xml)
            }
            (&Method::GET, true) if has("versions") => self.list(&query),
            (&Method::POST, true) if has("delete") => self.delete_many(request.body(), header("x-amz-mfa")),
            (&Method::HEAD, false) => self.head(key, parameter(&query, "versionId")),
            (&Method::DELETE, false) => self.delete_alone(key, parameter(&query, "versionId"), header("if-match")),
            _ => refusal(501, "NotImplemented"),
        }
    }

    fn count(&mut self, call: &'static str) {
        *self.calls.entry(call).or_default() += 1;
    }

    fn versioning(&self) -> Response<Body> {
        let status = match self.versioning.as_str() {
            "" => String::new(),
            status => format!("<Status>{status}</Status>"),
        };
        let mfa = self.mfa.as_ref().map_or("", |_| "<MfaDelete>Enabled</MfaDelete>");
        xml(format!("<VersioningConfiguration {NAMESPACE}>{status}{mfa}</VersioningConfiguration>"))
    }

    fn list(&mut self, query: &str) -> Response<Body> {
        self.count("ListObjectVersions");
        let text = |name: &str| parameter(query, name).unwrap_or_default();
        let (prefix, delimiter, key_marker) = (text("prefix"), text("delimiter"), text("key-marker"));
        let version_marker = parameter(query, "version-id-marker");
        let most = parameter(query, "max-keys")
            .and_then(|most| most.parse().ok())
            .map_or(self.page, |most: usize| most.min(self.page));
        let mut page = ListPage { most, ..ListPage::default() };
        for (key, entries) in self.keys.iter().filter(|(key, _)| key.starts_with(&prefix) && **key >= key_marker) {
            let within = version_marker.as_ref().filter(|_| *key == key_marker);
            if *key == key_marker && within.is_none() {
                continue;
            }
            let rolled = key[prefix.len()..].find(&delimiter).filter(|_| !delimiter.is_empty());
            if let Some(at) = rolled {
                let group = &key[..prefix.len() + at + delimiter.len()];
                if *group <= *key_marker || page.take_group(group) {
                    continue;
                }
                break;
            }
            let skip = within
                .map_or(0, |id| entries.iter().position(|entry| entry.id == *id).map_or(0, |position| position + 1));
            if !entries.iter().enumerate().skip(skip).all(|(place, entry)| page.take(key, entry, place == 0)) {
                break;
            }
        }
        xml(page.text())
    }

    fn head(&mut self, key: &str, id: Option<String>) -> Response<Body> {
        self.count("HeadObject");
        let entries = self.keys.get(key).map(Vec::as_slice).unwrap_or_default();
        let entry = match &id {
            Some(id) => entries.iter().find(|entry| entry.id == *id),
            None => entries.first(),
        };
        let Some(entry) = entry else { return response(404, "application/xml", "") };
        let status = if entry.data.is_some() {
            200
        } else if id.is_some() {
            405
        } else {
            404
        };
        let answer = with_header(response(status, "application/xml", ""), "x-amz-version-id", &entry.id);
        if entry.data.is_some() { answer } else { with_header(answer, "x-amz-delete-marker", "true") }
    }

    fn delete_many(&mut self, body: &[u8], mfa: Option<String>) -> Response<Body> {
        self.count("DeleteObjects");
        if self.mfa.is_some() && self.mfa != mfa {
            return refusal(403, "AccessDenied");
        }
        let body = String::from_utf8_lossy(body).into_owned();
        let mut answer = String::new();
        for object in body.split("<Object>").skip(1) {
            let key = unescaped(element(object, "Key").expect("a key"));
            let id = element(object, "VersionId").map(unescaped);
            let tag = element(object, "ETag").map(|tag| unescaped(tag).trim_matches('"').to_owned());
            answer += &self.delete(&key, id.as_deref(), tag.as_deref());
        }
        xml(format!("<DeleteResult {NAMESPACE}>{answer}</DeleteResult>"))
    }

    fn delete_alone(&mut self, key: &str, id: Option<String>, tag: Option<String>) -> Response<Body> {
        self.count("DeleteObject");
        let tag = tag.map(|tag| tag.trim_matches('"').to_owned());
        let answer = self.delete(key, id.as_deref(), tag.as_deref());
        match element(&answer, "Code") {
            Some(code) => refusal(412, code),
            None if answer.contains("<DeleteMarker>") => {
                with_header(response(204, "application/xml", ""), "x-amz-delete-marker", "true")
            }
            None => response(204, "application/xml", ""),
        }
    }

    /// One deletion, as its part of the answer of a batch.
    fn delete(&mut self, key: &str, id: Option<&str>, tag: Option<&str>) -> String {
        let named = format!("<Key>{}</Key>", escaped(key));
        let version = id.map(|id| format!("<VersionId>{id}</VersionId>")).unwrap_or_default();
        let error = |code: &str| format!("<Error>{named}{version}<Code>{code}</Code><Message>no</Message></Error>");
        if let Some((code, times)) = self.refused.get_mut(key).filter(|(_, times)| *times > 0) {
            *times -= 1;
            return error(code);
        }
        let entries = self.keys.entry(key.to_owned()).or_default();
        let Some(id) = id else {
            self.plain_deletes.push(key.to_owned());
            let current = entries.first().filter(|entry| entry.data.is_some()).map(etag);
            if tag.is_some() && current.as_deref() != tag {
                return error(if current.is_none() { "NoSuchKey" } else { "PreconditionFailed" });
            }
            let suspended = self.versioning != "Enabled";
            if suspended && let Some(place) = entries.iter().position(|entry| entry.id == "null") {
                let replaced = entries.remove(place);
                self.lost.extend(replaced.data.map(|_| (key.to_owned(), replaced.id)));
            }
            self.made += 1;
            let made = if suspended { "null".to_owned() } else { format!("made-{}", self.made) };
            entries.insert(0, marker(&made, 1_000_000));
            return format!("<Deleted>{named}<DeleteMarker>true</DeleteMarker></Deleted>");
        };
        let place = entries.iter().position(|entry| entry.id == id);
        let removed = place.map(|place| entries.remove(place));
        if entries.is_empty() {
            self.keys.remove(key);
        }
        match removed {
            Some(Entry { data: Some(_), .. }) => {
                self.lost.push((key.to_owned(), id.to_owned()));
                format!("<Deleted>{named}{version}</Deleted>")
            }
            Some(_) => format!(
                "<Deleted>{named}{version}<DeleteMarker>true</DeleteMarker>\
                 <DeleteMarkerVersionId>{id}</DeleteMarkerVersionId></Deleted>"
            ),
            None => format!("<Deleted>{named}{version}</Deleted>"),
        }
    }
}

/// A page being filled.
#[derive(Default)]
struct ListPage {
    most: usize,
    count: usize,
    body: String,
    last: Option<(String, Option<String>)>,
    group: Option<String>,
    truncated: bool,
}

impl ListPage {
    /// Makes room for one more; false when the page is full.
    fn room(&mut self) -> bool {
        self.truncated = self.count == self.most;
        self.count += usize::from(!self.truncated);
        !self.truncated
    }

    fn take(&mut self, key: &str, entry: &Entry, latest: bool) -> bool {
        if !self.room() {
            return false;
        }
        let head = format!(
            "<Key>{}</Key><VersionId>{}</VersionId><IsLatest>{latest}</IsLatest><LastModified>{}</LastModified>",
            encoded(key),
            entry.id,
            time(entry.second)
        );
        self.body += &match &entry.data {
            Some(Data { size, class }) => format!(
                "<Version>{head}<ETag>&quot;{}&quot;</ETag><Size>{size}</Size><StorageClass>{class}</StorageClass></Version>",
                etag(entry)
            ),
            None => format!("<DeleteMarker>{head}</DeleteMarker>"),
        };
        self.last = Some((key.to_owned(), Some(entry.id.clone())));
        true
    }

    fn take_group(&mut self, group: &str) -> bool {
        if self.group.as_deref() == Some(group) {
            return true;
        }
        if !self.room() {
            return false;
        }
        self.group = Some(group.to_owned());
        self.body += &format!("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", encoded(group));
        self.last = Some((group.to_owned(), None));
        true
    }

    fn text(self) -> String {
        let next = match self.last.filter(|_| self.truncated) {
            Some((key, id)) => format!(
                "<NextKeyMarker>{}</NextKeyMarker><NextVersionIdMarker>{}</NextVersionIdMarker>",
                encoded(&key),
                id.unwrap_or_default()
            ),
            None => String::new(),
        };
        format!(
            "<ListVersionsResult {NAMESPACE}><Name>{NAME}</Name><EncodingType>url</EncodingType>\
             <IsTruncated>{}</IsTruncated>{next}{}</ListVersionsResult>",
            self.truncated, self.body
        )
    }
}

fn identity() -> Response<Body> {
    response(
        200,
        "text/xml",
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ops</Arn>\
         <UserId>U</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    )
}
