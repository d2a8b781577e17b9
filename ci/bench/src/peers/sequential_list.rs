//! One page after the other: what a plain loop over ListObjectsV2 takes, and what the tool we replace did.

use anyhow::{Context, Result};

use super::client;

/// Totals of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Objects seen.
    pub keys: u64,
    /// Sum of their sizes.
    pub bytes: u64,
}

/// Lists everything under `prefix`, page by page.
///
/// # Errors
/// Any page that fails after the SDK's retries.
pub async fn sequential_list(endpoint_url: &str, bucket: &str, prefix: &str) -> Result<Listed> {
    let client = client::s3(endpoint_url);
    let mut pages = client.list_objects_v2().bucket(bucket).prefix(prefix).into_paginator().send();
    let mut listed = Listed::default();
    while let Some(page) = pages.next().await {
        for object in page.context("cannot list")?.contents() {
            listed.keys += 1;
            listed.bytes += object.size().unwrap_or_default().unsigned_abs();
        }
    }
    Ok(listed)
}
