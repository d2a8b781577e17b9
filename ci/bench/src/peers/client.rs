//! SDK clients for a loopback server: plain HTTP, fixed credentials, the SDK's own retries.

use aws_sdk_s3::config::{Credentials, Region, SharedHttpClient};

const REGION: &str = "us-east-1";

fn credentials() -> Credentials {
    Credentials::new("test", "test", None, None, "bench")
}

fn http() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_http()
}

pub(super) fn sqs(endpoint_url: &str) -> aws_sdk_sqs::Client {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version_latest()
        .region(Region::new(REGION))
        .credentials_provider(credentials())
        .endpoint_url(endpoint_url)
        .http_client(http());
    aws_sdk_sqs::Client::from_conf(config.build())
}

pub(super) fn s3(endpoint_url: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version_latest()
        .region(Region::new(REGION))
        .credentials_provider(credentials())
        .endpoint_url(endpoint_url)
        .force_path_style(true)
        .http_client(http());
    aws_sdk_s3::Client::from_conf(config.build())
}

/// The URL of a queue.
pub(super) async fn queue_url(client: &aws_sdk_sqs::Client, name: &str) -> anyhow::Result<String> {
    use anyhow::Context;
    let answer = client
        .get_queue_url()
        .queue_name(name)
        .send()
        .await
        .with_context(|| format!("cannot find the queue `{name}`"))?;
    answer.queue_url.with_context(|| format!("no URL for the queue `{name}`"))
}
