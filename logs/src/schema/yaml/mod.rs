//! YAML as a tree in which everything knows where it stands.
//!
//! People write schemas by hand, so a mistake must be told with its line. A reader that builds typed data directly
//! stops at the first mistake and forgets places; this tree keeps them, and the schema reader walks it and tells all.
//! Plain scalars keep their source text: `1e3`, `no` or `2021-01-01` are what was typed wherever text is wanted.

mod load;
mod node;
mod scalar;
mod write;

pub(super) use load::{Document, load};
pub(super) use node::{Content, Entry, Node, ScalarKind, short};
pub(super) use write::Writer;
