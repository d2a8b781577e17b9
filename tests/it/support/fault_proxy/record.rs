//! What passed through the proxy, in order: tests assert on calls as much as on results.

use std::time::Duration;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The service's own answer, with its status.
    Forwarded(u16),
    /// The service's own answer, except for this many entries that never reached it.
    PartlyForwarded {
        /// Entries answered as failed.
        failed: usize,
    },
    /// An answer of the proxy: the code of an error.
    Refused(String),
    /// Reset before the service saw it.
    Reset,
    /// Done by the service with this status, and the answer lost.
    AppliedThenReset(u16),
    /// Done by the service, and half of the answer lost.
    Cut,
    /// The service itself gave no answer.
    Unreachable(String),
}

/// One call that passed.
#[derive(Clone, Debug)]
pub struct Logged {
    /// The API's own name of the action.
    pub action: String,
    /// Path and query.
    pub target: String,
    /// Entries of a batch.
    pub entries: usize,
    /// The access key id that signed it.
    pub access_key: Option<String>,
    /// When it arrived, since the proxy began.
    pub at: Duration,
    /// How it ended.
    pub fate: Fate,
}
