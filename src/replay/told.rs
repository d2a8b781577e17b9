//! Who is told of objects, how a message names them, and everything else that a replay needs.

use std::sync::Arc;
use std::time::Duration;

use super::memory::Memory;
use super::tally::Kind;
use crate::aws::Outgoing;
use crate::objects::{Filters, Found, Input, Place};
use crate::panther::Notified;

/// What a consumer wants to hear.
pub trait Consumer: Send + Sync {
    /// A message that names these objects of one place.
    fn message(&self, place: &Place, objects: &[Notified]) -> Outgoing;

    /// Why an object is not for this consumer, as the name of a counter; `None` when it is.
    fn passes_over(&self, _object: &Found) -> Option<&'static str> {
        None
    }

    /// What an object is, by type and id, where the consumer tells objects apart; the report counts them so.
    fn kind(&self, _key: &str) -> Option<Kind> {
        None
    }

    /// What the operator should hear at the end about what was passed over.
    fn remarks(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Everything that a replay needs; `L` is the kind of line through which it sends.
pub struct Work<L> {
    /// Where objects come from.
    pub inputs: Vec<Input>,
    /// Which of them are told of.
    pub filters: Filters,
    /// Who is told.
    pub consumer: Arc<dyn Consumer>,
    /// Through what.
    pub line: L,
    /// At most this many objects per message.
    pub files_per_message: usize,
    /// Bytes of objects per second; `None` is unlimited.
    pub bytes_per_second: Option<f64>,
    /// The most messages that should wait for the consumer.
    pub max_backlog: Option<u64>,
    /// Begin again after this pause.
    pub repeat: Option<Duration>,
    /// What earlier runs of this journal did.
    pub memory: Memory,
}
