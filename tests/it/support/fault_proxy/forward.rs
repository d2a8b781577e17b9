//! Passing on: the request as it came, to the service; the answer as it came, to the client. Only what belongs to
//! one connection (its length coding, its keep-alive) is not carried over.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use http::request::Parts;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A client of one service, which keeps its connections.
pub struct Upstream {
    authority: Authority,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Upstream {
    /// The service at this URL, `http://HOST:PORT`.
    pub fn at(url: &str) -> Self {
        let uri: Uri = url.parse().unwrap_or_else(|error| panic!("`{url}` is no URL: {error}"));
        assert!(uri.scheme() == Some(&Scheme::HTTP), "`{url}`: only services on plain HTTP can be stood before");
        let authority = uri.authority().expect("an http URL has an authority").clone();
        let client = Client::builder(TokioExecutor::new()).http1_preserve_header_case(true).build_http();
        Self { authority, client }
    }

    /// Sends a request on and reads the answer whole.
    pub async fn send(&self, head: &Parts, body: Bytes) -> Result<Response<Bytes>, String> {
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = self.uri(head);
        *request.headers_mut() = of_message(&head.headers);
        if let Some(length) = request.headers_mut().get_mut(CONTENT_LENGTH) {
            *length = HeaderValue::from(body.len());
        }
        let answer = self.client.request(request).await.map_err(|error| format!("{}: {error}", self.authority))?;
        let (mut answered, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| format!("{}: {error}", self.authority))?.to_bytes();
        answered.headers = of_message(&answered.headers);
        // An answer to HEAD speaks of a length that it does not have; any other's is counted again.
        if head.method != Method::HEAD {
            answered.headers.remove(CONTENT_LENGTH);
        }
        Ok(Response::from_parts(answered, body))
    }

    fn uri(&self, head: &Parts) -> Uri {
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(self.authority.clone()).path_and_query(target);
        uri.build().expect("the parts of a URI that was received are valid")
    }
}

fn of_message(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [CONNECTION, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    headers
}
