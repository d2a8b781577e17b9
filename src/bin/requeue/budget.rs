//! `--limit`, exactly: a message is taken only after its place was reserved, and a place that was not used is given back.

use std::sync::{Mutex, PoisonError};

use opstools::aws::sqs::MOST_IN_BATCH;
use tokio::sync::Notify;

#[derive(Debug)]
struct State {
    /// Places free; `None` is no limit.
    free: Option<u64>,
    /// Places reserved whose messages are not settled.
    reserved: u64,
}

/// The places of one run.
#[derive(Debug)]
pub struct Budget {
    state: Mutex<State>,
    changed: Notify,
}

impl Budget {
    /// So many places.
    pub fn new(limit: Option<u64>) -> Self {
        Self { state: Mutex::new(State { free: limit, reserved: 0 }), changed: Notify::new() }
    }

    /// Reserves up to `most` places, waiting for some to be given back; `None` when all are used for good.
    pub async fn reserve(&self, most: usize) -> Option<usize> {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                let most = most.clamp(1, MOST_IN_BATCH) as u64;
                let granted = state.free.map_or(most, |free| free.min(most));
                if granted > 0 {
                    state.free = state.free.map(|free| free - granted);
                    state.reserved += granted;
                    return Some(usize::try_from(granted).unwrap_or(MOST_IN_BATCH));
                }
                if state.reserved == 0 {
                    return None;
                }
            }
            changed.await;
        }
    }

    /// Settles reserved places: `used` are gone for good, the others are free again.
    pub fn settle(&self, reserved: usize, used: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.reserved -= reserved as u64;
        state.free = state.free.map(|free| free + reserved.saturating_sub(used) as u64);
        drop(state);
        self.changed.notify_waiters();
    }
}
