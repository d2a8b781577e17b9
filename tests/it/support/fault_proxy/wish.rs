//! What all rules together want of one call. Each rule counts each call that concerns it, also when another one
//! decides its fate; otherwise "the third call" would mean something else in every combination.

use std::time::Duration;

use super::call::{Call, Protocol};
use super::entries::{self, Split};
use super::published;
use super::refusal::Refusal;
use super::rule::{Armed, Fault};

/// The sum of the faults that strike one call.
#[derive(Default)]
pub struct Wish {
    /// Waits before anything else.
    pub delay: Duration,
    /// Resets instead of everything that follows.
    pub reset_before: bool,
    /// Answers so instead of forwarding.
    pub refusal: Option<Refusal>,
    /// Forwards only a part of the entries.
    pub split: Option<Split>,
    /// Resets instead of answering.
    pub reset_after: bool,
    /// Delivers these messages again later.
    pub deliver_again: bool,
    /// Breaks the answer off.
    pub cut: bool,
    /// Shifts the answer's date by so many seconds.
    pub skew: i64,
}

impl Wish {
    /// Asks every rule.
    pub fn of(rules: &mut [Armed], call: &Call) -> Self {
        let mut wish = Self::default();
        for rule in rules {
            if let Some(fault) = rule.strike(call) {
                wish.add(&fault, rule, call);
            }
        }
        wish
    }

    fn add(&mut self, fault: &Fault, rule: &mut Armed, call: &Call) {
        match fault {
            Fault::Throttle => self.refuse(Refusal::throttled(call)),
            Fault::Error500 => self.refuse(Refusal::internal(call)),
            Fault::ExpiredToken => self.refuse(Refusal::expired(call)),
            Fault::AccessDenied(message) => self.refuse(Refusal::denied(call, message)),
            Fault::ResetBefore => self.reset_before = true,
            Fault::ApplyThenReset => self.reset_after = true,
            Fault::CutBody => self.cut = true,
            Fault::Delay(delay) => self.delay += *delay,
            Fault::SkewDate(seconds) => self.skew += seconds,
            Fault::DuplicateDelivery => self.deliver_again = true,
            Fault::FailEntries { .. } | Fault::FailEntriesWith { .. } => self.split(fault, rule, call),
        }
    }

    /// The first rule that refuses words the answer.
    fn refuse(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert(refusal);
    }

    /// One rule splits a call; a second one would have to see what the first left.
    fn split(&mut self, fault: &Fault, rule: &mut Armed, call: &Call) {
        if self.split.is_none() {
            self.split = match call.protocol {
                Protocol::Query => published::split(&call.body, fault, &mut rule.entries),
                _ => entries::split(&call.body, fault, &mut rule.entries),
            };
        }
    }
}
