//! HTTP to what is no service of AWS (a deployment's own API): through the same proxies, with the same roots.

use std::path::Path;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use super::trust;
use crate::error::Failure;

/// A page of an API takes seconds at most; after this long it will not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client without credentials of AWS.
#[derive(Clone, Debug)]
pub struct Web {
    connector: SharedHttpConnector,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// How long to wait before asking again, where the server said so.
    pub retry_after: Option<Duration>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Web {
    /// A client that trusts these roots; without a bundle the same as the clients of AWS.
    ///
    /// # Errors
    /// The bundle cannot be used.
    pub fn new(bundle: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self { connector: SharedHttpConnector::new(trust::connector(bundle)?) })
    }

    /// Posts a JSON document.
    ///
    /// # Errors
    /// Why no answer came, in one line.
    pub async fn post(&self, url: &str, headers: &[(&'static str, &str)], body: String) -> Result<Reply, String> {
        let mut request = http::Request::post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(SdkBody::from(body)).map_err(|error| error.to_string())?;
        let request = HttpRequest::try_from(request).map_err(|error| error.to_string())?;
        let asked = tokio::time::timeout(PATIENCE, self.answer(request)).await;
        asked.unwrap_or_else(|_| Err(format!("no answer within {} s", PATIENCE.as_secs())))
    }

    async fn answer(&self, request: HttpRequest) -> Result<Reply, String> {
        let answer = self.connector.call(request).await.map_err(|error| causes(&error))?;
        let status = answer.status().as_u16();
        let seconds = answer.headers().get("retry-after").and_then(|text| text.parse().ok());
        let body = ByteStream::new(answer.into_body()).collect().await.map_err(|error| error.to_string())?;
        Ok(Reply { status, retry_after: seconds.map(Duration::from_secs), body: body.to_vec() })
    }
}

/// An error with what caused it, on one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut parts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        next = cause.source();
    }
    parts.join(": ")
}
