//! The checks of log sources: can each role be assumed, each prefix listed and read, does word of new objects arrive.
//!
//! Each role is assumed once and each prefix tried once by it, however many sources share them. Everything is looked at as
//! the source itself would, with its own role; Panther's own health check is asked beside it, because a customer may trust
//! Panther's functions and no person.
//!
//! | file | checks |
//! |---|---|
//! | `roles` | `role-assume`, `audit-role` |
//! | `bucket` | `bucket-location`, `list-prefix`, `read-object` |
//! | `keys` | `kms` |
//! | `notices` | `notifications`, `topic-subscription`, `queue-policy` |
//! | `intake` | `queue` |
//! | `cross` | `cross-check`; `health` reads what Panther's own check answers |
//! | `list` | `overlap`, `duplicate-scan`, `label-collision`, `zombie-row`, `list-complete` |
//!
//! `gate` bounds and times what is asked; `remedy` has the words for what to do.

mod bucket;
mod cross;
mod gate;
mod health;
mod intake;
mod keys;
mod list;
mod notices;
mod remedy;
mod roles;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

pub use gate::Gate;

use super::{Finding, Status};
use crate::aws::Session;
use crate::error::{Failure, ServiceError};
use crate::panther::sources::Listed;
use crate::panther::{Deployment, Source};

/// Every check: its name, and what is true when it passes.
pub const CHECKS: [(&str, &str); 16] = [
    ("role-assume", "the role that reads the source can be assumed"),
    ("bucket-location", "the role can find out where the bucket is"),
    ("list-prefix", "the role can list each prefix"),
    ("read-object", "the role can read an object of each prefix"),
    ("kms", "the key of the source is enabled, and the role may use it"),
    ("notifications", "the bucket notifies of new objects below each prefix"),
    ("topic-subscription", "the input queue is subscribed to the topic that Panther manages"),
    ("queue-policy", "the input queue takes messages from topics of the source's account"),
    ("queue", "the queue of the source is there, and a function reads it"),
    ("audit-role", "the role that scans the account can be assumed"),
    ("cross-check", "Panther's own health check comes to the same result"),
    ("overlap", "no prefix lies within one of another source"),
    ("duplicate-scan", "no account is scanned by two sources"),
    ("label-collision", "no two labels make one role name"),
    ("zombie-row", "every row of the list is a source"),
    ("list-complete", "the function lists every source of the table"),
];

/// Where findings go as they are made.
pub type Sink = Box<dyn Fn(Finding) + Send + Sync>;

/// Checks the sources of one deployment.
pub struct Validator {
    session: Session,
    deployment: Deployment,
    gate: Gate,
    wanted: Vec<&'static str>,
    sink: Sink,
    /// For each source, the checks that were made of it, with their statuses.
    made: Mutex<HashMap<String, Vec<(&'static str, Status)>>>,
}

impl Validator {
    /// A validator with the operator's session, which makes the wanted checks only.
    #[must_use]
    pub fn new(session: Session, gate: Gate, wanted: Vec<&'static str>, sink: Sink) -> Self {
        let deployment = Deployment::of(&session);
        Self { session, deployment, gate, wanted, sink, made: Mutex::default() }
    }

    /// Makes the checks of these sources of the list; `whole` says that they are all there are.
    pub async fn check(&self, listed: &Listed, chosen: &[&Source], whole: bool) {
        Box::pin(list::check(self, listed, chosen, whole)).await;
        let answers = health::ask(self, chosen).await;
        let queues = async {
            notices::queue_policy(self, chosen).await;
            intake::check(self, chosen).await;
        };
        futures::future::join(Box::pin(roles::check(self, &listed.sources, chosen, &answers)), Box::pin(queues)).await;
        cross::compare(self, chosen, &answers);
    }

    fn wants(&self, checks: &[&str]) -> bool {
        checks.iter().any(|check| self.wanted.contains(check))
    }

    fn found(&self, finding: Finding) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        for source in &finding.sources {
            made.entry(source.source_id.clone()).or_default().push((finding.check, finding.status));
        }
        drop(made);
        if self.wanted.contains(&finding.check) {
            (self.sink)(finding);
        }
    }

    /// The worst status of one check of a source.
    fn worst(&self, source: &Source, check: &str) -> Option<Status> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(&source.id)?.iter().filter(|(name, _)| *name == check).map(|(_, status)| *status).max()
    }

    /// Whether some check of a source found it broken.
    fn is_broken(&self, source: &Source) -> bool {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(&source.id).is_some_and(|checks| checks.iter().any(|(_, status)| *status == Status::Fail))
    }
}

/// What became of a call, as a status: a refusal is broken, silence and trouble of the service are not known.
fn refused(check: &'static str, object: &str, error: &ServiceError) -> Finding {
    const SILENCE: [&str; 7] =
        ["Timeout", "Network", "UnreadableAnswer", "InternalError", "InternalFailure", "ServiceUnavailable", "Request"];
    let finding = Finding::new(check, Status::Fail, object, error.code.clone()).answered(error);
    let credentials = finding.cause == Some(super::denied::Cause::Credentials);
    let troubled = error.status.is_some_and(|status| status >= 500) || crate::error::is_throttle(&error.code);
    let status =
        if credentials || troubled || SILENCE.contains(&error.code.as_str()) { Status::Unknown } else { Status::Fail };
    Finding { status, ..finding }
}

/// As [`refused`], for what the operator's own identity asked: a refusal then says nothing of the source.
fn own_refused(check: &'static str, object: &str, failure: &Failure) -> Finding {
    let finding = refused(check, object, &service(failure));
    if finding.cause.is_none() {
        return finding;
    }
    let remedy = "your own identity is refused: `--generate iam` prints what it needs";
    Finding { status: Status::Unknown, ..finding }.remedy(remedy)
}

/// What the service answered, behind a failure.
fn service(failure: &Failure) -> ServiceError {
    let unanswered = || ServiceError {
        service: "AWS",
        code: "Request".to_owned(),
        message: failure.summary(),
        ..ServiceError::default()
    };
    failure.service.as_deref().cloned().unwrap_or_else(unanswered)
}

/// Sources by a key that some of them have, in the order of the keys.
fn grouped<'a, K: Ord>(
    sources: impl IntoIterator<Item = &'a Source>,
    key: impl Fn(&'a Source) -> Option<K>,
) -> BTreeMap<K, Vec<&'a Source>> {
    let mut groups: BTreeMap<K, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        if let Some(key) = key(source) {
            groups.entry(key).or_default().push(source);
        }
    }
    groups
}
