//! The pages of a bucket, through the real SDK and a connection that answers what it is told.
#![expect(clippy::disallowed_methods, reason = "a measurement")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::super::{Page, PageError, PageQuery, Pages, S3Pages, VersionPage, VersionPages, VersionQuery};

/// Answers in turn, the last one again and again.
#[derive(Debug, Clone)]
struct Canned {
    answers: Arc<Vec<(u16, String)>>,
    asked: Arc<AtomicUsize>,
    uris: Arc<Mutex<Vec<String>>>,
}

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.uris.lock().expect("no panic").push(request.uri().to_owned());
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let (status, body) = &self.answers[number.min(self.answers.len() - 1)];
        let status = StatusCode::try_from(*status).expect("a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body.clone()))))
    }
}

fn client(answers: &[(u16, &str)]) -> (Client, Canned) {
    let answers = answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
    let canned = Canned { answers: Arc::new(answers), asked: Arc::default(), uris: Arc::default() };
    let connector = SharedHttpConnector::new(canned.clone());
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .http_client(http_client_fn(move |_, _| connector.clone()));
    (Client::from_conf(config.build()), canned)
}

async fn ask(answers: &[(u16, &str)]) -> (Result<Page, PageError>, Canned) {
    let (client, canned) = client(answers);
    let query = PageQuery { prefix: "a b/".into(), start_after: Some("a b/c+d\n".into()), ..PageQuery::default() };
    (S3Pages::new(client, "bucket").page(query).await, canned)
}

const PAGE: &str = "<?xml version=\"1.0\"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>\
    <Contents><Key>a+b/d%0A</Key><LastModified>2024-02-29T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag>\
    <Size>7</Size></Contents></ListBucketResult>";
const DENIED: &str = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
const SLOW: &str = "<Error><Code>SlowDown</Code><Message>slower</Message></Error>";

#[tokio::test]
async fn keys_survive_the_way_there_and_back() {
    let (page, canned) = ask(&[(200, PAGE)]).await;
    assert_eq!(page.expect("a page").objects[0].key, "a b/d\n");
    let uri = canned.uris.lock().expect("no panic")[0].clone();
    for part in ["list-type=2", "encoding-type=url", "prefix=a%20b%2F", "start-after=a%20b%2Fc%2Bd%0A"] {
        assert!(uri.contains(part), "{part} in {uri}");
    }
}

#[tokio::test]
async fn a_refusal_reaches_the_caller_with_its_code() {
    let (page, canned) = ask(&[(403, DENIED)]).await;
    let error = page.expect_err("denied");
    assert!(error.is_access_denied());
    assert_eq!((error.code(), error.message(), error.status()), (Some("AccessDenied"), Some("no"), Some(403)));
    assert_eq!(error.to_string(), "AccessDenied: no");
    assert_eq!(canned.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_answer_cut_short_is_asked_for_again() {
    let (page, canned) = ask(&[(200, &PAGE[..PAGE.len() - 30]), (200, PAGE)]).await;
    assert_eq!(page.expect("a page").objects.len(), 1);
    assert_eq!(canned.asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn throttling_is_retried_and_then_told() {
    let (page, _) = ask(&[(503, SLOW), (200, PAGE)]).await;
    assert!(page.is_ok());
    let (page, canned) = ask(&[(503, SLOW)]).await;
    assert!(page.expect_err("throttled").is_throttle());
    assert_eq!(canned.asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn an_error_with_a_good_status_is_an_error() {
    let (page, _) = ask(&[(200, "<Error><Code>InternalError</Code></Error>")]).await;
    assert_eq!(page.expect_err("an error").code(), Some("InternalError"));
}

async fn ask_for_versions(answer: (u16, &str)) -> (Result<VersionPage, PageError>, Canned) {
    let (client, canned) = client(&[answer]);
    let (key_marker, version_marker) = (Some("a b/c+d\n".into()), Some("v+1".into()));
    let query = VersionQuery { prefix: "a b/".into(), key_marker, version_marker, ..VersionQuery::default() };
    (S3Pages::new(client, "bucket").version_page(query).await, canned)
}

#[tokio::test]
async fn versions_survive_the_way_there_and_back() {
    let answer = "<ListVersionsResult><EncodingType>url</EncodingType><DeleteMarker><Key>a+b/d%0A</Key>\
        <LastModified>2024-02-29T00:00:00Z</LastModified></DeleteMarker></ListVersionsResult>";
    let (page, canned) = ask_for_versions((200, answer)).await;
    let page = page.expect("a page");
    assert_eq!((&*page.versions[0].key, &*page.versions[0].version_id), ("a b/d\n", "null"));
    let uri = canned.uris.lock().expect("no panic")[0].clone();
    for part in ["?versions", "encoding-type=url", "key-marker=a%20b%2Fc%2Bd%0A", "version-id-marker=v%2B1"] {
        assert!(uri.contains(part), "{part} in {uri}");
    }
}

#[tokio::test]
async fn a_refusal_of_versions_keeps_its_code() {
    let error = ask_for_versions((403, DENIED)).await.0.expect_err("denied");
    assert!(error.is_access_denied());
    assert_eq!((error.code(), error.message(), error.status()), (Some("AccessDenied"), Some("no"), Some(403)));
}

/// A page as S3 writes it.
fn full_page() -> String {
    let contents: String = (0..1000)
        .map(|number| {
            format!(
                "<Contents><Key>logs/2024/05/13/{number:08x}-4b1c-4f6e-9d0a-0123456789ab.json.gz</Key>\
                <LastModified>2024-05-13T07:00:00.000Z</LastModified><ETag>&quot;{number:032x}&quot;</ETag>\
                <ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>\
                <Size>{number}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            )
        })
        .collect();
    PAGE.replace("<Contents>", &format!("{contents}<Contents>"))
}

async fn time_of<F: Future<Output = usize>>(page: impl Fn() -> F) -> Duration {
    const ROUNDS: u32 = 200;
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        assert_eq!(page().await, 1001);
    }
    begun.elapsed() / ROUNDS
}

#[tokio::test]
#[ignore = "a measurement: with --release, on a quiet machine"]
async fn the_lean_reader_at_least_doubles_the_rate() {
    let (client, _) = client(&[(200, &full_page())]);
    let pages = S3Pages::new(client.clone(), "bucket");
    let sdk = || async { client.list_objects_v2().bucket("bucket").send().await.expect("a page").contents().len() };
    let lean = || async { pages.page(PageQuery::default()).await.expect("a page").objects.len() };
    time_of(&sdk).await;
    let (sdk, lean) = (time_of(&sdk).await, time_of(&lean).await);
    assert!(sdk > 2 * lean, "a page of 1,000 keys takes the SDK {sdk:?}, the lean reader {lean:?}");
    assert!(std::env::var("SHOW").is_err(), "a page of 1,000 keys takes the SDK {sdk:?}, the lean reader {lean:?}");
}
