//! Telling a consumer of objects: at a pace, several messages in one call, each confirmed before it counts.
//!
//! Serves the tools that notify again of what lies in S3. The journal holds an intent before each batch and low-water marks
//! after it, so that the same command goes on after any interruption, and says what may come twice.
//!
//! * `told`: who is told, and what a message is; `line`: through what it is sent.
//! * `feed`: from portions of objects to batches, within the bounds of the run; `survey`: the same without sending.
//! * `letter`, `batches`: messages and batches being filled.
//! * `delivery`: batches on their way.
//! * `memory`: what the journal of an unfinished run says.
//! * `tally`: what was told of, by type and id.
//! * `backlog`: back-pressure.
//! * [`words`]: what plans of such tools say alike.

mod backlog;
mod batches;
mod delivery;
mod feed;
mod letter;
mod line;
mod memory;
mod survey;
mod tally;
mod told;
pub mod words;

pub use feed::{replay, unknown};
pub use line::{Line, QueueLine, TopicLine};
pub use memory::Memory;
pub use survey::survey;
pub use told::{Consumer, Work};
