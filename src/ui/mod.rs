//! The only writer to stdout and stderr: data to the one, conversation to the other.
//!
//! Tools and library give plans, reports, notices and counters; here they become text. A closed stdout is remembered, not
//! fatal: a tool that is changing something must drain first.

mod compress;
mod output;
mod page;
mod printer;
mod progress;
mod prompt;
mod table;

pub use compress::Compression;
pub use output::{Encode, Encoder};
pub use page::{answer_text, plan_text, report_text};
pub use printer::{Color, Printer};
pub use progress::{Progress, status_line};
pub use prompt::{ask_line, can_ask};
pub use table::{Align, Table, count, size};
