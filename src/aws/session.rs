//! One way into AWS: credentials, region, endpoint, roots and retries, from flags and environment.

use std::path::PathBuf;
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::date::ServiceClock;
use super::{identity, trust};
use crate::error::{Failure, ServiceError, Situation};
use crate::report::Identity;
use crate::time::Clock;

/// A connection to a regional endpoint takes milliseconds; after this long it will not come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// No answer of a list, send or receive call takes longer than a long poll (20 s) and some.
const READ_TIMEOUT: Duration = Duration::from_secs(40);

/// The longest pause between two tries of a call.
const LONGEST_BACKOFF: Duration = Duration::from_secs(20);

/// How to reach AWS, as the operator asked for it; what is missing comes from the environment and the profile.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The profile.
    pub profile: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// One endpoint for all services; wins over the environment's.
    pub endpoint_url: Option<String>,
    /// Root certificates to trust instead of the system's.
    pub ca_bundle: Option<PathBuf>,
    /// A role to assume first.
    pub role_arn: Option<String>,
    /// The only account to work in.
    pub expect_account: Option<String>,
    /// Tries of each call, the first included.
    pub max_attempts: u32,
}

/// Which identity and region serve one side of a move; what is missing is taken from the session it starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Another profile.
    pub profile: Option<String>,
    /// Another role, assumed with that profile's credentials.
    pub role_arn: Option<String>,
    /// Another region.
    pub region: Option<String>,
}

/// Credentials, region and transport, ready to make clients.
#[derive(Clone, Debug)]
pub struct Session {
    config: SdkConfig,
    access: Access,
    /// The profile in use, for hints.
    pub profile: Option<String>,
    /// The region in use.
    pub region: String,
    /// The service's own clock.
    pub clock: ServiceClock,
    /// Who we are.
    pub identity: Identity,
}

impl Session {
    /// Connects: loads the configuration, assumes the role, and asks who we are.
    ///
    /// # Errors
    /// No region, no or useless credentials, a bad bundle of roots, or another account than `--expect-account`.
    pub async fn connect(access: &Access, clock: Clock) -> Result<Self, Failure> {
        let mut session = Self::load(access, ServiceClock::new(clock)).await?;
        session.identity = identity::ask(&session).await?;
        session.check_account()?;
        Ok(session)
    }

    /// A session for the other side of a move; the same session when nothing differs.
    ///
    /// # Errors
    /// As [`Session::connect`], without the check of the account.
    pub async fn side(&self, side: &Side) -> Result<Self, Failure> {
        let mut access = self.access.clone();
        if side.profile.is_some() {
            (access.profile, access.role_arn) = (side.profile.clone(), None);
        }
        access.role_arn = side.role_arn.clone().or(access.role_arn);
        access.region = side.region.clone().or(Some(self.region.clone()));
        if side.profile.is_none() && side.role_arn.is_none() {
            return Ok(self.in_region(access.region.unwrap_or_default()));
        }
        let mut session = Self::load(&access, self.clock.clone()).await?;
        session.identity = identity::ask(&session).await?;
        Ok(session)
    }

    /// The role, assumed with this session's own credentials, and again before each hour's end.
    ///
    /// # Errors
    /// It is no role, or may not be assumed.
    pub async fn as_role(&self, role_arn: &str) -> Result<Self, Failure> {
        let config = assume(role_arn, self.config.clone()).await?;
        let mut session = Self { config, ..self.clone() };
        let identity = identity::ask(&session).await;
        session.identity =
            identity.map_err(|failure| Failure { doing: format!("cannot assume role `{role_arn}`"), ..failure })?;
        Ok(session)
    }

    /// The same identity in another region.
    #[must_use]
    pub fn in_region(&self, region: impl Into<String>) -> Self {
        let region = region.into();
        let config = self.config.to_builder().region(Region::new(region.clone())).build();
        Self { config, region, ..self.clone() }
    }

    /// The same region and transport with other credentials.
    pub(super) fn with_credentials(&self, credentials: Credentials) -> Self {
        let provider = SharedCredentialsProvider::new(credentials);
        // What was cached for the old credentials must not be found by the new ones.
        let cache = IdentityCache::lazy().build();
        let config = self.config.to_builder().credentials_provider(provider).identity_cache(cache).build();
        Self { config, identity: Identity::default(), ..self.clone() }
    }

    async fn load(access: &Access, clock: ServiceClock) -> Result<Self, Failure> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(trust::http_client(access.ca_bundle.as_deref())?)
            .retry_config(
                RetryConfig::standard().with_max_attempts(access.max_attempts).with_max_backoff(LONGEST_BACKOFF),
            )
            .timeout_config(
                TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build(),
            );
        if let Some(profile) = &access.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &access.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(endpoint) = &access.endpoint_url {
            check_endpoint(endpoint)?;
            loader = loader.endpoint_url(endpoint);
        }
        let mut config = loader.load().await;
        let region = config.region().map(ToString::to_string).ok_or_else(no_region)?;
        check_region(&region)?;
        if let Some(profile) = access.profile.as_ref().filter(|_| keys_in_environment()) {
            config = of_profile(profile, &config);
        }
        if let Some(role) = &access.role_arn {
            config = assume(role, config).await?;
        }
        let profile = access.profile.clone().or_else(|| std::env::var("AWS_PROFILE").ok());
        Ok(Self { config, access: access.clone(), profile, region, clock, identity: Identity::default() })
    }

    fn check_account(&self) -> Result<(), Failure> {
        let Some(expected) = &self.access.expect_account else { return Ok(()) };
        match &self.identity.account {
            Some(account) if account == expected => Ok(()),
            Some(account) => {
                Err(Failure::failed(format!("wrong account: this is {account}, `--expect-account` says {expected}"))
                    .hint("use the profile or role of the account that was meant"))
            }
            None => Err(Failure::failed(format!("cannot tell whether this is account {expected}"))
                .because(self.identity.unknown_because.as_deref().unwrap_or("the account is unknown"))),
        }
    }

    /// The SDK configuration, for the clients of this module's siblings.
    pub(super) const fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// Whether some endpoint other than AWS's own was asked for, by flag or variable, for this service.
    pub(super) fn has_own_endpoint(&self, service: &str) -> bool {
        let variable = format!("AWS_ENDPOINT_URL_{service}");
        self.config.endpoint_url().is_some() || std::env::var_os(variable).is_some_and(|value| !value.is_empty())
    }

    /// The partition of ARNs (`aws`, `aws-us-gov`, `aws-cn`), from the caller's ARN or the region.
    #[must_use]
    pub fn partition(&self) -> &str {
        let from_arn = self.identity.arn.as_deref().and_then(|arn| arn.split(':').nth(1));
        from_arn.unwrap_or(match self.region.split('-').next() {
            Some("cn") => "aws-cn",
            Some("us") if self.region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        })
    }

    /// Tries of each call, as asked for with `--max-attempts`.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.access.max_attempts
    }

    /// A failure of a call, with the service's words and the next step.
    #[must_use]
    pub fn failure(&self, doing: impl Into<String>, error: ServiceError, action: &str, resource: &str) -> Failure {
        let situation = Situation {
            profile: self.profile.as_deref(),
            region: Some(&self.region),
            action: Some(action),
            resource: Some(resource),
        };
        Failure::failed(doing).with_service(error, &situation)
    }
}

/// Whether keys are set in the environment, which the SDK would take before those of any profile.
fn keys_in_environment() -> bool {
    std::env::var_os("AWS_ACCESS_KEY_ID").is_some_and(|key| !key.is_empty())
}

/// With the credentials of this profile and no others: whoever names one means its account.
fn of_profile(profile: &str, config: &SdkConfig) -> SdkConfig {
    let mut reached_by = ProviderConfig::without_region().with_region(config.region().cloned());
    if let Some(client) = config.http_client() {
        reached_by = reached_by.with_http_client(client);
    }
    let provider = ProfileFileCredentialsProvider::builder().configure(&reached_by).profile_name(profile).build();
    config.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

async fn assume(role: &str, config: SdkConfig) -> Result<SdkConfig, Failure> {
    if !role.starts_with("arn:") || !role.contains(":role/") {
        return Err(Failure::usage(format!("`{role}` is no role ARN"))
            .hint("a role's ARN looks like arn:aws:iam::123456789012:role/name"));
    }
    let provider = AssumeRoleProvider::builder(role).session_name("opstools").configure(&config).build().await;
    let provider = SharedCredentialsProvider::new(provider);
    Ok(config.to_builder().credentials_provider(provider).build())
}

fn check_endpoint(endpoint: &str) -> Result<(), Failure> {
    let valid = endpoint.parse::<http::Uri>().is_ok_and(|uri| uri.scheme().is_some() && uri.authority().is_some());
    if valid {
        Ok(())
    } else {
        Err(Failure::usage(format!("`--endpoint-url {endpoint}` is no URL")).hint("write it as https://host:port"))
    }
}

fn no_region() -> Failure {
    Failure::usage("no AWS region is set").hint("name one with `--region`, AWS_REGION, or the profile's `region`")
}

/// Regions look like `eu-west-1`; anything else would only fail later, as an unknown host.
fn check_region(region: &str) -> Result<(), Failure> {
    let parts: Vec<&str> = region.split('-').collect();
    let words = parts.len() >= 3
        && parts[..parts.len() - 1].iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase()));
    let number = parts.last().is_some_and(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
    if words && number {
        Ok(())
    } else {
        Err(Failure::failed(format!("`{region}` is no AWS region"))
            .hint("regions look like eu-west-1; name one with `--region`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_checked_before_a_host_is_looked_up() {
        for region in ["eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-2", "us-iso-east-1"] {
            assert!(check_region(region).is_ok(), "{region}");
        }
        for region in ["", "europe", "eu-west", "EU-WEST-1", "eu-west-1a", "eu--1"] {
            assert!(check_region(region).is_err(), "{region}");
        }
    }

    #[test]
    fn endpoints_are_urls() {
        assert!(check_endpoint("http://127.0.0.1:4566").is_ok());
        for endpoint in ["", "127.0.0.1", "nonsense", "/path"] {
            assert!(check_endpoint(endpoint).is_err(), "{endpoint}");
        }
    }
}
