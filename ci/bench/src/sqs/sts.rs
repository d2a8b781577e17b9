//! STS's GetCallerIdentity in its query protocol, on the same port: the first thing every tool asks.

use hyper::StatusCode;

use crate::web::{Answer, Asked};

/// The account all queues belong to.
pub(super) const ACCOUNT: &str = "123456789012";
/// The caller's id, also the sender of every message.
pub(super) const USER_ID: &str = "AIDAEXAMPLEBENCHUSER1";

/// Whether this is a call of the query protocol.
pub(super) fn is_query(asked: &Asked) -> bool {
    asked.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// Answers GetCallerIdentity; any other action is refused.
pub(super) fn answer(asked: &Asked) -> Answer {
    let form = String::from_utf8_lossy(&asked.body);
    if form.split('&').any(|pair| pair == "Action=GetCallerIdentity") {
        let body = format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <Arn>arn:aws:iam::{ACCOUNT}:user/bench</Arn><UserId>{USER_ID}</UserId><Account>{ACCOUNT}</Account>\
             </GetCallerIdentityResult><ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId>\
             </ResponseMetadata></GetCallerIdentityResponse>"
        );
        return Answer::new(StatusCode::OK, "text/xml", body);
    }
    let body = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
                <Code>InvalidAction</Code><Message>Only GetCallerIdentity is answered here</Message></Error>\
                <RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>";
    Answer::new(StatusCode::BAD_REQUEST, "text/xml", body)
}
