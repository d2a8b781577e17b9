//! Access to AWS: sessions, and one module per service with verb-sized functions; the only place SDK clients are made.
//!
//! Nothing of the SDK's types is needed above this module: what a service answers becomes plain structs, and what goes wrong
//! becomes a [`crate::error::Failure`] with the service's code, message and request id.

pub mod ahead;
mod answer;
pub mod bucket;
mod date;
pub mod dynamodb;
pub mod get;
mod identity;
pub mod kms;
pub mod lambda;
pub mod listing;
mod outgoing;
pub mod put;
pub mod s3;
pub mod sender;
mod session;
pub mod sns;
pub mod sqs;
pub mod sts;
pub mod topics;
mod trust;
mod untrusted;
pub mod upload;
pub mod versioning;
pub mod web;

pub use answer::service_error;
pub use date::ServiceClock;
pub use outgoing::{AttributeValue, Outgoing, Sent};
pub use session::{Access, Session, Side};
