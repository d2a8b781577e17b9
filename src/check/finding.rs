//! What a check found.

use serde::Serialize;

use super::denied::{Cause, Confidence, Denied};
use crate::error::ServiceError;
use crate::panther::Source;

/// How what a check looked at is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// As it should be.
    Ok,
    /// Does not apply, or may not be looked at without that being a fault; the message says why.
    Skip,
    /// Could not be found out.
    Unknown,
    /// Works, but is likely not what is wanted.
    Warn,
    /// Broken.
    Fail,
}

impl Status {
    /// The word in tables and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Skip => "SKIP",
            Self::Unknown => "UNKNOWN",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

/// A source by its id and label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its id.
    pub source_id: String,
    /// Its label.
    pub label: String,
}

impl From<&Source> for Named {
    fn from(source: &Source) -> Self {
        Self { source_id: source.id.clone(), label: source.label.clone() }
    }
}

/// What one check found out about one object, for every source that needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check's stable name, such as `role-assume`.
    pub check: &'static str,
    /// How the object is.
    pub status: Status,
    /// What was looked at: a role, a path, a key, a queue.
    pub object: String,
    /// The sources concerned.
    pub sources: Vec<Named>,
    /// The service's code.
    pub code: Option<String>,
    /// What was found, or the service's own words.
    pub message: String,
    /// The service's request id.
    pub request_id: Option<String>,
    /// Why it is refused.
    pub cause: Option<Cause>,
    /// How sure that is.
    pub confidence: Option<Confidence>,
    /// The policy that refuses, where the service named it.
    pub policy_arn: Option<String>,
    /// What to do.
    pub remedy: Option<String>,
}

impl Finding {
    /// A finding of a check about an object.
    pub fn new(check: &'static str, status: Status, object: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            check,
            status,
            object: object.into(),
            sources: Vec::new(),
            code: None,
            message: message.into(),
            request_id: None,
            cause: None,
            confidence: None,
            policy_arn: None,
            remedy: None,
        }
    }

    /// For these sources.
    #[must_use]
    pub fn of<'a>(mut self, sources: impl IntoIterator<Item = &'a Source>) -> Self {
        self.sources = sources.into_iter().map(Named::from).collect();
        self
    }

    /// With what the service answered, and why it refused where its words tell.
    #[must_use]
    pub fn answered(mut self, error: &ServiceError) -> Self {
        if !error.message.is_empty() {
            self.message.clone_from(&error.message);
        }
        self.code = Some(error.code.clone());
        self.request_id.clone_from(&error.request_id);
        match Denied::read(&error.code, &error.message) {
            Some(denied) => self.because(denied.cause, denied.confidence()).named(denied.policy_arn),
            None => self,
        }
    }

    /// With a cause, and how sure it is.
    #[must_use]
    pub const fn because(mut self, cause: Cause, confidence: Confidence) -> Self {
        self.cause = Some(cause);
        self.confidence = Some(confidence);
        self
    }

    fn named(mut self, policy: Option<String>) -> Self {
        self.policy_arn = policy;
        self
    }

    /// With what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}
