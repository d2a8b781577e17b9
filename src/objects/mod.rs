//! Which objects of S3 a tool works on: below paths, of sources, or named by a file or an S3 Inventory report.
//!
//! Serves every tool that goes through objects, so that each takes the same flags, reads the same lists and passes over the
//! same objects. All inputs become one stream of portions, each an interval of positions, which is what a journal must
//! remember to go on later. Where keys are listed, [`crate::aws::listing`] does it.
//!
//! * `typed`, `location`: what was typed.
//! * `selection`, `known_sources`, `coverage`, `partitions`: from there to inputs, and which of their keys are meant.
//! * `input`: inputs as one stream.
//! * `rows`, `reading`, `collector`, `inventory`: rows of files and reports.
//! * `filters`: which of the objects found are meant.

mod collector;
mod coverage;
mod filters;
mod input;
mod inventory;
mod known_sources;
mod location;
mod partitions;
mod reading;
mod rows;
mod selection;
mod typed;

pub use collector::Row;
pub use coverage::Coverage;
pub use filters::{Filters, Patterns, Verdict};
pub use input::{Arrival, Found, Input, Listing, Place, Portion, VersionMark, arrivals};
pub use inventory::{DataFormat, Inventory, TakeRow};
pub use known_sources::{check_alone, named, uncovered};
pub use location::Location;
pub use partitions::expand;
pub use reading::{Columns, fingerprint};
pub use rows::{RowInput, RowSource, RowStream};
pub use selection::{Selection, outermost};
pub use typed::Typed;
