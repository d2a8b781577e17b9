//! What all tools have in common: help, pages, versions, formats, exit codes, and how they end.

mod endings;
mod pages;

/// Every tool of the toolkit.
pub const TOOLS: [&str; 7] = ["pantherlog", "requeue", "s3list", "s3queue", "s3sns", "s3undelete", "sources"];
