//! A bucket of any size, with keys that no emulator takes: what S3 answers to a listing, from a list in memory.

use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::support::loopback::{Answer, Body, Listening, full, response, serve};

/// Entries on a page, as S3 has them.
const PAGE: usize = 1000;

/// The only bucket.
pub const LAKE: &str = "lake";

/// A running double; it ends with this value.
pub struct Lake {
    listening: Listening,
    pages: Arc<AtomicUsize>,
}

impl Lake {
    /// Holds these keys, and takes `latency` for each page.
    pub fn of(keys: impl IntoIterator<Item = String>, latency: Duration) -> Self {
        let mut keys: Vec<String> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let (keys, pages) = (Arc::new(keys), Arc::new(AtomicUsize::new(0)));
        let counted = pages.clone();
        let listening = serve(move |request, _| answer(request, keys.clone(), counted.clone(), latency));
        Self { listening, pages }
    }

    /// The variable that leads there.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![("AWS_ENDPOINT_URL_S3", self.listening.url())]
    }

    /// How many pages were asked for.
    pub fn pages(&self) -> usize {
        self.pages.load(Ordering::Relaxed)
    }
}

async fn answer(
    request: Request<Incoming>,
    keys: Arc<Vec<String>>,
    pages: Arc<AtomicUsize>,
    latency: Duration,
) -> Answer {
    if request.uri().path().trim_matches('/') != LAKE {
        return Ok(response(404, "application/xml", "<Error><Code>NoSuchBucket</Code></Error>"));
    }
    if request.method() == http::Method::HEAD {
        let found = Response::builder().header("x-amz-bucket-region", "us-east-1").body(full(""));
        return Ok(found.expect("a response"));
    }
    pages.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(latency).await;
    Ok(page(&keys, request.uri().query().unwrap_or_default()))
}

fn page(keys: &[String], query: &str) -> Response<Body> {
    let value = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value.replace('+', " ")).next()?;
        Some(percent_decode_str(&found).decode_utf8().expect("UTF-8").into_owned())
    };
    let prefix = value("prefix").unwrap_or_default();
    let after = value("continuation-token").or_else(|| value("start-after"));
    let most = value("max-keys").and_then(|most| most.parse().ok()).unwrap_or(PAGE).min(PAGE);
    let delimiter = value("delimiter").filter(|delimiter| !delimiter.is_empty());
    let mut next = match &after {
        Some(after) => keys.partition_point(|key| key <= after).max(keys.partition_point(|key| key < &prefix)),
        None => keys.partition_point(|key| key < &prefix),
    };
    let (mut entries, mut count, mut last) = (String::new(), 0, String::new());
    while count < most && keys.get(next).is_some_and(|key| key.starts_with(&prefix)) {
        let key = &keys[next];
        let folder =
            delimiter.as_ref().and_then(|sign| Some(prefix.len() + key[prefix.len()..].find(sign)? + sign.len()));
        match folder.map(|end| &key[..end]) {
            Some(folder) => {
                entries += &format!("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", encoded(folder));
                let beyond = keys[next..].partition_point(|key| key.starts_with(folder));
                next += beyond;
                last = keys[next - 1].clone();
            }
            None => {
                entries += &format!(
                    "<Contents><Key>{}</Key><LastModified>2026-01-31T00:00:00.000Z</LastModified>\
                     <ETag>&quot;e&quot;</ETag><Size>{}</Size></Contents>",
                    encoded(key),
                    key.len()
                );
                last = key.clone();
                next += 1;
            }
        }
        count += 1;
    }
    let truncated = keys.get(next).is_some_and(|key| key.starts_with(&prefix));
    let token = if truncated {
        format!("<NextContinuationToken>{}</NextContinuationToken>", escaped(&last))
    } else {
        String::new()
    };
    let text = format!(
        "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>{truncated}</IsTruncated>{token}{entries}</ListBucketResult>"
    );
    response(200, "application/xml", text)
}

fn encoded(key: &str) -> String {
    utf8_percent_encode(key, NON_ALPHANUMERIC).to_string()
}

/// Tokens stand in the XML as they are; control characters among them can only be written as references.
fn escaped(text: &str) -> String {
    text.chars().map(|letter| format!("&#{};", u32::from(letter))).collect()
}

/// The first key after a bound, for tests of this double.
#[test]
fn pages_go_on_where_the_last_one_ended() {
    let keys: std::collections::BTreeSet<String> = (0..2500).map(|number| format!("k{number:05}")).collect();
    let lake = Lake::of(keys.clone(), Duration::ZERO);
    let listed = crate::support::Objects::at(&lake.env()[0].1, "us-east-1", "AKID", "secret").list(LAKE, "k0");
    assert_eq!(listed.len(), 2500);
    assert_eq!(lake.pages(), 3);
    assert!(keys.range::<str, _>((Bound::Unbounded, Bound::Included("k02499"))).count() == listed.len());
}
