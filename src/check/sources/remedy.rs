//! What to do about a refusal: whose policy to look at, and what it must say.

use crate::check::denied::{Cause, Denied};
use crate::check::{Finding, Status};

/// A call that was refused.
pub(super) struct Refusal<'a> {
    /// The action that was needed.
    pub action: &'a str,
    /// On what, as an ARN.
    pub resource: &'a str,
    /// The role that called, or that was to be assumed.
    pub role: &'a str,
    /// The stack that made the role.
    pub stack: Option<&'a str>,
    /// Who calls, where that is the operator.
    pub caller: Option<&'a str>,
}

/// Said after every refusal whose cause AWS named: it names one only.
const AGAIN: &str = "then check again: one refusal may hide another";

/// What to do about a finding; nothing about what is well.
pub(super) fn for_finding(finding: &Finding, refusal: &Refusal<'_>) -> Option<String> {
    if !matches!(finding.status, Status::Fail | Status::Unknown | Status::Warn) {
        return None;
    }
    let code = finding.code.as_deref().unwrap_or_default();
    match (finding.cause, code) {
        (Some(cause), _) => {
            let denied = Denied::read(code, &finding.message);
            Some(for_cause(cause, denied.as_ref(), refusal))
        }
        (None, "NoSuchBucket") => {
            Some("the bucket was deleted, or its name is wrong: make it again, or delete the source".to_owned())
        }
        (None, "NotFoundException") => {
            Some("there is no such key: set the source's key to one that is there".to_owned())
        }
        (None, "Timeout" | "Network") => {
            Some("check the network and the proxy variables, or give it longer with `--check-timeout`".to_owned())
        }
        (None, "ValidationError") => Some(format!("`{}` is no role: correct the source's role", refusal.role)),
        (None, _) => None,
    }
}

fn for_cause(cause: Cause, denied: Option<&Denied>, refusal: &Refusal<'_>) -> String {
    let action = denied.and_then(|denied| denied.action.as_deref()).unwrap_or(refusal.action);
    let assuming = refusal.action == "sts:AssumeRole";
    let caller = if assuming { refusal.caller.unwrap_or("your identity") } else { refusal.role };
    let verb = match denied.and_then(|denied| denied.explicit) {
        Some(true) => "no longer deny",
        _ => "allow",
    };
    let text = match cause {
        Cause::RolePolicy if assuming => format!("the policy of {caller} must {verb} {action} on {}", refusal.resource),
        Cause::RolePolicy => {
            format!("the policy of {caller} must {verb} {action} on {}{}", refusal.resource, by_stack(refusal))
        }
        Cause::Boundary => format!("the permissions boundary of {caller} must {verb} {action}, too"),
        Cause::SessionPolicy => format!("the policy of the session of {caller} must {verb} {action}"),
        Cause::Scp => format!(
            "ask the administrators of the organisation of account {}: a service control policy must {verb} {action}",
            account(caller)
        ),
        Cause::Rcp => format!(
            "ask the administrators of the organisation that owns {}: a resource control policy must {verb} {action}",
            refusal.resource
        ),
        Cause::ResourcePolicy if action.starts_with("kms:") => {
            format!("the policy of the KMS key must {verb} {action} for {caller}")
        }
        Cause::ResourcePolicy => format!("the policy of {} must {verb} {action} for {caller}", refusal.resource),
        Cause::TrustPolicy => format!(
            "the trust policy of {} must name the account of Panther, or {caller}; if it names a role that was deleted and made \
             again, write it again{}",
            refusal.role,
            by_stack(refusal)
        ),
        Cause::VpcEndpoint => format!("the policy of the VPC endpoint that the call goes through must {verb} {action}"),
        Cause::Credentials => return "get new credentials and check again".to_owned(),
        Cause::Region => return "enable the region in the account, or correct the region of the resource".to_owned(),
        Cause::Unknown => return unknown(action, denied, refusal),
    };
    format!("{text}; {AGAIN}")
}

fn by_stack(refusal: &Refusal<'_>) -> String {
    refusal
        .stack
        .map(|stack| format!(" (stack `{stack}` makes it: deploy its current template again)"))
        .unwrap_or_default()
}

fn unknown(action: &str, denied: Option<&Denied>, refusal: &Refusal<'_>) -> String {
    if denied.is_some_and(|denied| denied.encoded) {
        return "AWS encoded the reason: `aws sts decode-authorization-message` reads it".to_owned();
    }
    if refusal.action == "sts:AssumeRole" {
        let caller = refusal.caller.unwrap_or("you");
        return format!(
            "AWS answers alike for both: the role is not there, or its trust policy does not name {caller}; look for it in account \
             {}{}",
            account(refusal.role),
            by_stack(refusal)
        );
    }
    format!(
        "AWS names no policy across accounts; with credentials of account {} run `aws iam simulate-principal-policy \
         --policy-source-arn {} --action-names {action} --resource-arns {} --context-entries \
         ContextKeyName=aws:SecureTransport,ContextKeyType=boolean,ContextKeyValues=true`: if that allows it, look at the policy \
         of the bucket, of the key and of the organisation, and whether the bucket belongs to the account of the source",
        account(refusal.role),
        refusal.role,
        refusal.resource
    )
}

fn account(arn: &str) -> &str {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).unwrap_or("of the owner")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ServiceError;

    fn remedy(code: &str, message: &str, action: &str) -> String {
        let error = ServiceError {
            service: "S3",
            code: code.to_owned(),
            message: message.to_owned(),
            ..ServiceError::default()
        };
        let finding = Finding::new("x", Status::Fail, "o", "m").answered(&error);
        let refusal = Refusal {
            action,
            resource: "arn:aws:s3:::b",
            role: "arn:aws:iam::444455556666:role/r",
            stack: Some("panther-log-analysis-setup-r"),
            caller: Some("arn:aws:iam::111122223333:user/ops"),
        };
        for_finding(&finding, &refusal).unwrap_or_default()
    }

    #[test]
    fn each_cause_names_whose_policy_it_is() {
        let why = |reason: &str| format!("User: u is not authorized to perform: s3:ListBucket on resource: r {reason}");
        let table = [
            (why("because no identity-based policy allows the s3:ListBucket action"), "panther-log-analysis-setup-r"),
            (
                why("because no permissions boundary allows the s3:ListBucket action"),
                "boundary of arn:aws:iam::444455556666",
            ),
            (why("with an explicit deny in a session policy"), "policy of the session"),
            (why("with an explicit deny in a service control policy"), "organisation of account 444455556666"),
            (why("with an explicit deny in a resource control policy"), "organisation that owns arn:aws:s3:::b"),
            (
                why("with an explicit deny in a resource-based policy"),
                "arn:aws:s3:::b must no longer deny s3:ListBucket",
            ),
            (why("because no VPC endpoint policy allows the s3:ListBucket action"), "VPC endpoint"),
            (
                "Access Denied".to_owned(),
                "simulate-principal-policy --policy-source-arn arn:aws:iam::444455556666:role/r",
            ),
        ];
        for (message, expected) in table {
            let text = remedy("AccessDenied", &message, "s3:ListBucket");
            assert!(text.contains(expected), "{message}: {text}");
        }
        let key = remedy(
            "AccessDenied",
            "User: u is not authorized to perform: kms:Decrypt on resource: k because no resource-based policy allows the kms:Decrypt action",
            "s3:GetObject",
        );
        assert!(key.contains("KMS key must allow kms:Decrypt"), "{key}");
    }

    #[test]
    fn a_role_that_cannot_be_assumed_may_be_missing_or_distrustful() {
        let text = remedy(
            "AccessDenied",
            "User: u is not authorized to perform: sts:AssumeRole on resource: r",
            "sts:AssumeRole",
        );
        assert!(
            text.contains("not there")
                && text.contains("trust policy does not name arn:aws:iam::111122223333:user/ops")
        );
        let trust = remedy(
            "AccessDenied",
            "User: u is not authorized to perform: sts:AssumeRole on resource: r because no role trust policy allows the sts:AssumeRole action",
            "sts:AssumeRole",
        );
        assert!(trust.contains("trust policy of arn:aws:iam::444455556666:role/r"), "{trust}");
        let own = remedy(
            "AccessDenied",
            "User: u is not authorized to perform: sts:AssumeRole on resource: r because no identity-based policy allows the sts:AssumeRole action",
            "sts:AssumeRole",
        );
        assert!(own.contains("policy of arn:aws:iam::111122223333:user/ops must allow sts:AssumeRole"), "{own}");
    }

    #[test]
    fn what_is_no_refusal_has_its_own_remedy() {
        assert!(remedy("NoSuchBucket", "", "s3:ListBucket").contains("deleted"));
        assert!(remedy("Timeout", "", "s3:ListBucket").contains("--check-timeout"));
        assert!(remedy("ExpiredToken", "", "s3:ListBucket").contains("new credentials"));
        assert_eq!(remedy("Peculiar", "", "s3:ListBucket"), "");
    }
}
