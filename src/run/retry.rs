//! Retrying the rest of a batch: only the entries that failed, with back-off and jitter.
//!
//! A batch call that succeeds can still refuse single entries, and these are ours to retry; so are whole calls of which we
//! must know that an answer was lost.
//! Entries that are the sender's fault are never retried.

use std::time::Duration;

use crate::error::{ServiceError, is_not_allowed};
use crate::run::{Cancel, ItemError, Pace};

/// First pause before failed entries are sent again; doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// How often and how long apart a batch is tried.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// Tries in all, the first included.
    pub attempts: u32,
}

impl Backoff {
    /// The pause after try number `attempt` (from 1): half fixed, half jitter.
    #[must_use]
    pub fn pause(&self, attempt: u32) -> Duration {
        let whole = FIRST_PAUSE.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(LONGEST_PAUSE);
        whole.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// Codes after which nobody knows whether the call was done.
const UNCERTAIN: [&str; 11] = [
    "Network",
    "Timeout",
    "UnreadableAnswer",
    "Unanswered",
    "InternalError",
    "InternalFailure",
    "ServiceUnavailable",
    "500",
    "502",
    "503",
    "504",
];

/// Why an entry was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFailure {
    /// The service's code.
    pub code: String,
    /// The service's words.
    pub message: String,
    /// Sending it again as it is cannot help.
    pub sender_fault: bool,
}

impl EntryFailure {
    /// Whether the service may have done it all the same: no answer came, or it failed inside.
    #[must_use]
    pub fn may_be_done(&self) -> bool {
        UNCERTAIN.iter().any(|code| code.eq_ignore_ascii_case(&self.code))
    }

    /// Whether the caller lacks a permission.
    #[must_use]
    pub fn is_not_allowed(&self) -> bool {
        is_not_allowed(&self.code, &self.message)
    }

    /// The same as the answer of a service (its name as people write it).
    #[must_use]
    pub fn answered_by(&self, service: &'static str) -> ServiceError {
        ServiceError { service, code: self.code.clone(), message: self.message.clone(), ..ServiceError::default() }
    }

    /// The same as the error of an item: a message id, an object's URI.
    #[must_use]
    pub fn of(&self, object: impl Into<String>) -> ItemError {
        ItemError { code: self.code.clone(), message: self.message.clone(), object: object.into() }
    }
}

/// What one try of a batch gave: for each entry sent, in any order, its position and its result.
pub type Attempt<O> = Vec<(usize, Result<O, EntryFailure>)>;

/// What became of a batch: every entry is in exactly one of the two lists, or was never tried.
#[derive(Debug)]
pub struct Remainder<E, O> {
    /// Entries that the service confirmed.
    pub confirmed: Vec<(E, O)>,
    /// Entries that it refused to the end.
    pub refused: Vec<(E, EntryFailure)>,
}

/// A batch on its way: the entries still open, and what became of the others.
///
/// The caller makes the calls: as long as [`Retry::open`] gives entries, it sends them and hands in the answer.
#[derive(Debug)]
pub struct Retry<E, O> {
    open: Vec<E>,
    outcome: Remainder<E, O>,
    backoff: Backoff,
    attempt: u32,
}

impl<E, O> Retry<E, O> {
    /// A batch of which nothing was sent yet.
    #[must_use]
    pub fn new(entries: Vec<E>, backoff: Backoff) -> Self {
        let outcome = Remainder { confirmed: Vec::with_capacity(entries.len()), refused: Vec::new() };
        Self { open: entries, outcome, backoff, attempt: 0 }
    }

    /// The entries to send now; `None` when all are settled.
    #[must_use]
    pub fn open(&self) -> Option<&[E]> {
        (!self.open.is_empty()).then_some(self.open.as_slice())
    }

    /// Takes in the answer to one try, and waits before the next where there is one.
    ///
    /// An `Err` is a refusal of the whole call. A stop does not abandon a batch at once, but no further try but one is
    /// made. Throttled entries lower the pace.
    pub async fn settle(&mut self, answer: Result<Attempt<O>, EntryFailure>, cancel: &Cancel, pace: Option<&Pace>) {
        self.attempt += 1;
        let last = self.attempt >= self.backoff.attempts || cancel.requested();
        self.open = settle(std::mem::take(&mut self.open), answer, last, &mut self.outcome, pace);
        if !self.open.is_empty() {
            // A stop cuts the pause short; the entries then get one last try.
            cancel.unless_stopped(tokio::time::sleep(self.backoff.pause(self.attempt))).await;
        }
    }

    /// What became of each entry; those still open were never confirmed.
    #[must_use]
    pub fn finish(self) -> Remainder<E, O> {
        self.outcome
    }
}

/// Sorts the entries of one try; returns those to send again.
fn settle<E, O>(
    open: Vec<E>,
    answer: Result<Attempt<O>, EntryFailure>,
    last: bool,
    outcome: &mut Remainder<E, O>,
    pace: Option<&Pace>,
) -> Vec<E> {
    let mut results: Vec<Option<Result<O, EntryFailure>>> = open.iter().map(|_| None).collect();
    match answer {
        Ok(attempt) => attempt.into_iter().for_each(|(position, result)| {
            if let Some(place) = results.get_mut(position) {
                *place = Some(result);
            }
        }),
        Err(failure) => results.iter_mut().for_each(|place| *place = Some(Err(failure.clone()))),
    }
    let mut again = Vec::new();
    for (entry, result) in open.into_iter().zip(results) {
        match result.unwrap_or_else(|| Err(unanswered())) {
            Ok(value) => outcome.confirmed.push((entry, value)),
            Err(failure) if last || failure.sender_fault => outcome.refused.push((entry, failure)),
            Err(failure) => {
                if let Some(pace) = pace.filter(|_| crate::error::is_throttle(&failure.code)) {
                    pace.throttled();
                }
                again.push(entry);
            }
        }
    }
    again
}

/// An entry that the answer names neither as successful nor as failed.
fn unanswered() -> EntryFailure {
    EntryFailure {
        code: "Unanswered".to_owned(),
        message: "the answer does not name this entry".to_owned(),
        sender_fault: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Stop;

    async fn retry_remainder<E, O>(
        entries: Vec<E>,
        backoff: Backoff,
        cancel: &Cancel,
        mut send: impl FnMut(&[E]) -> Result<Attempt<O>, EntryFailure>,
    ) -> Remainder<E, O> {
        let mut retry = Retry::new(entries, backoff);
        while let Some(open) = retry.open() {
            let answer = send(open);
            retry.settle(answer, cancel, None).await;
        }
        retry.finish()
    }

    const BACKOFF: Backoff = Backoff { attempts: 3 };

    fn failure(code: &str, sender_fault: bool) -> EntryFailure {
        EntryFailure { code: code.to_owned(), message: String::new(), sender_fault }
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_failed_entries_are_sent_again() {
        let mut sent = Vec::new();
        let outcome = retry_remainder(vec![1, 2, 3], BACKOFF, &Cancel::default(), |open: &[i32]| {
            sent.push(open.to_vec());
            Ok(open
                .iter()
                .enumerate()
                .map(|(position, entry)| match (entry, sent.len()) {
                    (2, 1) => (position, Err(failure("InternalError", false))),
                    (3, _) => (position, Err(failure("InvalidMessageContents", true))),
                    _ => (position, Ok(entry * 10)),
                })
                .collect())
        })
        .await;
        assert_eq!(sent, [vec![1, 2, 3], vec![2]]);
        assert_eq!(outcome.confirmed, [(1, 10), (2, 20)]);
        assert_eq!(outcome.refused, [(3, failure("InvalidMessageContents", true))]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_entry_the_answer_does_not_name_is_not_taken_for_done() {
        let outcome = retry_remainder(vec!["a", "b"], BACKOFF, &Cancel::default(), |open: &[&str]| {
            Ok(open.iter().position(|entry| *entry == "a").map(|position| (position, Ok(()))).into_iter().collect())
        })
        .await;
        assert_eq!(outcome.confirmed, [("a", ())]);
        assert_eq!(outcome.refused.len(), 1);
        assert_eq!(outcome.refused[0].1.code, "Unanswered");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_call_is_tried_as_often_as_asked() {
        let mut tries = 0;
        let outcome: Remainder<i32, ()> = retry_remainder(vec![1], BACKOFF, &Cancel::default(), |_: &[i32]| {
            tries += 1;
            Err(failure("ServiceUnavailable", false))
        })
        .await;
        assert_eq!((tries, outcome.refused.len()), (3, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_tries() {
        let cancel = Cancel::default();
        cancel.stop(Stop::Interrupt);
        let mut tries = 0;
        let outcome: Remainder<i32, ()> = retry_remainder(vec![1], BACKOFF, &cancel, |_: &[i32]| {
            tries += 1;
            Err(failure("ServiceUnavailable", false))
        })
        .await;
        assert_eq!((tries, outcome.refused.len()), (1, 1));
    }

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let backoff = Backoff { attempts: 100 };
        assert!(backoff.pause(1) <= FIRST_PAUSE);
        assert!(backoff.pause(4) >= Duration::from_millis(800));
        assert!(backoff.pause(99) <= LONGEST_PAUSE);
    }
}
