//! Why AWS refused: from the words of a refusal to the kind of policy behind it.
//!
//! Pure text, so that it serves answers of today and messages in logs alike. AWS names one kind of policy only, even when
//! several refuse, and across organisations S3 names none: then the cause is unknown, and says so.

mod words;
mod wrapping;

#[cfg(test)]
mod tests;

use serde::Serialize;

use words::{explicit, implicit, kind_of_code};
use wrapping::unwrap;

/// What refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The caller's own policy.
    RolePolicy,
    /// The permissions boundary of the caller.
    Boundary,
    /// The policy of the caller's session.
    SessionPolicy,
    /// A service control policy of the organisation.
    Scp,
    /// A resource control policy of the organisation.
    Rcp,
    /// The policy of the bucket, key, queue or topic.
    ResourcePolicy,
    /// The trust policy of the role.
    TrustPolicy,
    /// The policy of a VPC endpoint.
    VpcEndpoint,
    /// Not a policy: the credentials are no good.
    Credentials,
    /// Not a policy: the region is not enabled, or the wrong one.
    Region,
    /// The words do not tell.
    Unknown,
}

impl Cause {
    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RolePolicy => "role-policy",
            Self::Boundary => "boundary",
            Self::SessionPolicy => "session-policy",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::ResourcePolicy => "resource-policy",
            Self::TrustPolicy => "trust-policy",
            Self::VpcEndpoint => "vpc-endpoint",
            Self::Credentials => "credentials",
            Self::Region => "region",
            Self::Unknown => "unknown",
        }
    }
}

/// How sure a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Confidence {
    /// The service named it.
    #[serde(rename = "stated by AWS")]
    Stated,
    /// Everything else was ruled out.
    #[serde(rename = "by elimination")]
    Elimination,
    /// Nobody knows.
    #[serde(rename = "unknown")]
    Unknown,
}

impl Confidence {
    /// As people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated by AWS",
            Self::Elimination => "by elimination",
            Self::Unknown => "unknown",
        }
    }
}

/// A refusal, understood as far as its words go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// What refuses.
    pub cause: Cause,
    /// Whether a statement denies (true), or none allows (false); unknown where no policy is named.
    pub explicit: Option<bool>,
    /// Who was refused.
    pub principal: Option<String>,
    /// Which action, such as `s3:GetObject`.
    pub action: Option<String>,
    /// On what.
    pub resource: Option<String>,
    /// The policy that refuses, where AWS named it.
    pub policy_arn: Option<String>,
    /// The reason is in an encoded message, which `sts:DecodeAuthorizationMessage` reads.
    pub encoded: bool,
    /// The words as they came.
    pub raw: String,
}

impl Denied {
    /// Reads a refusal by its code and message; `None` if it is none.
    #[must_use]
    pub fn read(code: &str, message: &str) -> Option<Self> {
        let by_code = kind_of_code(code);
        if by_code.is_none() && !speaks_of_refusal(message) {
            return None;
        }
        Some(match by_code {
            Some(cause @ (Cause::Credentials | Cause::Region)) => Self::bare(cause, message),
            _ => Self::of_words(message),
        })
    }

    /// Reads a refusal in any wrapping: XML, JSON, a line of a Go program, or the message alone; also cut off.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let (code, message) = unwrap(text);
        let denied = Self::read(code.as_deref().unwrap_or_default(), &message)?;
        Some(Self { raw: text.to_owned(), ..denied })
    }

    /// How sure the cause is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        if self.cause == Cause::Unknown { Confidence::Unknown } else { Confidence::Stated }
    }

    fn bare(cause: Cause, message: &str) -> Self {
        Self {
            cause,
            explicit: None,
            principal: None,
            action: None,
            resource: None,
            policy_arn: None,
            encoded: false,
            raw: message.to_owned(),
        }
    }

    fn of_words(message: &str) -> Self {
        let reason = explicit(message).or_else(|| implicit(message));
        let (principal, action, resource) = words::subject(message);
        Self {
            explicit: reason.as_ref().map(|reason| reason.explicit),
            policy_arn: reason.as_ref().and_then(|reason| reason.policy_arn.clone()),
            principal,
            action,
            resource,
            encoded: reason.is_none() && words::is_encoded(message),
            ..Self::bare(reason.map_or(Cause::Unknown, |reason| reason.cause), message)
        }
    }
}

/// Words by which a refusal is known when its code got lost.
fn speaks_of_refusal(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["is not authorized to perform", "not authorized to perform this operation", "access denied", "accessdenied"]
        .iter()
        .any(|words| message.contains(words))
}
