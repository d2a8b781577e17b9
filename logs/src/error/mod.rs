//! The one error of the edge: what was being done, to which object, what the service said, and what to do next.
//!
//! Modules below keep their own typed errors where callers branch; everything that a person reads is a
//! [`Failure`], so that it always names the object and the next step.

mod hints;
mod near;

use std::fmt;

use crate::exit::Exit;
pub use hints::{Situation, hint, is_not_allowed, is_throttle};
pub use near::near;

/// Which kind of failure, and so which exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The command line is wrong.
    Usage,
    /// Something failed, or an object named does not exist or is of the wrong type.
    Failed,
    /// No credentials, expired ones, or a permission is missing.
    NotAllowed,
    /// The confirmation was refused or cannot be asked for.
    Refused,
    /// The work stopped because too many items failed.
    MaxErrors,
    /// The operator stopped it.
    Interrupted,
}

impl Kind {
    /// The exit code of a run that ends with this failure.
    #[must_use]
    pub const fn exit(self) -> Exit {
        match self {
            Self::Usage => Exit::Usage,
            Self::Failed => Exit::Failed,
            Self::NotAllowed => Exit::NotAllowed,
            Self::Refused => Exit::Refused,
            Self::MaxErrors => Exit::MaxErrors,
            Self::Interrupted => Exit::Interrupted,
        }
    }
}

/// What a service answered, as far as it said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceError {
    /// The service's name as people write it, such as `SQS`.
    pub service: &'static str,
    /// The service's own code, such as `AccessDenied`; for trouble before an answer `Timeout`, `Network` or `Credentials`.
    pub code: String,
    /// The service's own words.
    pub message: String,
    /// The request id that AWS support asks for.
    pub request_id: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.service, self.code)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request id {id})"),
            None => Ok(()),
        }
    }
}

/// A failure that ends a run or a phase of it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Decides about the exit code.
    pub kind: Kind,
    /// What was being done to which object: a lower-case fragment such as ``cannot read queue `x` ``.
    pub doing: String,
    /// Why, in our words.
    pub cause: Option<String>,
    /// Why, in the service's words.
    pub service: Option<Box<ServiceError>>,
    /// Next steps, most useful first.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: Kind, doing: impl Into<String>) -> Self {
        Self { kind, doing: doing.into(), cause: None, service: None, hints: Vec::new() }
    }

    /// A wrong command line.
    pub fn usage(doing: impl Into<String>) -> Self {
        Self::new(Kind::Usage, doing)
    }

    /// Something that failed or is not there.
    pub fn failed(doing: impl Into<String>) -> Self {
        Self::new(Kind::Failed, doing)
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Adds a next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what the service answered, takes the kind from it, and the hint of the table.
    #[must_use]
    pub fn with_service(mut self, error: ServiceError, situation: &Situation<'_>) -> Self {
        if hints::is_permission(&error) {
            self.kind = Kind::NotAllowed;
        }
        self.hints.extend(hint(&error, situation));
        self.service = Some(Box::new(error));
        self
    }

    /// The service's code, if a service answered.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.service.as_ref().map(|error| error.code.as_str())
    }

    /// One line without hints.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut line = self.doing.clone();
        for part in [self.cause.clone(), self.service.as_ref().map(ToString::to_string)].into_iter().flatten() {
            line.push_str(": ");
            line.push_str(&part);
        }
        line
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())
    }
}

impl std::error::Error for Failure {}

impl From<ServiceError> for Failure {
    /// What a service answered, where nothing more is to be said of what was being done.
    fn from(error: ServiceError) -> Self {
        Self::failed(format!("{} does not answer as it should", error.service))
            .with_service(error, &Situation::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_exit_code() {
        let table = [
            (Kind::Usage, 2),
            (Kind::Failed, 1),
            (Kind::NotAllowed, 5),
            (Kind::Refused, 6),
            (Kind::MaxErrors, 7),
            (Kind::Interrupted, 130),
        ];
        for (kind, code) in table {
            assert_eq!(kind.exit().code(), code, "{kind:?}");
        }
    }

    #[test]
    fn a_denied_call_becomes_not_allowed_and_keeps_the_services_words() {
        let error = ServiceError {
            service: "SQS",
            code: "AccessDenied".to_owned(),
            message: "no".to_owned(),
            request_id: Some("r-1".to_owned()),
            status: Some(403),
        };
        let failure = Failure::failed("cannot read queue `q`").with_service(error, &Situation::default());
        assert_eq!(failure.kind, Kind::NotAllowed);
        assert_eq!(failure.summary(), "cannot read queue `q`: SQS: AccessDenied: no (request id r-1)");
        assert!(!failure.hints.is_empty());
    }
}
