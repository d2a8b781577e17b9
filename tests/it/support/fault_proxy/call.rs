//! What a request means: which action of which service it is, who signed it, how many entries it carries. Rules and
//! logs speak of actions, not of bytes.

use bytes::Bytes;
use http::request::Parts;
use serde_json::Value;

use super::published;

/// How a service speaks, hence in which shape its errors come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// SQS, DynamoDB, KMS: the action is in `X-Amz-Target`.
    Json,
    /// STS, SNS, IAM: the action is a form field, answers are XML.
    Query,
    /// S3: the action follows from method, path and query.
    S3,
    /// Lambda: likewise, errors named by a header.
    RestJson,
}

/// One request, understood.
#[derive(Clone, Debug)]
pub struct Call {
    /// The service's protocol.
    pub protocol: Protocol,
    /// The API's own name of the action: `SendMessageBatch`, `ListObjectsV2`, `AssumeRole`.
    pub action: String,
    /// Path and query as sent.
    pub target: String,
    /// Entries of a batch request; 0 for any other.
    pub entries: usize,
    /// The access key id that signed it.
    pub access_key: Option<String>,
    /// The body as sent.
    pub body: Bytes,
}

impl Call {
    /// Reads a request.
    pub fn of(head: &Parts, body: &Bytes) -> Self {
        let (access_key, service) = signer(head);
        let target = head.uri.path_and_query().map_or_else(|| "/".to_owned(), |target| target.as_str().to_owned());
        let (protocol, action) = if let Some(action) = json_action(head) {
            (Protocol::Json, action)
        } else if let Some(action) = form_field(body, "Action") {
            (Protocol::Query, action)
        } else if service.as_deref() == Some("lambda") {
            (Protocol::RestJson, lambda_action(head))
        } else {
            (Protocol::S3, s3_action(head))
        };
        let entries = match protocol {
            Protocol::Json => entries(body),
            Protocol::Query => published::count(body),
            _ => 0,
        };
        Self { protocol, action, target, entries, access_key, body: body.clone() }
    }

    /// The queue that an SQS request names.
    pub fn queue_url(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        body.get("QueueUrl")?.as_str().map(str::to_owned)
    }
}

/// Access key id and service, from the credential scope of the signature.
fn signer(head: &Parts) -> (Option<String>, Option<String>) {
    let scope = || {
        let header = head.headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
        let (_, credential) = header.split_once("Credential=")?;
        Some(credential.split([',', ' ']).next()?.split('/').map(str::to_owned).collect::<Vec<_>>())
    };
    let scope = scope().unwrap_or_default();
    (scope.first().cloned(), scope.get(3).cloned())
}

fn json_action(head: &Parts) -> Option<String> {
    let target = head.headers.get("x-amz-target")?.to_str().ok()?;
    target.rsplit('.').next().map(str::to_owned)
}

/// A field of a form body.
pub fn form_field(body: &[u8], name: &str) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let mut fields = body.split('&').filter_map(|field| field.split_once('='));
    let (_, value) = fields.find(|(known, _)| *known == name)?;
    let value = value.replace('+', " ");
    Some(percent_encoding::percent_decode_str(&value).decode_utf8_lossy().into_owned())
}

fn entries(body: &[u8]) -> usize {
    let body: Option<Value> = serde_json::from_slice(body).ok();
    body.and_then(|body| Some(body.get("Entries")?.as_array()?.len())).unwrap_or(0)
}

fn lambda_action(head: &Parts) -> String {
    let method = head.method.as_str();
    let path = head.uri.path().trim_end_matches('/');
    match (method, path) {
        ("POST", path) if path.ends_with("/invocations") => "Invoke".to_owned(),
        ("GET", path) if path.ends_with("/functions") => "ListFunctions".to_owned(),
        ("GET", path) if path.ends_with("/event-source-mappings") => "ListEventSourceMappings".to_owned(),
        ("GET", _) => "GetFunction".to_owned(),
        _ => method.to_owned(),
    }
}

fn s3_action(head: &Parts) -> String {
    let query = head.uri.query().unwrap_or("");
    let has = |name: &str| query.split('&').any(|field| field.split('=').next() == Some(name));
    let of_object = head.uri.path().trim_start_matches('/').split_once('/').is_some_and(|(_, key)| !key.is_empty());
    let of_bucket = !of_object && head.uri.path() != "/";
    let copies = head.headers.contains_key("x-amz-copy-source");
    let action = match (head.method.as_str(), of_object) {
        ("GET", false) if has("list-type") => "ListObjectsV2",
        ("GET", false) if has("versions") => "ListObjectVersions",
        ("GET", false) if has("location") => "GetBucketLocation",
        ("GET", false) if has("versioning") => "GetBucketVersioning",
        ("GET", false) if has("notification") => "GetBucketNotificationConfiguration",
        ("GET", false) if !of_bucket => "ListBuckets",
        ("GET", false) => "ListObjects",
        ("GET", true) => "GetObject",
        ("HEAD", false) => "HeadBucket",
        ("HEAD", true) => "HeadObject",
        ("PUT", false) => "CreateBucket",
        ("PUT", true) if copies => "CopyObject",
        ("PUT", true) => "PutObject",
        ("POST", false) if has("delete") => "DeleteObjects",
        ("DELETE", true) => "DeleteObject",
        (method, _) => method,
    };
    action.to_owned()
}
