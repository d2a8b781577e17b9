//! Building blocks of command lines: same name, same meaning, same wording in every tool.
//!
//! The doc comments of the fields are the help. The structs hold no logic; what a flag means is decided where a plan is
//! made.

mod aws;
mod global;
mod go_style;
mod objects;
mod pace;
mod time_range;
mod values;

pub use aws::AwsArgs;
pub use global::{Format, GlobalArgs};
pub use go_style::{Legacy, Means, command, normalise};
pub use objects::{FilterArgs, ObjectArgs, SourceArgs};
pub use pace::PaceArgs;
pub use time_range::TimeArgs;
pub use values::{account, bool_word, bytes, duration, positive, rate};
