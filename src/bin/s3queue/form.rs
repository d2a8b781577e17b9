//! The messages of this tool: what the log processor takes as news of objects.

use opstools::aws::sqs::Outgoing;
use opstools::objects::Place;
use opstools::panther::{Notified, Scene, cloudtrail_notice, s3_event};
use opstools::replay::Consumer;

use crate::arguments::MessageFormat;

/// How messages are made.
#[derive(Clone, Debug)]
pub struct Form {
    /// Which kind of notice.
    pub format: MessageFormat,
    /// The Panther account.
    pub account: String,
    /// The partition of ARNs.
    pub partition: String,
}

impl Consumer for Form {
    fn message(&self, place: &Place, objects: &[Notified]) -> Outgoing {
        let scene =
            Scene { bucket: &place.bucket, region: &place.region, partition: &self.partition, account: &self.account };
        let body = match self.format {
            MessageFormat::S3 => s3_event(&scene, objects),
            MessageFormat::Cloudtrail => cloudtrail_notice(&scene, objects),
        };
        Outgoing { body, ..Outgoing::default() }
    }
}
