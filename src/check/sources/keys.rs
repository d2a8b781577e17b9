//! The keys that encrypt the objects of sources.

use super::{Validator, grouped, refused, remedy};
use crate::aws::{Session, kms};
use crate::check::{Finding, Status};
use crate::panther::Source;

/// Checks the state of each key, with the role that reads the source.
pub(super) async fn check(validator: &Validator, role: &str, session: &Session, sources: &[&Source]) {
    if !validator.wants(&["kms"]) {
        return;
    }
    let keys = grouped(sources.iter().copied(), |source| source.kms_key.clone());
    let jobs = keys.iter().map(|(key, sources)| async move {
        validator.found(one(validator, role, session, key, sources).await);
    });
    futures::future::join_all(jobs.map(Box::pin)).await;
}

async fn one(validator: &Validator, role: &str, session: &Session, key: &str, sources: &[&Source]) -> Finding {
    let of = |finding: Finding| finding.of(sources.iter().copied());
    if !is_key_arn(key) {
        let finding = of(Finding::new("kms", Status::Fail, key, "this is no ARN of a KMS key"));
        return finding.remedy("set the source's key to its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID");
    }
    match validator.gate.ask(kms::state(session, key)).await {
        Ok(found) if found.is_usable() => of(Finding::new("kms", Status::Ok, key, "it is enabled")),
        Ok(found) => of(Finding::new("kms", Status::Fail, key, format!("its state is {}", found.state)))
            .remedy("objects that it encrypts cannot be read: enable the key, or cancel its deletion"),
        Err(error) => {
            let finding = of(refused("kms", key, &error));
            let stack = sources.first().and_then(|source| source.stack.as_deref());
            let refusal = remedy::Refusal { action: "kms:DescribeKey", resource: key, role, stack, caller: None };
            let remedy = remedy::for_finding(&finding, &refusal);
            Finding { remedy, ..finding }
        }
    }
}

fn is_key_arn(text: &str) -> bool {
    matches!(text.splitn(6, ':').collect::<Vec<_>>()[..],
        ["arn", _, "kms", region, account, key] if !region.is_empty() && !account.is_empty() && key.starts_with("key/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_by_arn() {
        assert!(is_key_arn("arn:aws:kms:eu-central-1:444455556666:key/1234"));
        for text in ["", "1234", "alias/x", "arn:aws:kms:eu-central-1:444455556666:alias/x", "arn:aws:s3:::b"] {
            assert!(!is_key_arn(text), "{text}");
        }
    }
}
