//! From the SDK's errors to ours: code, message, request id, and what kind of trouble it was before any answer.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_types::request_id::RequestId;

use crate::error::ServiceError;

/// Headers that carry the request id, by protocol.
const REQUEST_ID_HEADERS: [&str; 2] = ["x-amzn-requestid", "x-amz-request-id"];

/// What the service answered, or what kept it from answering.
pub fn service_error<E>(service: &'static str, error: &SdkError<E, HttpResponse>) -> ServiceError
where
    E: Error + ProvideErrorMetadata + RequestId + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(answer) => ServiceError {
            service,
            code: code(answer.err(), answer.raw()),
            message: answer.err().message().unwrap_or_default().to_owned(),
            request_id: answer.err().request_id().map(str::to_owned).or_else(|| header_id(answer.raw())),
            status: Some(answer.raw().status().as_u16()),
        },
        SdkError::ResponseError(answer) => ServiceError {
            service,
            code: "UnreadableAnswer".to_owned(),
            message: chain(error),
            request_id: header_id(answer.raw()),
            status: Some(answer.raw().status().as_u16()),
        },
        SdkError::TimeoutError(_) => no_answer(service, "Timeout", chain(error)),
        _ if is_credentials(error) => {
            let message = refused_role(error).unwrap_or_else(|| chain(error));
            no_answer(service, "Credentials", message)
        }
        SdkError::DispatchFailure(_) => no_answer(service, "Network", chain(error)),
        _ => no_answer(service, "Request", chain(error)),
    }
}

fn no_answer(service: &'static str, code: &str, message: String) -> ServiceError {
    ServiceError { service, code: code.to_owned(), message, request_id: None, status: None }
}

/// The code that the service gave; an answer without a body (HEAD) has only its status.
fn code(error: &impl ProvideErrorMetadata, raw: &HttpResponse) -> String {
    error.code().map_or_else(|| raw.status().as_u16().to_string(), str::to_owned)
}

fn header_id(raw: &HttpResponse) -> Option<String> {
    REQUEST_ID_HEADERS.iter().find_map(|name| raw.headers().get(*name)).map(str::to_owned)
}

/// An error and everything that caused it.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let current = next?;
        next = current.source();
        Some(current)
    })
}

fn is_credentials(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(<dyn Error>::is::<CredentialsError>)
}

/// What STS answered to whoever wanted to assume a role, in its own words.
fn refused_role(error: &(dyn Error + 'static)) -> Option<String> {
    let refusals = causes(error).filter_map(|cause| cause.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>());
    let refusal = refusals.filter_map(SdkError::as_service_error).next()?;
    Some(format!("{}: {}", refusal.code()?, refusal.message().unwrap_or("no message")))
}

/// What the SDK says when none of its sources of credentials is set up, before it lists them all.
const NO_SOURCE: &str = "no credentials found in chain";

/// What the SDK says when the one profile that it was told to use gives no credentials.
const NO_PROFILE: &str = "the credential provider was not enabled";

/// The messages of an error and its causes, on one line and without repetitions.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in causes(error).skip(1) {
        let text = cause.to_string();
        if text.contains(NO_SOURCE) {
            return "no source of credentials is set up (environment, profile, web identity, container, instance)"
                .to_owned();
        }
        if text.contains(NO_PROFILE) {
            return "the profile that was named is not there, or has no credentials".to_owned();
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}
