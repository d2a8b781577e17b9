//! What a tool's exit code says, and which one wins when several apply.
//!
//! Runbooks branch on these numbers, so they are part of the interface: the table stands in the README
//! and is held by a test.

/// The outcome of a run as a process exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything done, nothing to do, or a dry run.
    Done,
    /// Failed; the report says what was done before.
    Failed,
    /// The command line is wrong; nothing was started.
    Usage,
    /// Finished, but some items failed or were left.
    Partial,
    /// A diagnostic found problems.
    Findings,
    /// Not authenticated, or not allowed.
    NotAllowed,
    /// Confirmation refused or impossible.
    Refused,
    /// Stopped at `--max-errors`.
    MaxErrors,
    /// A bug: the program panicked.
    Bug,
    /// Interrupted by SIGINT.
    Interrupted,
    /// Ended by SIGTERM.
    Terminated,
}

/// Highest first: when several codes apply, the first of these that applies is the exit code.
const PRECEDENCE: [Exit; 11] = [
    Exit::Bug,
    Exit::Interrupted,
    Exit::Terminated,
    Exit::Usage,
    Exit::Refused,
    Exit::NotAllowed,
    Exit::MaxErrors,
    Exit::Partial,
    Exit::Findings,
    Exit::Failed,
    Exit::Done,
];

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::Findings => 4,
            Self::NotAllowed => 5,
            Self::Refused => 6,
            Self::MaxErrors => 7,
            Self::Bug => 101,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The one of two codes that the process exits with.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        PRECEDENCE.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_its_number() {
        let table = [
            (Exit::Done, 0),
            (Exit::Failed, 1),
            (Exit::Usage, 2),
            (Exit::Partial, 3),
            (Exit::Findings, 4),
            (Exit::NotAllowed, 5),
            (Exit::Refused, 6),
            (Exit::MaxErrors, 7),
            (Exit::Bug, 101),
            (Exit::Interrupted, 130),
            (Exit::Terminated, 143),
        ];
        for (exit, code) in table {
            assert_eq!(exit.code(), code, "{exit:?}");
        }
    }

    #[test]
    fn the_first_of_the_precedence_wins_in_either_order() {
        let order = [101, 130, 6, 5, 7, 3, 4, 1, 0];
        let of = |code: u8| PRECEDENCE.into_iter().find(|exit| exit.code() == code).expect("code is in the table");
        for (position, high) in order.iter().enumerate() {
            for low in &order[position..] {
                assert_eq!(of(*high).or(of(*low)).code(), *high);
                assert_eq!(of(*low).or(of(*high)).code(), *high);
            }
        }
    }
}
