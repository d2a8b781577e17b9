//! Roles: assumed once each, for all sources that use them; what is reached through a role is checked with its session.

use super::health::Answers;
use super::{Validator, bucket, grouped, keys, notices, refused, remedy};
use crate::aws::{Session, sts};
use crate::check::{Finding, Status};
use crate::error::ServiceError;
use crate::panther::sources::kinds;
use crate::panther::{STAGING_ROLE, Source, Sources};

/// What a role is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Purpose {
    Reading,
    Scanning,
}

impl Purpose {
    const fn check(self) -> &'static str {
        match self {
            Self::Reading => "role-assume",
            Self::Scanning => "audit-role",
        }
    }
}

/// The checks that need the role of a source of type aws-s3.
pub(super) const THROUGH_ROLE: [&str; 6] =
    ["bucket-location", "list-prefix", "read-object", "kms", "notifications", "topic-subscription"];

/// Assumes every role, and checks what is reached through it; `all` are the sources of the list, also those not chosen.
pub(super) async fn check(validator: &Validator, all: &Sources, chosen: &[&Source], answers: &Answers) {
    let readers = grouped(chosen.iter().copied(), |source| {
        source.reading_role(&validator.deployment).map(|role| (role.arn, Purpose::Reading))
    });
    let scanned = chosen.iter().copied().filter(|source| source.kind == kinds::SCAN);
    let scanners = grouped(scanned, |source| {
        Some((validator.deployment.audit_role(source.account.as_deref()?), Purpose::Scanning))
    });
    for source in chosen {
        without_role(validator, source);
    }
    let roles = readers.into_iter().chain(scanners);
    let jobs = roles.filter(|((_, purpose), _)| match purpose {
        Purpose::Reading => validator.wants(&["role-assume"]) || validator.wants(&THROUGH_ROLE),
        Purpose::Scanning => validator.wants(&["audit-role"]),
    });
    let jobs = jobs.map(|((role, purpose), sources)| async move {
        one(validator, all, &role, purpose, &sources, answers).await;
    });
    futures::future::join_all(jobs.map(Box::pin)).await;
}

fn without_role(validator: &Validator, source: &Source) {
    if source.reading_role(&validator.deployment).is_some() {
        return;
    }
    let finding =
        |status, message: &str| Finding::new("role-assume", status, source.kind.clone(), message).of([source]);
    validator.found(match source.kind.as_str() {
        kinds::S3 => finding(Status::Fail, "no role is written down, and without an account none can be told")
            .remedy("save the source again in Panther, with its account or its role"),
        kinds::SCAN | kinds::SQS => finding(Status::Unknown, "the account of the deployment is not known"),
        _ => finding(Status::Skip, "not applicable: sources of this type are read without an AWS role"),
    });
}

async fn one(
    validator: &Validator,
    all: &Sources,
    role: &str,
    purpose: Purpose,
    sources: &[&Source],
    answers: &Answers,
) {
    let check = purpose.check();
    match validator.gate.ask(take(&validator.session, role)).await {
        Ok((session, arn)) => {
            let finding = Finding::new(check, Status::Ok, role, format!("assumed as {}", without_session(&arn)));
            validator.found(finding.of(sources.iter().copied()));
            if purpose == Purpose::Reading {
                through(validator, all, role, &session, sources).await;
            }
        }
        Err(error) => {
            validator.found(not_assumed(validator, check, role, sources, answers, &error));
            if purpose == Purpose::Reading {
                skipped(validator, sources, "the role could not be assumed");
            }
        }
    }
}

/// Takes the role and asks who we are then: credentials that cannot even do this are no good.
async fn take(session: &Session, role: &str) -> Result<(Session, String), ServiceError> {
    let taken = sts::assume(session, role).await?;
    let arn = sts::caller(&taken).await?;
    Ok((taken, arn))
}

/// The names of sessions are nobody's business.
fn without_session(arn: &str) -> &str {
    if arn.contains(":assumed-role/") { arn.rsplit_once('/').map_or(arn, |(role, _)| role) } else { arn }
}

fn not_assumed(
    validator: &Validator,
    check: &'static str,
    role: &str,
    sources: &[&Source],
    answers: &Answers,
    error: &ServiceError,
) -> Finding {
    let finding = refused(check, role, error).of(sources.iter().copied());
    let refusal = remedy::Refusal {
        action: "sts:AssumeRole",
        resource: role,
        role,
        stack: sources.first().and_then(|source| source.stack.as_deref()),
        caller: validator.session.identity.arn.as_deref(),
    };
    let panther_may = sources.iter().any(|source| answers.role_is_healthy(source, role) == Some(true));
    if finding.status == Status::Fail && panther_may {
        let message = format!("{}; Panther's own health check assumes it", finding.message);
        let finding = Finding { status: Status::Warn, message, ..finding };
        return finding.remedy(
            "nothing is broken: the role trusts Panther's functions and not you; what is behind it can only \
                               be seen by Panther's own check",
        );
    }
    let remedy = remedy::for_finding(&finding, &refusal);
    Finding { remedy, ..finding }
}

/// What cannot be looked at without the role is said to be skipped, per bucket.
fn skipped(validator: &Validator, sources: &[&Source], why: &str) {
    let s3 = sources.iter().copied().filter(|source| source.kind == kinds::S3);
    for (bucket, sources) in grouped(s3, |source| source.bucket.clone()) {
        for check in THROUGH_ROLE {
            let concerned: Vec<&Source> = sources.iter().copied().filter(|source| applies(check, source)).collect();
            if !concerned.is_empty() {
                let object = format!("s3://{bucket}/");
                validator.found(Finding::new(check, Status::Skip, object, why).of(concerned));
            }
        }
    }
}

/// Whether a check is made of a source at all.
pub(super) fn applies(check: &str, source: &Source) -> bool {
    match check {
        "kms" => source.kms_key.is_some(),
        "topic-subscription" => source.managed_notifications,
        _ => true,
    }
}

async fn through(validator: &Validator, all: &Sources, role: &str, session: &Session, sources: &[&Source]) {
    if !validator.wants(&THROUGH_ROLE) {
        return;
    }
    let shared = sources.iter().copied().filter(|source| source.kind != kinds::S3);
    for (bucket, sources) in grouped(shared, |source| source.bucket.clone()) {
        staging(validator, role, &bucket, &sources);
    }
    let s3: Vec<&Source> = sources.iter().copied().filter(|source| source.kind == kinds::S3).collect();
    let buckets = grouped(s3.iter().copied(), |source| source.bucket.clone());
    let of_buckets = buckets.iter().map(|(bucket, sources)| async move {
        let region = bucket::check(validator, all, role, session, bucket, sources).await?;
        notices::check(validator, role, &session.in_region(region.clone()), bucket, sources).await;
        Some((region, sources.clone()))
    });
    let of_keys = keys::check(validator, role, session, &s3);
    let (places, ()) = futures::future::join(futures::future::join_all(of_buckets.map(Box::pin)), of_keys).await;
    let places: Vec<(String, Vec<&Source>)> = places.into_iter().flatten().collect();
    notices::subscriptions(validator, session, &places).await;
}

/// The staging bucket is Panther's own; its role may read, and is not meant to list.
fn staging(validator: &Validator, role: &str, bucket: &str, sources: &[&Source]) {
    let why = if role.contains(STAGING_ROLE) {
        "the role of the staging bucket may read objects and is not meant to list"
    } else {
        "the staging bucket is Panther's own: what is in it is named by notifications"
    };
    let object = format!("s3://{bucket}/");
    validator.found(Finding::new("list-prefix", Status::Skip, object, why).of(sources.iter().copied()));
}
