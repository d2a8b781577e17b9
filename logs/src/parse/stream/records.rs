//! What a caller asks about one line or one name, to decide whether a document is a log or holds logs.

use std::sync::LazyLock;

use regex::Regex;

use super::slices::{Elements, elements, members};

/// The names that CloudTrail gives to its files of logs: account, region, minute, and something unique. Its digests and
/// insights have other names.
static CLOUDTRAIL_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[0-9]{12}_CloudTrail_[^_]+_[0-9]{8}T[0-9]{4}Z_[0-9A-Za-z_]+\.json\.gz$")
        .expect("a constant pattern is valid")
});

/// Whether a file, by the last part of its path, is named as CloudTrail names its logs.
pub fn is_cloudtrail_name(file_name: &str) -> bool {
    let base = file_name.rsplit('/').next().unwrap_or_default();
    CLOUDTRAIL_NAME.is_match(base)
}

/// The elements of `Records`, each a slice of the text that was split.
#[derive(Clone, Debug)]
pub struct Records<'t> {
    elements: Elements<'t>,
}

impl<'t> Iterator for Records<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        // The array was walked once to its end before this was made.
        self.elements.step().ok().flatten()
    }
}

/// The elements of a document that holds them in an array `Records`; other keys beside it do not matter, and of several `Records`
/// the first counts. `None` when the text is not such a document, complete and with nothing behind it; nothing is decoded.
///
/// For [`Kind::Auto`](super::Kind::Auto) and lines: a document that no log type accepts as it is may be many.
pub fn split_records(text: &str) -> Option<Records<'_>> {
    // Most lines are something else; this says so at once.
    memchr::memmem::find(text.as_bytes(), b"\"Records\"")?;
    let mut members = members(text)?;
    let mut records = None;
    while let Some((key, value)) = members.step().ok()? {
        if key == "\"Records\"" && records.is_none() {
            records = Some(value);
        }
    }
    let elements = elements(records?)?;
    let mut walk = elements.clone();
    while walk.step().ok()?.is_some() {}
    members.is_all().then_some(Records { elements })
}
