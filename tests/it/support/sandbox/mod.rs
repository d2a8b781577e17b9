//! The local deployment as tests use it: where its services are, who one is there, and verbs for its queues and
//! buckets with the real SDK, so that what a test prepares and checks is what any AWS client would see.

mod deployment;
mod message;
mod objects;
mod queues;
mod topics;

pub use deployment::Sandbox;
pub use message::{Attribute, Message};
pub use objects::Objects;
pub use queues::{Counts, Queues};
pub use topics::Topics;
