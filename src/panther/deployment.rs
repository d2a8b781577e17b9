//! Where a Panther deployment is: names of roles and topics are made of its partition, region and account.

use crate::aws::Session;

/// Partition, region and account of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// The partition of ARNs, such as `aws`.
    pub partition: String,
    /// The region that Panther runs in, not that of what it reads.
    pub region: String,
    /// The account that Panther runs in; missing when STS did not tell.
    pub account: Option<String>,
}

impl Deployment {
    /// The deployment that a session looks at: its own account and region.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self {
            partition: session.partition().to_owned(),
            region: session.region.clone(),
            account: session.identity.account.clone(),
        }
    }

    /// The ARN of a role of some account.
    #[must_use]
    pub fn role_arn(&self, account: &str, name: &str) -> String {
        format!("arn:{}:iam::{account}:role/{name}", self.partition)
    }

    /// The role that reads Panther's own staging bucket; it may read objects but not list.
    #[must_use]
    pub fn staging_role(&self) -> Option<String> {
        let account = self.account.as_deref()?;
        Some(self.role_arn(account, &format!("{STAGING_ROLE}-{}", self.region)))
    }

    /// The role by which Panther scans a cloud account.
    #[must_use]
    pub fn audit_role(&self, account: &str) -> String {
        self.role_arn(account, &format!("PantherAuditRole-{}", self.region))
    }

    /// The ARN of a queue of the deployment.
    #[must_use]
    pub fn queue_arn(&self, name: &str) -> Option<String> {
        let account = self.account.as_deref()?;
        Some(format!("arn:{}:sqs:{}:{account}:{name}", self.partition, self.region))
    }
}

/// The name, up to the region, of the role that reads the staging bucket.
pub const STAGING_ROLE: &str = "PantherInputDataLogProcessingRole";

/// The topic that Panther makes in a bucket owner's account when it manages a bucket's notifications.
pub const MANAGED_TOPIC: &str = "panther-notifications-topic";
