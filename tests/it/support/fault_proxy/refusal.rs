//! Errors as AWS words them, in the shape of each protocol. Clients read codes from different places (XML element,
//! `__type`, header), and a test of error handling is only worth its shapes.
//!
//! Statuses and codes: the services' API references, "Common errors"; S3 "Error responses".

use http::{HeaderValue, Response};
use serde_json::json;

use super::super::loopback::{Body, json as json_answer, response};
use super::call::{Call, Protocol};

/// Constant, so that outputs can be compared.
const REQUEST_ID: &str = "7d1f5c1e-0000-4000-8000-0123456789ab";

/// An error of the service.
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The service's code.
    pub code: String,
    message: String,
}

impl Refusal {
    pub fn throttled(call: &Call) -> Self {
        match call.protocol {
            Protocol::S3 => Self::new(503, "SlowDown", "Please reduce your request rate."),
            Protocol::Json if of_sqs(call) => Self::new(400, "RequestThrottled", "The request was throttled."),
            Protocol::Json => Self::new(400, "ThrottlingException", "Rate exceeded"),
            Protocol::Query => Self::new(400, "Throttling", "Rate exceeded"),
            Protocol::RestJson => Self::new(429, "TooManyRequestsException", "Rate Exceeded."),
        }
    }

    pub fn internal(call: &Call) -> Self {
        let code = match call.protocol {
            Protocol::S3 => "InternalError",
            Protocol::Json | Protocol::Query => "InternalFailure",
            Protocol::RestJson => "ServiceException",
        };
        Self::new(500, code, "We encountered an internal error. Please try again.")
    }

    pub fn expired(call: &Call) -> Self {
        let message = "The security token included in the request is expired";
        match call.protocol {
            Protocol::S3 => Self::new(400, "ExpiredToken", "The provided token has expired."),
            Protocol::Json => Self::new(400, "ExpiredTokenException", message),
            Protocol::Query => Self::new(403, "ExpiredToken", message),
            Protocol::RestJson => Self::new(403, "ExpiredTokenException", message),
        }
    }

    pub fn denied(call: &Call, message: &str) -> Self {
        match call.protocol {
            Protocol::S3 | Protocol::Query => Self::new(403, "AccessDenied", message),
            Protocol::Json => Self::new(400, "AccessDeniedException", message),
            Protocol::RestJson => Self::new(403, "AccessDeniedException", message),
        }
    }

    fn new(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned() }
    }

    /// The answer that says so.
    pub fn answer(&self, call: &Call) -> Response<Body> {
        let mut answer = match call.protocol {
            Protocol::S3 => response(self.status, "application/xml", self.s3_xml()),
            Protocol::Query => response(self.status, "text/xml", self.query_xml()),
            Protocol::Json | Protocol::RestJson => json_answer(self.status, &self.json(call)),
        };
        let headers = answer.headers_mut();
        let name = if call.protocol == Protocol::S3 { "x-amz-request-id" } else { "x-amzn-requestid" };
        headers.insert(name, HeaderValue::from_static(REQUEST_ID));
        let code = |text: String| HeaderValue::from_str(&text).expect("an error code is a header value");
        match call.protocol {
            Protocol::RestJson => drop(headers.insert("x-amzn-errortype", code(self.code.clone()))),
            // SQS keeps the codes of its former XML protocol in a header, where they differ from the type.
            Protocol::Json if self.code == "RequestThrottled" => {
                drop(headers.insert("x-amzn-query-error", code("RequestThrottled;Sender".to_owned())));
            }
            _ => {}
        }
        answer
    }

    fn json(&self, call: &Call) -> serde_json::Value {
        match call.protocol {
            Protocol::RestJson => json!({ "Type": "User", "Message": self.message }),
            _ if of_sqs(call) => {
                json!({ "__type": format!("com.amazonaws.sqs#{}", self.code), "message": self.message })
            }
            _ => {
                json!({ "__type": format!("com.amazon.coral.service#{}", self.code), "message": self.message })
            }
        }
    }

    fn s3_xml(&self) -> String {
        let Self { code, message, .. } = self;
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{}</Message>\
             <RequestId>{REQUEST_ID}</RequestId><HostId>loopback</HostId></Error>",
            escaped(message)
        )
    }

    fn query_xml(&self) -> String {
        let fault = if self.status >= 500 { "Receiver" } else { "Sender" };
        let Self { code, message, .. } = self;
        format!(
            "<ErrorResponse><Error><Type>{fault}</Type><Code>{code}</Code><Message>{}</Message></Error>\
             <RequestId>{REQUEST_ID}</RequestId></ErrorResponse>",
            escaped(message)
        )
    }
}

fn of_sqs(call: &Call) -> bool {
    call.action.contains("Message") || call.action.contains("Queue")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
