//! What is known of each message between its sending and its deletion, in memory and in the journal.
//!
//! Memory holds what is in flight and what failed, never all that was moved; only a bounded window of the latest moved ids
//! stays, because a standard queue may deliver a message again after it was deleted.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opstools::run::{Entry, Journal, JournalError};
use serde_json::json;

/// So many moved ids are remembered against a second delivery; SQS delivers again within seconds, if at all.
const REMEMBERED: usize = 100_000;

/// What a message that was received is to the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Not met before: now in work.
    New,
    /// Another worker has it.
    Working,
    /// Its sending is confirmed, it only has to be deleted; met for the first time in this run, or again.
    Sent {
        /// An earlier run sent it.
        inherited: bool,
    },
    /// It was deleted, and SQS delivers it once more.
    Gone,
    /// The other queue refuses it.
    Refused,
}

#[derive(Default)]
struct State {
    working: HashSet<String>,
    /// Confirmed at the other queue, not deleted; how often deleting failed.
    sent: HashMap<String, u32>,
    /// Announced by an earlier run that did not live to see the answer.
    uncertain: HashSet<String>,
    refused: HashSet<String>,
    gone: HashSet<String>,
    gone_order: VecDeque<String>,
}

/// The memory of a run that moves, copies or saves.
#[derive(Default)]
pub struct Ledger {
    state: Mutex<State>,
    journal: Mutex<Option<Arc<Journal>>>,
}

impl Ledger {
    /// A ledger with what an unfinished journal tells.
    ///
    /// # Errors
    /// The journal is damaged.
    pub fn replay(entries: impl Iterator<Item = Result<Entry, JournalError>>) -> Result<Self, JournalError> {
        let mut state = State::default();
        for entry in entries {
            let entry = entry?;
            let ids = || entry.body.get("ids").and_then(|ids| ids.as_array()).into_iter().flatten();
            let ids = ids().filter_map(|id| id.as_str()).map(str::to_owned);
            match entry.kind.as_str() {
                "intent" => state.uncertain.extend(ids),
                "confirmed" => {
                    let id = entry.body.get("id").and_then(|id| id.as_str()).unwrap_or_default();
                    state.uncertain.remove(id);
                    state.sent.insert(id.to_owned(), 0);
                }
                "failed" => ids.for_each(|id| {
                    state.uncertain.remove(&id);
                }),
                "deleted" => ids.for_each(|id| {
                    state.sent.remove(&id);
                }),
                _ => {}
            }
        }
        Ok(Self { state: Mutex::new(state), journal: Mutex::default() })
    }

    /// From now on, what happens is written here.
    pub fn write_to(&self, journal: Option<Arc<Journal>>) {
        *self.journal.lock().unwrap_or_else(PoisonError::into_inner) = journal;
    }

    /// How many messages an earlier run sent without deleting them, and announced without an answer.
    pub fn inherited(&self) -> (usize, usize) {
        let state = self.state();
        (state.sent.len(), state.uncertain.len())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, kind: &str, body: &serde_json::Value) -> Result<(), JournalError> {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner).clone();
        journal.map_or(Ok(()), |journal| journal.append(kind, body))
    }

    /// Meets a received message; a new one is in work from here on.
    pub fn meet(&self, id: &str) -> Known {
        let mut state = self.state();
        if state.working.contains(id) {
            Known::Working
        } else if let Some(rounds) = state.sent.get(id) {
            let inherited = *rounds == 0;
            state.working.insert(id.to_owned());
            Known::Sent { inherited }
        } else if state.gone.contains(id) {
            Known::Gone
        } else if state.refused.contains(id) {
            Known::Refused
        } else {
            state.working.insert(id.to_owned());
            Known::New
        }
    }

    /// Whether it was deleted before.
    pub fn is_gone(&self, id: &str) -> bool {
        self.state().gone.contains(id)
    }

    /// Work on these has ended, well or not.
    pub fn leave<'a>(&self, ids: impl Iterator<Item = &'a str>) {
        let mut state = self.state();
        for id in ids {
            state.working.remove(id);
        }
    }

    /// Announces a sending.
    ///
    /// # Errors
    /// The journal cannot be written: nothing must be sent.
    pub fn intend(&self, ids: &[&str]) -> Result<(), JournalError> {
        self.append("intent", &json!({ "ids": ids }))
    }

    /// The other queue confirmed a message. True when an earlier run may have sent it already.
    pub fn confirmed(&self, id: &str, to_id: &str) -> bool {
        let mut state = self.state();
        state.sent.insert(id.to_owned(), 0);
        let uncertain = state.uncertain.remove(id);
        drop(state);
        // A journal that cannot be written has stopped the run by itself; the message is sent all the same.
        let _ = self.append("confirmed", &json!({ "id": id, "to_id": to_id }));
        uncertain
    }

    /// The other queue refused these for good; `poison` ones are not tried again in this run.
    pub fn refused(&self, ids: &[&str], poison: bool) {
        let mut state = self.state();
        for id in ids {
            state.uncertain.remove(*id);
            if poison {
                state.refused.insert((*id).to_owned());
            }
        }
        drop(state);
        let _ = self.append("failed", &json!({ "ids": ids }));
    }

    /// These are deleted.
    pub fn deleted(&self, ids: &[&str]) {
        let mut state = self.state();
        for id in ids {
            state.sent.remove(*id);
            if state.gone.insert((*id).to_owned()) {
                state.gone_order.push_back((*id).to_owned());
            }
        }
        while state.gone_order.len() > REMEMBERED {
            if let Some(oldest) = state.gone_order.pop_front() {
                state.gone.remove(&oldest);
            }
        }
        drop(state);
        let _ = self.append("deleted", &json!({ "ids": ids }));
    }

    /// Deleting failed; says how often by now.
    pub fn not_deleted(&self, id: &str) -> u32 {
        let mut state = self.state();
        let rounds = state.sent.entry(id.to_owned()).or_default();
        *rounds += 1;
        *rounds
    }

    /// Messages that the other queue refused in this run.
    pub fn all_refused(&self) -> Vec<String> {
        self.state().refused.iter().cloned().collect()
    }

    /// Messages that are at the other queue and could not be deleted.
    pub fn undeleted(&self) -> Vec<String> {
        let state = self.state();
        state.sent.iter().filter(|(_, rounds)| **rounds > 0).map(|(id, _)| id.clone()).collect()
    }
}
