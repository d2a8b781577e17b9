//! The phrases in which AWS says who was refused what, and by which kind of policy.
//!
//! Source: "Troubleshoot access denied error messages" of the IAM user guide. The wording for resource control policies is
//! not documented; it is taken to follow the others.

use super::Cause;

/// Kinds of policy as AWS writes them; the longer of two that begin alike comes first.
const KINDS: [(&str, Cause); 11] = [
    ("identity-based", Cause::RolePolicy),
    ("permissions boundary", Cause::Boundary),
    ("permission boundary", Cause::Boundary),
    ("sessions", Cause::SessionPolicy),
    ("session", Cause::SessionPolicy),
    ("service control", Cause::Scp),
    ("resource control", Cause::Rcp),
    ("resource-based", Cause::ResourcePolicy),
    ("role trust", Cause::TrustPolicy),
    ("trust policy", Cause::TrustPolicy),
    ("vpc endpoint", Cause::VpcEndpoint),
];

/// A statement denies.
const EXPLICIT: &str = "explicit deny in ";

/// No statement allows.
const IMPLICIT: &str = "because no ";

/// A kind cut off after fewer letters than this could be anything.
const FEWEST_LETTERS: usize = 3;

/// Codes of refusals (S3, STS, IAM; JSON services; EC2; SNS).
const DENIED: [&str; 9] = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "AuthorizationError",
    "Client.UnauthorizedOperation",
    "KMS.AccessDeniedException",
    "NotAuthorized",
    "UnauthorizedOperation",
    "403",
];

/// Codes that speak of the credentials themselves.
const CREDENTIALS: [&str; 10] = [
    "Credentials",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Codes that speak of the region.
const REGIONS: [&str; 6] = [
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
    "OptInRequired",
    "PermanentRedirect",
    "RegionDisabledException",
    "UnsupportedRegion",
];

/// Why, as far as the words tell.
pub(super) struct Reason {
    pub cause: Cause,
    pub explicit: bool,
    pub policy_arn: Option<String>,
}

/// What a code alone says; `Unknown` is a refusal whose reason only its words can tell.
pub(super) fn kind_of_code(code: &str) -> Option<Cause> {
    // JSON services put a namespace before, and sometimes a URL behind.
    let code = code.rsplit('#').next().unwrap_or(code).split(':').next().unwrap_or(code);
    let among = |codes: &[&str]| codes.iter().any(|known| known.eq_ignore_ascii_case(code));
    if among(&DENIED) {
        Some(Cause::Unknown)
    } else if among(&CREDENTIALS) {
        Some(Cause::Credentials)
    } else if among(&REGIONS) {
        Some(Cause::Region)
    } else {
        None
    }
}

/// The reason of a message in which a statement denies.
pub(super) fn explicit(message: &str) -> Option<Reason> {
    let lower = message.to_ascii_lowercase();
    let after = lower.find(EXPLICIT)? + EXPLICIT.len();
    let rest = ["an ", "a ", "the "].iter().find_map(|article| lower[after..].strip_prefix(article));
    let rest = rest.unwrap_or(&lower[after..]);
    Some(Reason { cause: kind(rest)?, explicit: true, policy_arn: policy_arn(&message[message.len() - rest.len()..]) })
}

/// The reason of a message in which no statement allows.
pub(super) fn implicit(message: &str) -> Option<Reason> {
    let lower = message.to_ascii_lowercase();
    let rest = &lower[lower.find(IMPLICIT)? + IMPLICIT.len()..];
    Some(Reason { cause: kind(rest)?, explicit: false, policy_arn: None })
}

/// The kind that a text begins with, or that it was going to name when it was cut off.
fn kind(text: &str) -> Option<Cause> {
    if let Some((_, cause)) = KINDS.iter().find(|(words, _)| text.starts_with(words)) {
        return Some(*cause);
    }
    let cut = text.trim_end_matches(['.', '\u{2026}', '"', ' ']);
    let mut begun = KINDS.iter().filter(|(words, _)| cut.len() >= FEWEST_LETTERS && words.starts_with(cut));
    let (_, cause) = begun.next()?;
    begun.all(|(_, other)| other == cause).then_some(*cause)
}

/// The ARN after a colon; `text` begins with the kind of policy.
fn policy_arn(text: &str) -> Option<String> {
    let (before, after) = text.split_once(": arn:")?;
    // What is named later in the text belongs to something else.
    if before.contains([',', '\n']) {
        return None;
    }
    Some(format!("arn:{}", word(after)))
}

/// Who was refused, which action, on what.
pub(super) fn subject(message: &str) -> (Option<String>, Option<String>, Option<String>) {
    let after = |phrase: &str| {
        let found = message.to_ascii_lowercase().find(phrase)?;
        Some(&message[found + phrase.len()..])
    };
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let principal = after("user: ").and_then(|rest| some(word(rest)));
    let action = after("authorized to perform: ").and_then(|rest| some(word(rest)));
    let resource = after("on resource: ").and_then(|rest| some(quoted(rest)));
    (principal, action, resource)
}

/// Whether the reason is in an encoded message.
pub(super) fn is_encoded(message: &str) -> bool {
    message.to_ascii_lowercase().contains("encoded authorization failure message")
}

/// The first word, without what punctuation follows it.
fn word(text: &str) -> &str {
    let end = text.find(|character: char| character.is_whitespace() || "<>\"'".contains(character));
    text[..end.unwrap_or(text.len())].trim_end_matches([',', '.', ';', ')'])
}

/// The first word, or everything between quotes: a key of S3 may hold spaces.
fn quoted(text: &str) -> &str {
    match text.strip_prefix('"') {
        Some(inside) => inside.split('"').next().unwrap_or(inside),
        None => word(text),
    }
}
