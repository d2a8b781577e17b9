//! Messages that Panther's consumers take as news of an object.
//!
//! The log processor takes an SNS envelope around an S3 event or a CloudTrail notice; the subscribers of processed data take
//! the bare S3 event, and do not decode its keys.
//!
//! Field order and spelling follow what the original tools sent, which the consumer is known to take.

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// Every byte is escaped but the unreserved ones and `/`: this decodes alike under path and query unescaping.
const KEY_BYTES: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// The topic that the envelope names; it does not exist, and the consumer does not look.
const TOPIC: &str = "panther-fake-s3queue-topic";

/// What the consumer takes for "size unknown"; 0 would mean an empty object, which it ignores.
const UNKNOWN_SIZE: i64 = -1;

/// The instant that Go writes for "no time".
const NO_TIME: &str = "0001-01-01T00:00:00Z";

/// A key as the consumer decodes it: percent-encoded, a space as `%20`, never as `+`.
#[must_use]
pub fn encode_key(key: &str) -> String {
    utf8_percent_encode(key, KEY_BYTES).to_string()
}

/// An object to tell of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// Its key, raw.
    pub key: String,
    /// Its size in bytes, if known; the consumer ignores objects of size 0.
    pub size: Option<u64>,
    /// Its ETag without quotes; may be empty.
    pub etag: String,
    /// When it was last modified, if known.
    pub last_modified: Option<Timestamp>,
}

/// Where the objects lie and who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The bucket's region.
    pub region: &'a str,
    /// The partition of ARNs.
    pub partition: &'a str,
    /// The Panther account.
    pub account: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a> {
    signature: &'a str,
    message_id: &'a str,
    r#type: &'a str,
    topic_arn: String,
    message_attributes: Option<()>,
    signature_version: &'a str,
    timestamp: &'a str,
    signing_cert_url: &'a str,
    message: String,
    unsubscribe_url: &'a str,
    subject: &'a str,
}

/// How records are written for one kind of consumer.
struct Style {
    version: &'static str,
    key: fn(&str) -> String,
}

/// As S3 writes them, for the log processor.
const ENCODED: Style = Style { version: "2.1", key: encode_key };

/// As the log processor itself writes them, for subscribers of processed data.
const RAW: Style = Style { version: "2.0", key: str::to_owned };

#[derive(Serialize)]
struct Event<'a> {
    #[serde(rename = "Records")]
    records: Vec<Record<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    event_version: &'a str,
    event_source: &'a str,
    aws_region: &'a str,
    event_time: String,
    event_name: &'a str,
    user_identity: Principal,
    request_parameters: Parameters,
    response_elements: Option<()>,
    s3: Entity<'a>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Principal {
    principal_id: &'static str,
}

#[derive(Default, Serialize)]
struct Parameters {
    #[serde(rename = "sourceIPAddress")]
    source_ip_address: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entity<'a> {
    s3_schema_version: &'a str,
    configuration_id: &'a str,
    bucket: Bucket<'a>,
    object: Object<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bucket<'a> {
    name: &'a str,
    owner_identity: Principal,
    arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    key: String,
    size: i64,
    url_decoded_key: &'a str,
    version_id: &'a str,
    e_tag: &'a str,
    sequencer: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notice<'a> {
    s3_bucket: &'a str,
    s3_object_key: Vec<&'a str>,
}

/// The body of a message that tells of objects as S3 does, one record each.
#[must_use]
pub fn s3_event(scene: &Scene<'_>, objects: &[Notified]) -> String {
    envelope(scene, &Event { records: objects.iter().map(|object| record(scene, object, &ENCODED)).collect() })
}

/// The body of a message that tells subscribers of processed data: keys raw, no envelope.
#[must_use]
pub fn processed_data_event(scene: &Scene<'_>, objects: &[Notified]) -> String {
    json(&Event { records: objects.iter().map(|object| record(scene, object, &RAW)).collect() })
}

/// The body of a message that tells of objects as CloudTrail does: keys raw, sizes unknown.
#[must_use]
pub fn cloudtrail_notice(scene: &Scene<'_>, objects: &[Notified]) -> String {
    let keys = objects.iter().map(|object| object.key.as_str()).collect();
    envelope(scene, &Notice { s3_bucket: scene.bucket, s3_object_key: keys })
}

fn envelope(scene: &Scene<'_>, message: &impl Serialize) -> String {
    json(&Envelope {
        signature: "",
        message_id: "opstools-s3queue",
        r#type: "Notification",
        topic_arn: format!("arn:{}:sns:{}:{}:{TOPIC}", scene.partition, scene.region, scene.account),
        message_attributes: None,
        signature_version: "",
        timestamp: NO_TIME,
        signing_cert_url: "",
        message: json(message),
        unsubscribe_url: "",
        subject: "",
    })
}

fn record<'a>(scene: &Scene<'a>, object: &'a Notified, style: &Style) -> Record<'a> {
    Record {
        event_version: style.version,
        event_source: "aws:s3",
        aws_region: scene.region,
        event_time: object.last_modified.map_or_else(|| NO_TIME.to_owned(), |time| format!("{time:.3}")),
        event_name: "ObjectCreated:Put",
        user_identity: Principal::default(),
        request_parameters: Parameters::default(),
        response_elements: None,
        s3: Entity {
            s3_schema_version: "1.0",
            configuration_id: "",
            bucket: Bucket {
                name: scene.bucket,
                owner_identity: Principal::default(),
                arn: format!("arn:{}:s3:::{}", scene.partition, scene.bucket),
            },
            object: Object {
                key: (style.key)(&object.key),
                size: object.size.map_or(UNKNOWN_SIZE, |size| i64::try_from(size).unwrap_or(i64::MAX)),
                url_decoded_key: "",
                version_id: "",
                e_tag: &object.etag,
                sequencer: "",
            },
        },
    }
}

/// Compact JSON with `&`, `<` and `>` escaped, as Go writes it.
fn json(value: &impl Serialize) -> String {
    // These structs hold strings and numbers only, which always serialise.
    let text = serde_json::to_string(value).unwrap_or_default();
    text.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENE: Scene<'_> = Scene { bucket: "b", region: "eu-west-1", partition: "aws", account: "123456789012" };

    fn object(key: &str) -> Notified {
        let last_modified = "2026-11-20T12:00:00Z".parse().ok();
        Notified { key: key.to_owned(), size: Some(123), etag: "e".to_owned(), last_modified }
    }

    #[test]
    fn keys_are_encoded_as_the_consumer_decodes_them() {
        let table = [
            ("a b.log", "a%20b.log"),
            ("a+b.log", "a%2Bb.log"),
            ("100%.log", "100%25.log"),
            ("a%20b.log", "a%2520b.log"),
            ("ü/日本.json.gz", "%C3%BC/%E6%97%A5%E6%9C%AC.json.gz"),
            ("x=1/y&z<q>.gz", "x%3D1/y%26z%3Cq%3E.gz"),
            ("trailing/", "trailing/"),
            ("line\nfeed", "line%0Afeed"),
            ("A-z_0.9~", "A-z_0.9~"),
        ];
        for (key, expected) in table {
            assert_eq!(encode_key(key), expected);
            let decoded = percent_encoding::percent_decode_str(expected).decode_utf8().expect("UTF-8");
            assert_eq!(decoded, key, "path and query unescaping give the key back");
            assert!(!expected.contains('+'));
        }
    }

    #[test]
    fn the_s3_event_has_the_shape_of_the_original() {
        let body = s3_event(&SCENE, &[object("a b&c.log")]);
        let expected = concat!(
            r#"{"Signature":"","MessageId":"opstools-s3queue","Type":"Notification","#,
            r#""TopicArn":"arn:aws:sns:eu-west-1:123456789012:panther-fake-s3queue-topic","MessageAttributes":null,"#,
            r#""SignatureVersion":"","Timestamp":"0001-01-01T00:00:00Z","SigningCertUrl":"","Message":"#,
            r#""{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"eu-west-1\","#,
            r#"\"eventTime\":\"2026-11-20T12:00:00.000Z\",\"eventName\":\"ObjectCreated:Put\","#,
            r#"\"userIdentity\":{\"principalId\":\"\"},\"requestParameters\":{\"sourceIPAddress\":\"\"},"#,
            r#"\"responseElements\":null,\"s3\":{\"s3SchemaVersion\":\"1.0\",\"configurationId\":\"\","#,
            r#"\"bucket\":{\"name\":\"b\",\"ownerIdentity\":{\"principalId\":\"\"},\"arn\":\"arn:aws:s3:::b\"},"#,
            r#"\"object\":{\"key\":\"a%20b%26c.log\",\"size\":123,\"urlDecodedKey\":\"\",\"versionId\":\"\","#,
            r#"\"eTag\":\"e\",\"sequencer\":\"\"}}}]}","UnsubscribeUrl":"","Subject":""}"#,
        );
        assert_eq!(body, expected);
    }

    #[test]
    fn processed_data_is_told_of_with_raw_keys_and_no_envelope() {
        let body = processed_data_event(&SCENE, &[object("rules/t/rule_id=a b&c%20/f")]);
        let expected = concat!(
            r#"{"Records":[{"eventVersion":"2.0","eventSource":"aws:s3","awsRegion":"eu-west-1","#,
            r#""eventTime":"2026-11-20T12:00:00.000Z","eventName":"ObjectCreated:Put","#,
            r#""userIdentity":{"principalId":""},"requestParameters":{"sourceIPAddress":""},"#,
            r#""responseElements":null,"s3":{"s3SchemaVersion":"1.0","configurationId":"","#,
            r#""bucket":{"name":"b","ownerIdentity":{"principalId":""},"arn":"arn:aws:s3:::b"},"#,
            r#""object":{"key":"rules/t/rule_id=a b\u0026c%20/f","size":123,"urlDecodedKey":"","versionId":"","#,
            r#""eTag":"e","sequencer":""}}}]}"#,
        );
        assert_eq!(body, expected);
    }

    #[test]
    fn the_cloudtrail_notice_has_raw_keys_and_always_a_bucket() {
        let body = cloudtrail_notice(&SCENE, &[object("a b<c>"), object("d")]);
        let envelope: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        let notice: serde_json::Value =
            serde_json::from_str(envelope["Message"].as_str().expect("a string")).expect("JSON in JSON");
        assert_eq!(notice, serde_json::json!({ "s3Bucket": "b", "s3ObjectKey": ["a b<c>", "d"] }));
    }
}
