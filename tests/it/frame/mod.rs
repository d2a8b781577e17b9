//! What all tools have in common: help, pages, versions, formats, exit codes, and how they end.

mod endings;
mod pages;

/// Every tool of the toolkit.
pub const TOOLS: [&str; 3] = ["requeue", "s3queue", "sources"];
