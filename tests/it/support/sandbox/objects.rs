//! Verbs for buckets: make one, put many objects at once, count, list and read.

use std::collections::BTreeMap;

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use futures::{StreamExt, stream};

use super::super::loopback::wait;
use super::Sandbox;

/// Objects under way at a time; the emulator does not get faster with more.
const CONCURRENCY: usize = 8;

/// Buckets through the SDK.
pub struct Objects {
    client: Client,
    region: String,
}

impl Objects {
    pub(super) fn of(sandbox: &Sandbox) -> Self {
        Self::at(&sandbox.endpoint("s3"), sandbox.region(), sandbox.access_key(), sandbox.secret_key())
    }

    /// Buckets of any endpoint, a fault proxy's for instance.
    pub fn at(url: &str, region: &str, access_key: &str, secret_key: &str) -> Self {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(url)
            .force_path_style(true)
            .credentials_provider(Credentials::new(access_key, secret_key, None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http());
        Self { client: Client::from_conf(config.build()), region: region.to_owned() }
    }

    /// The SDK's client, for what has no verb here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Makes a bucket.
    pub fn create(&self, bucket: &str) {
        let place = BucketLocationConstraint::from(self.region.as_str());
        let place = CreateBucketConfiguration::builder().location_constraint(place).build();
        let created = wait(self.client.create_bucket().bucket(bucket).create_bucket_configuration(place).send());
        created.unwrap_or_else(|error| panic!("creating `{bucket}`: {error:?}"));
    }

    /// Puts objects, each with its body.
    pub fn put<K: AsRef<str>, B: AsRef<[u8]>>(&self, bucket: &str, objects: impl IntoIterator<Item = (K, B)>) {
        let objects: Vec<(String, Vec<u8>)> =
            objects.into_iter().map(|(key, body)| (key.as_ref().to_owned(), body.as_ref().to_vec())).collect();
        let putting = stream::iter(objects).map(|(key, body)| self.put_one(bucket, key, body));
        wait(putting.buffer_unordered(CONCURRENCY).collect::<()>());
    }

    async fn put_one(&self, bucket: &str, key: String, body: Vec<u8>) {
        let request = self.client.put_object().bucket(bucket).key(&key).body(ByteStream::from(body));
        request.send().await.unwrap_or_else(|error| panic!("putting `{bucket}/{key}`: {error:?}"));
    }

    /// Keys under a prefix with their sizes, in order.
    pub fn list(&self, bucket: &str, prefix: &str) -> BTreeMap<String, u64> {
        wait(async {
            let listing = self.client.list_objects_v2().bucket(bucket).prefix(prefix);
            let mut pages = listing.into_paginator().send();
            let mut found = BTreeMap::new();
            while let Some(page) = pages.next().await {
                let page = page.unwrap_or_else(|error| panic!("listing `{bucket}/{prefix}`: {error:?}"));
                let size = |size: Option<i64>| size.and_then(|size| size.try_into().ok()).unwrap_or(0);
                found.extend(
                    page.contents().iter().map(|object| {
                        (object.key().expect("a listed object has a key").to_owned(), size(object.size()))
                    }),
                );
            }
            found
        })
    }

    /// How many objects there are under a prefix.
    pub fn count(&self, bucket: &str, prefix: &str) -> usize {
        self.list(bucket, prefix).len()
    }

    /// The body of an object.
    pub fn get(&self, bucket: &str, key: &str) -> Vec<u8> {
        wait(async {
            let object = self.client.get_object().bucket(bucket).key(key).send().await;
            let object = object.unwrap_or_else(|error| panic!("reading `{bucket}/{key}`: {error:?}"));
            let body = object.body.collect().await;
            body.unwrap_or_else(|error| panic!("reading `{bucket}/{key}`: {error}")).to_vec()
        })
    }
}
