//! Sending a batch to the other queue, entry by entry: what is confirmed, what is poison, what may be tried later.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use opstools::aws::sqs::{Message, Outgoing, Sender, Sent};
use opstools::run::{Counter, EntryFailure};

use crate::crew::Crew;
use crate::errand::Fate;
use crate::lanes::Lanes;
use crate::pairs::End;

/// After so many batches in a row of which nothing was taken, the other queue is taken for unreachable.
const HOPELESS_BATCHES: u32 = 3;

/// How messages are sent on.
pub struct Mover {
    /// Where to.
    pub to: End,
    /// They stay in their queue too.
    pub copies: bool,
    /// One message of a group at a time.
    pub ordered: bool,
    /// Seconds until consumers see them.
    pub delay_seconds: Option<i32>,
    /// Fresh deduplication ids.
    pub new_dedup_id: bool,
    /// Batches in a row that failed as a whole.
    pub hopeless: AtomicU32,
}

/// A message and what is sent of it.
struct Parcel {
    message: Message,
    outgoing: Outgoing,
}

impl Mover {
    /// A sender for one worker.
    pub fn sender<'a>(&'a self, crew: &'a Crew) -> Sender<'a> {
        let bytes = self.to.attributes.maximum_message_size;
        Sender::new(&self.to.sqs, &self.to.queue, bytes, &crew.run.cancel, Some(&crew.run.pace))
    }

    /// Sends a batch; in rounds where order counts.
    pub async fn send(&self, crew: &Crew, sender: &Sender<'_>, batch: Vec<Message>) -> Vec<(Message, Fate)> {
        if !self.ordered {
            return self.round(crew, sender, batch).await;
        }
        let mut lanes = Lanes::of(batch, group);
        let mut fates = Vec::new();
        loop {
            let round = lanes.round();
            if round.is_empty() {
                return fates;
            }
            let settled = self.round(crew, sender, round).await;
            let failed: HashSet<String> =
                settled.iter().filter(|(_, fate)| !is_sent(*fate)).filter_map(|(message, _)| group(message)).collect();
            // In a FIFO queue a message given back would be the first of its group again: hold it instead.
            fates.extend(
                settled.into_iter().map(|(message, fate)| (message, if is_sent(fate) { fate } else { Fate::Hold })),
            );
            for waiting in lanes.block(&failed, group) {
                crew.run.stats.add_own("blocked_in_group", 1);
                fates.push((waiting, Fate::Hold));
            }
        }
    }

    async fn round(&self, crew: &Crew, sender: &Sender<'_>, batch: Vec<Message>) -> Vec<(Message, Fate)> {
        let go = crew.may_go(batch.len()).await;
        let ids: Vec<&str> = batch.iter().map(|message| message.id.as_str()).collect();
        if !go || crew.ledger.intend(&ids).is_err() {
            return batch.into_iter().map(|message| (message, Fate::Release)).collect();
        }
        let (parcels, mut refused) = self.pack(batch);
        let unsure_before = sender.unsure();
        let outcome = sender.send(parcels, |parcel: &Parcel| &parcel.outgoing).await;
        crew.run.stats.add_own("duplicates_possible", sender.unsure() - unsure_before);
        let (sent, not_kept): (Vec<_>, Vec<_>) =
            outcome.confirmed.into_iter().partition(|(parcel, sent)| sent.id != parcel.message.id);
        refused.extend(not_kept.into_iter().map(|(parcel, _)| (parcel, swallowed(&self.to))));
        refused.extend(outcome.refused);
        self.weigh(crew, !sent.is_empty(), &refused);
        let mut fates: Vec<(Message, Fate)> =
            sent.into_iter().map(|(parcel, sent)| self.sent(crew, parcel, &sent)).collect();
        for (parcel, failure) in refused {
            let fate = self.refuse(crew, &parcel, &failure);
            fates.push((parcel.message, fate));
        }
        fates
    }

    fn sent(&self, crew: &Crew, parcel: Parcel, sent: &Sent) -> (Message, Fate) {
        if crew.ledger.confirmed(&parcel.message.id, &sent.id) && !self.to.queue.is_fifo() {
            crew.run.stats.add_own("duplicates_possible", 1);
        }
        if self.copies {
            crew.run.stats.add(Counter::Done, 1);
            crew.run.stats.add(Counter::Bytes, parcel.outgoing.size() as u64);
            return (parcel.message, Fate::Keep);
        }
        (parcel.message, Fate::Delete)
    }

    /// What becomes of a message that the other queue did not take.
    fn refuse(&self, crew: &Crew, parcel: &Parcel, failure: &EntryFailure) -> Fate {
        let id = parcel.message.id.as_str();
        let stopped = crew.run.cancel.requested();
        let denied = failure.is_not_allowed();
        let cut_short = stopped && !failure.sender_fault;
        crew.ledger.refused(&[id], !denied && !cut_short);
        if !denied && !cut_short {
            crew.run.failed(failure.of(id));
        }
        Fate::Release
    }

    /// Stops the run where going on is hopeless: not allowed, the queue is gone, or nothing gets through.
    fn weigh(&self, crew: &Crew, some_sent: bool, refused: &[(Parcel, EntryFailure)]) {
        if some_sent {
            self.hopeless.store(0, Relaxed);
        }
        let Some((_, failure)) = refused.iter().find(|(_, failure)| self.ends_all(failure)).or(refused.first()) else {
            return;
        };
        let all_failed_outside = !some_sent && refused.iter().all(|(_, failure)| !failure.sender_fault);
        let hopeless = all_failed_outside && self.hopeless.fetch_add(1, Relaxed) + 1 >= HOPELESS_BATCHES;
        if (self.ends_all(failure) || hopeless) && !crew.run.cancel.requested() {
            crew.give_up(self.to.failure("send to", failure, "sqs:SendMessage"));
        }
    }

    fn ends_all(&self, failure: &EntryFailure) -> bool {
        failure.is_not_allowed() || failure.code.contains("NonExistentQueue") || failure.code == "QueueDoesNotExist"
    }

    /// What is sent of each message; those that this queue can never take are refused at once.
    fn pack(&self, batch: Vec<Message>) -> (Vec<Parcel>, Vec<(Parcel, EntryFailure)>) {
        let (mut parcels, mut refused) = (Vec::new(), Vec::new());
        for message in batch {
            let outgoing = outgoing(&message, &self.to, self.delay_seconds, self.new_dedup_id);
            let lacks_group = self.to.queue.is_fifo() && outgoing.group_id.is_none();
            let parcel = Parcel { message, outgoing };
            if lacks_group {
                refused.push((parcel, lacks_group_id(&self.to)));
            } else {
                parcels.push(parcel);
            }
        }
        (parcels, refused)
    }
}

fn is_sent(fate: Fate) -> bool {
    matches!(fate, Fate::Delete | Fate::Keep)
}

fn group(message: &Message) -> Option<String> {
    message.system("MessageGroupId").map(str::to_owned)
}

/// What a message becomes for a queue: FIFO queues need a deduplication id, standard queues know none.
pub fn outgoing(message: &Message, to: &End, delay_seconds: Option<i32>, new_dedup_id: bool) -> Outgoing {
    let mut outgoing = Outgoing::from_message(message);
    outgoing.delay_seconds = delay_seconds;
    if !to.queue.is_fifo() {
        outgoing.dedup_id = None;
    } else if new_dedup_id || outgoing.dedup_id.is_none() {
        // The same for each try of this message, so that a second try after a crash is swallowed.
        outgoing.dedup_id = Some(format!("requeue-{}", message.id));
    }
    outgoing
}

/// The refusal of a message without a group by a FIFO queue.
pub fn lacks_group_id(to: &End) -> EntryFailure {
    EntryFailure {
        code: "NoMessageGroup".to_owned(),
        message: format!("it has no message group, which FIFO queue `{}` needs", to.queue.name),
        sender_fault: true,
    }
}

/// The refusal of a message that a FIFO queue confirmed without keeping it: the id in the answer is the old one.
pub fn swallowed(to: &End) -> EntryFailure {
    EntryFailure {
        code: "Swallowed".to_owned(),
        message: format!(
            "`{}` had its deduplication id within the last five minutes and keeps no second copy: wait, or give --new-dedup-id",
            to.queue.name
        ),
        sender_fault: true,
    }
}
