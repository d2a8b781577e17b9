//! Versioned buckets: whether a bucket keeps versions, what will delete them, and the removal of delete markers.
//!
//! The one irreversible request, a delete with a version id, is made here and takes nothing but a [`DeleteMarker`], which
//! only a listing makes, so no version with data in it can be named by mistake. Serves the tool that undeletes.
//!
//! [`DeleteMarker`]: super::listing::DeleteMarker

mod lifecycle;
mod mfa;
mod removal;
mod shown;
mod state;

pub use lifecycle::{Rule, lifecycle};
pub use mfa::Mfa;
pub use removal::{Cover, MOST_PER_REQUEST, Removed, Target, VersionedBucket};
pub use shown::Shown;
pub use state::{Status, Versioning, versioning};
