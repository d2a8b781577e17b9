//! STS: taking a role once, so that what it may do can be looked at, and asking whose credentials these are.

use aws_credential_types::Credentials;

use super::{Session, service_error};
use crate::error::ServiceError;

/// The name of our sessions in the logs of whoever owns the role.
const SESSION_NAME: &str = "opstools";

/// Takes a role and returns a session of it, in the same region. STS's own default of one hour holds, which is also the
/// most that these roles allow.
///
/// # Errors
/// What STS answers: it refuses alike a role that is not there and one that does not trust the caller.
pub async fn assume(session: &Session, role: &str) -> Result<Session, ServiceError> {
    let call = client(session).assume_role().role_arn(role).role_session_name(SESSION_NAME);
    let answer = call.send().await.map_err(|error| service_error("STS", &error))?;
    let given = answer.credentials.ok_or_else(|| ServiceError {
        service: "STS",
        code: "UnreadableAnswer".to_owned(),
        message: "the answer holds no credentials".to_owned(),
        ..ServiceError::default()
    })?;
    let expiry = std::time::SystemTime::try_from(given.expiration).ok();
    let credentials =
        Credentials::new(given.access_key_id, given.secret_access_key, Some(given.session_token), expiry, "AssumeRole");
    Ok(session.with_credentials(credentials))
}

/// The ARN that a session's credentials belong to.
///
/// # Errors
/// What STS answers.
pub async fn caller(session: &Session) -> Result<String, ServiceError> {
    let answer = client(session).get_caller_identity().send().await;
    Ok(answer.map_err(|error| service_error("STS", &error))?.arn.unwrap_or_default())
}

fn client(session: &Session) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::config::Builder::from(session.config()).interceptor(session.clock.clone()).build();
    aws_sdk_sts::Client::from_conf(config)
}
