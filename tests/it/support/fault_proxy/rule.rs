//! Which call suffers what: a [`Fault`] is what happens, a [`Rule`] says to which calls.

use std::time::Duration;

use super::call::Call;

/// What can go wrong with a call.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The service asks to slow down, in its own words (S3: 503 `SlowDown`); nothing is done.
    Throttle,
    /// The service fails inside, with status 500; nothing is done.
    Error500,
    /// The connection is reset before the service sees the request.
    ResetBefore,
    /// The service does what was asked, and the answer is lost with the connection.
    ApplyThenReset,
    /// Half of the answer's body arrives, then the connection ends.
    CutBody,
    /// The call takes this much longer.
    Delay(Duration),
    /// Every nth entry of a batch, counted over all calls, never reaches the service and is answered as failed.
    FailEntries {
        /// 1 fails all, 3 every third.
        every: usize,
        /// `InternalError`, `ReceiptHandleIsInvalid`, ...
        code: &'static str,
        /// Whether repeating is useless.
        sender_fault: bool,
    },
    /// Entries whose JSON contains a text fail, every time they are tried.
    FailEntriesWith {
        /// Part of a body or of any other field, as it stands in the JSON.
        text: String,
        /// As above.
        code: &'static str,
        /// As above.
        sender_fault: bool,
    },
    /// The messages of this `ReceiveMessage` answer are delivered again by later ones, as a standard queue may.
    DuplicateDelivery,
    /// The credentials have expired.
    ExpiredToken,
    /// The answer's `Date` is this many seconds off.
    SkewDate(i64),
    /// The service refuses, with this message.
    AccessDenied(String),
}

impl Fault {
    /// For calls of this action, at first for each of them.
    pub fn on(self, action: &str) -> Rule {
        let action = Some(action.to_owned());
        Rule { fault: self, action, target: None, text: None, when: When::Always }
    }

    /// For calls of any action.
    pub fn on_any(self) -> Rule {
        Rule { action: None, ..self.on("") }
    }
}

/// A fault and the calls it strikes.
#[derive(Clone, Debug)]
pub struct Rule {
    pub(super) fault: Fault,
    pub(super) when: When,
    action: Option<String>,
    target: Option<String>,
    text: Option<String>,
}

/// Which of the matching calls, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    Always,
    First(usize),
    Nth(usize),
    Every(usize),
    After(usize),
    /// Of a hundred calls, about so many, drawn by a generator with this seed.
    Percent(u8, u64),
}

impl Rule {
    /// Only calls whose path and query contain this: a bucket, a prefix, a page marker.
    pub fn to(self, target: &str) -> Self {
        Self { target: Some(target.to_owned()), ..self }
    }

    /// Only calls whose body contains this: a queue's name, a message.
    pub fn containing(self, text: &str) -> Self {
        Self { text: Some(text.to_owned()), ..self }
    }

    /// Only the first so many calls.
    pub fn first(self, count: usize) -> Self {
        Self { when: When::First(count), ..self }
    }

    /// Only this one call, counted from 1.
    pub fn nth(self, number: usize) -> Self {
        Self { when: When::Nth(number), ..self }
    }

    /// Every nth call.
    pub fn every(self, number: usize) -> Self {
        assert!(number > 0, "every 0th call is no call");
        Self { when: When::Every(number), ..self }
    }

    /// All calls but the first so many.
    pub fn after(self, count: usize) -> Self {
        Self { when: When::After(count), ..self }
    }

    /// About so many of a hundred calls. The seed makes it the same every time; `OPSTOOLS_FAULT_SEED` overrides it.
    pub fn percent(self, percent: u8, seed: u64) -> Self {
        Self { when: When::Percent(percent, seed), ..self }
    }

    fn concerns(&self, call: &Call) -> bool {
        let contains = |text: &String| call.body.windows(text.len().max(1)).any(|part| part == text.as_bytes());
        self.action.as_ref().is_none_or(|action| *action == call.action)
            && self.target.as_ref().is_none_or(|target| call.target.contains(target.as_str()))
            && self.text.as_ref().is_none_or(contains)
    }
}

/// A rule in force, with its count.
pub(super) struct Armed {
    rule: Rule,
    seen: usize,
    dice: fastrand::Rng,
    /// Entries seen so far, for [`Fault::FailEntries`].
    pub(super) entries: usize,
}

impl Armed {
    pub(super) fn new(mut rule: Rule) -> Self {
        let mut dice = fastrand::Rng::with_seed(0);
        if let When::Percent(_, seed) = &mut rule.when {
            if let Some(other) = std::env::var("OPSTOOLS_FAULT_SEED").ok().and_then(|text| text.parse().ok()) {
                *seed = other;
            }
            announce(&rule.fault, *seed);
            dice = fastrand::Rng::with_seed(*seed);
        }
        Self { rule, seen: 0, dice, entries: 0 }
    }

    /// Counts the call if it concerns this rule, and gives the fault if it strikes.
    pub(super) fn strike(&mut self, call: &Call) -> Option<Fault> {
        if !self.rule.concerns(call) {
            return None;
        }
        self.seen += 1;
        let strikes = match self.rule.when {
            When::Always => true,
            When::First(count) => self.seen <= count,
            When::Nth(number) => self.seen == number,
            When::Every(number) => self.seen.is_multiple_of(number),
            When::After(count) => self.seen > count,
            When::Percent(percent, _) => self.dice.u8(0..100) < percent,
        };
        strikes.then(|| self.rule.fault.clone())
    }
}

#[expect(clippy::print_stderr, reason = "a failed test shows what it takes to play it again")]
fn announce(fault: &Fault, seed: u64) {
    eprintln!("{fault:?} strikes by chance: OPSTOOLS_FAULT_SEED={seed}");
}
