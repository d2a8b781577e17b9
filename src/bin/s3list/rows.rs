//! One object as a row: which columns there are, and what stands in them.
//!
//! Two tables. Objects name their source, in columns that `s3queue --from-file` reads; versions have the columns of the
//! inventory that AWS's own guidance for rolling back buckets takes.

use jiff::Timestamp;
use opstools::objects::Found;
use serde::Serialize;

use crate::book::Owner;

/// The class of listed objects that name none.
const STANDARD: &str = "STANDARD";

/// Columns of a list of objects.
pub const OBJECT_COLUMNS: [&str; 11] = [
    "source_id",
    "source_label",
    "source_type",
    "bucket",
    "key",
    "size",
    "last_modified",
    "etag",
    "storage_class",
    "region",
    "log_types",
];

/// Columns of a list of versions.
pub const VERSION_COLUMNS: [&str; 9] = [
    "bucket_name",
    "key_name",
    "version_id",
    "is_latest",
    "delete_marker",
    "size",
    "last_modified",
    "storage_class",
    "e_tag",
];

/// An object and its source.
#[derive(Debug, Serialize)]
pub struct ObjectRow<'a> {
    pub source_id: &'a str,
    pub source_label: &'a str,
    pub source_type: &'a str,
    pub bucket: &'a str,
    pub key: &'a str,
    pub size: Option<u64>,
    pub last_modified: Option<Timestamp>,
    pub etag: &'a str,
    pub storage_class: &'a str,
    pub region: &'a str,
    pub log_types: &'a [String],
}

impl<'a> ObjectRow<'a> {
    /// The row of an object.
    pub fn of(object: &'a Found, owner: &'a Owner) -> Self {
        Self {
            source_id: &owner.id,
            source_label: &owner.label,
            source_type: &owner.kind,
            bucket: &object.place.bucket,
            key: &object.key,
            size: object.size,
            last_modified: object.last_modified,
            etag: &object.etag,
            storage_class: storage_class(object),
            region: if object.place.region_is_known { &object.place.region } else { "" },
            log_types: &owner.log_types,
        }
    }
}

/// A version or delete marker.
#[derive(Debug, Serialize)]
pub struct VersionRow<'a> {
    pub bucket_name: &'a str,
    pub key_name: &'a str,
    pub version_id: &'a str,
    pub is_latest: bool,
    pub delete_marker: bool,
    pub size: Option<u64>,
    pub last_modified: Option<Timestamp>,
    pub storage_class: &'a str,
    pub e_tag: &'a str,
}

impl<'a> VersionRow<'a> {
    /// The row of a version; `None` where the input does not say which version it is.
    pub fn of(object: &'a Found) -> Option<Self> {
        let version = object.version.as_ref()?;
        Some(Self {
            bucket_name: &object.place.bucket,
            key_name: &object.key,
            version_id: &version.id,
            is_latest: version.is_latest,
            delete_marker: version.delete_marker,
            size: object.size.filter(|_| !version.delete_marker),
            last_modified: object.last_modified,
            storage_class: storage_class(object),
            e_tag: &object.etag,
        })
    }
}

/// The class of an object: a listing leaves out the standard one, a list may not know it, and a delete marker has none.
pub fn storage_class(object: &Found) -> &str {
    let marker = object.version.as_ref().is_some_and(|version| version.delete_marker);
    let unsaid = if object.row.is_some() || marker { "" } else { STANDARD };
    object.storage_class.as_deref().unwrap_or(unsaid)
}
