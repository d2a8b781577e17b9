//! What a Panther deployment is: names and rules of its queues, sources, log types, processed data and notifications.
//!
//! Facts of Panther's open-source releases; newer deployments add to them, so everything read from one is read leniently.

pub mod api;
mod deployment;
mod log_types;
mod notification;
mod notified;
mod processed_data;
mod queues;
pub mod sources;

pub use deployment::{Deployment, MANAGED_TOPIC, STAGING_ROLE};
pub use log_types::{CLOUD_SECURITY_TYPES, LogTypes, NoLogType, fetch_log_types, table_name};
pub use notification::{Notified, Scene, cloudtrail_notice, encode_key, processed_data_event, s3_event};
pub use notified::{NotifiedObject, notified_objects};
pub use processed_data::{DataType, PROCESSED_DATA_TOPIC, ProcessedKey, RULES_QUEUE};
pub use queues::{INPUT_QUEUE, PREFIX, dead_letter_names, source_names};
pub use sources::{PrefixLogTypes, Source, Sources, excludes, fetch};
