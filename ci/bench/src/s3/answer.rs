//! From a request to its answer: which operation it is, who may ask it, and S3's errors.

use hyper::{Method, StatusCode};

use super::{
    address::{Address, Parameters},
    keys::{KeySpace, first_not_below, hex, scatter},
    list::{Listing, page},
    server::{BUCKET, Options},
    versions::{self, Markers, VersionListing},
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
    GetBucketVersioning,
    GetBucketLifecycle,
    ListObjectVersions,
    DeleteObjects,
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
            Self::GetBucketVersioning => "GetBucketVersioning",
            Self::GetBucketLifecycle => "GetBucketLifecycle",
            Self::ListObjectVersions => "ListObjectVersions",
            Self::DeleteObjects => "DeleteObjects",
            Self::Unknown => "Unknown",
        }
    }
}

/// A request with its address and parameters read.
pub(super) struct Request {
    pub operation: Operation,
    address: Address,
    parameters: Parameters,
    body: String,
}

impl Request {
    pub fn of(asked: &Asked) -> Self {
        let (address, parameters) = (Address::of_path(&asked.path), Parameters::of_query(&asked.query));
        let is_bucket = !address.bucket.is_empty() && address.key.is_empty();
        let operation = match asked.method {
            Method::HEAD if is_bucket => Operation::HeadBucket,
            Method::HEAD if !address.key.is_empty() => Operation::HeadObject,
            Method::GET if is_bucket && parameters.has("location") => Operation::GetBucketLocation,
            Method::GET if is_bucket && parameters.has("versioning") => Operation::GetBucketVersioning,
            Method::GET if is_bucket && parameters.has("lifecycle") => Operation::GetBucketLifecycle,
            Method::GET if is_bucket && parameters.has("versions") => Operation::ListObjectVersions,
            Method::POST if is_bucket && parameters.has("delete") => Operation::DeleteObjects,
            Method::GET if is_bucket && parameters.bytes("list-type") == Some(b"2") => Operation::ListObjectsV2,
            Method::GET if is_bucket => Operation::ListObjects,
            _ => Operation::Unknown,
        };
        // Keys of generated buckets are ASCII.
        let body = String::from_utf8_lossy(&asked.body).into_owned();
        Self { operation, address, parameters, body }
    }

    /// Answers the request; the second value is how many keys the answer lists.
    pub fn answer(&self, space: &dyn KeySpace, markers: Option<&Markers>, options: &Options) -> (Answer, usize) {
        if self.address.bucket != BUCKET && self.operation != Operation::Unknown {
            return (self.error(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist"), 0);
        }
        let answer = match self.operation {
            Operation::ListObjects | Operation::ListObjectsV2 => return self.list(space, options),
            Operation::ListObjectVersions => return self.versions(space, markers),
            Operation::GetBucketVersioning => {
                Answer::new(StatusCode::OK, XML, xml::versioning_answer(markers.is_some()))
            }
            Operation::GetBucketLifecycle => {
                self.error(StatusCode::NOT_FOUND, "NoSuchLifecycleConfiguration", "There are no rules")
            }
            Operation::DeleteObjects => self.delete(space, markers),
            Operation::GetBucketLocation => Answer::new(StatusCode::OK, XML, xml::location_answer()),
            Operation::HeadBucket => Answer::new(StatusCode::OK, XML, ""),
            Operation::HeadObject => self.head_object(space, markers),
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

    fn versions(&self, space: &dyn KeySpace, markers: Option<&Markers>) -> (Answer, usize) {
        let Some(markers) = markers else {
            return (self.error(StatusCode::NOT_IMPLEMENTED, "NotImplemented", "This bucket keeps no versions"), 0);
        };
        let listing = match VersionListing::of(&self.parameters) {
            Ok(listing) => listing,
            Err(refused) => return (self.error(StatusCode::BAD_REQUEST, "InvalidArgument", refused.0), 0),
        };
        let page = markers.page(space, &listing);
        let body = xml::versions_answer(space, BUCKET, &listing, &page);
        (with_region(Answer::new(StatusCode::OK, XML, body)), page.entries.len())
    }

    /// Removes markers by their ids. Whoever asks for anything else to be deleted breaks the race.
    fn delete(&self, space: &dyn KeySpace, markers: Option<&Markers>) -> Answer {
        let Some(markers) = markers else {
            return self.error(StatusCode::NOT_IMPLEMENTED, "NotImplemented", "This bucket keeps no versions");
        };
        let quiet = versions::is_quiet(&self.body);
        let mut deleted = Vec::new();
        for (key, id) in versions::named(&self.body) {
            let index = first_not_below(space, 0, key.as_bytes());
            let known = index < space.count() && versions::key(space, index) == key.as_bytes();
            if !known || id != Some(versions::version_id(index, true).as_str()) {
                return self.error(StatusCode::FORBIDDEN, "AccessDenied", "Only delete markers may be deleted here");
            }
            let was_there = markers.remove(index);
            if !quiet {
                deleted.push((key, id.unwrap_or_default(), was_there));
            }
        }
        Answer::new(StatusCode::OK, XML, xml::delete_answer(&deleted))
    }

    /// Peers ask whether the path to be listed is an object; a deleted one is none.
    fn head_object(&self, space: &dyn KeySpace, markers: Option<&Markers>) -> Answer {
        let index = first_not_below(space, 0, &self.address.key);
        let mut key = Vec::new();
        if index < space.count() {
            space.append_key(index, &mut key);
        }
        if key != self.address.key {
            return Answer::new(StatusCode::NOT_FOUND, XML, "");
        }
        if markers.is_some_and(|markers| markers.stands(index)) {
            return Answer::new(StatusCode::NOT_FOUND, XML, "").with_header("x-amz-delete-marker", "true");
        }
        let etag = [hex(scatter(index as u64)), hex(scatter(!(index as u64)))].concat();
        Answer::new(StatusCode::OK, "binary/octet-stream", "")
            .with_header("etag", &format!("\"{}\"", String::from_utf8_lossy(&etag)))
            .with_header("x-amz-version-id", &versions::version_id(index, false))
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
