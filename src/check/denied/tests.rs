//! Every wording that AWS documents, in every wrapping that it comes in.

use super::{Cause, Confidence, Denied};

const WHO: &str = "arn:aws:sts::111122223333:assumed-role/PantherLogProcessingRole-x/s";
const WHAT: &str = "arn:aws:s3:::acme-logs/AWSLogs/a.gz";
const POLICY: &str = "arn:aws:organizations::999999999999:policy/o-abc/service_control_policy/p-123";

/// Cause, the words of a statement that denies, the words when no statement allows.
const WORDINGS: [(Cause, &str, &str); 10] = [
    (Cause::RolePolicy, "an identity-based policy", "identity-based policy"),
    (Cause::Boundary, "a permissions boundary", "permissions boundary"),
    (Cause::SessionPolicy, "a session policy", "session policy"),
    (Cause::SessionPolicy, "a sessions policy", "sessions policy"),
    (Cause::Scp, "a service control policy", "service control policy"),
    (Cause::Rcp, "a resource control policy", "resource control policy"),
    (Cause::ResourcePolicy, "a resource-based policy", "resource-based policy"),
    (Cause::TrustPolicy, "the role trust policy", "role trust policy"),
    (Cause::VpcEndpoint, "a VPC endpoint policy", "VPC endpoint policy"),
    (Cause::VpcEndpoint, "a VPC endpoint policy, transitively through a service control policy", "VPC endpoint policy"),
];

fn opening(resource: bool) -> String {
    let on = if resource { format!(" on resource: {WHAT}") } else { String::new() };
    format!("User: {WHO} is not authorized to perform: s3:GetObject{on}")
}

/// The same refusal as each service and program writes it.
fn wrapped(message: &str) -> Vec<String> {
    let json = serde_json::json!({ "__type": "com.amazon.coral.service#AccessDeniedException", "Message": message });
    vec![
        message.to_owned(),
        format!("AccessDenied: {message}\n\tstatus code: 403, request id: 7d1f5c1e, host id: abc"),
        format!("failed to read s3://b/k: AccessDenied: {message}\n\tstatus code: 403, request id: 7d1f5c1e"),
        format!("{message}\n\tstatus code: 403, request id: 7d1f5c1e"),
        format!("<Error><Code>AccessDenied</Code><Message>{}</Message></Error>", message.replace('"', "&quot;")),
        json.to_string(),
        format!("invoke failed: {json}"),
        message.to_uppercase().replace(&WHO.to_uppercase(), WHO).replace(&WHAT.to_uppercase(), WHAT),
    ]
}

#[test]
fn each_kind_of_policy_explicit_and_implicit_with_and_without_resource_in_each_wrapping() {
    for (cause, denies, lacks) in WORDINGS {
        for resource in [false, true] {
            let explicit = format!("{} with an explicit deny in {denies}", opening(resource));
            let implicit = format!("{} because no {lacks} allows the s3:GetObject action", opening(resource));
            for (message, expected) in [(explicit, true), (implicit, false)] {
                for text in wrapped(&message) {
                    let denied = Denied::of_text(&text).unwrap_or_else(|| panic!("no refusal: {text}"));
                    assert_eq!((denied.cause, denied.explicit), (cause, Some(expected)), "{text}");
                    assert_eq!(denied.confidence(), Confidence::Stated);
                    assert_eq!(denied.principal.as_deref(), Some(WHO), "{text}");
                    assert!(denied.action.is_some_and(|action| action.eq_ignore_ascii_case("s3:GetObject")), "{text}");
                    assert_eq!(denied.resource.as_deref(), resource.then_some(WHAT), "{text}");
                    assert_eq!((denied.policy_arn, denied.raw), (None, text));
                }
            }
        }
    }
}

#[test]
fn the_arn_of_the_policy_that_denies() {
    for (cause, denies, _) in WORDINGS.iter().filter(|(_, denies, _)| !denies.contains(',')) {
        let message = format!("{} with an explicit deny in {denies}: {POLICY}", opening(true));
        for text in wrapped(&message).into_iter().take(7) {
            let denied = Denied::of_text(&text).unwrap_or_else(|| panic!("no refusal: {text}"));
            assert_eq!((denied.cause, denied.policy_arn.as_deref()), (*cause, Some(POLICY)), "{text}");
        }
    }
}

#[test]
fn a_text_cut_off_anywhere_says_the_same_or_less() {
    for (cause, denies, lacks) in WORDINGS {
        let explicit = format!("{} with an explicit deny in {denies}: {POLICY}", opening(true));
        let implicit = format!("{} because no {lacks} allows the s3:GetObject action", opening(true));
        for message in [explicit, implicit] {
            let start = message.find("to perform").expect("the phrase") + "to perform".len();
            for length in start..message.len() {
                for tail in ["", "...", "\u{2026}"] {
                    let text = format!("{}{tail}", &message[..length]);
                    let denied = Denied::of_text(&text).unwrap_or_else(|| panic!("no refusal: {text}"));
                    assert!([cause, Cause::Unknown].contains(&denied.cause), "{text}: {:?}", denied.cause);
                }
            }
        }
    }
    let cut = "User: a is not authorized to perform: s3:GetObject with an explicit deny in a service cont";
    assert_eq!(Denied::of_text(cut).map(|denied| denied.cause), Some(Cause::Scp));
    let ambiguous = "User: a is not authorized to perform: s3:GetObject with an explicit deny in a resource";
    assert_eq!(Denied::of_text(ambiguous).map(|denied| denied.cause), Some(Cause::Unknown));
}

#[test]
fn bare_refusals_have_no_known_cause() {
    let table = [
        ("AccessDenied", "Access Denied"),
        ("AccessDenied", ""),
        ("AccessDeniedException", "User: a is not authorized to perform: kms:Decrypt on resource: b"),
        ("AuthorizationError", "User: a is not authorized to perform: SNS:ListSubscriptionsByTopic"),
        ("NotAuthorized", "no"),
        ("AuthFailure", ""),
        ("403", ""),
        ("", "Access Denied"),
    ];
    for (code, message) in table {
        let denied = Denied::read(code, message).unwrap_or_else(|| panic!("no refusal: {code} {message}"));
        assert_eq!((denied.cause, denied.confidence()), (Cause::Unknown, Confidence::Unknown), "{code} {message}");
        assert!(!denied.encoded);
    }
}

#[test]
fn an_encoded_reason_is_known_as_one() {
    let message =
        "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHlTkIaWHQD0";
    let denied = Denied::read("UnauthorizedOperation", message).expect("a refusal");
    assert!(denied.encoded && denied.cause == Cause::Unknown);
}

#[test]
fn credentials_and_regions_are_no_policies() {
    for (code, cause) in [
        ("InvalidClientTokenId", Cause::Credentials),
        ("ExpiredToken", Cause::Credentials),
        ("SignatureDoesNotMatch", Cause::Credentials),
        ("RequestExpired", Cause::Credentials),
        ("OptInRequired", Cause::Region),
        ("PermanentRedirect", Cause::Region),
    ] {
        assert_eq!(Denied::read(code, "some words").map(|denied| denied.cause), Some(cause), "{code}");
        let go = format!("{code}: some words\n\tstatus code: 403, request id: r");
        assert_eq!(Denied::of_text(&go).map(|denied| denied.cause), Some(cause), "{go}");
    }
}

#[test]
fn what_is_no_refusal_is_none() {
    for (code, message) in
        [("NoSuchBucket", "The specified bucket does not exist"), ("SlowDown", ""), ("", "all is well")]
    {
        assert_eq!(Denied::read(code, message), None);
    }
    assert_eq!(Denied::of_text("Task timed out after 60.00 seconds"), None);
    assert_eq!(Denied::of_text(""), None);
}

#[test]
fn a_resource_in_quotes_may_hold_spaces() {
    let text = "User: u is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/a key.gz\" because no identity-based policy allows the s3:GetObject action";
    let denied = Denied::of_text(text).expect("a refusal");
    assert_eq!((denied.resource.as_deref(), denied.cause), (Some("arn:aws:s3:::b/a key.gz"), Cause::RolePolicy));
}
