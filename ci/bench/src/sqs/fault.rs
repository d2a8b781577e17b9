//! The errors of SQS, in both spellings a client may read: the JSON type and the older query code.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::web::Answer;

/// Media type of the protocol.
pub(super) const JSON: &str = "application/x-amz-json-1.0";

/// A refused call, or a refused entry of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Name of the error in the service's model.
    pub code: &'static str,
    /// Code of the older query protocol, when it differs.
    query_code: &'static str,
    message: String,
}

impl Fault {
    fn new(code: &'static str, query_code: &'static str, message: String) -> Self {
        Self { code, query_code, message }
    }

    pub fn no_such_queue() -> Self {
        let message = "The specified queue does not exist.".to_owned();
        Self::new("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", message)
    }

    pub fn missing(parameter: &str) -> Self {
        let message = format!("The request must contain the parameter {parameter}.");
        Self::new("MissingParameter", "MissingParameter", message)
    }

    pub fn invalid_parameter(message: &str) -> Self {
        Self::new("InvalidParameterValue", "InvalidParameterValue", message.to_owned())
    }

    pub fn unreadable(message: &str) -> Self {
        Self::new("SerializationException", "MalformedInput", message.to_owned())
    }

    pub fn unknown_action(action: &str) -> Self {
        let message = format!("The action {action} is not valid for this endpoint.");
        Self::new("UnknownOperationException", "InvalidAction", message)
    }

    pub fn invalid_contents(character: char) -> Self {
        let message = format!("Invalid characters found. Character: #x{:X}", u32::from(character));
        Self::new("InvalidMessageContents", "InvalidMessageContents", message)
    }

    pub fn too_long(limit: usize) -> Self {
        let message = format!("One or more parameters are invalid. Message must be shorter than {limit} bytes.");
        Self::new("InvalidParameterValue", "InvalidParameterValue", message)
    }

    pub fn batch_too_long(limit: usize, size: usize) -> Self {
        let message = format!("Batch requests cannot be longer than {limit} bytes. You have sent {size} bytes.");
        Self::new("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", message)
    }

    pub fn empty_batch(entry: &str) -> Self {
        let message = format!("There should be at least one {entry} in the request.");
        Self::new("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", message)
    }

    pub fn too_many_entries(given: usize) -> Self {
        let message = format!("Maximum number of entries per request are 10. You have sent {given}.");
        Self::new("TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", message)
    }

    pub fn repeated_id(id: &str) -> Self {
        let message = format!("Id {id} repeated.");
        Self::new("BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", message)
    }

    pub fn invalid_id() -> Self {
        let message = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be \
                       at most 80 letters long.";
        Self::new("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", message.to_owned())
    }

    pub fn invalid_receipt(handle: &str) -> Self {
        let message = format!("The input receipt handle \"{handle}\" is not a valid receipt handle.");
        Self::new("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", message)
    }

    pub fn not_in_flight() -> Self {
        let message = "The message referred to isn't in flight.".to_owned();
        Self::new("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", message)
    }

    pub fn over_limit() -> Self {
        let message = "Too many messages are in flight.".to_owned();
        Self::new("OverLimit", "OverLimit", message)
    }

    /// The error as the answer to a whole call.
    pub fn to_answer(&self) -> Answer {
        let body = json!({ "__type": format!("com.amazonaws.sqs#{}", self.code), "message": self.message });
        Answer::new(StatusCode::BAD_REQUEST, JSON, body.to_string())
            .with_header("x-amzn-query-error", &format!("{};Sender", self.query_code))
    }

    /// The error as an entry of a batch's `Failed`.
    pub fn to_entry(&self, id: &str) -> Value {
        json!({ "Id": id, "Code": self.query_code, "Message": self.message, "SenderFault": true })
    }
}
