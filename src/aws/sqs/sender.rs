//! The one batch sender: packs by count and bytes, retries what failed, confirms entry by entry.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

use super::{CLASSIC_BYTES, MOST_IN_BATCH, Outgoing, Queue, Sent, Sqs};
use crate::run::{Attempt, Backoff, Cancel, EntryFailure, Pace, Remainder, Retry};

/// The code with which SQS refuses a request that is too large as a whole.
const TOO_LONG: &str = "BatchRequestTooLong";

/// Sends messages to one queue.
pub struct Sender<'a> {
    sqs: &'a Sqs,
    queue: &'a Queue,
    /// The largest single message, from the queue's `MaximumMessageSize`.
    message_bytes: usize,
    /// Bytes of one request; falls to the classic limit when a region refuses more.
    request_bytes: AtomicUsize,
    backoff: Backoff,
    cancel: &'a Cancel,
    pace: Option<&'a Pace>,
    unsure: AtomicU64,
}

impl<'a> Sender<'a> {
    /// A sender; `message_bytes` is the queue's `MaximumMessageSize`; a throttled entry lowers `pace`.
    #[must_use]
    pub fn new(
        sqs: &'a Sqs,
        queue: &'a Queue,
        message_bytes: usize,
        cancel: &'a Cancel,
        pace: Option<&'a Pace>,
    ) -> Self {
        let request_bytes = AtomicUsize::new(message_bytes.max(CLASSIC_BYTES));
        let backoff = Backoff { attempts: sqs.attempts() };
        Self { sqs, queue, message_bytes, request_bytes, backoff, cancel, pace, unsure: AtomicU64::new(0) }
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
            let answer = self.sqs.send_once(self.queue, &messages).await;
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
        // FIFO queues drop a second copy by its deduplication id.
        if self.queue.is_fifo() {
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
            message: format!("{size} bytes, queue `{}` takes at most {}", self.queue.name, self.message_bytes),
            sender_fault: true,
        }
    }
}

/// An entry, and whether a try of it got no answer.
struct Tracked<E> {
    entry: E,
    uncertain: AtomicBool,
}

impl Sqs {
    /// Tries of one batch, as asked for with `--max-attempts`.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.session.attempts()
    }
}
