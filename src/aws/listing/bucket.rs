//! The pages of a real bucket.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{EncodingType, RequestPayer};

use super::lean::{LeanReader, Slot};
use super::page::{Page, PageError, PageQuery, Pages};

/// A bucket of S3 or of a server like it.
///
/// All that belongs to the connection (region, credentials, retries, proxy, endpoint) is the client's.
#[derive(Debug, Clone)]
pub struct S3Pages {
    client: Client,
    bucket: String,
    requester_pays: bool,
}

impl S3Pages {
    /// The bucket of this name, through this client.
    pub fn new(client: Client, bucket: impl Into<String>) -> Self {
        Self { client, bucket: bucket.into(), requester_pays: false }
    }

    /// The caller pays for the requests, as buckets of others may demand.
    #[must_use]
    pub fn requester_pays(self, requester_pays: bool) -> Self {
        Self { requester_pays, ..self }
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn bucket(&self) -> &str {
        &self.bucket
    }

    pub(super) fn payer(&self) -> Option<RequestPayer> {
        self.requester_pays.then_some(RequestPayer::Requester)
    }
}

impl Pages for S3Pages {
    async fn page(&self, query: PageQuery) -> Result<Page, PageError> {
        let slot = Slot::default();
        let request = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(query.prefix)
            .set_delimiter(query.delimiter.map(String::from))
            .set_start_after(query.start_after)
            .set_continuation_token(query.continuation_token)
            .set_max_keys(query.max_keys)
            // Keys may hold characters that XML cannot.
            .encoding_type(EncodingType::Url)
            .set_request_payer(self.payer())
            .customize()
            .interceptor(LeanReader(slot.clone()));
        Box::pin(request.send()).await?;
        // A good answer that is no list is an error to the SDK; this is for good answers with odd statuses.
        slot.take().ok_or_else(|| PageError::Stalled { after: String::new() })
    }
}
