//! How a tool reaches AWS.

use std::path::PathBuf;

use clap::Args;

use crate::aws::Access;

/// Profile, region, endpoint, role.
#[derive(Args, Clone, Debug, Default)]
pub struct AwsArgs {
    /// AWS profile of ~/.aws/config
    #[arg(long, value_name = "NAME", env = "OPSTOOLS_PROFILE", help_heading = "AWS")]
    pub profile: Option<String>,
    /// AWS region, such as eu-west-1
    #[arg(long, value_name = "REGION", env = "OPSTOOLS_REGION", help_heading = "AWS")]
    pub region: Option<String>,
    /// Endpoint for all AWS services; wins over AWS_ENDPOINT_URL and the variables of single services
    #[arg(long, value_name = "URL", env = "OPSTOOLS_ENDPOINT_URL", help_heading = "AWS")]
    pub endpoint_url: Option<String>,
    /// Root certificates (PEM) to trust instead of the system's; AWS_CA_BUNDLE works too
    #[arg(long, value_name = "FILE", env = "OPSTOOLS_CA_BUNDLE", help_heading = "AWS")]
    pub ca_bundle: Option<PathBuf>,
    /// Assume this role first
    #[arg(long, value_name = "ARN", env = "OPSTOOLS_ROLE_ARN", help_heading = "AWS")]
    pub role_arn: Option<String>,
    /// Refuse to run in any account but this one
    #[arg(long, value_name = "ACCOUNT", env = "OPSTOOLS_EXPECT_ACCOUNT", help_heading = "AWS")]
    pub expect_account: Option<String>,
    /// Tries of each AWS call, the first included
    #[arg(long, value_name = "N", env = "OPSTOOLS_MAX_ATTEMPTS", default_value = "8", value_parser = super::values::positive,
          help_heading = "Pace")]
    pub max_attempts: usize,
}

impl AwsArgs {
    /// The same without clap.
    #[must_use]
    pub fn access(&self) -> Access {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Access {
            profile: given(&self.profile),
            region: given(&self.region),
            endpoint_url: given(&self.endpoint_url),
            ca_bundle: self.ca_bundle.clone().filter(|path| !path.as_os_str().is_empty()),
            role_arn: given(&self.role_arn),
            expect_account: given(&self.expect_account),
            max_attempts: u32::try_from(self.max_attempts).unwrap_or(u32::MAX),
        }
    }
}
