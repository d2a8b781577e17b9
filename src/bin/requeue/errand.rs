//! What is done with each batch of messages, and what becomes of each message after that.

use std::sync::Arc;

use opstools::aws::sqs::{Message, Sender};

use crate::crew::Crew;
use crate::look::Peek;
use crate::mover::Mover;
use crate::save::Saver;
use crate::summary::Tally;

/// What becomes of a message in its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its work is confirmed: delete it.
    Delete,
    /// Its work is done, and it stays: hold it until the run ends.
    Keep,
    /// It could not be worked on: hold it until the run ends.
    Hold,
    /// Give it back at once.
    Release,
}

/// The work of a mode.
pub enum Errand {
    /// Send to another queue.
    Move(Box<Mover>),
    /// Write to a file.
    Save(Arc<Saver>),
    /// Nothing but deleting.
    Discard,
    /// Show.
    Peek(Arc<Peek>),
    /// Count.
    Summary(Arc<Tally>),
}

impl Errand {
    /// The sender of one worker, for errands that send.
    pub fn sender<'a>(&'a self, crew: &'a Crew) -> Option<Sender<'a>> {
        match self {
            Self::Move(mover) => Some(mover.sender(crew)),
            _ => None,
        }
    }

    /// Works on a batch; each message comes back with its fate.
    pub async fn run(&self, crew: &Crew, sender: Option<&Sender<'_>>, batch: Vec<Message>) -> Vec<(Message, Fate)> {
        match (self, sender) {
            (Self::Move(mover), Some(sender)) => mover.send(crew, sender, batch).await,
            (Self::Save(saver), _) => saver.save(crew, batch).await,
            (Self::Peek(peek), _) => peek.show(batch),
            (Self::Summary(tally), _) => tally.count(&crew.from.queue.name, batch),
            (Self::Discard, _) => crew.paced(batch, Fate::Delete).await,
            (Self::Move(_), None) => batch.into_iter().map(|message| (message, Fate::Release)).collect(),
        }
    }

    /// Whether what is done with a message leaves it in the queue.
    pub fn keeps(&self) -> bool {
        match self {
            Self::Move(mover) => mover.copies,
            Self::Save(saver) => !saver.discards,
            Self::Discard => false,
            Self::Peek(_) | Self::Summary(_) => true,
        }
    }
}
