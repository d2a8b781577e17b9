//! What a request names: bucket and key of a path-style address, and the parameters of its query.

use percent_encoding::percent_decode_str;

/// Bucket and key; either may be empty.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub bucket: String,
    pub key: Vec<u8>,
}

impl Address {
    /// From a percent-encoded path: `/BUCKET/KEY`.
    pub fn of_path(path: &str) -> Self {
        let (bucket, key) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
        Self { bucket: bucket.to_owned(), key: percent_decode_str(key).collect() }
    }
}

/// Query parameters, decoded, in order.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, Vec<u8>)>);

impl Parameters {
    /// Splits and decodes a query; a plus is a space, as S3 reads it.
    pub fn of_query(query: &str) -> Self {
        let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).collect();
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (name.to_owned(), decode(value))
        });
        Self(pairs.collect())
    }

    /// The parameter's bytes, when it was given.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_slice())
    }

    /// Whether the parameter was given at all, as `?location` is.
    pub fn has(&self, name: &str) -> bool {
        self.bytes(name).is_some()
    }

    /// The parameter as text; bytes that are none are replaced.
    pub fn text(&self, name: &str) -> Option<String> {
        self.bytes(name).map(|value| String::from_utf8_lossy(value).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_into_bucket_and_decoded_key() {
        for (path, bucket, key) in
            [("/", "", ""), ("/logs", "logs", ""), ("/logs/", "logs", ""), ("/logs/a%20b/c%2Bd+e", "logs", "a b/c+d+e")]
        {
            let expected = Address { bucket: bucket.to_owned(), key: key.as_bytes().to_vec() };
            assert_eq!(Address::of_path(path), expected);
        }
    }

    #[test]
    fn queries_decode_percent_and_plus_and_keep_bare_names() {
        let parameters = Parameters::of_query("location&prefix=a%2Bb+c&delimiter=%2F&empty=");
        assert!(parameters.has("location"));
        assert_eq!(parameters.bytes("prefix"), Some(b"a+b c".as_slice()));
        assert_eq!(parameters.text("delimiter").as_deref(), Some("/"));
        assert_eq!(parameters.bytes("empty"), Some(b"".as_slice()));
        assert!(!parameters.has("start-after"));
    }
}
