//! Synthetic logs: any number of lines of any log type, true to its schema, the same bytes for the same seed.
//!
//! What a type's line looks like is compiled once into a [`Program`]: literal bytes, and steps that draw a value. JSON
//! types are compiled from their schemas, so that a new built-in type needs nothing here; formats of text are templates
//! (`forms`). Each file draws from a stream of its own, named by seed, type, hour and number, so that neither the
//! concurrency nor the order of a run changes a byte.
//!
//! * `random`, `entities`, `words`: what values are drawn from. People, hosts and addresses come back as often as
//!   in life (Zipf), and what one row says of a person belongs together.
//! * `program`, `template`: steps, and how they are written down.
//! * `fields`, `json`, `columns`: from a schema to a program.
//! * `forms`: the log types that are written by templates.
//! * `recipe`: one log type, ready to be generated, and the proof that its own parser accepts it.
//! * `breakage`: the proof that broken rows are rejected, each by itself.
//! * `file`, `spread`: the rows of one file, their times, its exact size.
//! * `names`, `schedule`: which files there are, and what they are called.

mod breakage;
mod columns;
mod entities;
mod fields;
mod file;
mod forms;
mod json;
mod names;
mod program;
mod random;
mod recipe;
mod schedule;
mod spread;
mod template;
#[cfg(test)]
mod tests;
mod words;

pub use entities::Pools;
pub use file::{Contents, FileRows, Size};
pub use names::{Layout, Named};
pub use program::Program;
pub use recipe::{Recipe, Unwritable};
pub use schedule::{Amount, FilePlan, Schedule};
pub use spread::Spread;
