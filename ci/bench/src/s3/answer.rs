//! From a request to its answer: which operation it is, who may ask it, and S3's errors.

use hyper::{Method, StatusCode};

use super::{
    address::{Address, Parameters},
    keys::{KeySpace, first_not_below, hex, scatter},
    list::{Listing, page},
    server::{BUCKET, Options},
    xml,
};
use crate::web::{Answer, Asked};

const XML: &str = "application/xml";
/// No request of the loopback server is worth telling apart; S3's answers carry an id, so ours do.
const REQUEST_ID: &str = "BENCH00000000000";

/// The operation a request asks for, as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    ListObjectsV2,
    ListObjects,
    GetBucketLocation,
    HeadBucket,
    HeadObject,
    Unknown,
}

impl Operation {
    pub fn name(self) -> &'static str {
        match self {
            Self::ListObjectsV2 => "ListObjectsV2",
            Self::ListObjects => "ListObjects",
            Self::GetBucketLocation => "GetBucketLocation",
            Self::HeadBucket => "HeadBucket",
            Self::HeadObject => "HeadObject",
            Self::Unknown => "Unknown",
        }
    }
}

/// A request with its address and parameters read.
pub(super) struct Request {
    pub operation: Operation,
    address: Address,
    parameters: Parameters,
}

impl Request {
    pub fn of(asked: &Asked) -> Self {
        let (address, parameters) = (Address::of_path(&asked.path), Parameters::of_query(&asked.query));
        let is_bucket = !address.bucket.is_empty() && address.key.is_empty();
        let operation = match asked.method {
            Method::HEAD if is_bucket => Operation::HeadBucket,
            Method::HEAD if !address.key.is_empty() => Operation::HeadObject,
            Method::GET if is_bucket && parameters.has("location") => Operation::GetBucketLocation,
            Method::GET if is_bucket && parameters.bytes("list-type") == Some(b"2") => Operation::ListObjectsV2,
            Method::GET if is_bucket => Operation::ListObjects,
            _ => Operation::Unknown,
        };
        Self { operation, address, parameters }
    }

    /// Answers the request; the second value is how many keys the answer lists.
    pub fn answer(&self, space: &dyn KeySpace, options: &Options) -> (Answer, usize) {
        if self.address.bucket != BUCKET && self.operation != Operation::Unknown {
            return (self.error(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist"), 0);
        }
        let answer = match self.operation {
            Operation::ListObjects | Operation::ListObjectsV2 => return self.list(space, options),
            Operation::GetBucketLocation => Answer::new(StatusCode::OK, XML, xml::location_answer()),
            Operation::HeadBucket => Answer::new(StatusCode::OK, XML, ""),
            Operation::HeadObject => self.head_object(space),
            Operation::Unknown => self.error(StatusCode::NOT_IMPLEMENTED, "NotImplemented", "This server only lists"),
        };
        (with_region(answer), 0)
    }

    fn list(&self, space: &dyn KeySpace, options: &Options) -> (Answer, usize) {
        let listing = match Listing::of(&self.parameters, options.ignore_start_after) {
            Ok(listing) => listing,
            Err(refused) => {
                return (self.error(StatusCode::BAD_REQUEST, "InvalidArgument", refused.0), 0);
            }
        };
        if options.exact_prefix_only.as_ref().is_some_and(|only| only.as_bytes() != listing.prefix) {
            return (self.error(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied"), 0);
        }
        let page = page(space, &listing);
        let body = xml::list_answer(space, BUCKET, &listing, &page);
        (with_region(Answer::new(StatusCode::OK, XML, body)), page.contents.len())
    }

    /// Peers ask whether the path to be listed is an object.
    fn head_object(&self, space: &dyn KeySpace) -> Answer {
        let index = first_not_below(space, 0, &self.address.key);
        let mut key = Vec::new();
        if index < space.count() {
            space.append_key(index, &mut key);
        }
        if key != self.address.key {
            return Answer::new(StatusCode::NOT_FOUND, XML, "");
        }
        let etag = [hex(scatter(index as u64)), hex(scatter(!(index as u64)))].concat();
        Answer::new(StatusCode::OK, "binary/octet-stream", "")
            .with_header("etag", &format!("\"{}\"", String::from_utf8_lossy(&etag)))
            .with_header("content-length", &space.size(index).to_string())
    }

    fn error(&self, status: StatusCode, code: &str, message: &str) -> Answer {
        let resource = format!("/{}", self.address.bucket);
        Answer::new(status, XML, xml::error_answer(code, message, &resource, REQUEST_ID))
            .with_header("x-amz-request-id", REQUEST_ID)
    }
}

fn with_region(answer: Answer) -> Answer {
    answer.with_header("x-amz-bucket-region", "us-east-1").with_header("x-amz-request-id", REQUEST_ID)
}
