//! Who is still busy: workers that find nothing wait here, and the last of them finds out whether that is the end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use opstools::run::Cancel;
use tokio::sync::Notify;

/// What a worker that found nothing does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// There is work again.
    Work,
    /// All others wait: find out whether this is the end.
    Probe,
    /// It is the end.
    End,
}

#[derive(Debug)]
struct State {
    active: usize,
    ended: bool,
}

/// The waiting room of the workers of one queue.
#[derive(Debug)]
pub struct Quiet {
    state: Mutex<State>,
    changed: Notify,
}

impl Quiet {
    /// So many workers begin with work; the others wait from the start.
    pub fn new(active: usize) -> Self {
        Self { state: Mutex::new(State { active, ended: false }), changed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A busy worker found nothing: waits, unless it is the last.
    pub async fn rest(&self, cancel: &Cancel) -> Turn {
        {
            let mut state = self.state();
            if state.active == 1 && !state.ended {
                return Turn::Probe;
            }
            state.active = state.active.saturating_sub(1);
        }
        self.wait(cancel).await
    }

    /// Waits until there is work or the end.
    pub async fn wait(&self, cancel: &Cancel) -> Turn {
        let changed = self.changed.notified();
        if self.state().ended {
            return Turn::End;
        }
        match cancel.unless_stopped(changed).await {
            None => Turn::End,
            Some(()) => {
                let mut state = self.state();
                if state.ended {
                    return Turn::End;
                }
                state.active += 1;
                Turn::Work
            }
        }
    }

    /// There is more than one worker can carry.
    pub fn wake(&self) {
        self.changed.notify_waiters();
    }

    /// Whether the end was found.
    pub fn is_over(&self) -> bool {
        self.state().ended
    }

    /// Nothing more is to be done.
    pub fn end(&self) {
        self.state().ended = true;
        self.changed.notify_waiters();
    }
}
