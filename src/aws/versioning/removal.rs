//! Removing delete markers by their version ids, and placing one again.

use std::collections::HashMap;

use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::types::{Delete, DeletedObject, ObjectIdentifier};

use super::Mfa;
use crate::aws::listing::DeleteMarker;
use crate::aws::{Session, s3, service_error};
use crate::error::{ServiceError, is_throttle};
use crate::run::{Attempt, EntryFailure};

/// Entries of one DeleteObjects request (AWS limit).
pub const MOST_PER_REQUEST: usize = 1_000;

/// Codes of single entries that another try can help (AWS: DeleteObjects, "Errors").
const WORTH_ANOTHER_TRY: [&str; 6] =
    ["InternalError", "OperationAborted", "RequestTimeout", "RequestTimeTooSkewed", "ServiceUnavailable", "SlowDown"];

/// A marker to be removed.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The key.
    pub key: &'a str,
    /// The marker.
    pub marker: &'a DeleteMarker,
}

/// What S3 says of a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// The delete marker is gone.
    Marker,
    /// There was nothing of this id any more.
    WasGone,
}

/// A key that shows data which is to be covered by a delete marker.
#[derive(Clone, Copy, Debug)]
pub struct Cover<'a> {
    /// The key.
    pub key: &'a str,
    /// The entity tag of the data; other data is not covered.
    pub etag: &'a str,
}

/// A bucket that keeps versions, as those see it who change its delete markers.
#[derive(Clone, Debug)]
pub struct VersionedBucket {
    pub(super) name: String,
    /// Tries each call once: whoever retries entries must see each answer.
    once: aws_sdk_s3::Client,
    pub(super) patient: aws_sdk_s3::Client,
    mfa: Option<Mfa>,
    session: Session,
}

impl VersionedBucket {
    /// The bucket of this name, in the session's region.
    #[must_use]
    pub fn new(session: &Session, name: impl Into<String>, mfa: Option<Mfa>) -> Self {
        let once = s3::config(session).retry_config(RetryConfig::disabled()).build();
        Self {
            name: name.into(),
            once: aws_sdk_s3::Client::from_conf(once),
            patient: s3::client(session),
            mfa,
            session: session.clone(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The session it is reached with.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Removes up to [`MOST_PER_REQUEST`] markers, with one try of each request; the answer is checked entry by entry.
    ///
    /// # Errors
    /// The whole call was refused.
    pub async fn remove_once(&self, targets: &[Target<'_>]) -> Result<Attempt<Removed>, EntryFailure> {
        let (plain, odd): (Vec<usize>, Vec<usize>) =
            (0..targets.len()).partition(|position| survives_xml(targets[*position].key));
        let mut attempt = if plain.is_empty() { Vec::new() } else { self.remove_batch(targets, &plain).await? };
        for position in odd {
            attempt.push((position, self.remove_alone(targets[position]).await));
        }
        Ok(attempt)
    }

    async fn remove_batch(
        &self,
        targets: &[Target<'_>],
        positions: &[usize],
    ) -> Result<Attempt<Removed>, EntryFailure> {
        let identifier = |position: &usize| {
            let Target { key, marker } = targets[*position];
            ObjectIdentifier::builder().key(key).version_id(marker.id().as_str()).build().expect("the key is set")
        };
        let entries = positions.iter().map(identifier).collect();
        let answer = self.delete(entries).await?;
        let named: HashMap<(&str, &str), usize> = positions
            .iter()
            .map(|position| ((targets[*position].key, targets[*position].marker.id().as_str()), *position))
            .collect();
        let of = |key: Option<&str>, id: Option<&str>| named.get(&(key?, id?)).copied();
        let mut attempt: Attempt<Removed> = Vec::with_capacity(positions.len());
        for deleted in answer.deleted() {
            let position = of(deleted.key(), deleted.version_id());
            attempt.extend(position.map(|position| (position, judged(deleted))));
        }
        for error in answer.errors() {
            let failure = self.refusal(error.code(), error.message());
            attempt.extend(of(error.key(), error.version_id()).map(|position| (position, Err(failure))));
        }
        Ok(attempt)
    }

    async fn delete(
        &self,
        entries: Vec<ObjectIdentifier>,
    ) -> Result<aws_sdk_s3::operation::delete_objects::DeleteObjectsOutput, EntryFailure> {
        let delete = Delete::builder().set_objects(Some(entries)).quiet(false).build().expect("the entries are set");
        let call = self.once.delete_objects().bucket(&self.name).delete(delete);
        let call = call.set_mfa(self.mfa.as_ref().map(|mfa| mfa.header().to_owned()));
        Box::pin(call.send()).await.map_err(|error| self.refused(service_error("S3", &error)))
    }

    /// For keys that the XML of a batch cannot carry.
    async fn remove_alone(&self, target: Target<'_>) -> Result<Removed, EntryFailure> {
        let id = target.marker.id().as_str();
        let call = self.once.delete_object().bucket(&self.name).key(target.key).version_id(id);
        let call = call.set_mfa(self.mfa.as_ref().map(|mfa| mfa.header().to_owned()));
        let answer = Box::pin(call.send()).await.map_err(|error| self.refused(service_error("S3", &error)))?;
        Ok(if answer.delete_marker() == Some(true) { Removed::Marker } else { Removed::WasGone })
    }

    /// Places a delete marker on up to [`MOST_PER_REQUEST`] keys, with one try; a key that shows other data than the tag
    /// says is left alone.
    ///
    /// # Errors
    /// The whole call was refused.
    pub async fn cover_once(&self, keys: &[Cover<'_>]) -> Result<Attempt<()>, EntryFailure> {
        let (plain, odd): (Vec<usize>, Vec<usize>) =
            (0..keys.len()).partition(|position| survives_xml(keys[*position].key));
        let mut attempt = if plain.is_empty() { Vec::new() } else { self.cover_batch(keys, &plain).await? };
        for position in odd {
            let Cover { key, etag } = keys[position];
            let call = self.once.delete_object().bucket(&self.name).key(key).if_match(etag);
            let answer = Box::pin(call.send()).await;
            let covered = answer.map(|_| ()).map_err(|error| self.refused(service_error("S3", &error)));
            attempt.push((position, covered));
        }
        Ok(attempt)
    }

    async fn cover_batch(&self, keys: &[Cover<'_>], positions: &[usize]) -> Result<Attempt<()>, EntryFailure> {
        let identifier = |position: &usize| {
            let Cover { key, etag } = keys[*position];
            ObjectIdentifier::builder().key(key).e_tag(etag).build().expect("the key is set")
        };
        let answer = self.delete(positions.iter().map(identifier).collect()).await?;
        let named: HashMap<&str, usize> = positions.iter().map(|position| (keys[*position].key, *position)).collect();
        let of = |key: Option<&str>| key.and_then(|key| named.get(key).copied());
        let mut attempt: Attempt<()> = Vec::with_capacity(positions.len());
        attempt.extend(answer.deleted().iter().filter_map(|deleted| of(deleted.key())).map(|place| (place, Ok(()))));
        for error in answer.errors() {
            let failure = self.refusal(error.code(), error.message());
            attempt.extend(of(error.key()).map(|position| (position, Err(failure))));
        }
        Ok(attempt)
    }

    fn refusal(&self, code: Option<&str>, message: Option<&str>) -> EntryFailure {
        let code = code.unwrap_or("Unknown").to_owned();
        let again = WORTH_ANOTHER_TRY.contains(&code.as_str()) || is_throttle(&code);
        EntryFailure { code, message: self.hide(message.unwrap_or_default()), sender_fault: !again }
    }

    /// A whole call that was refused: worth another try unless S3 blames the sender.
    fn refused(&self, error: ServiceError) -> EntryFailure {
        let blamed = error.status.is_some_and(|status| (400..500).contains(&status));
        let again = !blamed || WORTH_ANOTHER_TRY.contains(&error.code.as_str()) || is_throttle(&error.code);
        let no_way = error.code == "Credentials";
        let request = error.request_id.map(|id| format!(" (request id {id})")).unwrap_or_default();
        let message = self.hide(&format!("{}{request}", error.message));
        EntryFailure { code: error.code, message, sender_fault: !again || no_way }
    }

    fn hide(&self, text: &str) -> String {
        self.mfa.as_ref().map_or_else(|| text.to_owned(), |mfa| mfa.hide(text))
    }
}

/// S3 says of each entry that it was a delete marker, and of which id.
fn judged(deleted: &DeletedObject) -> Result<Removed, EntryFailure> {
    if deleted.delete_marker() != Some(true) {
        return Ok(Removed::WasGone);
    }
    match deleted.delete_marker_version_id() {
        Some(id) if Some(id) != deleted.version_id() => Err(EntryFailure {
            code: "UnexpectedAnswer".to_owned(),
            message: format!("S3 removed version `{id}` instead"),
            sender_fault: true,
        }),
        _ => Ok(Removed::Marker),
    }
}

/// Whether XML carries the key unchanged: it has no control characters, which it forbids or changes, nor the two that are
/// no characters.
fn survives_xml(key: &str) -> bool {
    !key.chars().any(|letter| letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deleted(id: &str, marker: Option<(bool, &str)>) -> DeletedObject {
        let answer = DeletedObject::builder().key("k").version_id(id);
        let answer = answer.set_delete_marker(marker.map(|(is, _)| is));
        answer.set_delete_marker_version_id(marker.map(|(_, id)| id.to_owned())).build()
    }

    #[test]
    fn an_answer_must_say_that_this_marker_was_removed() {
        assert_eq!(judged(&deleted("v", Some((true, "v")))), Ok(Removed::Marker));
        assert_eq!(judged(&deleted("v", None)), Ok(Removed::WasGone));
        let other = judged(&deleted("v", Some((true, "w")))).expect_err("another id");
        assert!(other.sender_fault && other.message.contains("`w`"), "{other:?}");
    }

    #[test]
    fn keys_that_xml_changes_go_alone() {
        for key in ["a b", "ü/日本.json.gz", "x=1/y&z<q>\"'.gz", "100%"] {
            assert!(survives_xml(key), "{key}");
        }
        for key in ["a\nb", "a\rb", "a\tb", "\u{1}", "a\u{85}", "\u{ffff}"] {
            assert!(!survives_xml(key), "{key:?}");
        }
    }
}
