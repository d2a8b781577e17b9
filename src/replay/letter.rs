//! Messages on their way: each knows its objects, and the intervals that it finishes.

use std::sync::Arc;

use super::memory::Range;
use super::tally::Kind;
use super::told::Consumer;
use crate::aws::sqs::Outgoing;
use crate::objects::{Found, Place};
use crate::panther::Notified;

/// Bytes of a record in a message beside its key: names and constants, quoted twice.
const RECORD_BYTES: usize = 900;

/// Bytes that one byte of a key can become: percent-encoded, or escaped twice.
const KEY_FACTOR: usize = 6;

/// A message to send.
#[derive(Debug)]
pub struct Letter {
    /// The message.
    pub outgoing: Outgoing,
    /// How many objects it names.
    pub objects: u64,
    /// Their bytes, as far as known.
    pub bytes: u64,
    /// The first of them.
    pub first: String,
    /// What its objects are, where the consumer tells objects apart.
    pub kind: Option<Kind>,
    /// What is finished once it is confirmed.
    pub ranges: Vec<Range>,
}

/// A message that still takes objects.
#[derive(Debug)]
struct Draft {
    place: Arc<Place>,
    objects: Vec<Notified>,
    ranges: Vec<Range>,
    first: String,
    size: usize,
}

/// Makes messages of objects.
pub struct Writer {
    consumer: Arc<dyn Consumer>,
    files_per_message: usize,
    message_bytes: usize,
    draft: Option<Draft>,
}

impl Writer {
    /// A writer of messages for this consumer, with at most so many objects and bytes each.
    pub fn new(consumer: Arc<dyn Consumer>, files_per_message: usize, message_bytes: usize) -> Self {
        Self { consumer, files_per_message, message_bytes, draft: None }
    }

    /// Takes an object and the interval that it finishes; returns messages that are complete.
    pub fn take(&mut self, object: Found, range: Range) -> Vec<Letter> {
        let mut complete = Vec::new();
        let size = RECORD_BYTES + object.key.len() * KEY_FACTOR;
        let fits = |draft: &Draft| Arc::ptr_eq(&draft.place, &object.place) && draft.size + size <= self.message_bytes;
        if !self.draft.as_ref().is_some_and(fits) {
            complete.extend(self.finish());
        }
        let draft = self.draft.get_or_insert_with(|| Draft {
            place: object.place.clone(),
            objects: Vec::new(),
            ranges: Vec::new(),
            first: object.uri(),
            size: RECORD_BYTES,
        });
        draft.size += size;
        if !draft.ranges.last_mut().is_some_and(|last| last.extend(&range)) {
            draft.ranges.push(range);
        }
        draft.objects.push(Notified {
            key: object.key,
            size: object.size,
            etag: object.etag,
            last_modified: object.last_modified,
        });
        if draft.objects.len() >= self.files_per_message {
            complete.extend(self.finish());
        }
        complete
    }

    /// The message that was begun, if any.
    pub fn finish(&mut self) -> Option<Letter> {
        let draft = self.draft.take()?;
        Some(Letter {
            outgoing: self.consumer.message(&draft.place, &draft.objects),
            objects: draft.objects.len() as u64,
            bytes: draft.objects.iter().filter_map(|object| object.size).sum(),
            kind: draft.objects.first().and_then(|object| self.consumer.kind(&object.key)),
            first: draft.first,
            ranges: draft.ranges,
        })
    }
}
