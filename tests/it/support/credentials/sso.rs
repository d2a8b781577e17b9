//! The portal of IAM Identity Center, which gives role credentials to who shows the token of `aws sso login`; the
//! service that renews that token; and the token's file, as the AWS CLI leaves it.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::super::Home;
use super::super::loopback::{Listening, answer_with, json as json_answer};
use super::Issued;

/// The session of the profile that [`SsoPortal::profile`] gives.
const SESSION: &str = "opstools";
const START_URL: &str = "https://panther.awsapps.com/start";

/// SDKs find a token by the SHA-1 of the session's name; profiles without a session, by that of the start URL.
const SESSION_FILE: &str = ".aws/sso/cache/ff507fb63abfb984de9846ef8a9b8466c2a61741.json";
const START_URL_FILE: &str = ".aws/sso/cache/9d4a7dd910fa9c05f7405d70b51593a0dd34e0fe.json";

/// What the user's login left, and what renewing it gives.
const TOKEN: &str = "access-token-of-the-login";
const RENEWED_TOKEN: &str = "access-token-renewed";

/// A running portal. It ends with this value.
pub struct SsoPortal {
    listening: Listening,
    asked: Arc<Mutex<Vec<String>>>,
}

impl SsoPortal {
    /// Gives these credentials for the role `operator` of account 111122223333.
    pub fn issuing(issued: &Issued) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (issued, log) = (issued.clone(), Arc::clone(&asked));
        let listening = answer_with(move |request| {
            let target = request.uri().path_and_query().map_or("", |target| target.as_str());
            log.lock().expect(UNPOISONED).push(format!("{} {target}", request.method()));
            let (status, body) = match request.uri().path() {
                "/federation/credentials" => role_credentials(&request, &issued),
                "/token" => renewed_token(&request),
                _ => (404, json!({ "message": "no such path" })),
            };
            json_answer(status, &body)
        });
        Self { listening, asked }
    }

    /// The variables that lead the SDK there.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![("AWS_ENDPOINT_URL_SSO", self.listening.url()), ("AWS_ENDPOINT_URL_SSO_OIDC", self.listening.url())]
    }

    /// The lines of `~/.aws/config` for a profile of this name.
    pub fn profile(name: &str) -> String {
        format!(
            "[profile {name}]\nsso_session = {SESSION}\nsso_account_id = 111122223333\nsso_role_name = operator\n\
             region = eu-central-1\n\n[sso-session {SESSION}]\nsso_region = eu-central-1\n\
             sso_start_url = {START_URL}\nsso_registration_scopes = sso:account:access\n"
        )
    }

    /// The same in the older form, without a session.
    pub fn profile_without_session(name: &str) -> String {
        format!(
            "[profile {name}]\nsso_start_url = {START_URL}\nsso_region = eu-central-1\n\
             sso_account_id = 111122223333\nsso_role_name = operator\nregion = eu-central-1\n"
        )
    }

    /// What `aws sso login` leaves: a token that is good for an hour.
    pub fn log_in(home: &Home) {
        login(home, SignedDuration::from_hours(1), false);
    }

    /// A login of yesterday, which cannot be renewed.
    pub fn log_in_expired(home: &Home) {
        login(home, -SignedDuration::from_hours(24), false);
    }

    /// A login whose token has ended, but can be renewed.
    pub fn log_in_renewable(home: &Home) {
        login(home, -SignedDuration::from_hours(1), true);
    }

    /// Every request, in order: `GET /federation/credentials?...`, `POST /token`.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect(UNPOISONED).clone()
    }
}

fn login(home: &Home, valid_for: SignedDuration, renewable: bool) {
    let time = |from_now: SignedDuration| (Timestamp::now() + from_now).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut token = json!({
        "startUrl": START_URL,
        "region": "eu-central-1",
        "accessToken": TOKEN,
        "expiresAt": time(valid_for),
    });
    if renewable {
        token["clientId"] = json!("client");
        token["clientSecret"] = json!("client-secret");
        token["registrationExpiresAt"] = json!(time(SignedDuration::from_hours(1000)));
        token["refreshToken"] = json!("refresh-token");
    }
    home.write(SESSION_FILE, token.to_string());
    home.write(START_URL_FILE, token.to_string());
}

fn role_credentials(request: &Request<Bytes>, issued: &Issued) -> (u16, Value) {
    let shown = request.headers().get("x-amz-sso_bearer_token").and_then(|value| value.to_str().ok());
    if !matches!(shown, Some(TOKEN | RENEWED_TOKEN)) {
        return (401, json!({ "message": "Session token not found or invalid", "__type": "UnauthorizedException" }));
    }
    let credentials = json!({
        "accessKeyId": issued.access_key,
        "secretAccessKey": issued.secret_key,
        "sessionToken": issued.token,
        "expiration": issued.expires.as_millisecond(),
    });
    (200, json!({ "roleCredentials": credentials }))
}

fn renewed_token(request: &Request<Bytes>) -> (u16, Value) {
    let asked: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    if asked["refreshToken"] != "refresh-token" {
        return (400, json!({ "error": "invalid_grant", "error_description": "no such token" }));
    }
    (200, json!({ "accessToken": RENEWED_TOKEN, "tokenType": "Bearer", "expiresIn": 3600 }))
}

const UNPOISONED: &str = "no thread panics while it notes a request";
