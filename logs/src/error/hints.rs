//! The table from what a service answered to what the operator should do next.
//!
//! One table for all tools, because the same code has the same remedy everywhere. Rows are tried in order; the first
//! that matches gives the hint. Codes and wordings are those of the AWS documentation and SDKs.

use super::ServiceError;

/// What is known about the call that failed, for the wording of a hint.
#[derive(Clone, Copy, Debug, Default)]
pub struct Situation<'a> {
    /// The AWS profile in use.
    pub profile: Option<&'a str>,
    /// The region that was asked.
    pub region: Option<&'a str>,
    /// The IAM action that was needed, such as `sqs:SendMessage`.
    pub action: Option<&'a str>,
    /// The object, as ARN or name.
    pub resource: Option<&'a str>,
}

struct Row {
    /// Codes that match exactly, without regard to case; empty: any code.
    codes: &'static [&'static str],
    /// Words of which one must stand in code or message, without regard to case; empty: any message.
    words: &'static [&'static str],
    /// The hint; `{profile}`, `{region}`, `{action}`, `{resource}` are filled in.
    text: &'static str,
    /// Whether this means "not authenticated or not allowed".
    permission: bool,
}

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthFailure",
    "Forbidden",
    "KMSAccessDeniedException",
    "KmsAccessDenied",
    "NotAuthorized",
    "UnauthorizedOperation",
    "403",
];

const THROTTLED: &[&str] = &[
    "BandwidthLimitExceeded",
    "KMSThrottlingException",
    "KmsThrottled",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttled",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
];

const NOT_FOUND: &[&str] = &[
    "404",
    "AWS.SimpleQueueService.NonExistentQueue",
    "NoSuchBucket",
    "NotFound",
    "QueueDoesNotExist",
    "ResourceNotFoundException",
];

const ROWS: &[Row] = &[
    Row {
        codes: &[],
        words: &[
            "SSOTokenProvider",
            "sso session",
            "sso token",
            "token is expired and refresh",
            "UnauthorizedSSOTokenError",
        ],
        text: "the SSO session has expired: run `aws sso login --profile {profile}` and start again",
        permission: true,
    },
    Row {
        codes: &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"],
        words: &[],
        text: "the credentials have expired: get new ones (`aws sso login --profile {profile}`, or assume the role again) and start the same command again",
        permission: true,
    },
    Row {
        codes: &[],
        words: &["mfa_serial", "MultiFactorAuthentication", "MFA"],
        text: "profile `{profile}` wants a multi-factor code: get a session with `aws sts get-session-token --serial-number ... --token-code ...` and use its keys",
        permission: true,
    },
    Row {
        codes: &["Credentials"],
        words: &["AssumeRole"],
        text: "the role does not exist or its trust policy does not name the caller: check the role's ARN and its trust policy",
        permission: true,
    },
    Row {
        codes: &["InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException"],
        words: &[],
        text: "AWS does not know the access key: it was deleted or switched off, its AWS_SESSION_TOKEN is missing, or it belongs to another partition; get new credentials, or name another profile with `--profile`",
        permission: true,
    },
    Row {
        codes: &["NoSuchKey"],
        words: &[],
        text: "the bucket is there and the key is not: check its spelling, or whether the object was deleted",
        permission: false,
    },
    Row {
        codes: &["Credentials", "MissingAuthenticationToken"],
        words: &[],
        text: "no usable credentials with profile `{profile}`: name another with `--profile`, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws sso login`",
        permission: true,
    },
    Row {
        codes: &["RequestTimeTooSkewed", "RequestInTheFuture"],
        words: &[],
        text: "this machine's clock is wrong: set it (`timedatectl set-ntp true`) and try again",
        permission: false,
    },
    Row {
        codes: &["SignatureDoesNotMatch", "InvalidSignatureException"],
        words: &[],
        text: "the secret key does not belong to the access key, or a proxy changes the request: check the credentials of profile `{profile}` and this machine's clock",
        permission: true,
    },
    Row {
        codes: DENIED,
        words: &["kms:", "KMS", "GenerateDataKey"],
        text: "the KMS key refuses: the caller needs kms:GenerateDataKey and kms:Decrypt on the key of {resource} (alias/panther-sqs for Panther's queues), in its own policy and in the key's policy",
        permission: true,
    },
    Row {
        codes: DENIED,
        words: &["AssumeRole"],
        text: "the role does not exist or its trust policy does not name the caller: check the role's ARN and its trust policy",
        permission: true,
    },
    Row {
        codes: DENIED,
        words: &["service control policy"],
        text: "an organisation's service control policy denies {action} on {resource}: ask the administrators of the organisation",
        permission: true,
    },
    Row {
        codes: DENIED,
        words: &["resource-based policy"],
        text: "the resource's own policy denies {action}: look at the policy of {resource}",
        permission: true,
    },
    Row {
        codes: DENIED,
        words: &[],
        text: "the caller lacks {action} on {resource}: look at the policies of the identity above and of the resource; `--generate iam` prints what this tool needs",
        permission: true,
    },
    Row {
        codes: &["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"],
        words: &[],
        text: "wrong region for {resource}: name its own with `--region`",
        permission: false,
    },
    Row {
        codes: &["InvalidRegion", "MissingRegion", "OptInRequired", "UnsupportedRegion"],
        words: &[],
        text: "region `{region}` cannot be used: check its spelling, whether the account has it enabled, and whether the profile belongs to its partition (aws, aws-us-gov, aws-cn)",
        permission: false,
    },
    Row {
        codes: &["KMS.DisabledException", "KmsDisabled", "KMS.NotFoundException", "KmsNotFound", "KmsInvalidState"],
        words: &[],
        text: "the KMS key of {resource} is disabled, deleted or in another state: look at it before anything else",
        permission: false,
    },
    Row {
        codes: THROTTLED,
        words: &[],
        text: "the service throttles: lower `--rate` or `--concurrency` and start the same command again",
        permission: false,
    },
    Row {
        codes: NOT_FOUND,
        words: &[],
        text: "{resource} is not there: check its name, and that `--region` (now `{region}`) and the account above are the right ones",
        permission: false,
    },
    Row {
        codes: &["Network", "Timeout"],
        words: &["proxy", "tunnel"],
        text: "the proxy of HTTPS_PROXY/HTTP_PROXY does not answer: check these variables, or exempt the host with NO_PROXY",
        permission: false,
    },
    Row {
        codes: &["Network", "Timeout"],
        words: &["UnknownIssuer", "certificate"],
        text: "the server's certificate is not trusted here: name your company's root certificates with `--ca-bundle FILE`",
        permission: false,
    },
    Row {
        codes: &["Network", "Timeout"],
        words: &[],
        text: "no connection: check the network, the proxy variables, and that region `{region}` and any `--endpoint-url` are spelled right",
        permission: false,
    },
    Row {
        codes: &["InternalError", "InternalFailure", "ServiceUnavailable", "500", "502", "503", "504"],
        words: &[],
        text: "the service is in trouble: wait a little and start the same command again, nothing is lost",
        permission: false,
    },
];

fn matching(error: &ServiceError) -> Option<&'static Row> {
    let text = format!("{} {}", error.code, error.message).to_lowercase();
    ROWS.iter().find(|row| {
        let code = row.codes.is_empty() || row.codes.iter().any(|code| code.eq_ignore_ascii_case(&error.code));
        let word = row.words.is_empty() || row.words.iter().any(|word| text.contains(&word.to_lowercase()));
        code && word
    })
}

/// Whether the answer means "not authenticated or not allowed".
pub(super) fn is_permission(error: &ServiceError) -> bool {
    matching(error).map_or_else(|| matches!(error.status, Some(401 | 403)), |row| row.permission)
}

/// Whether a code with its words means "not authenticated or not allowed".
#[must_use]
pub fn is_not_allowed(code: &str, message: &str) -> bool {
    is_permission(&ServiceError { code: code.to_owned(), message: message.to_owned(), ..ServiceError::default() })
}

/// The next step for this answer, if the table knows one.
#[must_use]
pub fn hint(error: &ServiceError, situation: &Situation<'_>) -> Option<String> {
    let fill = |text: &str| {
        text.replace("{profile}", situation.profile.unwrap_or("default"))
            .replace("{region}", situation.region.unwrap_or("none"))
            .replace("{action}", situation.action.unwrap_or("the action"))
            .replace("{resource}", situation.resource.unwrap_or("the resource"))
    };
    matching(error).map(|row| fill(row.text))
}

/// Whether a service means "slow down".
#[must_use]
pub fn is_throttle(code: &str) -> bool {
    THROTTLED.iter().any(|known| known.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: &str, message: &str) -> ServiceError {
        ServiceError { service: "SQS", code: code.to_owned(), message: message.to_owned(), ..ServiceError::default() }
    }

    #[test]
    fn each_situation_of_the_design_has_its_hint() {
        let table = [
            ("ExpiredToken", "The security token included in the request is expired", "have expired", true),
            (
                "Credentials",
                "SSOTokenProvider: token is expired and refresh failed",
                "aws sso login --profile ops",
                true,
            ),
            ("Credentials", "profile requires mfa_serial", "multi-factor", true),
            ("Credentials", "not authorized to perform: sts:AssumeRole", "trust policy", true),
            ("Credentials", "no providers in chain provided credentials", "no usable credentials", true),
            ("InvalidClientTokenId", "The security token is invalid", "does not know the access key", true),
            ("NoSuchKey", "The specified key does not exist.", "check its spelling", false),
            (
                "AccessDenied",
                "User x is not authorized to perform: sqs:SendMessage",
                "lacks sqs:SendMessage on queue q",
                true,
            ),
            ("AccessDenied", "not authorized to perform: kms:GenerateDataKey", "KMS key refuses", true),
            ("AccessDenied", "not authorized to perform: sts:AssumeRole on resource", "trust policy", true),
            ("AccessDenied", "with an explicit deny in a service control policy", "organisation", true),
            ("AccessDenied", "because no resource-based policy allows", "policy of queue q", true),
            ("PermanentRedirect", "", "wrong region", false),
            ("OptInRequired", "", "partition", false),
            ("RequestThrottled", "", "lower `--rate`", false),
            ("AWS.SimpleQueueService.NonExistentQueue", "", "queue q is not there", false),
            ("RequestTimeTooSkewed", "", "clock is wrong", false),
            ("Network", "dns error", "no connection", false),
            ("Network", "tunnel error: refused", "HTTPS_PROXY", false),
            ("Network", "invalid peer certificate: UnknownIssuer", "--ca-bundle", false),
            ("ServiceUnavailable", "", "in trouble", false),
        ];
        let situation = Situation {
            profile: Some("ops"),
            region: Some("eu-west-1"),
            action: Some("sqs:SendMessage"),
            resource: Some("queue q"),
        };
        for (code, message, expected, permission) in table {
            let error = answer(code, message);
            let text = hint(&error, &situation).unwrap_or_default();
            assert!(text.contains(expected), "{code} {message}: {text}");
            assert_eq!(is_permission(&error), permission, "{code} {message}");
        }
    }

    #[test]
    fn an_unknown_code_has_no_hint_and_follows_the_status() {
        let mut error = answer("Peculiar", "");
        assert_eq!(hint(&error, &Situation::default()), None);
        assert!(!is_permission(&error));
        error.status = Some(403);
        assert!(is_permission(&error));
    }
}
