//! What is done to one key: these markers go, this version becomes current. The same record stands in journals and
//! manifests, and is the way back.

use jiff::Timestamp;
use opstools::aws::listing::{DeleteMarker, History, VersionId};
use serde::{Deserialize, Serialize};

/// Storage classes whose objects cannot be read before they are restored (AWS).
const ARCHIVED: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];

/// The version that becomes current.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// Its id.
    pub id: VersionId,
    /// Its bytes.
    pub size: u64,
    /// Its entity tag without quotes.
    pub etag: String,
    /// Its storage class; `None` is STANDARD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<String>,
    /// When it was written.
    pub last_modified: Timestamp,
}

/// One key to be brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restoration {
    /// The key.
    pub key: String,
    /// The markers to be removed, the newest first; at least one.
    pub markers: Vec<DeleteMarker>,
    /// What a reader then gets.
    pub version: Current,
}

impl Restoration {
    /// From a history that was decided about; `None`: it has no data, or its data has no id.
    pub fn of(history: History) -> Option<Self> {
        let data = history.data?;
        let version = Current {
            id: VersionId::new(data.version_id)?,
            size: data.size,
            etag: data.etag,
            storage_class: data.storage_class,
            last_modified: data.last_modified,
        };
        Some(Self { key: history.key, markers: history.markers, version })
    }

    /// Its data must be fetched from an archive before anybody can read it.
    pub fn is_archived(&self) -> bool {
        self.version.storage_class.as_deref().is_some_and(|class| ARCHIVED.contains(&class))
    }

    /// A consumer of objects passes it over: it has no bytes, or is a folder's own key.
    pub fn is_empty(&self) -> bool {
        self.version.size == 0 || self.key.ends_with('/')
    }

    /// The marker with the id `null`, which may become data where versioning is suspended.
    pub fn null_marker(&self) -> Option<&DeleteMarker> {
        self.markers.iter().find(|marker| marker.id().is_null())
    }
}
