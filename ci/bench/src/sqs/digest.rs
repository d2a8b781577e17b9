//! The MD5s SQS answers with and the SDKs compare.

use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};
use md5::{Digest, Md5};

use super::message::{Attribute, Attributes};

/// Marks of the value's kind in the digest of attributes.
const STRING_VALUE: u8 = 1;
const BINARY_VALUE: u8 = 2;

/// MD5 of a body, in lower-case hexadecimal.
pub(super) fn md5_of_body(body: &str) -> String {
    hexadecimal(Md5::digest(body))
}

/// MD5 over attributes in the order of their names: name, type and value, each with its length in four bytes, the
/// value preceded by its kind. `None` without attributes: SQS leaves the field out then.
pub(super) fn md5_of_attributes(attributes: &Attributes) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut digest = Md5::new();
    for (name, attribute) in attributes {
        update(&mut digest, name.as_bytes());
        update(&mut digest, attribute.data_type.as_bytes());
        let (kind, value) = value_of(attribute);
        digest.update([kind]);
        update(&mut digest, &value);
    }
    Some(hexadecimal(digest.finalize()))
}

fn update(digest: &mut Md5, bytes: &[u8]) {
    // No field of a message reaches 4 GiB: requests are limited far below.
    digest.update((bytes.len() as u32).to_be_bytes());
    digest.update(bytes);
}

fn value_of(attribute: &Attribute) -> (u8, Vec<u8>) {
    match (&attribute.string_value, &attribute.binary_value) {
        (_, Some(binary)) if attribute.data_type.starts_with("Binary") => {
            (BINARY_VALUE, STANDARD.decode(binary).unwrap_or_default())
        }
        (string, _) => (STRING_VALUE, string.clone().unwrap_or_default().into_bytes()),
    }
}

fn hexadecimal(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(data_type: &str, value: &str) -> Attribute {
        Attribute { data_type: data_type.to_owned(), ..Attribute::string(value) }
    }

    fn md5_of(attributes: impl IntoIterator<Item = (&'static str, Attribute)>) -> Option<String> {
        md5_of_attributes(&attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    #[test]
    fn bodies_match_the_example_of_the_api_reference() {
        assert_eq!(md5_of_body("This is a test message"), "fafb00f5732ab283681e124bf8747ed1");
    }

    /// Expected values from another implementation of the rule, in Python; the first is what SQS itself answered.
    #[test]
    fn attributes_match_an_independent_implementation() {
        let number = [("timestamp", typed("Number", "1493147359900"))];
        assert_eq!(md5_of(number).as_deref(), Some("235c5c510d26fb653d073faed50ae77c"));

        let routing = [("type", Attribute::string("LogData")), ("id", Attribute::string("AWS.CloudTrail"))];
        assert_eq!(md5_of(routing).as_deref(), Some("89a7802ce6dcf87cf6ef937b9fafcda7"));

        let binary = Attribute {
            data_type: "Binary.gzip".to_owned(),
            string_value: None,
            binary_value: Some(STANDARD.encode((0..=255).collect::<Vec<u8>>())),
        };
        let mixed = [("id", Attribute::string("ü")), ("raw.gz", binary), ("n", typed("Number.int", "7"))];
        assert_eq!(md5_of(mixed).as_deref(), Some("1fbe834954bb90ee96e83491062e5b27"));

        let trace = [("AWSTraceHeader", Attribute::string("Root=1-5759e988-bd862e3fe1be46a994272793"))];
        assert_eq!(md5_of(trace).as_deref(), Some("62a56dd927315f2b2e12832b84617ea5"));
        assert_eq!(md5_of([]), None);
    }
}
