//! The one batch sender: packs by count and bytes, retries what failed, confirms entry by entry.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

use super::outgoing::{Outgoing, Sent};
use crate::error::ServiceError;
use crate::run::{Attempt, Backoff, Cancel, EntryFailure, Pace, Remainder, Retry};

/// Entries in one batch call (AWS quota, of SQS and SNS alike).
pub const MOST_IN_BATCH: usize = 10;

/// Bytes of one message and of one request that every region allows (AWS quota of SQS and SNS; some allow up to 1 MiB).
pub const CLASSIC_BYTES: usize = 262_144;

/// The code with which both refuse a request that is too large as a whole.
const TOO_LONG: &str = "BatchRequestTooLong";

/// A queue or a topic: what takes batches of messages, and confirms or refuses each.
pub trait BatchEnd: Sync {
    /// Sends a batch once; tells for each entry, by its position, whether the service took it.
    ///
    /// # Errors
    /// The whole call was refused, or got no answer.
    fn send_once(&self, messages: &[&Outgoing]) -> impl Future<Output = Result<Attempt<Sent>, EntryFailure>> + Send;

    /// What it is, for people.
    fn name(&self) -> String;

    /// Whether a second copy of a message is dropped, as FIFO ends do.
    fn drops_copies(&self) -> bool;

    /// How often one batch is tried.
    fn attempts(&self) -> u32;
}

/// Sends messages to one queue or topic.
pub struct Sender<'a, T> {
    end: T,
    /// The largest single message that the end takes.
    message_bytes: usize,
    /// Bytes of one request; falls to the classic limit when a region refuses more.
    request_bytes: AtomicUsize,
    backoff: Backoff,
    cancel: &'a Cancel,
    pace: Option<&'a Pace>,
    unsure: AtomicU64,
}

impl<'a, T: BatchEnd> Sender<'a, T> {
    /// A sender to this end, which takes messages of up to `message_bytes`; a throttled entry lowers `pace`.
    #[must_use]
    pub fn to(end: T, message_bytes: usize, cancel: &'a Cancel, pace: Option<&'a Pace>) -> Self {
        let request_bytes = AtomicUsize::new(message_bytes.max(CLASSIC_BYTES));
        let backoff = Backoff { attempts: end.attempts() };
        Self { end, message_bytes, request_bytes, backoff, cancel, pace, unsure: AtomicU64::new(0) }
    }

    /// Sends every entry, `outgoing` telling its message; each is confirmed or refused in the result, none is forgotten.
    pub async fn send<E>(&self, entries: Vec<E>, outgoing: impl Fn(&E) -> &Outgoing) -> Remainder<E, Sent> {
        let mut outcome = Remainder { confirmed: Vec::with_capacity(entries.len()), refused: Vec::new() };
        let (fitting, oversize): (Vec<E>, Vec<E>) =
            entries.into_iter().partition(|entry| outgoing(entry).size() <= self.message_bytes);
        outcome.refused.extend(oversize.into_iter().map(|entry| {
            let failure = self.oversize(outgoing(&entry).size());
            (entry, failure)
        }));
        let mut batches = VecDeque::from(self.pack(fitting, &outgoing));
        while let Some(batch) = batches.pop_front() {
            let answer = self.send_batch(batch, &outgoing).await;
            outcome.confirmed.extend(answer.confirmed);
            let (too_long, refused): (Vec<_>, Vec<_>) =
                answer.refused.into_iter().partition(|(_, failure)| failure.code.contains(TOO_LONG));
            outcome.refused.extend(refused);
            for batch in self.smaller(too_long, &outgoing, &mut outcome).into_iter().rev() {
                batches.push_front(batch);
            }
        }
        outcome
    }

    /// Sends one batch; an entry that is confirmed after a try without an answer may be there twice.
    async fn send_batch<E>(&self, batch: Vec<E>, outgoing: &impl Fn(&E) -> &Outgoing) -> Remainder<E, Sent> {
        let tracked = batch.into_iter().map(|entry| Tracked { entry, uncertain: AtomicBool::new(false) }).collect();
        let mut retry = Retry::new(tracked, self.backoff);
        while let Some(open) = retry.open() {
            let messages: Vec<&Outgoing> = open.iter().map(|tracked: &Tracked<E>| outgoing(&tracked.entry)).collect();
            let answer = self.end.send_once(&messages).await;
            self.note_uncertain(open, &answer);
            retry.settle(answer, self.cancel, self.pace).await;
        }
        let sent = retry.finish();
        let confirmed = sent.confirmed.into_iter().map(|(tracked, mut sent)| {
            sent.maybe_twice = tracked.uncertain.into_inner();
            (tracked.entry, sent)
        });
        let refused = sent.refused.into_iter().map(|(tracked, failure)| (tracked.entry, failure));
        Remainder { confirmed: confirmed.collect(), refused: refused.collect() }
    }

    fn note_uncertain<E>(&self, open: &[Tracked<E>], answer: &Result<Attempt<Sent>, EntryFailure>) {
        if self.end.drops_copies() {
            return;
        }
        let uncertain = |position: usize| match answer {
            Err(failure) => failure.may_be_done(),
            // A failed entry is certainly not sent; one that the answer does not name may be.
            Ok(attempt) => !attempt.iter().any(|(named, _)| *named == position),
        };
        for (_, tracked) in open.iter().enumerate().filter(|(position, _)| uncertain(*position)) {
            tracked.uncertain.store(true, Relaxed);
            self.unsure.fetch_add(1, Relaxed);
        }
    }

    /// How many tries of a message got no answer, over all messages: so many copies there may be beside those confirmed.
    #[must_use]
    pub fn unsure(&self) -> u64 {
        self.unsure.load(Relaxed)
    }

    /// Packs entries, in order, into batches of at most ten and at most the request's bytes.
    fn pack<E>(&self, entries: Vec<E>, outgoing: &impl Fn(&E) -> &Outgoing) -> Vec<Vec<E>> {
        let most = self.request_bytes.load(Relaxed);
        let mut batches: Vec<Vec<E>> = Vec::new();
        let mut bytes = 0;
        for entry in entries {
            let size = outgoing(&entry).size();
            match batches.last_mut() {
                Some(batch) if batch.len() < MOST_IN_BATCH && bytes + size <= most => {
                    bytes += size;
                    batch.push(entry);
                }
                _ => {
                    bytes = size;
                    batches.push(vec![entry]);
                }
            }
        }
        batches
    }

    /// A request was too long after all: from now on the classic limit, and these entries in smaller batches.
    fn smaller<E>(
        &self,
        too_long: Vec<(E, EntryFailure)>,
        outgoing: &impl Fn(&E) -> &Outgoing,
        outcome: &mut Remainder<E, Sent>,
    ) -> Vec<Vec<E>> {
        if too_long.len() == 1 {
            outcome.refused.extend(too_long);
            return Vec::new();
        }
        if self.request_bytes.swap(CLASSIC_BYTES, Relaxed) > CLASSIC_BYTES {
            return self.pack(too_long.into_iter().map(|(entry, _)| entry).collect(), outgoing);
        }
        let mut first: Vec<E> = too_long.into_iter().map(|(entry, _)| entry).collect();
        let second = first.split_off(first.len() / 2);
        [first, second].into_iter().filter(|half| !half.is_empty()).collect()
    }

    fn oversize(&self, size: usize) -> EntryFailure {
        EntryFailure {
            code: "Oversize".to_owned(),
            message: format!("{size} bytes, {} takes at most {}", self.end.name(), self.message_bytes),
            sender_fault: true,
        }
    }
}

/// An entry, and whether a try of it got no answer.
struct Tracked<E> {
    entry: E,
    uncertain: AtomicBool,
}

/// A refusal of a whole call; refusals of the request itself are final, everything else may be tried again.
pub(super) fn refused_call(error: ServiceError) -> EntryFailure {
    let sender_fault =
        error.status.is_some_and(|status| (400..500).contains(&status)) && !crate::error::is_throttle(&error.code);
    let request = error.request_id.map(|id| format!(" (request id {id})")).unwrap_or_default();
    EntryFailure { code: error.code, message: format!("{}{request}", error.message), sender_fault }
}

/// A refusal of one entry, which answers name by its position; `None` for a name that was not given.
pub(super) fn refused_entry<O>(
    id: &str,
    code: &str,
    message: Option<&str>,
    sender_fault: bool,
) -> Option<(usize, Result<O, EntryFailure>)> {
    let message = message.unwrap_or_default().to_owned();
    Some((id.parse().ok()?, Err(EntryFailure { code: code.to_owned(), message, sender_fault })))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// An end that takes requests of up to so many bytes, remembers how many entries each had, and fails as told by the
    /// number of the request, as a whole or in its first entry.
    struct End {
        request_bytes: usize,
        requests: Mutex<Vec<usize>>,
        fails: fn(usize) -> Option<EntryFailure>,
        whole: bool,
    }

    impl End {
        fn new(request_bytes: usize) -> Self {
            Self { request_bytes, requests: Mutex::default(), fails: |_| None, whole: false }
        }
    }

    impl BatchEnd for &End {
        async fn send_once(&self, messages: &[&Outgoing]) -> Result<Attempt<Sent>, EntryFailure> {
            let mut requests = self.requests.lock().expect("unpoisoned");
            requests.push(messages.len());
            if messages.iter().map(|message| message.size()).sum::<usize>() > self.request_bytes {
                return Err(failure("BatchRequestTooLongException", true));
            }
            let failed = (self.fails)(requests.len());
            if let Some(failure) = failed.clone().filter(|_| self.whole) {
                return Err(failure);
            }
            let first = failed.map_or(Ok(Sent::default()), Err);
            let others = (1..messages.len()).map(|position| (position, Ok(Sent::default())));
            Ok(std::iter::once((0, first)).chain(others).collect())
        }

        fn name(&self) -> String {
            "end `e`".to_owned()
        }

        fn drops_copies(&self) -> bool {
            false
        }

        fn attempts(&self) -> u32 {
            3
        }
    }

    fn failure(code: &str, sender_fault: bool) -> EntryFailure {
        EntryFailure { code: code.to_owned(), message: String::new(), sender_fault }
    }

    fn messages(sizes: &[usize]) -> Vec<Outgoing> {
        sizes.iter().map(|size| Outgoing { body: "x".repeat(*size), ..Outgoing::default() }).collect()
    }

    async fn send(end: &End, message_bytes: usize, sizes: &[usize]) -> (Remainder<Outgoing, Sent>, Vec<usize>) {
        let cancel = Cancel::default();
        let outcome = Sender::to(end, message_bytes, &cancel, None).send(messages(sizes), |message| message).await;
        (outcome, end.requests.lock().expect("unpoisoned").clone())
    }

    #[tokio::test]
    async fn batches_keep_to_ten_entries_and_to_the_bytes_of_a_request() {
        let (outcome, requests) = send(&End::new(CLASSIC_BYTES), CLASSIC_BYTES, &[10; 25]).await;
        assert_eq!((outcome.confirmed.len(), requests), (25, vec![10, 10, 5]));
        let (outcome, requests) = send(&End::new(CLASSIC_BYTES), CLASSIC_BYTES, &[100_000; 5]).await;
        assert_eq!((outcome.confirmed.len(), requests), (5, vec![2, 2, 1]), "two of them fill 262,144 bytes");
        let (_, requests) = send(&End::new(1_048_576), 1_048_576, &[100_000; 5]).await;
        assert_eq!(requests, [5], "a larger limit of the end's own is used");
    }

    #[tokio::test]
    async fn a_message_that_cannot_fit_is_refused_unsent() {
        let (outcome, requests) = send(&End::new(CLASSIC_BYTES), 1_000, &[10, 1_001, 10]).await;
        assert_eq!((outcome.confirmed.len(), requests), (2, vec![2]));
        assert_eq!(outcome.refused[0].1.code, "Oversize");
        assert!(outcome.refused[0].1.message.contains("end `e` takes at most 1000"));
    }

    #[tokio::test]
    async fn a_request_that_is_too_long_after_all_is_parted() {
        let (outcome, requests) = send(&End::new(CLASSIC_BYTES), 1_048_576, &[100_000; 4]).await;
        assert_eq!((outcome.confirmed.len(), requests), (4, vec![4, 2, 2]), "the region has the classic limit");
        let (outcome, requests) = send(&End::new(150_000), CLASSIC_BYTES, &[100_000; 2]).await;
        assert_eq!((outcome.confirmed.len(), requests), (2, vec![2, 1, 1]), "or a smaller one");
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_failed_is_sent_again_and_lost_answers_are_counted() {
        let fails: fn(usize) -> Option<EntryFailure> =
            |request| (request == 1).then(|| failure("InternalError", false));
        let mut end = End { fails, ..End::new(CLASSIC_BYTES) };
        let (outcome, requests) = send(&end, CLASSIC_BYTES, &[1; 3]).await;
        assert_eq!((outcome.confirmed.len(), requests), (3, vec![3, 1]));
        assert!(outcome.confirmed.iter().all(|(_, sent)| !sent.maybe_twice), "a failed entry is certainly not sent");
        end = End { fails: |request| (request == 1).then(|| failure("Timeout", false)), ..End::new(CLASSIC_BYTES) };
        end.whole = true;
        let cancel = Cancel::default();
        let sender = Sender::to(&end, CLASSIC_BYTES, &cancel, None);
        let outcome = sender.send(messages(&[1; 3]), |message| message).await;
        assert_eq!((outcome.confirmed.len(), sender.unsure()), (3, 3));
        assert!(outcome.confirmed.iter().all(|(_, sent)| sent.maybe_twice), "each may be there twice");
    }

    #[test]
    fn a_refused_entry_is_known_by_its_position() {
        let refused = refused_entry::<Sent>("3", "InternalError", None, false).expect("a position");
        assert_eq!(refused.0, 3);
        let failure = refused.1.expect_err("refused");
        assert_eq!(
            (failure.code.as_str(), failure.message.as_str(), failure.sender_fault),
            ("InternalError", "", false)
        );
        assert!(refused_entry::<Sent>("another's", "InternalError", None, false).is_none());
    }
}
