//! Building blocks of command lines: same name, same meaning, same wording in every tool.
//!
//! The doc comments of the fields are the help. The structs hold no logic but the step from a flag to the library's own
//! terms (0 is no bound); what a flag means for a tool is decided where its plan is made.

mod aws;
mod framing;
mod global;
mod go_style;
mod objects;
mod pace;
mod time_range;
mod values;

pub use aws::AwsArgs;
pub use framing::{Framing, FramingArgs, Stream};
pub use global::{Format, GlobalArgs};
pub use go_style::{Legacy, Means, Typed, command, normalise};
pub use objects::{FilterArgs, ObjectArgs, SourceArgs};
pub use pace::PaceArgs;
pub use time_range::TimeArgs;
pub use values::{account, bool_word, bytes, duration, positive, rate, threads};
