//! Log sources: what each reads, by which role, and which source an object belongs to. Every tool that must know asks here.
//!
//! Sources come from the deployment's function, from its table, or from a file, and are read leniently: later versions of
//! Panther add types and fields, and a source that is understood in part is better than none.
//!
//! | file | what it is |
//! |---|---|
//! | `source` | one source and its roles |
//! | `prefix` | one prefix of a source, and what is excluded below it |
//! | `reading` | from JSON to a source |
//! | `lookup` | all sources of a deployment; which one an object belongs to |
//! | `origin` | where the list comes from, and what to do when that place refuses |
//! | `file` | lists in files |
//! | `public` | the list of the public API |
//! | `conflicts` | sources that get in each other's way |

mod conflicts;
mod file;
mod lookup;
mod origin;
mod prefix;
mod public;
mod reading;
mod source;

pub use conflicts::{Conflict, ConflictKind};
pub use lookup::{Attribution, Sources};
pub use origin::{Listed, Origin, SOURCE_API, SOURCE_TABLE, fetch, list, read_api, read_file};
pub use prefix::{PrefixLogTypes, excludes};
pub use source::{Queue as SourceQueue, Role, Scan, Source, kinds};
