//! Paths of S3 as people write them: `s3://bucket/prefix`, the rest taken as it stands.
//!
//! A key may hold any character, so a path is no URL: `?`, `#` and `%` are letters of the prefix like others.

use crate::error::Failure;

const SCHEME: &str = "s3://";

/// The oldest buckets have names of up to this many characters (AWS); newer ones of up to 63.
const LONGEST_NAME: usize = 255;

/// A bucket and a prefix or key in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The bucket's name.
    pub bucket: String,
    /// Prefix or key, raw; empty is the whole bucket.
    pub key: String,
}

impl Location {
    /// Reads `s3://bucket/prefix`.
    ///
    /// # Errors
    /// A usage error: another scheme, or no bucket.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = |why: &str| {
            Failure::usage(format!("`{text}` is no S3 path")).because(why).hint("write it as s3://bucket/prefix")
        };
        let rest = text.strip_prefix(SCHEME).ok_or_else(|| wrong("it does not begin with s3://"))?;
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let named = bucket.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        // Shorter than any real name is left to S3, which then says that there is no such bucket.
        if !named || bucket.is_empty() || bucket.len() > LONGEST_NAME {
            return Err(wrong("it names no bucket"));
        }
        Ok(Self { bucket: bucket.to_owned(), key: key.to_owned() })
    }

    /// The path as it is written.
    pub fn uri(&self) -> String {
        format!("{SCHEME}{}/{}", self.bucket, self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_taken_as_they_stand() {
        let table = [
            ("s3://b", "b", ""),
            ("s3://bucket/", "bucket", ""),
            ("s3://bucket/a/b", "bucket", "a/b"),
            ("s3://bucket//x", "bucket", "/x"),
            ("s3://bucket/what?#100%25 ü", "bucket", "what?#100%25 ü"),
        ];
        for (text, bucket, key) in table {
            let location = Location::parse(text).expect(text);
            assert_eq!((location.bucket.as_str(), location.key.as_str()), (bucket, key), "{text}");
        }
    }

    #[test]
    fn what_is_no_path_is_a_usage_error() {
        for text in ["", "bucket/prefix", "s3:/b", "s3://", "s3:///key", "https://b/x", "S3://b", "s3://a b/c"] {
            let failure = Location::parse(text).expect_err(text);
            assert_eq!(failure.kind, crate::error::Kind::Usage, "{text}");
        }
    }
}
