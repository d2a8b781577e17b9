//! Of which objects a message tells, read as the log processor reads it.
//!
//! An SNS envelope around an S3 event or a CloudTrail notice; messages that only test or introduce tell of nothing. An S3 event
//! without an envelope, as S3 sends it to a queue by itself, is read as well: keys mean the same there.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// An object that a message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotifiedObject {
    /// Its bucket.
    pub bucket: String,
    /// Its key, raw.
    pub key: String,
    /// Its size in bytes, if the message tells.
    pub size: Option<u64>,
}

/// What CloudTrail says to a topic to see whether it may.
const CLOUDTRAIL_TEST: &str = "CloudTrail validation message.";

/// The objects that a message tells of; none for those that only test or introduce.
///
/// # Errors
/// Why the log processor would not understand it, as part of a sentence.
pub fn notified_objects(body: &str) -> Result<Vec<NotifiedObject>, String> {
    let message: Value = serde_json::from_str(body).map_err(|error| format!("is no JSON: {error}"))?;
    let text = match (message["Type"].as_str(), message["Message"].as_str()) {
        (Some("SubscriptionConfirmation" | "UnsubscribeConfirmation"), _) => return Ok(Vec::new()),
        (Some("Notification"), Some(text)) => text,
        (Some(other), _) => return Err(format!("is of type `{other}`, not `Notification` with a `Message`")),
        (None, _) if message.is_object() => return event(&message),
        (None, _) => return Err("is no JSON object".to_owned()),
    };
    if text == CLOUDTRAIL_TEST {
        return Ok(Vec::new());
    }
    let inner: Value =
        serde_json::from_str(text).map_err(|error| format!("has a `Message` that is no JSON: {error}"))?;
    event(&inner)
}

fn event(message: &Value) -> Result<Vec<NotifiedObject>, String> {
    if let (Some(bucket), Some(keys)) = (message["s3Bucket"].as_str(), message["s3ObjectKey"].as_array()) {
        let object = |key: &Value| {
            let key = key.as_str().ok_or("names a key that is no text")?.to_owned();
            Ok(NotifiedObject { bucket: bucket.to_owned(), key, size: None })
        };
        return keys.iter().map(object).collect();
    }
    match message["Records"].as_array() {
        Some(records) if !records.is_empty() => records.iter().map(record).collect(),
        _ if message["Event"] == "s3:TestEvent" => Ok(Vec::new()),
        _ => Err("is neither an S3 event nor a CloudTrail notice".to_owned()),
    }
}

fn record(record: &Value) -> Result<NotifiedObject, String> {
    let (bucket, object) = (&record["s3"]["bucket"]["name"], &record["s3"]["object"]);
    let bucket = bucket.as_str().ok_or("has a record without a bucket")?.to_owned();
    let key = object["key"].as_str().ok_or("has a record without a key")?;
    let key = unescape(key).ok_or_else(|| format!("has the key `{key}`, which is not percent-encoded as it should"))?;
    // Without a size it counts as empty, as the consumer has it; a negative one is unknown.
    let size = match object.get("size").map(Value::as_i64) {
        None => Some(0),
        Some(size) => size.and_then(|size| u64::try_from(size).ok()),
    };
    Ok(NotifiedObject { bucket, key, size })
}

/// A key without its escapes; a `+` is a `+`. `None` when an escape is broken.
fn unescape(key: &str) -> Option<String> {
    let bytes = key.as_bytes();
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let sound = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').all(|(at, _)| hex(at + 1) && hex(at + 2));
    let decoded = percent_decode_str(key).decode_utf8().ok().filter(|_| sound);
    decoded.map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panther::{Notified, Scene, cloudtrail_notice, s3_event};

    const SCENE: Scene<'_> = Scene { bucket: "b", region: "eu-west-1", partition: "aws", account: "123456789012" };

    fn wrapped(message: &str) -> String {
        serde_json::json!({ "Type": "Notification", "Message": message }).to_string()
    }

    #[test]
    fn what_our_own_messages_tell_is_read_back() {
        let keys = ["a b.log", "a+b", "100%.log", "a%20b", "ü/日本.json.gz", "x=1/y&z"];
        let objects: Vec<Notified> = keys
            .iter()
            .map(|key| Notified { key: (*key).to_owned(), size: Some(5), etag: String::new(), last_modified: None })
            .collect();
        let expected =
            |size| keys.iter().map(move |key| NotifiedObject { bucket: "b".to_owned(), key: (*key).to_owned(), size });
        assert_eq!(notified_objects(&s3_event(&SCENE, &objects)), Ok(expected(Some(5)).collect()));
        assert_eq!(notified_objects(&cloudtrail_notice(&SCENE, &objects)), Ok(expected(None).collect()));
    }

    #[test]
    fn sizes_are_missing_unknown_or_told() {
        let sized = |object: &str| {
            let event = format!(r#"{{"Records":[{{"s3":{{"bucket":{{"name":"b"}},"object":{object}}}}}]}}"#);
            notified_objects(&event).expect("an event")[0].size
        };
        assert_eq!(sized(r#"{"key":"k"}"#), Some(0));
        assert_eq!(sized(r#"{"key":"k","size":-1}"#), None);
        assert_eq!(sized(r#"{"key":"k","size":7}"#), Some(7));
    }

    #[test]
    fn tests_and_introductions_tell_of_nothing() {
        let bodies = [
            r#"{"Type":"SubscriptionConfirmation","Token":"t","TopicArn":"a"}"#.to_owned(),
            wrapped(r#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#),
            wrapped("CloudTrail validation message."),
            r#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#.to_owned(),
        ];
        for body in bodies {
            assert_eq!(notified_objects(&body), Ok(Vec::new()), "{body}");
        }
    }

    #[test]
    fn what_the_log_processor_does_not_understand_is_an_error() {
        let broken = r#"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"100%.log"}}}]}"#;
        for body in ["", "[]", "hello", r#"{"Type":"Other"}"#, r#"{"a":1}"#, &wrapped("hello"), &wrapped("{}"), broken]
        {
            assert!(notified_objects(body).is_err(), "{body}");
        }
    }
}
