//! Who the tool works as: the first thing an operator must see.

use std::time::Duration;

use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::timeout::TimeoutConfig;

use super::{Session, service_error};
use crate::error::{Failure, ServiceError, Situation, hint};
use crate::report::Identity;

/// The identity is asked for before everything else: where STS cannot be reached, the operator must not wait long.
const IDENTITY_ATTEMPTS: u32 = 2;

/// Time for one such try.
const IDENTITY_TIMEOUT: Duration = Duration::from_secs(5);

/// Codes that mean: these credentials are no good anywhere.
const USELESS: [&str; 7] = [
    "Credentials",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Asks STS who we are. A refusal or silence of STS leaves the identity unknown with the reason; useless credentials end the run.
pub(super) async fn ask(session: &Session) -> Result<Identity, Failure> {
    let config = aws_sdk_sts::config::Builder::from(session.config())
        .retry_config(RetryConfig::standard().with_max_attempts(IDENTITY_ATTEMPTS))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(IDENTITY_TIMEOUT)
                .operation_attempt_timeout(IDENTITY_TIMEOUT)
                .build(),
        )
        .interceptor(session.clock.clone())
        .build();
    let region = session.region.clone();
    match aws_sdk_sts::Client::from_conf(config).get_caller_identity().send().await {
        Ok(answer) => {
            Ok(Identity { account: answer.account, region: Some(region), arn: answer.arn, unknown_because: None })
        }
        Err(error) => unknown(session, service_error("STS", &error)),
    }
}

fn unknown(session: &Session, error: ServiceError) -> Result<Identity, Failure> {
    let situation =
        Situation { profile: session.profile.as_deref(), region: Some(&session.region), ..Situation::default() };
    if USELESS.contains(&error.code.as_str()) {
        return Err(Failure::failed("cannot use the AWS credentials").with_service(error, &situation));
    }
    let mut because = error.to_string();
    if error.code == "Network" || error.code == "Timeout" {
        because.extend(hint(&error, &situation).map(|hint| format!("; {hint}")));
    }
    Ok(Identity { region: Some(session.region.clone()), unknown_because: Some(because), ..Identity::default() })
}
