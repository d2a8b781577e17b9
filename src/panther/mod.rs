//! What a Panther deployment is: names and rules of its queues, sources and notifications.
//!
//! Facts of Panther's open-source releases; newer deployments add to them, so everything read from one is read leniently.

pub mod api;
mod deployment;
mod notification;
mod queues;
pub mod sources;

pub use deployment::{Deployment, MANAGED_TOPIC, STAGING_ROLE};
pub use notification::{Notified, Scene, cloudtrail_notice, encode_key, s3_event};
pub use queues::{INPUT_QUEUE, PREFIX, dead_letter_names, source_names};
pub use sources::{PrefixLogTypes, Source, Sources, excludes, fetch};
