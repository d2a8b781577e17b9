//! One standard queue: what is visible, what is in flight until when, what is delayed.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use tokio::{
    sync::Notify,
    time::{Duration, Instant},
};

use super::{attributes::Settings, fault::Fault, message::Message};

/// Standard queues keep at most about this many messages in flight.
const MAX_IN_FLIGHT: usize = 120_000;

/// Names one receive of one message: a later receive of the same message has another handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    serial: u64,
    receive: u32,
}

impl Receipt {
    /// Opaque text, as long as it needs to be.
    pub fn to_handle(self) -> String {
        format!("AQEB{:016x}{:08x}", self.serial, self.receive)
    }

    /// # Errors
    /// `ReceiptHandleIsInvalid` for what no receive ever answered.
    pub fn of_handle(handle: &str) -> Result<Self, Fault> {
        let parse = || {
            let digits = handle.strip_prefix("AQEB").filter(|digits| digits.len() == 24)?;
            let serial = u64::from_str_radix(digits.get(..16)?, 16).ok()?;
            let receive = u32::from_str_radix(digits.get(16..)?, 16).ok()?;
            Some(Self { serial, receive })
        };
        parse().ok_or_else(|| Fault::invalid_receipt(handle))
    }
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Visible,
    InFlight(Instant),
    Delayed(Instant),
}

#[derive(Debug)]
struct Held {
    message: Message,
    place: Place,
}

/// What one receive took out of the queue.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// Messages for the receiver.
    pub messages: Vec<(Receipt, Message)>,
    /// Messages received too often, which now belong into the dead-letter queue.
    pub exhausted: Vec<Message>,
}

/// Message counts as the queue's attributes give them; here they are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    pub visible: usize,
    pub in_flight: usize,
    pub delayed: usize,
}

/// A queue. Serials are unique among all queues, so that a handle fits one queue only.
#[derive(Debug)]
pub(super) struct Queue {
    pub name: String,
    pub settings: Settings,
    /// Woken when a message becomes visible, for receivers that wait.
    pub arrivals: Arc<Notify>,
    pub sent: u64,
    pub deleted: u64,
    held: HashMap<u64, Held>,
    /// In order of arrival; may still name messages deleted since.
    visible: VecDeque<u64>,
    in_flight: BTreeSet<(Instant, u64)>,
    delayed: BTreeSet<(Instant, u64)>,
}

impl Queue {
    pub fn new(name: String, settings: Settings) -> Self {
        Self {
            name,
            settings,
            arrivals: Arc::default(),
            sent: 0,
            deleted: 0,
            held: HashMap::new(),
            visible: VecDeque::new(),
            in_flight: BTreeSet::new(),
            delayed: BTreeSet::new(),
        }
    }

    /// Puts a message in, visible after `delay`; answers it as it is held.
    pub fn put(&mut self, serial: u64, message: Message, delay: Duration) -> Option<&Message> {
        self.sent += 1;
        let place = if delay.is_zero() { Place::Visible } else { Place::Delayed(Instant::now() + delay) };
        self.held.insert(serial, Held { message, place });
        self.settle(serial, place);
        self.held.get(&serial).map(|held| &held.message)
    }

    /// Takes up to `wanted` visible messages into flight for `visibility`.
    ///
    /// # Errors
    /// `OverLimit` when as many messages are in flight as a queue may have.
    pub fn receive(&mut self, wanted: usize, visibility: Duration, now_millis: u128) -> Result<Received, Fault> {
        self.release_due();
        if self.in_flight.len() >= MAX_IN_FLIGHT {
            return Err(Fault::over_limit());
        }
        let max_receives = self.settings.redrive().map(|redrive| redrive.max_receives);
        let mut received = Received::default();
        while received.messages.len() < wanted {
            let Some(serial) = self.visible.pop_front() else {
                break;
            };
            let Some(held) = self.held.get_mut(&serial) else {
                continue;
            };
            if max_receives.is_some_and(|max| held.message.receives >= max) {
                received.exhausted.extend(self.held.remove(&serial).map(|held| held.message));
                continue;
            }
            held.message.receives += 1;
            held.message.first_received.get_or_insert(now_millis);
            held.place = Place::InFlight(Instant::now() + visibility);
            let (place, message) = (held.place, held.message.clone());
            self.settle(serial, place);
            received.messages.push((Receipt { serial, receive: message.receives }, message));
        }
        Ok(received)
    }

    /// Deletes a message by the handle of its latest receive. Another receive's handle, or one of a message that is
    /// gone, changes nothing and is no error, as with SQS. Tells whether a message was deleted.
    pub fn delete(&mut self, receipt: Receipt) -> bool {
        let is_latest = self.held.get(&receipt.serial).is_some_and(|held| held.message.receives == receipt.receive);
        if is_latest && let Some(held) = self.held.remove(&receipt.serial) {
            self.unsettle(receipt.serial, held.place);
            self.deleted += 1;
        }
        is_latest
    }

    /// Keeps an in-flight message out of sight for `visibility` from now on; zero releases it at once.
    ///
    /// # Errors
    /// `MessageNotInflight` when its time ran out or it was deleted.
    pub fn change_visibility(&mut self, receipt: Receipt, visibility: Duration) -> Result<(), Fault> {
        self.release_due();
        let held = self.held.get_mut(&receipt.serial).filter(|held| held.message.receives == receipt.receive);
        let Some(Held { place, .. }) = held else {
            return Err(Fault::not_in_flight());
        };
        let Place::InFlight(until) = *place else {
            return Err(Fault::not_in_flight());
        };
        let next = if visibility.is_zero() { Place::Visible } else { Place::InFlight(Instant::now() + visibility) };
        *place = next;
        self.in_flight.remove(&(until, receipt.serial));
        self.settle(receipt.serial, next);
        Ok(())
    }

    /// Makes visible what was in flight or delayed for long enough.
    pub fn release_due(&mut self) {
        let now = Instant::now();
        for waiting in [&mut self.in_flight, &mut self.delayed] {
            while let Some(&(until, serial)) = waiting.first()
                && until <= now
            {
                waiting.pop_first();
                if let Some(held) = self.held.get_mut(&serial) {
                    held.place = Place::Visible;
                    self.visible.push_back(serial);
                }
            }
        }
    }

    /// When the next message becomes visible by itself.
    pub fn next_due(&self) -> Option<Instant> {
        [&self.in_flight, &self.delayed].into_iter().filter_map(|waiting| Some(waiting.first()?.0)).min()
    }

    pub fn counts(&mut self) -> Counts {
        self.release_due();
        let (in_flight, delayed) = (self.in_flight.len(), self.delayed.len());
        Counts { visible: self.held.len() - in_flight - delayed, in_flight, delayed }
    }

    /// All messages that are not deleted, in no order.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.held.values().map(|held| &held.message)
    }

    fn settle(&mut self, serial: u64, place: Place) {
        match place {
            Place::Visible => {
                self.visible.push_back(serial);
                self.arrivals.notify_waiters();
            }
            Place::InFlight(until) => drop(self.in_flight.insert((until, serial))),
            Place::Delayed(until) => drop(self.delayed.insert((until, serial))),
        }
    }

    fn unsettle(&mut self, serial: u64, place: Place) {
        match place {
            // The order of arrival forgets it when its turn comes.
            Place::Visible => {}
            Place::InFlight(until) => drop(self.in_flight.remove(&(until, serial))),
            Place::Delayed(until) => drop(self.delayed.remove(&(until, serial))),
        }
    }
}
