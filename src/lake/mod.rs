//! The data lake: from events to the objects in which Panther keeps them.
//!
//! Events are grouped by the hour of their time and their log type, packed as JSON lines in gzip, and stored under keys that name
//! table and hour. For every tool that writes processed data.
//!
//! | file | what it does |
//! |---|---|
//! | `hour` | the hour of an event, and the keys of its objects |
//! | `packer` | gzip, one member for each object |
//! | `buffers` | events until their object is full, old, or memory is short |
//! | `store` | where objects go: a folder, a bucket, nowhere |
//! | `folder` | objects as files that are there as a whole or not at all |

mod buffers;
mod folder;
mod hour;
mod packer;
mod store;

pub use buffers::{Buffers, Limits, Object};
pub use hour::{Hour, object_key};
pub use store::{Store, Stored};
