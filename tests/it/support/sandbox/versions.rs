//! Verbs for buckets that keep versions: what a mass deletion leaves, and what an undeletion must not touch.

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};

use super::super::loopback::wait;
use super::Objects;

/// One version of a key, or a delete marker.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The key.
    pub key: String,
    /// The id by which it can be read or removed.
    pub id: String,
    /// Whether it is a delete marker.
    pub marker: bool,
    /// Whether it is what the key shows.
    pub latest: bool,
}

impl Objects {
    /// Makes a bucket that keeps versions.
    pub fn create_versioned(&self, bucket: &str) {
        self.create(bucket);
        self.set_versioning(bucket, BucketVersioningStatus::Enabled);
    }

    /// Switches versioning on, or suspends it.
    pub fn set_versioning(&self, bucket: &str, status: BucketVersioningStatus) {
        let wanted = VersioningConfiguration::builder().status(status).build();
        let set = wait(self.client().put_bucket_versioning().bucket(bucket).versioning_configuration(wanted).send());
        set.unwrap_or_else(|error| panic!("versioning of `{bucket}`: {error:?}"));
    }

    /// Deletes a key as anybody does, which leaves a delete marker where versions are kept.
    pub fn delete(&self, bucket: &str, key: &str) {
        let deleted = wait(self.client().delete_object().bucket(bucket).key(key).send());
        deleted.unwrap_or_else(|error| panic!("deleting `{bucket}/{key}`: {error:?}"));
    }

    /// All versions and delete markers under a prefix, by key and id.
    pub fn versions(&self, bucket: &str, prefix: &str) -> Vec<Version> {
        let mut found = Vec::new();
        let mut after: (Option<String>, Option<String>) = (None, None);
        loop {
            let listing = self.client().list_object_versions().bucket(bucket).prefix(prefix);
            let listing = listing.set_key_marker(after.0).set_version_id_marker(after.1);
            let page = wait(listing.send());
            let page = page.unwrap_or_else(|error| panic!("versions of `{bucket}/{prefix}`: {error:?}"));
            let data = page.versions().iter();
            found.extend(data.map(|one| version(one.key(), one.version_id(), one.is_latest(), false)));
            let markers = page.delete_markers().iter();
            found.extend(markers.map(|one| version(one.key(), one.version_id(), one.is_latest(), true)));
            if page.is_truncated() != Some(true) {
                break;
            }
            after = (page.next_key_marker, page.next_version_id_marker);
        }
        found.sort();
        found
    }
}

fn version(key: Option<&str>, id: Option<&str>, latest: Option<bool>, marker: bool) -> Version {
    Version {
        key: key.expect("a listed version has a key").to_owned(),
        id: id.expect("a listed version has an id").to_owned(),
        marker,
        latest: latest.unwrap_or(false),
    }
}
