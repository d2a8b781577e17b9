//! A loopback SQS that is fast enough to race against: standard queues in memory, a chosen delay per call.
//!
//! Emulators answer some hundred to a thousand calls a second, fewer than the tools make; then the emulator is what
//! is measured. This one keeps a fraction of a core for thousands of calls, checks what SQS checks, computes the
//! MD5s the SDKs compare, and counts: when the last delete was done, and what is in each queue. It answers STS's
//! question for the caller too, so that one endpoint serves a tool. Serves the requeue race and tests of scale.

mod attributes;
mod batch;
mod broker;
mod digest;
mod fault;
mod message;
mod queue;
mod receive;
mod server;
mod sts;
mod visibility;

#[cfg(test)]
mod tests;

pub use broker::QueueSetup;
pub use message::{Attribute, NewMessage};
pub use server::{Options, Server};
