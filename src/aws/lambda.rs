//! Lambda: invoking the functions of a deployment and understanding what they answer.

use aws_sdk_lambda::primitives::Blob;
use serde_json::Value;

use super::{Session, service_error};
use crate::error::{Failure, ServiceError};

/// A function's own error: it answers with HTTP 200, and only a marker tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// The type that the function named, if any; missing for time-outs and killed functions.
    pub kind: Option<String>,
    /// Its message, or the raw payload.
    pub message: String,
}

/// Why an invocation gave no result.
#[derive(Debug)]
pub enum InvokeError {
    /// The call itself failed.
    Call(Box<Failure>),
    /// The function ran and failed.
    Function(FunctionError),
}

/// Invokes a function synchronously and returns its answer.
///
/// # Errors
/// The call fails, or the function does.
pub async fn invoke(session: &Session, function: &str, request: &Value) -> Result<Value, InvokeError> {
    let config = aws_sdk_lambda::config::Builder::from(session.config()).interceptor(session.clock.clone()).build();
    let call = aws_sdk_lambda::Client::from_conf(config).invoke().function_name(function);
    let answer = call.payload(Blob::new(request.to_string())).send().await.map_err(|error| {
        let error = service_error("Lambda", &error);
        let doing = format!("cannot invoke function `{function}`");
        InvokeError::Call(Box::new(session.failure(
            doing,
            error,
            "lambda:InvokeFunction",
            &format!("function `{function}`"),
        )))
    })?;
    let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
    if answer.function_error.is_some() {
        return Err(InvokeError::Function(function_error(&payload)));
    }
    serde_json::from_slice(&payload).map_err(|error| {
        InvokeError::Function(FunctionError { kind: None, message: format!("its answer is no JSON: {error}") })
    })
}

/// A function that reads a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The function's name.
    pub function: String,
    /// `Enabled`, `Disabled`, `Creating`, ...
    pub state: String,
}

/// The functions that read a queue.
///
/// # Errors
/// What Lambda answers.
pub async fn readers_of(session: &Session, queue_arn: &str) -> Result<Vec<Mapping>, ServiceError> {
    let config = aws_sdk_lambda::config::Builder::from(session.config()).interceptor(session.clock.clone()).build();
    let call = aws_sdk_lambda::Client::from_conf(config).list_event_source_mappings().event_source_arn(queue_arn);
    let mut pages = call.into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| service_error("Lambda", &error))?;
        found.extend(page.event_source_mappings.unwrap_or_default().into_iter().map(|mapping| Mapping {
            function: mapping.function_arn.unwrap_or_default().split(':').nth(6).unwrap_or_default().to_owned(),
            state: mapping.state.unwrap_or_default(),
        }));
    }
    Ok(found)
}

fn function_error(payload: &[u8]) -> FunctionError {
    let value: Value = serde_json::from_slice(payload).unwrap_or_default();
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    FunctionError {
        kind: text("errorType"),
        message: text("errorMessage").unwrap_or_else(|| String::from_utf8_lossy(payload).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_function_error_is_understood() {
        let table: [(&[u8], Option<&str>, &str); 4] = [
            (
                br#"{"errorMessage":"bad route","errorType":"InvalidInputError"}"#,
                Some("InvalidInputError"),
                "bad route",
            ),
            (br#"{"errorMessage":"Task timed out after 60 seconds"}"#, None, "Task timed out after 60 seconds"),
            (b"killed", None, "killed"),
            (b"", None, ""),
        ];
        for (payload, kind, message) in table {
            let error = function_error(payload);
            assert_eq!((error.kind.as_deref(), error.message.as_str()), (kind, message));
        }
    }
}
