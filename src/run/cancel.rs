//! Stopping a run: one token, and the first reason given.
//!
//! Stopping means: feed nothing more, finish what is in flight, report. Who waits for the end is `app`.

use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

use crate::exit::Exit;

/// Why a run stops before its work is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// SIGINT (^C).
    Interrupt,
    /// SIGTERM, or the terminal went away.
    Terminate,
    /// `--max-errors` was reached.
    MaxErrors,
    /// `--duration` is over.
    Duration,
    /// `--limit` was reached.
    Limit,
    /// The credentials expired or were refused in mid-run.
    NotAllowed,
    /// Going on could lose something: the journal cannot be written, or the tool met an error it cannot pass.
    Fatal,
}

impl Stop {
    /// What this reason contributes to the exit code.
    #[must_use]
    pub const fn exit(self) -> Exit {
        match self {
            Self::Interrupt => Exit::Interrupted,
            Self::Terminate => Exit::Terminated,
            Self::MaxErrors => Exit::MaxErrors,
            Self::Duration | Self::Limit => Exit::Done,
            Self::NotAllowed => Exit::NotAllowed,
            Self::Fatal => Exit::Failed,
        }
    }
}

/// The stop sign of one run; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    token: CancellationToken,
    reason: Arc<OnceLock<Stop>>,
}

impl Cancel {
    /// Asks the run to stop; the first reason stays.
    pub fn stop(&self, reason: Stop) {
        // A later reason changes nothing: the first is what the operator must hear.
        let _ = self.reason.set(reason);
        self.token.cancel();
    }

    /// Why the run was asked to stop, if it was.
    #[must_use]
    pub fn reason(&self) -> Option<Stop> {
        self.reason.get().copied()
    }

    /// Whether the run was asked to stop.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until the run is asked to stop.
    pub async fn stopped(&self) {
        self.token.cancelled().await;
    }

    /// The token itself, for libraries that take one.
    #[must_use]
    pub fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// Runs `future` unless a stop comes first; a stop drops the future.
    pub async fn unless_stopped<F: Future>(&self, future: F) -> Option<F::Output> {
        tokio::select! {
            biased;
            () = self.token.cancelled() => None,
            output = future => Some(output),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_reason_stays() {
        let cancel = Cancel::default();
        assert!(!cancel.requested());
        cancel.clone().stop(Stop::Interrupt);
        cancel.stop(Stop::MaxErrors);
        assert_eq!(cancel.reason(), Some(Stop::Interrupt));
        assert_eq!(cancel.unless_stopped(std::future::pending::<()>()).await, None);
    }
}
