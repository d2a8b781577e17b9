//! Back-pressure: no more messages than should wait for the consumer.

use std::time::Duration;

use tokio::time::Instant;

use super::line::Line;
use crate::error::Failure;
use crate::run::Run;
use crate::time::monotonic;

/// How often the queue is looked at while it is too full. SQS's own count lags by some seconds.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// A look is good for this long, even when fewer messages were sent than there was room for: others send too.
const LOOK_LASTS: Duration = Duration::from_secs(10);

/// The room that is left in a queue.
pub struct Backlog {
    most: u64,
    room: u64,
    looked: Option<Instant>,
}

impl Backlog {
    /// At most `most` visible messages.
    pub const fn new(most: u64) -> Self {
        Self { most, room: 0, looked: None }
    }

    /// Whether there is room for another message without a new look.
    pub fn has_room(&mut self) -> bool {
        let fresh = self.looked.is_some_and(|looked| looked.elapsed() < LOOK_LASTS);
        if fresh && self.room > 0 {
            self.room -= 1;
            return true;
        }
        false
    }

    /// Waits until there is room, or the run stops.
    ///
    /// # Errors
    /// The queue cannot be looked at.
    pub async fn wait(&mut self, line: &impl Line, run: &Run) -> Result<(), Failure> {
        let mut said = false;
        loop {
            let visible = line.waiting().await?;
            self.looked = Some(monotonic());
            self.room = self.most.saturating_sub(visible);
            if visible < self.most || (self.most == 0 && visible == 0) {
                self.room = self.room.saturating_sub(1);
                if said {
                    run.notices.info(format!("going on: {} holds {visible} messages", line.name()));
                }
                return Ok(());
            }
            if !said {
                let name = line.name();
                run.notices.info(format!("pausing: {name} holds {visible} messages, --max-backlog is {}", self.most));
                said = true;
            }
            if run.cancel.unless_stopped(tokio::time::sleep(LOOK_EVERY)).await.is_none() {
                return Ok(());
            }
        }
    }
}
