//! The Security Token Service: issues keys for roles and web identities, says who a caller is, and remembers which
//! key signed each call.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};

use super::super::fault_proxy::{Call, Protocol, form_field};
use super::super::loopback::{Body, Listening, answer_with, response};
use super::Issued;

/// The account that everyone here belongs to.
const ACCOUNT: &str = "111122223333";

/// A running service. It ends with this value.
pub struct SecurityTokenService {
    listening: Listening,
    state: Arc<State>,
}

/// One call that it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StsCall {
    /// `AssumeRole`, `AssumeRoleWithWebIdentity`, `GetCallerIdentity`.
    pub action: String,
    /// The access key id of the signature; nothing for an unsigned call.
    pub access_key: Option<String>,
    /// The role asked for.
    pub role_arn: Option<String>,
    /// The web identity token shown.
    pub web_identity: Option<String>,
}

struct State {
    issued: Issued,
    calls: Mutex<Vec<StsCall>>,
    refused: Mutex<HashSet<String>>,
}

impl SecurityTokenService {
    /// Issues these credentials to who assumes a role, signed or by web identity.
    pub fn issuing(issued: &Issued) -> Self {
        let state = State { issued: issued.clone(), calls: Mutex::default(), refused: Mutex::default() };
        let state = Arc::new(state);
        let shared = Arc::clone(&state);
        Self { listening: answer_with(move |request| shared.answer(request)), state }
    }

    /// From now on, an action is denied.
    pub fn refuse(&self, action: &str) -> &Self {
        self.state.refused.lock().expect(UNPOISONED).insert(action.to_owned());
        self
    }

    /// The variable that leads there.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![("AWS_ENDPOINT_URL_STS", self.listening.url())]
    }

    /// Every call, in order.
    pub fn calls(&self) -> Vec<StsCall> {
        self.state.calls.lock().expect(UNPOISONED).clone()
    }
}

impl State {
    fn answer(&self, request: Request<Bytes>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let call = Call::of(&head, &body);
        if call.protocol != Protocol::Query {
            return error(400, "InvalidAction", "this is the token service");
        }
        let role_arn = form_field(&body, "RoleArn");
        let web_identity = form_field(&body, "WebIdentityToken");
        let noted = StsCall { action: call.action, access_key: call.access_key, role_arn, web_identity };
        self.calls.lock().expect(UNPOISONED).push(noted.clone());
        if self.refused.lock().expect(UNPOISONED).contains(&noted.action) {
            let action = &noted.action;
            return error(403, "AccessDenied", &format!("not authorized to perform: sts:{action}"));
        }
        match noted.action.as_str() {
            "AssumeRole" | "AssumeRoleWithWebIdentity" => result(&noted.action, &self.assumed(&noted)),
            "GetCallerIdentity" => result(&noted.action, &identity(noted.access_key.as_deref())),
            other => error(400, "InvalidAction", other),
        }
    }

    fn assumed(&self, call: &StsCall) -> String {
        let Issued { access_key, secret_key, token, .. } = &self.issued;
        let role = call.role_arn.as_deref().unwrap_or("arn:aws:iam::111122223333:role/none");
        format!(
            "<Credentials><AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>{secret_key}</SecretAccessKey>\
             <SessionToken>{token}</SessionToken><Expiration>{}</Expiration></Credentials>\
             <AssumedRoleUser><Arn>{role}/session</Arn><AssumedRoleId>AROAEXAMPLE:session</AssumedRoleId>\
             </AssumedRoleUser>",
            self.issued.expiration()
        )
    }
}

/// Who a caller is follows from the key: a user of that name.
fn identity(access_key: Option<&str>) -> String {
    let user = access_key.unwrap_or("nobody");
    format!("<Arn>arn:aws:iam::{ACCOUNT}:user/{user}</Arn><UserId>{user}</UserId><Account>{ACCOUNT}</Account>")
}

fn result(action: &str, fields: &str) -> Response<Body> {
    let text = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>{fields}\
         </{action}Result><ResponseMetadata><RequestId>loopback</RequestId></ResponseMetadata></{action}Response>"
    );
    response(200, "text/xml", text)
}

fn error(status: u16, code: &str, message: &str) -> Response<Body> {
    let text = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>loopback</RequestId></ErrorResponse>"
    );
    response(status, "text/xml", text)
}

const UNPOISONED: &str = "no thread panics while it notes a call";
